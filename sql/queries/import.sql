-- name: ImportLock
-- Imports change the ground one after the other: held to the end of the transaction.
select pg_advisory_xact_lock(hashtextextended('gridwright.import', 0));

-- name: ImportSave
-- $1 layer, $2 file, $3 sha256, $4 synthetic, $5 report. Returns the import's id.
insert into import (layer, file, sha256, synthetic, report) values ($1, $2, $3, $4, $5) returning id;

-- name: ImportReport
-- $1 import, $2 report: the report once the import's own work is counted in it.
update import set report = $2 where id = $1;

-- name: AreasByCode
-- $1 codes. Every area with one of the codes, whatever its level; by level and code.
select id, level, code, coalesce(parent_id, 0) from area where code = any($1) order by level, code;

-- name: AreaPut
-- $1 level, $2 code, $3 name, $4 name_en, $5 parent id or null, $6 EWKB or null, $7 import. A known code is updated;
-- what the new source does not say (an empty name, no parent, no shape) stays as it was. Returns id and whether it is new.
insert into area as had (level, code, name, name_en, parent_id, geom, import_id)
values ($1, $2, $3, $4, $5, st_geomfromewkb($6), $7)
on conflict (level, code) do update set
  name = case when excluded.name = '' then had.name else excluded.name end,
  name_en = case when excluded.name_en = '' then had.name_en else excluded.name_en end,
  parent_id = coalesce(excluded.parent_id, had.parent_id),
  geom = coalesce(excluded.geom, had.geom),
  import_id = excluded.import_id
returning id, xmax = 0;

-- name: GroundNew
-- $1 import. Returns the new version.
insert into ground (import_id) values ($1) returning version;

-- name: GroundNewest
-- The newest version, no row when there is none.
select version from ground order by version desc limit 1;

-- name: BlocksNear
-- $1 EWKB box, $2 parents. Live blocks that meet the box or lie in one of the parents, by code.
select b.id, b.code, b.parent_id, b.kind, st_asewkb(b.geom), st_asewkb(b.label), b.area_m2, b.estimated, b.compounds
from block b
where b.until is null and (b.geom && st_geomfromewkb($1) or b.parent_id = any($2))
order by b.code;

-- name: BlocksRetire
-- $1 blocks, $2 version.
update block set until = $2 where id = any($1);

-- name: BordersEnd
-- $1 blocks, $2 version. The borders of blocks that are retired.
update border set until = $2 where until is null and (a = any($1) or b = any($1));

-- name: BlocksPut
-- $1 codes, $2 parents, $3 kinds, $4 EWKB multipolygons, $5 EWKB labels, $6 areas, $7 estimated, $8 compounds as JSON arrays, $9 since.
-- Returns id and code of each.
insert into block (code, parent_id, kind, geom, label, area_m2, estimated, compounds, since)
select code, parent_id, kind, st_geomfromewkb(geom), st_geomfromewkb(label), area_m2, estimated,
  array(select jsonb_array_elements_text(compounds)), $9
from unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[], $6::double precision[], $7::boolean[], $8::jsonb[])
  as b(code, parent_id, kind, geom, label, area_m2, estimated, compounds)
returning id, code;

-- name: BlocksRecount
-- $1 blocks, $2 whether each is estimated now. Their counts go, for others to come.
with gone as (
  delete from block_count where block_id = any($1)
)
update block b set estimated = n.estimated from unnest($1::bigint[], $2::boolean[]) as n(id, estimated)
where b.id = n.id and b.estimated <> n.estimated;

-- name: RecountPut
-- $1 import.
insert into recount (import_id) values ($1) on conflict do nothing;

-- name: LiveCodes
-- $1 codes. Those of them that live blocks have, with the code of the parent; by code.
select b.code, b.parent_id, a.code from block b join area a on a.id = b.parent_id
where b.until is null and b.code = any($1) order by b.code;

-- name: ParentShapes
-- $1 areas. Their drawn shapes, null where there is none; by id.
select id, st_asewkb(geom) from area where id = any($1) order by id;

-- name: CountsOf
-- $1 blocks. Their counts, by block and measure.
select block_id, measure, count from block_count where block_id = any($1) order by block_id, measure;

-- name: BordersOf
-- $1 blocks. Live borders between two of them, by a, b, barrier and name.
select a, b, barrier, name, walk, metres, st_asewkb(geom) from border
where until is null and a = any($1) and b = any($1) order by a, b, barrier, name;

-- name: BordersRetire
-- $1 and $2 blocks (a < b), $3 version. All that is said of these pairs ends.
update border d set until = $3 from unnest($1::bigint[], $2::bigint[]) as p(a, b)
where d.a = p.a and d.b = p.b and d.until is null;

-- name: BordersPut
-- $1 and $2 blocks (a < b), $3 barriers, $4 names, $5 whether one can walk across, $6 metres, $7 EWKB multilinestrings, $8 since.
insert into border (a, b, barrier, name, walk, metres, geom, since)
select a, b, barrier, name, walk, metres, st_geomfromewkb(geom), $8
from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::boolean[], $6::double precision[], $7::bytea[])
  as d(a, b, barrier, name, walk, metres, geom);

-- name: UncancelledSides
-- $1 parents, $2 EWKB of the shape each is to have. Edge cancellation, exact, as no coordinate is computed with: of the
-- directed sides of a parent's live blocks and of its shape turned round those that do not cancel, which are gaps, overlaps
-- and corners a neighbour lacks. At most twenty, as parent, longitude and latitude.
with shaped as (
  select parent_id as parent, 1 as sign, geom from block where until is null and parent_id = any($1)
  union all
  select parent, -1, st_geomfromewkb(geom) from unnest($1::bigint[], $2::bytea[]) as p(parent, geom)
),
side as (
  select parent, sign, (st_dumpsegments(st_exteriorring((st_dumprings((st_dump(geom)).geom)).geom))).geom as line from shaped
),
ends as (
  select parent, sign, st_x(st_startpoint(line)) as x1, st_y(st_startpoint(line)) as y1, st_x(st_endpoint(line)) as x2, st_y(st_endpoint(line)) as y2
  from side
)
select parent, least(x1, x2) as x, case when x1 < x2 or x1 = x2 and y1 < y2 then y1 else y2 end as y
from ends
group by parent, least(x1, x2), greatest(x1, x2), case when x1 < x2 or x1 = x2 and y1 < y2 then y1 else y2 end,
  case when x1 < x2 or x1 = x2 and y1 < y2 then y2 else y1 end
having sum(case when x1 < x2 or x1 = x2 and y1 < y2 then sign else -sign end) <> 0
order by parent, x, y limit 20;

-- name: BuildAreas
-- $1 area whose code is the scope, or null for everything. Every community and large grid: what blocks may hang on. Of
-- each its own columns, the community a large grid lies in (the area above it, or where that is no community the one
-- that holds a point of it; 0 for none), whether it is in the scope, and its shape, null where it is not drawn; by code
-- and level.
with recursive under as (
  select id from area where id = $1 or $1::bigint is null
  union
  select a.id from area a join under u on a.parent_id = u.id
),
placed as (
  select a.id, coalesce(
    (select p.id from area p where p.id = a.parent_id and p.level = 'community'),
    (select c.id from area c where c.level = 'community' and c.geom && a.geom and st_covers(c.geom, st_pointonsurface(a.geom))
     order by c.code limit 1)) as community
  from area a where a.level = 'large_grid'
)
select a.id, a.level, a.code, a.name, a.name_en, coalesce(a.parent_id, 0), coalesce(p.community, 0),
  a.id in (select id from under) or coalesce(p.community in (select id from under), false), st_asewkb(a.geom)
from area a left join placed p using (id)
where a.level in ('community', 'large_grid')
order by a.code collate "C", a.level;

-- name: BlockNumbers
-- $1 stems. Of each the highest number of a code "stem-number" that any block has or ever had; stems without such are
-- left out.
select stem, max(number) from (
  select substring(code from '^(.*)-[0-9]{1,9}$') as stem, substring(code from '-([0-9]{1,9})$')::bigint as number from block) n
where stem = any($1) group by stem order by stem;

-- name: RawSynthetic
-- Whether any of the raw ground, or of its counts, is invented.
select exists (select 1 from feature f join import i on i.id = f.since where f.until is null and i.synthetic)
  or exists (select 1 from tally t join import i on i.id = t.since where t.until is null and i.synthetic);
