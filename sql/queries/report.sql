-- name: PlacedThings
-- $1 blocks. The live compounds, buildings and organisations with a point inside one of the blocks, each with its block; by layer and
-- code.
with around as (select st_setsrid(st_extent(geom)::geometry, 4490) as box from block where id = any($1)),
inside as materialized (
  select f.*, case when geometrytype(f.geom) = 'POINT' then f.geom else st_pointonsurface(f.geom) end as at
  from around, feature f
  where f.until is null and f.layer in ('building', 'compound', 'organisation') and f.geom && around.box
)
select distinct on (i.layer collate "C", i.code collate "C") i.layer, i.code, i.name, i.class, i.compound, i.floors, i.building_no,
  i.no_property_mgmt, i.no_security, i.no_enclosure, i.new_org, p.id, st_asewkb(i.at)
from inside i join block p on p.geom && i.at and st_covers(p.geom, i.at) and p.id = any($1)
order by i.layer collate "C", i.code collate "C", p.code collate "C";

-- name: DepartmentGrids
-- $1 EWKB box. The live grids of departments whose boxes meet the box: department, code, name, who is in charge, shape; by department and
-- code.
select class, code, name, coalesce(attributes ->> 'holder', ''), st_asewkb(geom) from feature
where until is null and layer = 'department_grid' and geom && st_geomfromewkb($1) order by class collate "C", code collate "C";
