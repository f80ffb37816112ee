-- +goose Up

create table division (
  id              bigint generated always as identity primary key,
  name            text not null constraint name_written check (btrim(name) <> ''),
  plan_id         bigint not null references plan,
  revision        bigint not null constraint revision_counts check (revision > 0),
  effective       date not null,
  published_at    timestamptz not null default now(),
  published_by    text not null default '',
  basis           text not null default '',
  ground_version  bigint not null references ground,
  measures        text[] not null,
  synthetic       boolean not null,
  data_date       text not null,
  digest          text not null,
  old_grids       integer not null,
  new_grids       integer not null,
  kinds           jsonb not null,
  shared          text not null,
  findings        jsonb not null,
  suppress_below  integer not null,
  idempotency_key text constraint division_key_once unique
);
comment on table division is 'Plans in force from a day on (划分成果). Never changed: a later one takes the place of an earlier one, area by area.';
comment on column division.basis is 'The document it rests on (文号).';
comment on column division.digest is 'SHA-256, in hexadecimal, of all that it says of grids and blocks.';
comment on column division.kinds is 'By kind of change: how many grids it changed so.';
comment on column division.shared is 'The measure its lineage is told in; empty where nothing was counted.';
comment on column division.suppress_below is 'Counts of people from 1 to below it are kept back from others, though not from the tables; 0 keeps none back.';
comment on column division.findings is 'What the check said when it was published, with the waivers, in words.';

create table division_parent (
  division_id bigint not null references division,
  parent_id   bigint not null references area,
  effective   date not null,
  primary key (division_id, parent_id),
  constraint division_day_once unique (parent_id, effective)
);
comment on table division_parent is 'The areas a division divides: one division for each from a day on.';

create table division_end (
  division_id bigint not null,
  parent_id   bigint not null,
  until       date not null,
  by_division bigint not null references division,
  primary key (division_id, parent_id),
  foreign key (division_id, parent_id) references division_parent
);
comment on table division_end is 'Areas of divisions that a later one takes the place of, from which day on. Once each: of two successors one is refused.';

create sequence grid_key;
comment on sequence grid_key is 'What stays of a published grid while its name, code and border change.';

create table published_code (
  code        text primary key,
  key         bigint not null,
  division_id bigint not null references division,
  constraint code_of_key unique (code, key)
);
comment on table published_code is 'Every code that was ever published, and whose it is for good. A grid may have had several; no code is ever another grid''s.';

create table division_grid (
  division_id bigint not null,
  no          integer not null constraint no_positive check (no > 0),
  key         bigint not null,
  parent_id   bigint not null,
  code        text not null,
  name        text not null,
  name_en     text not null,
  kind        text not null,
  purpose     text not null,
  body        text not null,
  enclave     text not null,
  chain       jsonb not null,
  colour      smallint not null,
  blocks      integer not null,
  area_m2     double precision not null,
  pieces      integer not null,
  loads       bigint[] not null,
  estimated   boolean not null,
  geom        geometry(MultiPolygon, 4490) not null,
  label       geometry(Point, 4490) not null,
  primary key (division_id, no),
  foreign key (division_id, parent_id) references division_parent,
  foreign key (code, key) references published_code (code, key),
  constraint division_code_once unique (division_id, code),
  constraint division_grid_once unique (division_id, key)
);
comment on table division_grid is 'Published grids, with all that is said of them as it was then. The polygon is the dissolve of the blocks.';
comment on column division_grid.no is 'The number of the grid in the plan that was published.';
comment on column division_grid.chain is 'The areas it lies in, highest first, down to its parent: level, code and names.';
comment on column division_grid.loads is 'One entry a measure of the division.';
create index division_grid_geom on division_grid using gist (geom);
create index division_grid_parent on division_grid (division_id, parent_id);

create table division_block (
  division_id bigint not null,
  block_id    bigint not null references block,
  grid_no     integer not null,
  primary key (division_id, block_id),
  foreign key (division_id, grid_no) references division_grid (division_id, no)
);
comment on table division_block is 'The blocks of published grids.';

create table lineage (
  division_id bigint not null references division,
  no          integer not null,
  kind        text not null constraint kind_known
              check (kind in ('new', 'split', 'merge', 'adjust', 'abolish', 'rename', 'recode', 'same')),
  old         jsonb,
  new         jsonb,
  count       bigint not null,
  old_share   double precision,
  new_share   double precision,
  blocks      integer not null,
  buildings   bigint not null,
  primary key (division_id, no),
  constraint of_a_grid check (num_nonnulls(old, new) > 0)
);
comment on table lineage is 'How the grids of a division came out of those before: a row for each two that have ground in common.';
comment on column lineage.old is 'Key, code, names, area and count of the old grid, as of its time; null for ground that was in none.';
comment on column lineage.count is 'What the two have in common of what is counted.';

create table change (
  id          bigint generated always as identity primary key,
  at          timestamptz not null default clock_timestamp(),
  kind        text not null constraint kind_known check (kind in ('published', 'superseded', 'in_force')),
  division_id bigint not null references division,
  by_division bigint references division,
  effective   date not null,
  payload     jsonb not null,
  constraint change_once unique nulls not distinct (kind, division_id, by_division)
);
comment on table change is 'What other platforms are told, whole versions only, written with what it tells. Ids are given in the order of commits, so that whoever has read up to one has missed none.';
comment on column change.by_division is 'Of superseded: what takes its place.';

-- +goose StatementBegin
create function changes_in_order() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(x'6772696463686765'::bigint); -- before the first id is given; let go once the commit can be seen
  return null;
end $$;
-- +goose StatementEnd
comment on function changes_in_order() is 'One transaction at a time writes changes.';
create trigger changes_in_order before insert on change for each statement execute function changes_in_order();

-- +goose StatementBegin
create function tell_change() returns trigger language plpgsql as $$
begin
  notify gridwright_change;
  return null;
end $$;
-- +goose StatementEnd
create trigger tell_change after insert on change for each statement execute function tell_change();

-- +goose StatementBegin
create function never_changed() returns trigger language plpgsql as $$
begin
  raise exception 'what was published is never changed: % of %', lower(tg_op), tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
-- +goose StatementEnd
comment on function never_changed() is 'Refuses every change of what was published.';

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['division', 'division_parent', 'division_end', 'published_code', 'division_grid', 'division_block', 'lineage', 'change'] loop
    execute format('create trigger never_changed before update or delete or truncate on %s for each statement execute function never_changed()', t);
  end loop;
end $$;
-- +goose StatementEnd

create table waiver (
  id         bigint generated always as identity primary key,
  plan_id    bigint not null references plan,
  rule       text not null,
  subject    text not null,
  reason     text not null constraint reason_given check (btrim(reason) <> ''),
  made_by    text not null default '',
  revision   bigint not null,
  made_at    timestamptz not null default now(),
  revoked_at timestamptz
);
comment on table waiver is 'Warnings that somebody takes as they are, and why (豁免). One holds while what it is about stays as it was at its revision.';
comment on column waiver.subject is 'What the finding is about: a grid by number, an area by code, or a place.';
create unique index waiver_once on waiver (plan_id, rule, subject) where revoked_at is null;

-- Who comes straight to the database

alter function note_layer_change() security definer set search_path = gridwright, public;

-- +goose StatementBegin
create function admit_colleagues() returns void language plpgsql as $$
declare
  colleague text;
  t         text;
  layers    constant text[] := array['area', 'feature', 'tally', 'import'];
begin
  foreach colleague in array array['gridwright_reader', 'gridwright_editor'] loop
    continue when not exists (select from pg_roles where rolname = colleague);
    if not has_schema_privilege(colleague, 'gridwright', 'usage') then
      execute format('grant usage on schema gridwright to %I', colleague);
    end if;
    for t in select c.oid::regclass::text from pg_class c
        where c.relnamespace = 'gridwright'::regnamespace and c.relkind in ('r', 'v', 'p') and not has_table_privilege(colleague, c.oid, 'select') loop
      execute format('grant select on %s to %I', t, colleague);
    end loop;
    continue when colleague <> 'gridwright_editor';
    foreach t in array layers loop
      if not has_table_privilege(colleague, 'gridwright.' || t, 'insert') then
        execute format('grant insert on gridwright.%I to %I', t, colleague);
      end if;
      if t <> 'import' and not has_table_privilege(colleague, 'gridwright.' || t, 'update, delete') then
        execute format('grant update, delete on gridwright.%I to %I', t, colleague);
      end if;
    end loop;
  end loop;
end $$;
-- +goose StatementEnd
comment on function admit_colleagues() is 'Lets the roles gridwright_reader and gridwright_editor, where there are any, read everything, and the second one write areas and the raw ground. All else is written by the program alone.';
