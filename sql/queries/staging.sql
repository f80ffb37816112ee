-- name: StageClear
-- What an earlier file of the same transaction left.
drop table if exists pg_temp.staged_feature, pg_temp.staged_tally, pg_temp.staged_fate, pg_temp.staged_count, pg_temp.staged_gone;

-- name: StageFeatures
-- The rows of a file on their way to a layer, until the end of the transaction. n counts the rows of the file from 1; feature, line and byte
-- are the row's place. Of refused rows only place and code count.
create temp table staged_feature (
  n integer not null, feature integer not null, line integer not null, byte bigint not null, refused boolean not null,
  code text not null, parent text not null, name text not null, class text not null, bridge boolean not null, tunnel boolean not null,
  level smallint not null, compound text not null, floors smallint not null, no_property_mgmt boolean, no_security boolean, no_enclosure boolean,
  new_org boolean, building_no text not null, committee text not null, owners_committee text not null, property_company text not null,
  attributes jsonb, geom geometry(Geometry, 4490)
) on commit drop;

-- name: StageTallies
-- The counts of these rows.
create temp table staged_tally (
  n integer not null, code text not null, measure text not null, kind text not null, counted_on text not null, count bigint not null
) on commit drop;

-- name: StageFates
-- Those of the rows whose code is stored: as what, and whether that says the same.
create temp table staged_fate (n integer not null, old_id bigint not null, same boolean not null) on commit drop;

-- name: StageCounts
-- Those of the counts that differ from what is stored; old_id is the count they replace, null for none.
create temp table staged_count (n integer not null, code text not null, old_id bigint, measure text not null, kind text not null, counted_on date, count bigint not null)
on commit drop;

-- name: StageGone
-- The stored features that the file no longer has.
create temp table staged_gone (id bigint not null, code text not null) on commit drop;

-- name: StagedFeaturesCopy
copy staged_feature from stdin binary;

-- name: StagedTalliesCopy
copy staged_tally from stdin binary;

-- name: StagedIndex
-- Made once all rows are there.
create index on staged_feature (n);

-- name: StagedAnalyze
analyze staged_feature (n, code, parent, compound, refused);

-- name: StagedTwice
-- $1 how many. Rows whose code an earlier row has, with the place of the last of these; then how many there are in all, and how many of them
-- were not refused for anything else. By row.
with twice as (select code from staged_feature where code <> '' group by code having count(*) > 1),
  seen as (
    select s.n, s.feature, s.line, s.byte, s.code, s.refused, lag(s.n) over w as first, lag(s.feature) over w as first_feature, lag(s.line) over w as first_line,
      lag(s.byte) over w as first_byte
    from staged_feature s join twice using (code) window w as (partition by s.code order by s.n))
select n, feature, line, byte, code, refused, first_feature, first_line, first_byte, count(*) over (), count(*) filter (where not refused) over ()
from seen where first is not null order by n limit $1;

-- name: StagedTwiceRefuse
update staged_feature s set refused = true
where not refused and code <> '' and exists (select from staged_feature f where f.code = s.code and f.n < s.n);

-- name: StagedParents
-- The parents that rows name; in order.
select distinct parent from staged_feature where not refused and parent <> '' order by parent;

-- name: StagedOrphans
-- $1 parents, $2 how many. Rows that name one of the parents; then how many there are in all. By row.
select n, feature, line, byte, code, parent, count(*) over () from staged_feature where not refused and parent = any($1::text[]) order by n limit $2;

-- name: StagedOrphansRefuse
-- $1 parents.
update staged_feature set refused = true where not refused and parent = any($1::text[]);

-- name: StagedSums
-- The sums of the counts of the rows that are not refused, by measure.
select t.measure, sum(t.count)::bigint from staged_tally t join staged_feature s using (n) where not s.refused group by 1 order by 1;

-- name: StagedCompare
-- $1 layer, $2 fields the file speaks of (class is its kind, too), $3 codes of parents, $4 their ids, $5 columns whose attributes the file decides.
-- What the file does not speak of is as it was.
insert into staged_fate
select s.n, o.id,
  ('name' <> all($2::text[]) or s.name = o.name) and ('class' <> all($2::text[]) or s.class = o.class)
  and ('parent' <> all($2::text[]) or p.id is not distinct from o.parent_id) and o.origin = 'file'
  and ('bridge' <> all($2::text[]) or s.bridge = o.bridge) and ('tunnel' <> all($2::text[]) or s.tunnel = o.tunnel) and ('level' <> all($2::text[]) or s.level = o.level)
  and ('compound' <> all($2::text[]) or s.compound = o.compound) and ('floors' <> all($2::text[]) or s.floors = o.floors)
  and ('no_property_mgmt' <> all($2::text[]) or s.no_property_mgmt is not distinct from o.no_property_mgmt)
  and ('no_security' <> all($2::text[]) or s.no_security is not distinct from o.no_security)
  and ('no_enclosure' <> all($2::text[]) or s.no_enclosure is not distinct from o.no_enclosure)
  and ('new_org' <> all($2::text[]) or s.new_org is not distinct from o.new_org)
  and ('building_no' <> all($2::text[]) or s.building_no = o.building_no) and ('committee' <> all($2::text[]) or s.committee = o.committee)
  and ('owners_committee' <> all($2::text[]) or s.owners_committee = o.owners_committee)
  and ('property_company' <> all($2::text[]) or s.property_company = o.property_company)
  and nullif((coalesce(o.attributes, '{}') - $5::text[]) || coalesce(s.attributes, '{}'), '{}') is not distinct from o.attributes
  and s.geom = o.geom
from staged_feature s
  join feature o on o.layer = $1 and o.code = s.code and o.until is null
  left join unnest($3::text[], $4::bigint[]) as p(code, id) on p.code = s.parent
where not s.refused;

-- name: StagedCompareCounts
-- $1 layer. A count of a stated kind replaces one whose kind was not said; one without a day that is as before keeps its day.
insert into staged_count
select t.n, t.code, coalesce(o.id, u.id), t.measure, t.kind, nullif(t.counted_on, '')::date, t.count
from staged_tally t
  join staged_feature s using (n)
  left join tally o on o.layer = $1 and o.code = t.code and o.measure = t.measure and o.kind = t.kind and o.until is null
  left join tally u on u.layer = $1 and u.code = t.code and u.measure = t.measure and u.kind = '' and u.until is null
where not s.refused
  and (o.id is null or o.count <> t.count or t.counted_on <> '' and nullif(t.counted_on, '')::date is distinct from o.counted_on);

-- name: StagedScope
-- $1 layer, $2 parents, $3 prefixes of codes. Finds the features of these parents, and those of files with these prefixes, that the file does not name.
insert into staged_gone
select f.id, f.code from feature f
where f.until is null and f.layer = $1 and (f.parent_id = any($2::bigint[]) or f.origin = 'file' and exists (select from unnest($3::text[]) p where starts_with(f.code, p)))
  and not exists (select from staged_feature s where s.code = f.code);

-- name: StagedFromFile
-- $1 layer, $2 prefixes. How many features are stored that owe their codes to files with these prefixes.
select count(*) from feature f
where f.until is null and f.layer = $1 and f.origin = 'file' and exists (select from unnest($2::text[]) p where starts_with(f.code, p));

-- name: StagedTotals
-- How many rows there are, that are not refused; then of these the changed and the unchanged; then how many stored features are gone.
select (select count(*) from staged_feature where not refused),
  (select count(*) from staged_fate t where not same or exists (select from staged_count c where c.n = t.n)),
  (select count(*) from staged_fate t where same and not exists (select from staged_count c where c.n = t.n)),
  (select count(*) from staged_gone);

-- name: StagedLost
-- $1 layer. The sums of the counts that go with the features that are gone, by measure.
select t.measure, sum(t.count)::bigint from tally t join staged_gone g using (code) where t.layer = $1 and t.until is null group by 1 order by 1;

-- name: StagedStrangers
-- $1 how many, $2 whether the file speaks of compounds. Buildings whose compound is not stored, with their geometry; then how many there are in all. By row.
with building as (
  select s.n, s.code, s.geom, case when $2 or o.id is null then s.compound else o.compound end as compound
  from staged_feature s left join staged_fate t using (n) left join feature o on o.id = t.old_id where not s.refused)
select b.code, b.compound, st_asewkb(b.geom), count(*) over () from building b
where b.compound <> '' and not exists (select from feature c where c.layer = 'compound' and c.code = b.compound and c.until is null)
order by b.n limit $1;

-- name: StagedRetire
-- $1 import. Ends the lives of the features that are gone or changed.
update feature set until = $1 where id in (select id from staged_gone union all select old_id from staged_fate where not same);

-- name: StagedRetireCounts
-- $1 import, $2 layer. And of the counts that go with them or are replaced.
update tally set until = $1 where id in (
  select old_id from staged_count where old_id is not null
  union all select t.id from tally t join staged_gone g using (code) where t.layer = $2 and t.until is null);

-- name: StagedPut
-- $1 to $5 as of StagedCompare, $6 import, $7 and $8 the first and the last row. Stores what is new or changed.
insert into feature (layer, code, name, class, parent_id, bridge, tunnel, level, compound, floors, no_property_mgmt, no_security, no_enclosure, new_org,
  building_no, committee, owners_committee, property_company, attributes, geom, since)
select $1, s.code,
  case when o.id is null or 'name' = any($2::text[]) then s.name else o.name end,
  case when o.id is null or 'class' = any($2::text[]) then s.class else o.class end,
  case when o.id is null or 'parent' = any($2::text[]) then p.id else o.parent_id end,
  case when o.id is null or 'bridge' = any($2::text[]) then s.bridge else o.bridge end,
  case when o.id is null or 'tunnel' = any($2::text[]) then s.tunnel else o.tunnel end,
  case when o.id is null or 'level' = any($2::text[]) then s.level else o.level end,
  case when o.id is null or 'compound' = any($2::text[]) then s.compound else o.compound end,
  case when o.id is null or 'floors' = any($2::text[]) then s.floors else o.floors end,
  case when o.id is null or 'no_property_mgmt' = any($2::text[]) then s.no_property_mgmt else o.no_property_mgmt end,
  case when o.id is null or 'no_security' = any($2::text[]) then s.no_security else o.no_security end,
  case when o.id is null or 'no_enclosure' = any($2::text[]) then s.no_enclosure else o.no_enclosure end,
  case when o.id is null or 'new_org' = any($2::text[]) then s.new_org else o.new_org end,
  case when o.id is null or 'building_no' = any($2::text[]) then s.building_no else o.building_no end,
  case when o.id is null or 'committee' = any($2::text[]) then s.committee else o.committee end,
  case when o.id is null or 'owners_committee' = any($2::text[]) then s.owners_committee else o.owners_committee end,
  case when o.id is null or 'property_company' = any($2::text[]) then s.property_company else o.property_company end,
  case when o.attributes is null then s.attributes else nullif((o.attributes - $5::text[]) || coalesce(s.attributes, '{}'), '{}') end,
  s.geom, $6
from staged_feature s
  left join staged_fate t using (n)
  left join feature o on o.id = t.old_id
  left join unnest($3::text[], $4::bigint[]) as p(code, id) on p.code = s.parent
where s.n between $7 and $8 and not s.refused and t.same is not true
order by s.n;

-- name: StagedPutCounts
-- $1 layer, $2 import. Stores the counts that differ.
insert into tally (layer, code, measure, kind, counted_on, count, since)
select $1, code, measure, kind, counted_on, count, $2 from staged_count order by n, measure, kind;
