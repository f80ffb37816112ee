-- name: FeedAreas
-- $1 level. The areas of a level with the codes of those above them, empty at the top, and their shapes, null where only the
-- code is known; by code.
select a.id, a.code, a.name, a.name_en, coalesce(p.code, ''), st_asewkb(a.geom)
from area a left join area p on p.id = a.parent_id
where a.level = $1 order by a.code collate "C";

-- name: FeedBlocks
-- The live blocks with the codes of their areas, their counts by measure and their shapes; by area and code.
select b.id, b.code, p.code, b.kind, b.area_m2,
  coalesce((select jsonb_object_agg(c.measure, c.count) from block_count c where c.block_id = b.id), '{}'::jsonb), st_asewkb(b.geom)
from block b join area p on p.id = b.parent_id
where b.until is null order by p.code collate "C", b.code collate "C";

-- name: FeedBorders
-- What runs along the borders of live blocks, where anybody has said, with the codes of the two blocks; by these codes, barrier and
-- name.
select d.id, x.code, y.code, d.barrier, d.name, d.walk, d.metres, st_asewkb(d.geom)
from border d join block x on x.id = d.a join block y on y.id = d.b
where d.until is null and d.barrier <> '' and d.geom is not null
order by x.code collate "C", y.code collate "C", d.barrier, d.name collate "C";

-- name: LayerPage
-- $1 layer: a level of areas, block, border or a layer of the raw ground; $2 EWKB box or null for everywhere; $3 properties
-- a thing must have, as JSON; $4 id or null for all; $5 id after which the page begins; $6 how many; $7 to $10 a filter as FilteredThings
-- has it; $11 the measures that buildings and compounds have as properties, each of one kind: resident before registered, occupied and
-- unsaid. What is not known of a thing of the raw ground is no property of it. How many things there are in all pages, and of each on this page the id, the properties and the EWKB geometry, null where it has none; by id. One row of nulls
-- behind the number when the page is empty.
with described as not materialized (
  -- every thing of the layer as it is now: one of the four parts has any
  select a.id, a.geom::geometry as geom, jsonb_build_object('code', a.code, 'name', a.name, 'name_en', a.name_en,
    'parent', coalesce((select p.code from area p where p.id = a.parent_id), '')) as properties
  from area a where a.level = $1
  union all
  select b.id, b.geom::geometry, jsonb_build_object('code', b.code, 'parent', (select p.code from area p where p.id = b.parent_id),
    'kind', b.kind, 'area_m2', round(b.area_m2))
    || coalesce((select jsonb_object_agg(c.measure, c.count) from block_count c where c.block_id = b.id), '{}'::jsonb)
  from block b where $1 = 'block' and b.until is null
  union all
  select d.id, d.geom, jsonb_build_object('a', (select x.code from block x where x.id = d.a), 'b', (select y.code from block y where y.id = d.b),
    'barrier', d.barrier, 'name', d.name, 'walk', d.walk, 'metres', round(d.metres::numeric, 1))
  from border d where $1 = 'border' and d.until is null and d.barrier <> '' and d.geom is not null
  union all
  select f.id, f.geom, jsonb_build_object('code', f.code, 'name', f.name, 'class', f.class, 'origin', f.origin)
    || jsonb_strip_nulls(jsonb_build_object('attributes', f.attributes::text) || case f.layer
      when 'building' then jsonb_build_object('compound', f.compound, 'building_no', f.building_no, 'floors', nullif(f.floors, 0))
      when 'compound' then jsonb_build_object('no_property_mgmt', f.no_property_mgmt, 'no_security', f.no_security, 'no_enclosure', f.no_enclosure,
        'committee', f.committee, 'owners_committee', f.owners_committee, 'property_company', f.property_company)
      when 'organisation' then jsonb_build_object('new_org', f.new_org)
      else '{}' end)
    || case when f.layer in ('building', 'compound') then coalesce((
      select jsonb_object_agg(k.measure, k.count) from (
        select distinct on (t.measure) t.measure, t.count from tally t
        where t.until is null and t.layer = f.layer and t.code = f.code and t.measure = any($11::text[])
        order by t.measure, array_position(array['resident', 'registered', 'occupied', ''], t.kind)) k), '{}') else '{}' end
  from feature f where f.layer = $1 and f.until is null
),
matching as materialized (
  select id from described
  where ($2::bytea is null or geom && st_geomfromewkb($2) and st_intersects(geom, st_geomfromewkb($2)))
    and ($3::jsonb = '{}' or properties @> $3) and ($4::bigint is null or id = $4)
    and ($7::jsonpath is null or jsonb_path_match(properties || jsonb_build_object(' places', lies(geom, $9, $10)), $7, $8::jsonb, true))
),
page as (
  select id from matching where id > $5 order by id limit $6
)
select n.matched, d.id, d.properties, st_asewkb(d.geom)
from (select count(*) as matched from matching) n
left join (page cross join lateral (select * from described where described.id = page.id offset 0) d) on true -- one look each, by key
order by d.id;

-- name: FilteredThings
-- $1 ids; $2 properties, a JSON object each; $3 EWKB geometries, null for none; $4 a condition in the path language for JSON; $5 the
-- literals it names, as a JSON object; $6 relations and $7 EWKB places: what the condition calls " places" is, one by one, whether a
-- thing lies so to a place. The ids of the things for which it is true, in the order given.
select t.id
from unnest($1::bigint[], $2::text[], $3::bytea[]) with ordinality t(id, properties, geom, n)
where jsonb_path_match(t.properties::jsonb || jsonb_build_object(' places', lies(st_geomfromewkb(t.geom), $6, $7)), $4::jsonpath, $5::jsonb, true)
order by t.n;
