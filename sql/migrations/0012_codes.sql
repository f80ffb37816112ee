-- +goose Up

create table setting (
  name    text primary key,
  value   jsonb not null,
  version bigint not null default 1
);
comment on table setting is 'What an office has settled for itself: its code schemes, the names of its posts, the columns of its reports. One document a name; version guards it: ETag and If-Match.';

create table four_bounds (
  plan_id    bigint not null,
  grid_no    integer not null,
  zh         text[] not null constraint zh_of_four_sides check (cardinality(zh) = 4),
  en         text[] not null constraint en_of_four_sides check (cardinality(en) = 4),
  source     text not null,
  version    bigint not null default 1,
  written_at timestamptz not null default now(),
  written_by text not null default '',
  primary key (plan_id, grid_no),
  foreign key (plan_id, grid_no) references grid (plan_id, no) on delete cascade
);
comment on table four_bounds is 'Four bounds (四至) that a planner has written in place of those made from the geometry: east, south, west, north; empty for a side that is as it was made.';
comment on column four_bounds.source is 'A digest of the border they were written for: where the grid''s border has another they are to be looked at again.';

create table walk (
  plan_id bigint not null,
  grid_no integer not null,
  line    text not null,
  number  integer not null constraint number_positive check (number > 0),
  result  text not null constraint result_known check (result in ('ok', 'differs')),
  remark  text not null default '',
  walked_on date not null,
  walked_by text not null constraint walker_named check (btrim(walked_by) <> ''),
  noted_at  timestamptz not null default now(),
  primary key (plan_id, grid_no, line),
  foreign key (plan_id, grid_no) references grid (plan_id, no) on delete cascade
);
comment on table walk is 'What was found where somebody walked along a segment of a grid''s border (走线核实). It holds for the very line: one that runs elsewhere has not been walked.';
comment on column walk.line is 'A digest of the segment''s line.';
comment on column walk.number is 'The number it had on the list that was walked by.';
