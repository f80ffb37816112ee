-- +goose Up

alter table grid
  add kind    text not null default 'base' constraint kind_known check (kind in ('base', 'dedicated')),
  add purpose text not null default '',
  add body    text not null default '',
  add locked  boolean not null default false,
  add enclave text not null default '',
  add gone    boolean not null default false,
  add constraint purpose_of_dedicated check (kind = 'dedicated' or purpose = '' and body = '');
update grid set kind = 'dedicated' where dedicated;
alter table grid drop column dedicated, drop constraint grid_code_once;
alter table grid add constraint grid_code_once exclude using btree (plan_id with =, code with =) where (not gone) deferrable initially deferred;
comment on column grid.kind is 'base 基础网格, or dedicated 专属网格: no other is balanced against it.';
comment on column grid.purpose is 'Of a dedicated grid: what it is.';
comment on column grid.body is 'Of a dedicated grid: who is responsible.';
comment on column grid.locked is 'No block comes or goes.';
comment on column grid.enclave is 'Why it may lie in several pieces; empty where it may not.';
comment on column grid.gone is 'It is there no more. Its number is given to no other.';

alter table block
  add cut_of bigint references block,
  drop constraint until_after_since,
  add constraint until_after_since check (case when cut_of is null then until is null or until > since else until = since end);
comment on column block.cut_of is 'The block it was cut from; null of one of the ground itself. A block of a cut lives in no version of the ground, only in plans that have a row for it.';
create index block_cut on block (cut_of) where cut_of is not null;

alter table border drop constraint until_after_since, add constraint until_after_since check (until >= since);
comment on column border.until is 'Equal to since for a border of a block that comes from a cut, which lives as long as its blocks.';

create table plan_lock (
  plan_id  bigint not null references plan on delete cascade,
  block_id bigint not null default 0,
  a        integer not null default 0,
  b        integer not null default 0,
  primary key (plan_id, block_id, a, b),
  constraint of_one_thing check (block_id > 0 and a = 0 and b = 0 or block_id = 0 and a > 0 and b > a)
);
comment on table plan_lock is 'What planners have locked in a plan beside grids: a block, which stays in its grid, or the border of two grids, which runs as it does.';

alter table edit
  add grids   jsonb not null default '[]',
  add locks   jsonb not null default '[]',
  add gone    bigint[] not null default '{}',
  add come    bigint[] not null default '{}',
  add made_by text not null default '',
  add said    text[] constraint said_in_both check (cardinality(said) = 2),
  add place   geometry(Point, 4490),
  drop constraint kind_known,
  add constraint kind_known check (kind in ('propose', 'assign', 'cut', 'merge', 'reshape', 'lock', 'unlock', 'name', 'dedicate', 'enclave', 'recode',
    'restore', 'undo', 'redo')),
  drop constraint reverts_exactly,
  add constraint reverts_exactly check ((kind in ('undo', 'redo', 'restore')) = (reverts is not null));
comment on column edit.grids is 'What it changed of what is said of grids: number, parent, before and after; null before of one that comes into being, null after of one that is gone.';
comment on column edit.locks is 'Locks on blocks and borders that it put on or took off.';
comment on column edit.gone is 'Blocks that a cut replaced.';
comment on column edit.come is 'Blocks that a cut made in their place.';
comment on column edit.made_by is 'Who did it, as they call themselves.';
comment on column edit.said is 'What it did, in Chinese and in English; null where that was not kept.';
comment on column edit.place is 'A point where it was done; null where that is nowhere in particular.';

-- +goose StatementBegin
create or replace function import_fates(import bigint, by_count boolean) returns table (layer text, code text, status text) language sql stable as $$
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
  from gridwright.ground g join gridwright.block b on b.cut_of is null and (b.since = g.version or b.until = g.version) where g.import_id = $1 group by b.code
$$;
-- +goose StatementEnd
