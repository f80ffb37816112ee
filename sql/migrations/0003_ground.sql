-- +goose Up

alter table border drop constraint border_pkey;
alter table border
  add id bigint generated always as identity primary key,
  add barrier text not null default '' constraint barrier_known
      check (barrier in ('', 'none', 'wall', 'lane', 'street', 'trunk', 'railway', 'river')),
  add name text not null default '',
  add walk boolean not null default true,
  add geom geometry(MultiLineString, 4490),
  add since bigint references ground,
  add until bigint references ground constraint until_after_since check (until > since),
  add constraint lines_of_barriers check (geom is not null or barrier = '');
update border d set since = greatest(x.since, y.since) from block x, block y where x.id = d.a and y.id = d.b;
update border d set until = least(x.until, y.until) from block x, block y
  where x.id = d.a and y.id = d.b and (x.until is not null or y.until is not null);
alter table border alter since set not null;
create unique index border_once on border (a, b, barrier, name) where until is null;
create index border_pair on border (a, b);
create index border_geom on border using gist (geom) where until is null;
comment on table border is 'The dual graph: what two blocks share, one row for each thing that runs along it. Immutable but for until: what runs along may change while the blocks stay.';
comment on column border.metres is 'Geodesic length.';
comment on column border.barrier is 'What runs along (阻隔); none: nothing does; empty: nobody has said.';
comment on column border.name is 'Of the road, river or other thing that runs along; empty where it has none.';
comment on column border.walk is 'Whether one can walk across, if only at a bridge, a crossing or a gate.';
comment on column border.geom is 'Along the edges of both blocks, vertex for vertex; null in borders stored before lines were kept.';

alter table block
  add estimated boolean not null default false,
  add compounds text[] not null default '{}';
comment on column block.estimated is 'Some of its counts are a share of what was counted for a compound as a whole.';
comment on column block.compounds is 'Codes of the compounds that have ground in it, rising.';

create table ruling (
  id         bigint generated always as identity primary key,
  building   text,
  place      geometry(Point, 4490),
  parent_id  bigint not null references area,
  made_at    timestamptz not null default now(),
  revoked_at timestamptz,
  constraint of_one_thing check (num_nonnulls(building, place) = 1)
);
comment on table ruling is 'What planners have decided on the ground: the area that a building across a border is counted in, or that a piece of ground between areas goes to. The next build goes by those that are not revoked.';
comment on column ruling.building is 'Code of a building; null for a ruling on ground.';
comment on column ruling.place is 'A point in the piece of ground, that of the finding or repair it is about.';
create unique index ruling_of_building on ruling (building) where revoked_at is null;
create unique index ruling_of_place on ruling (st_x(place), st_y(place)) where revoked_at is null;

create table link (
  id     bigint generated always as identity primary key,
  a      text not null,
  b      text not null,
  reason text not null constraint reason_given check (btrim(reason) <> ''),
  since  bigint not null references ground,
  until  bigint references ground constraint until_after_since check (until > since),
  constraint once_each check (a < b)
);
comment on table link is 'Blocks that do not touch and are said to, by code: an island and where its ferry lands. They hold from a version of the ground on, for as long as both codes are there.';
create unique index link_once on link (a, b) where until is null;

create table ground_build (
  id         bigint generated always as identity primary key,
  scope      text not null,
  dry_run    boolean not null,
  state      text not null default 'queued' constraint state_known
             check (state in ('queued', 'building', 'done', 'failed', 'cancelled')),
  job_id     bigint,
  report     jsonb,
  failure    jsonb,
  made_at    timestamptz not null default now(),
  ended_at   timestamptz,
  constraint done_has_report check ((state = 'done') = (report is not null)),
  constraint ended_when_over check ((state in ('queued', 'building')) = (ended_at is null))
);
comment on table ground_build is 'Builds of the ground that were asked for over HTTP. Like an import, a build has its row in import once it is stored.';
comment on column ground_build.report is 'By language: the report as it is shown.';
comment on column ground_build.failure is 'By language: the sentence that says why not.';

create table ground_finding (
  id        bigint generated always as identity primary key,
  import_id bigint not null references import,
  until     bigint references import constraint until_after_since check (until > import_id),
  kind      text not null constraint kind_known check (kind in ('finding', 'repair')),
  rule      text not null,
  severity  text not null constraint severity_known check (severity in ('error', 'warning', 'note')),
  place     geometry(Point, 4490) not null,
  area_m2   double precision not null,
  areas     bigint[] not null,
  codes     text[] not null,
  blocks    text[] not null,
  building  text,
  choices   bigint[] not null,
  words     text[] not null constraint words_in_both check (cardinality(words) = 2)
);
comment on table ground_finding is 'What the builds of the ground found and mended. Immutable but for until: the next build of one of its areas ends it, and finds it again if it is still there.';
comment on column ground_finding.areas is 'The areas it concerns; none for what lies in no area.';
comment on column ground_finding.codes is 'Of areas and features, in the order of the sentence.';
comment on column ground_finding.blocks is 'Codes of blocks.';
comment on column ground_finding.building is 'The building it is about, where a planner may decide on one.';
comment on column ground_finding.choices is 'Areas among which a planner may decide; none where there is nothing to decide.';
comment on column ground_finding.words is 'The sentence in Chinese and in English.';
create index ground_finding_live on ground_finding (import_id) where until is null;

alter table grid add dedicated boolean not null default false;
comment on column grid.dedicated is 'A dedicated grid (专属网格): no other is balanced against it.';

alter table lease add stage text not null default '';
comment on column lease.stage is 'What a build of the ground is at; empty for splits.';
