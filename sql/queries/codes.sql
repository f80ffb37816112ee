-- name: Setting
-- $1 name. Value and version; no row where nothing was settled.
select value, version from setting where name = $1;

-- name: SettingPut
-- $1 name, $2 value, $3 the version it takes the place of, 0 for none. Returns its version; no row where that is not the one.
insert into setting (name, value) select $1, $2 where $3::bigint = 0 or exists (select 1 from setting where name = $1 and version = $3)
on conflict (name) do update set value = excluded.value, version = setting.version + 1 where setting.version = $3
returning version;

-- name: CodesPublished
-- Every code a division has had.
select code from published_code;

-- name: BoundLines
-- $1 and $2 blocks by pair (a < b), $3 version. What runs along the borders of the pairs, with its lines, as it was at the version; and of
-- pairs that come from a cut.
select d.a, d.b, d.barrier, d.name, d.walk, d.metres, st_asewkb(d.geom)
from unnest($1::bigint[], $2::bigint[]) as p(a, b) join border d on d.a = p.a and d.b = p.b
where d.geom is not null and (d.since <= $3 and (d.until is null or d.until > $3) or d.since = d.until)
order by d.a, d.b, d.barrier, d.name;

-- name: BoundFeatures
-- $1 EWKB box, $2 version. What runs or has a name in the box, as it was when the version was made, and what has come since under codes nothing
-- had then; by layer and code.
select distinct on (f.layer, f.code collate "C") f.id, f.layer, f.code, f.name, f.class, coalesce(f.parent_id, 0), f.origin, f.bridge, f.tunnel, f.level,
  f.compound, f.floors, f.no_property_mgmt, f.no_security, f.no_enclosure, f.new_org,
  f.building_no, f.committee, f.owners_committee, f.property_company, f.attributes, st_asewkb(f.geom)
from feature f, ground g
where g.version = $2 and f.geom && st_geomfromewkb($1)
  and (f.until is null or f.since <= g.import_id and f.until > g.import_id)
  and (f.layer in ('road', 'water', 'railway', 'wall') or f.name <> '' or f.building_no <> '')
order by f.layer, f.code collate "C", f.since;

-- name: BoundAreas
-- $1 EWKB box. Communities and large grids that reach into the box, with their shapes, by level and code.
select id, level, code, name, name_en, coalesce(parent_id, 0), st_asewkb(geom) from area
where level in ('community', 'large_grid') and geom && st_geomfromewkb($1) order by level, code;

-- name: BoundsKept
-- $1 plan, $2 grids or null for all. By grid.
select grid_no, zh, en, source, version, written_at, written_by from four_bounds
where plan_id = $1 and ($2::integer[] is null or grid_no = any($2)) order by grid_no;

-- name: BoundsPut
-- $1 plan, $2 grid, $3 zh, $4 en, $5 source, $6 who, $7 the version it takes the place of, 0 for none. Returns its version; no row where that is
-- not the one.
insert into four_bounds (plan_id, grid_no, zh, en, source, written_by) select $1, $2, $3, $4, $5, $6
where $7::bigint = 0 or exists (select 1 from four_bounds where plan_id = $1 and grid_no = $2 and version = $7)
on conflict (plan_id, grid_no) do update set zh = excluded.zh, en = excluded.en, source = excluded.source, written_by = excluded.written_by,
  written_at = now(), version = four_bounds.version + 1 where four_bounds.version = $7
returning version;

-- name: BoundsDrop
-- $1 plan, $2 grid, $3 version. Returns the grid; no row where there is none of the version.
delete from four_bounds where plan_id = $1 and grid_no = $2 and version = $3 returning grid_no;

-- name: Walks
-- $1 plan, $2 grids or null for all. By grid and line.
select grid_no, line, result, remark, to_char(walked_on, 'YYYY-MM-DD'), walked_by from walk
where plan_id = $1 and ($2::integer[] is null or grid_no = any($2)) order by grid_no, line;

-- name: WalkPut
-- $1 plan, $2 grid, then one array a column: lines, numbers, results, remarks, days, who. Takes the place of what was noted of the lines.
insert into walk (plan_id, grid_no, line, number, result, remark, walked_on, walked_by)
select $1, $2, * from unnest($3::text[], $4::integer[], $5::text[], $6::text[], $7::date[], $8::text[])
on conflict (plan_id, grid_no, line) do update set number = excluded.number, result = excluded.result, remark = excluded.remark,
  walked_on = excluded.walked_on, walked_by = excluded.walked_by, noted_at = now();

-- name: WalkDrop
-- $1 plan, $2 grid, $3 lines. What was noted of them is taken back.
delete from walk where plan_id = $1 and grid_no = $2 and line = any($3);

-- name: BoundsDuplicate
-- $1 plan, $2 its copy. What was written of the bounds of its grids holds for the copy.
insert into four_bounds (plan_id, grid_no, zh, en, source, written_at, written_by)
select $2::bigint, grid_no, zh, en, source, written_at, written_by from four_bounds where plan_id = $1;

-- name: WalkDuplicate
-- $1 plan, $2 its copy. So does what was found along them.
insert into walk (plan_id, grid_no, line, number, result, remark, walked_on, walked_by, noted_at)
select $2::bigint, grid_no, line, number, result, remark, walked_on, walked_by, noted_at from walk where plan_id = $1;
