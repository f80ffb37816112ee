-- +goose Up

alter table plan
  add archived_at timestamptz,
  add found       integer constraint found_counts check (found >= 0),
  add found_for   text not null default '';
comment on column plan.archived_at is 'Since when it is put away: it is read and copied, and not changed. Null: it is at hand.';
comment on column plan.found is 'How many findings it had when it was last looked at, for lists.';
comment on column plan.found_for is 'What it was then: its revision and the newest recount. Of another one the number says nothing.';

create table plan_comment (
  id          bigint generated always as identity primary key,
  plan_id     bigint not null references plan on delete cascade,
  grid_no     integer,
  other_no    integer,
  grid        text not null default '',
  other       text not null default '',
  at          geometry(Point, 4490) not null,
  words       text not null constraint words_said check (btrim(words) <> '' and char_length(words) <= 2000),
  made_by     text not null default '' constraint name_short check (char_length(made_by) <= 60),
  revision    bigint not null,
  made_at     timestamptz not null default now(),
  resolved_at timestamptz,
  resolved_by text not null default '',
  constraint border_of_grid check (other_no is null or grid_no is not null and other_no <> grid_no)
);
comment on table plan_comment is 'Comments (意见) pinned to a grid, to the border of two grids, or to a point. They stay when the grid is changed or gone.';
comment on column plan_comment.grid_no is 'Of the grid; null: pinned to the point alone.';
comment on column plan_comment.other_no is 'Of the grid beyond the border.';
comment on column plan_comment.grid is 'What the grid was called when the comment was made: code and name.';
comment on column plan_comment.at is 'Where the pin stood then; it stands there for good when it has no grid, or the grid is gone.';
comment on column plan_comment.revision is 'Of the plan that was looked at.';
create index plan_comment_plan on plan_comment (plan_id, id);

alter table edit drop constraint kind_known, add constraint kind_known check (kind in ('propose', 'assign', 'cut', 'merge', 'reshape', 'lock',
  'unlock', 'name', 'dedicate', 'enclave', 'recode', 'restore', 'adopt', 'undo', 'redo'));
