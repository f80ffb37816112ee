-- name: Features
-- $1 layers, $2 EWKB box or null for everywhere, $3 import or null for now. The features of the layers whose box meets
-- the box, as they were after the import; by layer in the order given, then code.
select f.id, f.layer, f.code, f.name, f.class, coalesce(f.parent_id, 0), f.origin, f.bridge, f.tunnel, f.level,
  f.compound, f.floors, f.no_property_mgmt, f.no_security, f.no_enclosure, f.new_org,
  f.building_no, f.committee, f.owners_committee, f.property_company, f.attributes, st_asewkb(f.geom)
from feature f
where f.layer = any($1::text[])
  and ($2::bytea is null or f.geom && st_geomfromewkb($2))
  and case when $3::bigint is null then f.until is null else f.since <= $3 and (f.until is null or f.until > $3) end
order by array_position($1, f.layer), f.code collate "C";

-- name: FeaturesByCode
-- $1 layer, $2 codes. The live features that have one of the codes, by code.
select f.id, f.layer, f.code, f.name, f.class, coalesce(f.parent_id, 0), f.origin, f.bridge, f.tunnel, f.level,
  f.compound, f.floors, f.no_property_mgmt, f.no_security, f.no_enclosure, f.new_org,
  f.building_no, f.committee, f.owners_committee, f.property_company, f.attributes, st_asewkb(f.geom)
from feature f
where f.until is null and f.layer = $1 and f.code = any($2)
order by f.code collate "C";

-- name: FeatureCodes
-- $1 layer, $2 codes. Those of the codes that live features have; in order.
select code from feature where until is null and layer = $1 and code = any($2) order by code collate "C";

-- name: FeatureNames
-- $1 layer. Code and name of the live features that have a name; by code.
select code, name from feature where until is null and layer = $1 and name <> '' order by code collate "C";

-- name: BuildingAddresses
-- Code, name, number and compound of the live buildings that have a name or a number; by code.
select code, name, building_no, compound from feature
where until is null and layer = 'building' and (name <> '' or building_no <> '') order by code collate "C";

-- name: FeaturesOfExtract
-- $1 layer, $2 EWKB box. Id and code of the live features from OpenStreetMap that lie in the box whole; by code.
select id, code from feature
where until is null and layer = $1 and origin = 'osm' and geom && st_geomfromewkb($2) and st_coveredby(geom, st_geomfromewkb($2))
order by code collate "C";

-- name: FeaturesRetire
-- $1 features, $2 import.
update feature set until = $2 where id = any($1);

-- name: FeaturesPut
-- $1 layers, $2 codes, $3 names, $4 classes, $5 parents (0 for none), $6 origins, $7 bridges, $8 tunnels, $9 levels,
-- $10 compounds, $11 floors, $12 to $14 the three noes, $15 new_org, $16 EWKB geometries, $17 import, $18 building numbers,
-- $19 committees, $20 owners' committees, $21 property companies, $22 attributes as JSON or null.
insert into feature (layer, code, name, class, parent_id, origin, bridge, tunnel, level, compound, floors,
  no_property_mgmt, no_security, no_enclosure, new_org, geom, since, building_no, committee, owners_committee, property_company, attributes)
select layer, code, name, class, nullif(parent_id, 0), origin, bridge, tunnel, level, compound, floors,
  no_property_mgmt, no_security, no_enclosure, new_org, st_geomfromewkb(geom), $17,
  building_no, committee, owners_committee, property_company, attributes::jsonb
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::boolean[], $8::boolean[],
  $9::smallint[], $10::text[], $11::smallint[], $12::boolean[], $13::boolean[], $14::boolean[], $15::boolean[], $16::bytea[],
  $18::text[], $19::text[], $20::text[], $21::text[], $22::text[])
  as f(layer, code, name, class, parent_id, origin, bridge, tunnel, level, compound, floors,
    no_property_mgmt, no_security, no_enclosure, new_org, geom, building_no, committee, owners_committee, property_company, attributes);

-- name: Tallies
-- $1 layers, $2 import or null for now. The counts of the layers' features as they were after the import; by layer,
-- code, measure and kind. The day is text, empty where there is none.
select layer, code, measure, kind, coalesce(to_char(counted_on, 'YYYY-MM-DD'), ''), count
from tally
where layer = any($1::text[])
  and case when $2::bigint is null then until is null else since <= $2 and (until is null or until > $2) end
order by layer, code collate "C", measure, kind;

-- name: TalliesByCode
-- $1 layer, $2 codes. The live counts of features with one of the codes, with their ids; by code, measure and kind.
select id, layer, code, measure, kind, coalesce(to_char(counted_on, 'YYYY-MM-DD'), ''), count
from tally
where until is null and layer = $1 and code = any($2)
order by code collate "C", measure, kind;

-- name: TalliesRetire
-- $1 tallies, $2 import.
update tally set until = $2 where id = any($1);

-- name: TalliesPut
-- $1 layers, $2 codes, $3 measures, $4 kinds, $5 days (empty for none), $6 counts, $7 import.
insert into tally (layer, code, measure, kind, counted_on, count, since)
select layer, code, measure, kind, nullif(counted_on, '')::date, count, $7
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
  as t(layer, code, measure, kind, counted_on, count);
