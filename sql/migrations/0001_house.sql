-- +goose Up

create table import (
  id        bigint generated always as identity primary key,
  layer     text not null,
  file      text not null,
  sha256    text not null,
  taken_at  timestamptz not null default now(),
  synthetic boolean not null default false,
  report    jsonb not null
);
comment on table import is 'One row an import that was committed, with its report as it was shown.';
comment on column import.file is 'The file''s base name: no folder, no machine.';
comment on column import.synthetic is 'The data are invented: said wherever they are shown.';

create table area (
  id        bigint generated always as identity primary key,
  level     text not null constraint level_known
            check (level in ('region', 'city', 'county', 'subdistrict', 'community', 'large_grid')),
  code      text not null constraint code_written check (code <> '' and code = btrim(code)),
  name      text not null default '',
  name_en   text not null default '',
  parent_id bigint references area constraint not_its_own_parent check (parent_id <> id),
  geom      geometry(MultiPolygon, 4490),
  import_id bigint not null references import,
  constraint area_code_once unique (level, code)
);
comment on table area is 'The administrative tree down to the large grid (区划).';
comment on column area.code is 'Text: leading zeros count.';
comment on column area.geom is 'As drawn in its source, on the 1e-7 degree grid; null where only the code is known. Blocks, not this, decide what ground an area has.';
create index area_parent on area (parent_id);
create index area_geom on area using gist (geom);

create table ground (
  version   bigint generated always as identity primary key,
  import_id bigint not null references import,
  made_at   timestamptz not null default now()
);
comment on table ground is 'Versions of the ground. A block lives from its version since up to, not including, its version until.';

create table block (
  id        bigint generated always as identity primary key,
  code      text not null constraint code_written check (code <> '' and code = btrim(code)),
  parent_id bigint not null references area,
  kind      text not null default '' constraint kind_known
            check (kind in ('', 'built', 'open', 'park', 'water', 'railway')),
  geom      geometry(MultiPolygon, 4490) not null,
  label     geometry(Point, 4490) not null,
  area_m2   double precision not null constraint area_positive check (area_m2 > 0),
  since     bigint not null references ground,
  until     bigint references ground constraint until_after_since check (until > since),
  constraint block_of_parent unique (id, parent_id)
);
comment on table block is 'The smallest pieces of ground that move whole (地块). Immutable but for until: a changed block is a new row.';
comment on column block.geom is 'On the 1e-7 degree grid, shells counter-clockwise, rings begun at the smallest point; neighbours share identical edges.';
comment on column block.label is 'A point well inside.';
create unique index block_code_once on block (code) where until is null;
create index block_parent on block (parent_id);
create index block_geom on block using gist (geom);

create table block_count (
  block_id bigint not null references block,
  measure  text not null constraint measure_named check (measure ~ '^[a-z][a-z0-9_]{0,39}$'),
  count    bigint not null constraint count_not_negative check (count >= 0),
  primary key (block_id, measure)
);
comment on table block_count is 'Counts of a block by measure (指标). A block without a row was not counted in that measure and adds 0.';

create table border (
  a      bigint not null references block,
  b      bigint not null references block,
  metres double precision not null constraint length_positive check (metres > 0),
  primary key (a, b),
  constraint once_each check (a < b)
);
comment on table border is 'The dual graph: pairs of blocks that share a line, and its geodesic length.';
create index border_b on border (b);

create table plan (
  id              bigint generated always as identity primary key,
  name            text not null constraint name_written check (btrim(name) <> ''),
  name_version    bigint not null default 1,
  state           text not null default 'queued' constraint state_known
                  check (state in ('queued', 'solving', 'draft', 'failed', 'cancelled')),
  recipe          jsonb not null,
  ground_version  bigint not null references ground,
  revision        bigint not null default 0 constraint revision_counts check (revision >= 0),
  result          jsonb,
  failure         jsonb,
  job_id          bigint,
  idempotency_key text constraint plan_key_once unique,
  created_at      timestamptz not null default now(),
  constraint draft_has_result check ((state = 'draft') = (result is not null)),
  constraint draft_has_revision check ((state = 'draft') = (revision > 0))
);
comment on table plan is 'Proposals (方案). revision counts edits; the log in edit rebuilds any of them.';
comment on column plan.name_version is 'Guards the name: ETag and If-Match.';
comment on column plan.failure is 'Why a failed plan failed: the key and arguments of a sentence.';

create table plan_parent (
  plan_id   bigint not null references plan,
  parent_id bigint not null references area,
  grids     integer constraint grids_positive check (grids > 0),
  result    jsonb,
  primary key (plan_id, parent_id)
);
comment on table plan_parent is 'The parents in a plan''s scope, how many grids each got and what the solver says of it.';

create table grid (
  plan_id   bigint not null,
  no        integer not null constraint no_positive check (no > 0),
  parent_id bigint not null,
  code      text not null,
  name      text not null,
  name_en   text not null,
  colour    smallint not null,
  revision  bigint not null,
  primary key (plan_id, no),
  constraint grid_code_once unique (plan_id, code),
  constraint grid_of_parent unique (plan_id, no, parent_id),
  foreign key (plan_id, parent_id) references plan_parent
);
comment on table grid is 'The grids of a plan (网格). Their polygons are derived from their blocks and stored nowhere.';

create table assignment (
  plan_id   bigint not null,
  block_id  bigint not null,
  parent_id bigint not null,
  grid_no   integer,
  revision  bigint not null,
  primary key (plan_id, block_id),
  foreign key (block_id, parent_id) references block (id, parent_id),
  foreign key (plan_id, parent_id) references plan_parent,
  constraint grid_never_crosses_parent foreign key (plan_id, grid_no, parent_id) references grid (plan_id, no, parent_id)
);
comment on table assignment is 'Every block of a plan''s scope once: in a grid of its own parent, or plainly unassigned (null).';
create index assignment_grid on assignment (plan_id, grid_no);

create table edit (
  plan_id         bigint not null references plan,
  revision        bigint not null,
  kind            text not null constraint kind_known check (kind in ('propose', 'assign', 'undo', 'redo')),
  blocks          bigint[] not null,
  before          integer[] not null,
  after           integer[] not null,
  reverts         bigint constraint reverts_exactly check ((kind in ('undo', 'redo')) = (reverts is not null)),
  request         jsonb not null,
  idempotency_key text,
  made_at         timestamptz not null default now(),
  primary key (plan_id, revision),
  constraint edit_key_once unique (plan_id, idempotency_key),
  constraint columns_agree check (cardinality(blocks) = cardinality(before) and cardinality(blocks) = cardinality(after))
);
comment on table edit is 'The log: blocks went from grid before to grid after (0: unassigned). Undo, history, audit and autosave in one.';

create table worker (
  id      uuid primary key,
  beat_at timestamptz not null default now()
);
comment on table worker is 'Processes that work the queue; one that has not beaten for a while is gone.';

create table lease (
  job_id  bigint primary key,
  attempt integer not null,
  worker  uuid not null,
  beat_at timestamptz not null default now(),
  done    integer not null default 0,
  total   integer not null default 0,
  worst   double precision not null default 0
);
comment on table lease is 'Who works on a job and how far it is. A lease that no longer beats is taken over; attempt keeps the former holder from committing.';
