-- name: ScopeAreas
-- $1 code. The areas with that code, highest first.
select id, level from area where code = $1 order by array_position(array['region', 'city', 'county', 'subdistrict', 'community', 'large_grid'], level);

-- name: ScopeParents
-- $1 area, or null for all; $2 version. Areas at or under it that hold blocks at the version, by code.
with recursive under as (
  select id from area where id = $1 or $1 is null
  union
  select a.id from area a join under u on a.parent_id = u.id
)
select a.id from area a join under u using (id)
where exists (select 1 from block b where b.parent_id = a.id and b.since <= $2 and (b.until is null or b.until > $2))
order by a.code, a.id;

-- name: GroundParents
-- $1 areas. The parents of a ground, by code.
select id, level, code, name, name_en, coalesce(parent_id, 0) from area where id = any($1) order by code, id;

-- name: GroundBlocks
-- $1 parents, $2 version. Blocks alive at the version, by id.
select id, code, parent_id, kind, st_asewkb(geom), st_asewkb(label), area_m2, estimated, compounds
from block where parent_id = any($1) and since <= $2 and (until is null or until > $2) order by id;

-- name: GroundCounts
-- $1 parents, $2 version. Their counts, by block and measure.
select c.block_id, c.measure, c.count
from block_count c join block b on b.id = c.block_id
where b.parent_id = any($1) and b.since <= $2 and (b.until is null or b.until > $2)
order by c.block_id, c.measure;

-- name: GroundBorders
-- $1 parents, $2 version. Borders between their blocks, by a, b, barrier and name; of their lines a point, null where there is none.
select d.a, d.b, d.barrier, d.name, d.walk, d.metres, st_asewkb(st_pointonsurface(d.geom))
from border d join block x on x.id = d.a join block y on y.id = d.b
where x.parent_id = any($1) and y.parent_id = any($1)
  and x.since <= $2 and (x.until is null or x.until > $2)
  and y.since <= $2 and (y.until is null or y.until > $2)
  and d.since <= $2 and (d.until is null or d.until > $2)
order by d.a, d.b, d.barrier, d.name;

-- name: CompoundNames
-- $1 codes, $2 version. Names of compounds as they were when the version was made, of those that have one; by code.
select f.code, f.name from feature f, ground g
where g.version = $2 and f.layer = 'compound' and f.code = any($1) and f.name <> ''
  and f.since <= g.import_id and (f.until is null or f.until > g.import_id)
order by f.code;

-- name: GroundSource
-- $1 parents, $2 version. Whether any of the data are invented, and the day of the newest import they rest on.
select coalesce(bool_or(i.synthetic), false), coalesce(to_char(max(i.taken_at at time zone 'UTC'), 'YYYY-MM-DD'), '')
from import i where i.id in (
  select g.import_id from ground g join block b on b.since = g.version
  where b.parent_id = any($1) and b.since <= $2 and (b.until is null or b.until > $2)
  union select import_id from area where id = any($1));

-- name: Ancestors
-- $1 areas. Them and everything above them, by level and code.
with recursive above as (
  select id, parent_id from area where id = any($1)
  union
  select a.id, a.parent_id from area a join above u on a.id = u.parent_id
)
select a.id, a.level, a.code, a.name, a.name_en, coalesce(a.parent_id, 0) from area a join above using (id)
order by a.level, a.code;

-- name: AreasOfLevel
-- $1 level. The areas of a level with the blocks under them now, by code.
with recursive under as (
  select id as top, id from area where level = $1
  union
  select u.top, a.id from area a join under u on a.parent_id = u.id
),
held as (
  select u.top, count(b.id) as blocks, st_extent(b.geom) as box
  from under u left join block b on b.parent_id = u.id and b.until is null
  group by u.top
),
counted as (
  select top, jsonb_object_agg(measure, count order by measure) as loads
  from (select u.top, c.measure, sum(c.count) as count
        from under u join block b on b.parent_id = u.id and b.until is null join block_count c on c.block_id = b.id
        group by u.top, c.measure) s
  group by top
)
select a.code, a.name, a.name_en, coalesce(p.code, ''), h.blocks, coalesce(c.loads, '{}'::jsonb),
  st_xmin(h.box), st_ymin(h.box), st_xmax(h.box), st_ymax(h.box)
from area a join held h on h.top = a.id left join counted c on c.top = a.id left join area p on p.id = a.parent_id
order by a.code;

-- name: StatusAreas
-- How many areas each level has.
select level, count(*) from area group by level;

-- name: StatusBlocks
-- Live blocks, the box round them, and whether anything imported is invented.
select count(*), st_xmin(st_extent(geom)), st_ymin(st_extent(geom)), st_xmax(st_extent(geom)), st_ymax(st_extent(geom)),
  exists (select 1 from import where synthetic)
from block where until is null;

-- name: StatusMeasures
-- Sums over live blocks, by measure.
select c.measure, sum(c.count)::bigint from block_count c join block b on b.id = c.block_id
where b.until is null group by c.measure order by c.measure;

-- name: DensityPoints
-- $1 measure. The label and count of every live block that has one, by id.
select st_x(b.label), st_y(b.label), c.count from block b join block_count c on c.block_id = b.id
where b.until is null and c.measure = $1 and c.count > 0 order by b.id;

-- name: AreaTile
-- $1 level, $2 $3 $4 z x y. Layer named after the level, or null when nothing lies there; id is the area's.
with extent as (
  select st_tileenvelope($2, $3, $4) as tile, st_transform(st_tileenvelope($2, $3, $4, margin => 64.0 / 4096), 4490) as near
),
piece as (
  select a.id, a.code, a.name, a.name_en,
    st_asmvtgeom(st_transform(st_setsrid(a.geom, 4326), 3857), extent.tile, 4096, 64, true) as geom
  from area a, extent where a.level = $1 and a.geom && extent.near
)
select st_asmvt(piece, $1, 4096, 'geom', 'id') from piece;

-- name: BlockTile
-- $1 $2 $3 z x y. Layer block of the live blocks; id is the block's.
with extent as (
  select st_tileenvelope($1, $2, $3) as tile, st_transform(st_tileenvelope($1, $2, $3, margin => 64.0 / 4096), 4490) as near
),
piece as (
  select b.id, b.code, b.kind,
    st_asmvtgeom(st_transform(st_setsrid(b.geom, 4326), 3857), extent.tile, 4096, 64, true) as geom
  from block b, extent where b.until is null and b.geom && extent.near
)
select st_asmvt(piece, 'block', 4096, 'geom', 'id') from piece;

-- name: BorderTile
-- $1 $2 $3 z x y. Layer border of what runs along the borders of live blocks, where anybody has said; id is the row's.
with extent as (
  select st_tileenvelope($1, $2, $3) as tile, st_transform(st_tileenvelope($1, $2, $3, margin => 64.0 / 4096), 4490) as near
),
piece as (
  select d.id, d.barrier, d.name, d.walk,
    st_asmvtgeom(st_transform(st_setsrid(d.geom, 4326), 3857), extent.tile, 4096, 64, true) as geom
  from border d, extent where d.until is null and d.barrier <> '' and d.geom && extent.near
)
select st_asmvt(piece, 'border', 4096, 'geom', 'id') from piece;

-- name: FeatureTile
-- $1 layer, $2 $3 $4 z x y. Layer named after it, of what is at least half a pixel of 512 wide or high; id is the feature's.
with extent as (
  select st_tileenvelope($2, $3, $4) as tile, st_transform(st_tileenvelope($2, $3, $4, margin => 64.0 / 4096), 4490) as near,
    360.0 / (1 << $2) / 1024 as pixel
),
piece as (
  select f.id, f.code, f.name, f.class,
    st_asmvtgeom(st_transform(st_setsrid(f.geom, 4326), 3857), extent.tile, 4096, 64, true) as geom
  from feature f, extent where f.layer = $1 and f.until is null and f.geom && extent.near
    and (geometrytype(f.geom) = 'POINT' or greatest(st_xmax(f.geom) - st_xmin(f.geom), st_ymax(f.geom) - st_ymin(f.geom)) >= pixel)
)
select st_asmvt(piece, $1, 4096, 'geom', 'id') from piece;

-- name: FeatureExtent
-- $1 layer. The box round its raw ground; nulls when there is none.
select st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from (select st_extent(geom) as e from feature where layer = $1 and until is null) s;

-- name: AreaExtent
-- $1 level. The box round the areas of a level; nulls when none is drawn.
select st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from (select st_extent(geom) as e from area where level = $1) s;

-- name: ScopeFacts
-- $1 parents, $2 version. How many blocks they have, and the measures any of them was counted in.
select (select count(*) from block b where b.parent_id = any($1) and b.since <= $2 and (b.until is null or b.until > $2)),
  coalesce((select array_agg(distinct c.measure) from block_count c join block b on b.id = c.block_id
            where b.parent_id = any($1) and b.since <= $2 and (b.until is null or b.until > $2)), '{}');
