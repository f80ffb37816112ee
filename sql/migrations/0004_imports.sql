-- +goose Up

create table import_session (
  id         bigint generated always as identity primary key,
  name       text not null,
  size       bigint not null default 0,
  sha256     text not null default '',
  way        text not null default 'http' constraint way_known check (way in ('http', 'command')),
  state      text not null default 'receiving' constraint state_known
             check (state in ('receiving', 'inspecting', 'open', 'trying', 'tried', 'committing', 'committed', 'failed')),
  version    bigint not null default 1,
  decisions  jsonb not null default '{}',
  inspection jsonb,
  report     jsonb,
  preview    jsonb,
  refused    jsonb,
  digest     text not null default '',
  failure    jsonb,
  job_id     bigint,
  import_id  bigint references import constraint session_of_import unique,
  made_at    timestamptz not null default now(),
  touched_at timestamptz not null default now(),
  ended_at   timestamptz,
  constraint committed_has_import check ((state = 'committed') = (import_id is not null)),
  constraint committed_has_ended check ((state = 'committed') = (ended_at is not null))
);
comment on table import_session is 'Files that were brought to be imported. One that was stored is kept for good, with what was decided and its report; any other goes with its bytes when it is given up, or a day after it was last touched.';
comment on column import_session.name is 'The file''s base name: no folder, no machine.';
comment on column import_session.way is 'How it came: over HTTP or by the command line.';
comment on column import_session.state is 'open: looked at, and to be decided; tried: it can be stored; failed: it cannot be read.';
comment on column import_session.version is 'Guards the decisions: ETag and If-Match.';
comment on column import_session.decisions is 'How the file is to be taken, and where it is from: its purpose, legal basis, day, expiry, and who brought it.';
comment on column import_session.inspection is 'By language: what the file is.';
comment on column import_session.report is 'By language: of the trial, then of what was stored.';
comment on column import_session.preview is 'Features to be drawn, and how many there are, of the trial.';
comment on column import_session.refused is 'The refused rows with their columns, places and reasons.';
comment on column import_session.digest is 'Of all that the trial said. What is stored must say the same.';
comment on column import_session.failure is 'Why the last step came to nothing: the code, and the sentence by language.';
create index import_session_touched on import_session (touched_at) where state <> 'committed';

create table import_chunk (
  session_id bigint not null references import_session on delete cascade,
  no         integer not null,
  bytes      bytea not null,
  primary key (session_id, no)
);
comment on table import_chunk is 'The bytes of files that are not stored yet, piece by piece, so that any worker of the database can read them.';

create table import_template (
  name      text primary key constraint name_written check (name <> '' and name = btrim(name)),
  decisions jsonb not null,
  columns   text[] not null,
  saved_at  timestamptz not null default now()
);
comment on table import_template is 'Decisions kept under a name for the next file of the same kind.';
comment on column import_template.columns is 'Of the file it was made for: a file that lacks one that is used cannot be taken by it.';

insert into import_session (name, sha256, way, state, decisions, report, import_id, made_at, touched_at, ended_at)
select i.file, i.sha256, 'command', 'committed', jsonb_build_object('layer', i.layer), jsonb_build_object('zh-CN', r.report, 'en', r.report),
  i.id, i.taken_at, i.taken_at, i.taken_at
from import i cross join lateral (select jsonb_build_object('refused_rows', 0, 'compared', jsonb_build_object('new', n.none, 'changed', n.none,
  'gone', n.none, 'unchanged', n.none)) || i.report as report from (select '{"rows": 0, "before": {}, "after": {}}'::jsonb as none) n) r
where i.file <> '' and i.report ? 'rows_read' order by i.id;

alter table feature add attributes jsonb constraint attributes_named check (jsonb_typeof(attributes) = 'object');
comment on column feature.attributes is 'What columns that are no field say, by column, kept on request; null for none.';

-- the base book

alter table feature
  add building_no      text not null default '',
  add committee        text not null default '',
  add owners_committee text not null default '',
  add property_company text not null default '',
  add constraint numbers_of_buildings check (layer = 'building' or building_no = ''),
  add constraint committees_of_compounds check (layer = 'compound' or committee || owners_committee || property_company = '');
comment on column feature.building_no is 'Of a building, within its compound (号楼).';
comment on column feature.committee is 'Of a compound, its residents'' committee (居委会): a name, yes or no; empty where it is not known.';
comment on column feature.owners_committee is 'Of a compound (业委会), likewise.';
comment on column feature.property_company is 'Of a compound (物业), likewise.';
create index feature_past on feature (layer, code) where until is not null;
create index tally_past on tally (layer, code) where until is not null;

create table basebook_change (
  id        bigint generated always as identity primary key,
  import_id bigint not null references import constraint change_of_import unique,
  kind      text not null constraint kind_known check (kind in ('count', 'add', 'move', 'remove', 'attributes', 'border', 'undo')),
  layer     text not null,
  code      text not null,
  name      text not null default '',
  neighbour text not null default '',
  source    text not null constraint source_given check (btrim(source) <> ''),
  dated     date not null,
  made_by   text not null default '',
  notes     jsonb not null default '{}',
  areas     text[] not null,
  undoes    bigint references basebook_change constraint undone_once unique,
  build_id  bigint references ground_build,
  made_at   timestamptz not null default now(),
  constraint undo_of_change check ((kind = 'undo') = (undoes is not null))
);
comment on table basebook_change is 'Corrections of the base book (底册). What was and what is stands in the rows that ended and began with its import.';
comment on column basebook_change.layer is 'Of the thing; of a border the level of the areas.';
comment on column basebook_change.notes is 'By language: what the checks had to remark.';
comment on column basebook_change.areas is 'Codes of the rows of the base book it concerns.';
create index basebook_change_of on basebook_change (layer, code);

create table basebook_border (
  change_id bigint not null references basebook_change,
  area_id   bigint not null references area,
  before    geometry(MultiPolygon, 4490) not null,
  after     geometry(MultiPolygon, 4490) not null,
  primary key (change_id, area_id)
);
comment on table basebook_border is 'Areas whose shapes a change of a border changed.';

create table recount (
  import_id bigint primary key references import
);
comment on table recount is 'Builds of the ground after which blocks that stay have other counts. Counts follow what is known of a block, whatever version of the ground is looked at.';

create table fill_in (
  id          bigint generated always as identity primary key,
  area_id     bigint not null references area,
  version     bigint not null,
  things      integer not null,
  sent_at     timestamptz not null default now(),
  returned_at timestamptz,
  filled      integer not null default 0,
  unmatched   jsonb not null default '[]',
  import_id   bigint references import,
  source      text not null default '',
  dated       date,
  constraint returned_with_import check (import_id is null or returned_at is not null)
);
comment on table fill_in is 'Fill-in sheets (补录表) that were sent, and what came back.';
comment on column fill_in.version is 'The newest import when it was made: what is said to be known on it is as of then.';
comment on column fill_in.things is 'Buildings and compounds on it.';
comment on column fill_in.filled is 'Counts taken from it.';
comment on column fill_in.source is 'Who filled it in, as the sheet says.';
comment on column fill_in.dated is 'The day its counts are of.';
comment on column fill_in.unmatched is 'Its filled rows whose building or compound was there no more.';
create index fill_in_area on fill_in (area_id, id);

create view basebook_row as
  select a.id from area a
  where a.level = 'community'
    or a.level = 'large_grid' and not exists (
      select 1 from area c where c.level = 'community' and (c.id = a.parent_id
        or c.geom && a.geom and st_covers(c.geom, st_pointonsurface(a.geom))))
    or a.level not in ('community', 'large_grid') and not exists (select 1 from area u where u.parent_id = a.id);
comment on view basebook_row is 'The areas that have a row in the base book: communities, or the lowest there are.';

create view basebook_grid as
  select a.id, coalesce(
    (select p.id from area p where p.id = a.parent_id and p.level = 'community'),
    (select c.id from area c where c.level = 'community' and c.geom && a.geom and st_covers(c.geom, st_pointonsurface(a.geom))
     order by c.code limit 1)) as row_id
  from area a where a.level = 'large_grid';
comment on view basebook_grid is 'The community each large grid lies in, null for none.';

create view basebook_piece as
  select r.id as row_id, a.geom from basebook_row r join area a on a.id = r.id where a.geom is not null
  union all
  select r.id, a.geom from basebook_row r join area o on o.id = r.id and o.geom is null
    join basebook_grid g on g.row_id = r.id join area a on a.id = g.id where a.geom is not null;
comment on view basebook_piece is 'The ground of the rows of the base book: their own, or where that is not drawn that of their large grids.';

-- +goose StatementBegin
create function import_fates(import bigint, by_count boolean) returns table (layer text, code text, status text) language sql stable as $$
  with
  -- what an import did to features
  touched as (
    select f.layer, f.code, bool_or(f.since = $1) as came, bool_or(f.until is not distinct from $1) as went
    from gridwright.feature f where f.since = $1 or f.until = $1 group by 1, 2),
  -- and to counts
  counted as (select t.layer, t.code from gridwright.tally t where t.since = $1 or t.until = $1 group by 1, 2)
  select coalesce(t.layer, c.layer), coalesce(t.code, c.code), case
    when t.came and not t.went then 'new'
    when t.went and not t.came then 'gone'
    when t.came or not $2 then 'changed'
    when exists (select 1 from gridwright.tally o where o.layer = c.layer and o.code = c.code and o.since < $1 and (o.until is null or o.until >= $1)) then 'changed'
    else 'new' end
  from touched t full join counted c on c.layer = t.layer and c.code = t.code
  union all
  select 'block', b.code, case when bool_and(b.since = g.version) then 'new' when bool_and(b.until is not distinct from g.version) then 'gone' else 'changed' end
  from gridwright.ground g join gridwright.block b on b.since = g.version or b.until = g.version where g.import_id = $1 group by b.code
$$;
-- +goose StatementEnd
comment on function import_fates(bigint, boolean) is 'What an import did to features and blocks: new, changed or gone. by_count: it is a table of counts, and what had none before is new.';
