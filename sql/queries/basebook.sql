-- name: BasebookRows
-- $1 area, or null for all. The rows of the base book at or under it, and those of the community it lies in where it is a large grid, by
-- code and level: the row, its boundary, area, large grids, box, sheet, and the ids of its newest build and change with their times.
with recursive under as (
  select id from area where id = $1 or $1::bigint is null
  union
  select a.id from area a join under u on a.parent_id = u.id
),
chosen as (
  select a.* from area a join basebook_row r on r.id = a.id
  where a.id in (select id from under) or a.id in (select row_id from basebook_grid g where g.id = $1)
),
ground_of as (
  select id as row_id, id as area_id from chosen
  union
  select c.id, g.id from chosen c join basebook_grid g on g.row_id = c.id
),
above as (
  select c.id as row_id, a.id, a.code, a.parent_id from chosen c join area a on a.id = c.id
  union
  select b.row_id, a.id, a.code, a.parent_id from above b join area a on a.id = b.parent_id
),
piece as (
  select p.row_id, p.geom from basebook_piece p join chosen c on c.id = p.row_id
),
drawn as (
  select row_id, sum(st_area(geom::geography)) as m2, st_extent(geom) as box from piece group by row_id
),
built as (
  select o.row_id, max(g.import_id) as blocks from ground_of o join block b on b.parent_id = o.area_id and b.until is null
    join ground g on g.version = b.since group by o.row_id
),
told as (
  select b.row_id, max(i.id) as build from above b join import i on i.layer = 'ground' and i.report->>'scope' = b.code group by b.row_id
),
everything as (
  select max(id) as build from import where layer = 'ground' and report->>'scope' = 'all'
),
areas as (
  select o.row_id, max(a.import_id) as import_id, count(*) filter (where a.level = 'large_grid' and a.id <> o.row_id) as grids
  from ground_of o join area a on a.id = o.area_id group by o.row_id
),
things as (
  select p.row_id, f.layer, f.code, greatest(f.since, f.until) as import_id
  from piece p join feature f on f.until is null and f.geom && p.geom and st_intersects(f.geom, p.geom)
  union all
  select p.row_id, f.layer, f.code, f.until from piece p join feature f on f.until is not null and f.geom && p.geom and st_intersects(f.geom, p.geom)
),
touched as (
  select row_id, max(import_id) as import_id from (
    select row_id, import_id from things
    union all
    select t.row_id, greatest(y.since, y.until) from things t join tally y on y.layer = t.layer and y.code = t.code) m
  group by row_id
),
state as (
  select c.id, case when b.blocks is not null then greatest(b.blocks, t.build, (select build from everything)) end as built,
    greatest(r.import_id, m.import_id) as changed, r.grids
  from chosen c join areas r on r.row_id = c.id left join built b on b.row_id = c.id left join told t on t.row_id = c.id
    left join touched m on m.row_id = c.id
),
sheet as (
  select distinct on (area_id) area_id, sent_at, returned_at, jsonb_array_length(unmatched) as unmatched from fill_in
  order by area_id, coalesce(returned_at, sent_at) desc
)
select c.id, c.level, c.code, c.name, c.name_en, coalesce(c.parent_id, 0), c.geom is not null, d.m2 is not null, coalesce(d.m2, 0), s.grids,
  st_xmin(d.box), st_ymin(d.box), st_xmax(d.box), st_ymax(d.box),
  coalesce(s.built, 0), bi.taken_at, coalesce(s.changed, 0), ci.taken_at, f.sent_at, f.returned_at, coalesce(f.unmatched, 0)
from chosen c join state s on s.id = c.id left join drawn d on d.row_id = c.id left join sheet f on f.area_id = c.id
  left join import bi on bi.id = s.built left join import ci on ci.id = s.changed
order by c.code collate "C", c.level;

-- name: BasebookThings
-- $1 rows. Of each its buildings, compounds and organisations, a thing in the first row that holds a point inside it: how many, how many
-- are in no block, how many compounds have all three noes, how many organisations are of the new kinds, how many buildings have no
-- households (no residents, where no building has households); by row and layer.
with basis as (
  select case when exists (select 1 from tally where until is null and layer = 'building' and measure = 'households')
    or not exists (select 1 from tally where until is null and layer = 'building' and measure = 'residents') then 'households' else 'residents' end as measure
),
placed as (
  select distinct on (f.id) p.row_id, f.layer, f.code, f.no_property_mgmt and f.no_security and f.no_enclosure as three_no, f.new_org, i.at
  from basebook_piece p join area a on a.id = p.row_id
    join feature f on f.until is null and f.layer in ('building', 'compound', 'organisation') and f.geom && p.geom
    cross join lateral (select case when geometrytype(f.geom) = 'POINT' then f.geom else st_pointonsurface(f.geom) end as at) i
  where st_covers(p.geom, i.at)
    and f.geom && (select st_setsrid(st_extent(geom)::geometry, 4490) from basebook_piece where row_id = any($1))
  order by f.id, a.code collate "C"
)
select row_id, layer, count(*), count(*) filter (where not exists (select 1 from block b where b.until is null and b.geom && at and st_covers(b.geom, at))),
  count(*) filter (where three_no), count(*) filter (where new_org),
  count(*) filter (where layer = 'building' and not exists (select 1 from tally t where t.until is null and t.layer = 'building' and t.code = placed.code
    and t.measure = (select measure from basis)))
from placed where row_id = any($1) group by row_id, layer order by row_id, layer;

-- name: BasebookCounts
-- $1 rows. The counts of their buildings and compounds by measure and kind: the sum and how many have one, and of these what is taken
-- where a thing has several kinds (resident before registered, occupied and unsaid); the oldest and the newest day.
with placed as (
  select distinct on (f.id) p.row_id, f.layer, f.code
  from basebook_piece p join area a on a.id = p.row_id
    join feature f on f.until is null and f.layer in ('building', 'compound') and f.geom && p.geom
    cross join lateral (select case when geometrytype(f.geom) = 'POINT' then f.geom else st_pointonsurface(f.geom) end as at) i
  where st_covers(p.geom, i.at)
    and f.geom && (select st_setsrid(st_extent(geom)::geometry, 4490) from basebook_piece where row_id = any($1))
  order by f.id, a.code collate "C"
),
counted as (
  select p.row_id, t.measure, t.kind, t.count, t.counted_on, row_number() over (partition by t.layer, t.code, t.measure
    order by array_position(array['resident', 'registered', 'occupied', ''], t.kind)) = 1 as taken
  from placed p join tally t on t.until is null and t.layer = p.layer and t.code = p.code
)
select row_id, measure, kind, sum(count)::bigint, count(*), coalesce(sum(count) filter (where taken), 0)::bigint, count(*) filter (where taken),
  coalesce(to_char(min(counted_on), 'YYYY-MM-DD'), ''), coalesce(to_char(max(counted_on), 'YYYY-MM-DD'), '')
from counted where row_id = any($1) group by row_id, measure, kind order by row_id, measure, kind;

-- name: BasebookLines
-- $1 rows. Metres of their roads and of the back lanes among them, and square metres of water drawn as areas, by row.
select p.row_id,
  coalesce(sum(st_length(x.part::geography)) filter (where f.layer = 'road'), 0),
  coalesce(sum(st_length(x.part::geography)) filter (where f.layer = 'road' and f.class = 'back_lane'), 0),
  coalesce(sum(st_area(x.part::geography)) filter (where f.layer = 'water'), 0)
from basebook_piece p join feature f on f.until is null and f.layer in ('road', 'water') and f.geom && p.geom and st_intersects(f.geom, p.geom)
  cross join lateral (select case when st_covers(p.geom, f.geom) then f.geom else st_intersection(f.geom, p.geom) end as part) x
where p.row_id = any($1) and not (f.layer = 'water' and geometrytype(f.geom) = 'MULTILINESTRING')
group by p.row_id order by p.row_id;

-- name: BasebookAll
-- How many live things there are of each layer that has places, by layer.
select layer, count(*) from feature where until is null and layer in ('building', 'compound', 'organisation') group by layer order by layer;

-- name: BasebookStamp
-- Another text whenever something that the base book tells of may have changed.
select concat_ws(' ', (select max(id) from import), (select max(id) from layer_change), (select max(id) from fill_in), (select max(returned_at) from fill_in));

-- name: BasebookAnalyze
-- What an import has brought the planner of queries learns of a minute later, and until then takes the base book's for small ones.
analyze area, block, feature, tally;

-- name: BasebookRowsAt
-- $1 layer, $2 code, $3 import. The codes of the rows of the base book that a thing meets, as it is and as it was before the import; by code.
with things as (
  select f.geom from feature f where f.layer = $1 and f.code = $2 and (f.until is null or f.until = $3)
)
select distinct a.code collate "C" as code from basebook_piece p join area a on a.id = p.row_id join things t on t.geom && p.geom and st_intersects(t.geom, p.geom)
order by code;

-- name: FeaturesFound
-- The live features of layer $1 that fit, by code from after $2 on, at most $3, with how many fit and the sums of their counts. null or
-- empty is any: $4 area, $5 text in the name, code or building number, $6 code, $7 kinds or classes, $8 compound, $9 to $11 the three
-- noes and $12 new_org (yes, no, unknown), $13 all three noes (yes, no), $14 and $15 floors, $16 measure that what follows speaks of,
-- $17 and $18 its count, $19 its kind (unsaid: none said), $20 whether it has one (yes, no), $21 a day its count is from before, $22
-- whether it lies in a block (yes, no); $23 with geometry.
with recursive under as (
  select id from area where id = $4
  union
  select a.id from area a join under u on a.parent_id = u.id
),
within as (
  select p.geom from basebook_piece p join under u on u.id = p.row_id
  union all
  select a.geom from area a where a.id = $4 and a.level = 'large_grid' and a.geom is not null
    and a.id not in (select row_id from basebook_piece)
),
found as materialized (
  select f.id, f.code, i.at from feature f
    cross join lateral (select case when geometrytype(f.geom) = 'POINT' then f.geom else st_pointonsurface(f.geom) end as at) i
    left join lateral (
      select t.count, t.kind, t.counted_on from tally t
      where t.until is null and t.layer = f.layer and t.code = f.code and t.measure = $16
        and ($19 = '' or t.kind = case $19 when 'unsaid' then '' else $19 end)
      order by array_position(array['resident', 'registered', 'occupied', ''], t.kind) limit 1) c on f.layer in ('building', 'compound')
  where f.until is null and f.layer = $1
    and ($5 = '' or strpos(lower(f.name), lower($5)) > 0 or strpos(lower(f.code), lower($5)) > 0 or f.building_no = $5)
    and ($6 = '' or f.code = $6)
    and ($7::text[] is null or f.class = any($7))
    and ($8 = '' or f.compound = $8)
    and ($9 = '' or case when f.no_property_mgmt then 'yes' else 'no' end = $9 and f.no_property_mgmt is not null or $9 = 'unknown' and f.no_property_mgmt is null)
    and ($10 = '' or case when f.no_security then 'yes' else 'no' end = $10 and f.no_security is not null or $10 = 'unknown' and f.no_security is null)
    and ($11 = '' or case when f.no_enclosure then 'yes' else 'no' end = $11 and f.no_enclosure is not null or $11 = 'unknown' and f.no_enclosure is null)
    and ($12 = '' or case when f.new_org then 'yes' else 'no' end = $12 and f.new_org is not null or $12 = 'unknown' and f.new_org is null)
    and ($13 = '' or coalesce(f.no_property_mgmt and f.no_security and f.no_enclosure, false) = ($13 = 'yes'))
    and ($14::integer is null or f.floors >= $14 and f.floors > 0)
    and ($15::integer is null or f.floors <= $15 and f.floors > 0)
    and ($17::bigint is null or c.count >= $17)
    and ($18::bigint is null or c.count <= $18)
    and ($19 = '' or c.kind is not null)
    and ($20 = '' or (c.count is not null) = ($20 = 'yes'))
    and ($21 = '' or c.count is not null and (c.counted_on is null or c.counted_on < nullif($21, '')::date))
    and ($22 = '' or exists (select 1 from block b where b.until is null and b.geom && i.at and st_covers(b.geom, i.at)) = ($22 = 'yes'))
    and ($4::bigint is null or f.geom && (select st_setsrid(st_extent(geom)::geometry, 4490) from within))
    and ($4::bigint is null or exists (select 1 from within w where w.geom && f.geom
      and case when f.layer in ('building', 'compound', 'organisation') then st_covers(w.geom, i.at) else st_intersects(w.geom, f.geom) end))
),
counted as (
  select t.measure, t.count, row_number() over (partition by t.code, t.measure
    order by array_position(array['resident', 'registered', 'occupied', ''], t.kind)) = 1 as taken
  from found f join tally t on t.until is null and t.layer = $1 and t.code = f.code
),
whole as (
  select (select count(*) from found) as total,
    coalesce((select jsonb_agg(jsonb_build_object('measure', measure, 'count', sum, 'features', n)) from (
      select measure, sum(count) as sum, count(*) as n from counted where taken group by measure order by measure) m), '[]') as sums,
    coalesce((select sum(st_length(f.geom::geography)) from found x join feature f on f.id = x.id where f.layer in ('road', 'water', 'railway', 'wall')
      and geometrytype(f.geom) = 'MULTILINESTRING'), 0) as metres
),
page as (
  select f.*, x.at, r.level as row_level, r.code as row_code, r.name as row_name, r.name_en as row_name_en, i.taken_at, coalesce(h.source, i.file) as source,
    coalesce((select jsonb_agg(jsonb_build_object('measure', t.measure, 'kind', t.kind, 'counted_on', t.counted_on, 'count', t.count,
        'source', coalesce(th.source, ti.file)) order by t.measure, t.kind)
      from tally t join import ti on ti.id = t.since left join basebook_change th on th.import_id = t.since
      where t.until is null and t.layer = f.layer and t.code = f.code), '[]') as tallies
  from (select * from found where code collate "C" > $2 order by code collate "C" limit $3) x join feature f on f.id = x.id
    join import i on i.id = f.since left join basebook_change h on h.import_id = f.since
    left join lateral (select a.level, a.code, a.name, a.name_en from basebook_piece p join area a on a.id = p.row_id
      where p.geom && x.at and st_covers(p.geom, x.at) order by a.code collate "C" limit 1) r on true
)
select w.total, w.sums, w.metres, p.code is not null, coalesce(p.code, ''), coalesce(p.name, ''), coalesce(p.class, ''),
  p.row_level, p.row_code, p.row_name, p.row_name_en, coalesce(p.compound, ''), coalesce(p.building_no, ''), coalesce(p.floors, 0),
  p.no_property_mgmt, p.no_security, p.no_enclosure, p.new_org, coalesce(p.committee, ''), coalesce(p.owners_committee, ''),
  coalesce(p.property_company, ''), coalesce(p.bridge, false), coalesce(p.tunnel, false), coalesce(p.level, 0), coalesce(p.tallies, '[]'),
  coalesce(st_x(p.at), 0), coalesce(st_y(p.at), 0), p.taken_at, coalesce(p.source, ''), case when $23 then st_asgeojson(p.geom, 7) end
from whole w left join page p on true order by p.code collate "C";

-- name: FeatureAt
-- $1 layer, $2 code, $3 import. The feature as it was after the import, in the columns of FeaturesFound from its code on; no row when it
-- was not there.
select f.code, f.name, f.class,
  r.level, r.code, r.name, r.name_en, f.compound, f.building_no, f.floors,
  f.no_property_mgmt, f.no_security, f.no_enclosure, f.new_org, f.committee, f.owners_committee,
  f.property_company, f.bridge, f.tunnel, f.level,
  coalesce((select jsonb_agg(jsonb_build_object('measure', t.measure, 'kind', t.kind, 'counted_on', t.counted_on, 'count', t.count,
      'source', coalesce(th.source, ti.file)) order by t.measure, t.kind)
    from tally t join import ti on ti.id = t.since left join basebook_change th on th.import_id = t.since
    where t.since <= $3 and (t.until is null or t.until > $3) and t.layer = f.layer and t.code = f.code), '[]'),
  st_x(x.at), st_y(x.at), i.taken_at, coalesce(h.source, i.file), st_asgeojson(f.geom, 7)
from feature f
  cross join lateral (select case when geometrytype(f.geom) = 'POINT' then f.geom else st_pointonsurface(f.geom) end as at) x
  join import i on i.id = f.since left join basebook_change h on h.import_id = f.since
  left join lateral (select a.level, a.code, a.name, a.name_en from basebook_piece p join area a on a.id = p.row_id
    where p.geom && x.at and st_covers(p.geom, x.at) order by a.code collate "C" limit 1) r on true
where f.layer = $1 and f.code = $2 and f.since <= $3 and (f.until is null or f.until > $3);

-- name: ChangeNumber
-- The number the next change will have, and no other.
select nextval(pg_get_serial_sequence('gridwright.basebook_change', 'id'));

-- name: ChangePut
-- $1 id, $2 import, $3 kind, $4 layer, $5 code, $6 name, $7 neighbour, $8 source, $9 day, $10 who, $11 notes, $12 areas, $13 the change it
-- takes back or null, $14 build or null.
insert into basebook_change (id, import_id, kind, layer, code, name, neighbour, source, dated, made_by, notes, areas, undoes, build_id)
overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::date, $10, $11, $12, $13, $14);

-- name: Changes
-- $1 area or null, $2 layer or empty, $3 code or empty, $4 only those with smaller ids or null, $5 how many, $6 only this id or null.
-- Changes, newest first, with the change that took each back, and whether what it changed has stayed since.
with recursive under as (
  select id, code from area where id = $1
  union
  select a.id, a.code from area a join under u on a.parent_id = u.id
)
select c.id, c.import_id, c.kind, c.layer, c.code, c.name, c.neighbour, c.source, to_char(c.dated, 'YYYY-MM-DD'), c.made_by, c.notes, c.areas,
  coalesce(c.undoes, 0), coalesce(c.build_id, 0), c.made_at, coalesce((select u.id from basebook_change u where u.undoes = c.id), 0),
  (select to_jsonb(f) - array['id', 'since', 'until'] from feature f where f.layer = c.layer and f.code = c.code and f.until is null)
      is not distinct from (select to_jsonb(f) - array['id', 'since', 'until'] from feature f
        where f.layer = c.layer and f.code = c.code and f.since <= c.import_id and (f.until is null or f.until > c.import_id))
    and (select jsonb_agg(to_jsonb(t) - array['id', 'since', 'until'] order by t.measure, t.kind) from tally t
        where t.layer = c.layer and t.code = c.code and t.until is null)
      is not distinct from (select jsonb_agg(to_jsonb(t) - array['id', 'since', 'until'] order by t.measure, t.kind) from tally t
        where t.layer = c.layer and t.code = c.code and t.since <= c.import_id and (t.until is null or t.until > c.import_id))
    and not exists (select 1 from basebook_border b join area a on a.id = b.area_id where b.change_id = c.id and st_asewkb(a.geom) <> st_asewkb(b.after))
from basebook_change c
where ($1::bigint is null or c.areas && array(select code from under))
  and ($2 = '' or c.layer = $2) and ($3 = '' or c.code = $3) and ($4::bigint is null or c.id < $4) and ($6::bigint is null or c.id = $6)
order by c.id desc limit $5;

-- name: FeaturesOff
-- $1 import that is taken back, $2 import, $3 layer, $4 code. The thing as it is goes, unless it is what it was before the import.
update feature f set until = $2
where f.layer = $3 and f.code = $4 and f.until is null and not exists (
  select 1 from feature b where b.layer = $3 and b.code = $4 and b.since < $1 and (b.until is null or b.until >= $1)
    and to_jsonb(b) - array['id', 'since', 'until'] = to_jsonb(f) - array['id', 'since', 'until']);

-- name: FeaturesBack
-- As FeaturesOff, after it. The thing comes again as it was before the import, unless it is there.
insert into feature overriding system value
select (jsonb_populate_record(b, jsonb_build_object('id', nextval(pg_get_serial_sequence('gridwright.feature', 'id')), 'since', $2::bigint, 'until', null))).*
from feature b where b.layer = $3 and b.code = $4 and b.since < $1 and (b.until is null or b.until >= $1)
  and not exists (select 1 from feature f where f.layer = $3 and f.code = $4 and f.until is null);

-- name: TalliesOff
-- As FeaturesOff, for the counts of the thing.
update tally t set until = $2
where t.layer = $3 and t.code = $4 and t.until is null and not exists (
  select 1 from tally b where b.layer = $3 and b.code = $4 and b.since < $1 and (b.until is null or b.until >= $1)
    and (b.measure, b.kind, b.count) = (t.measure, t.kind, t.count) and b.counted_on is not distinct from t.counted_on);

-- name: TalliesBack
-- As FeaturesBack, for the counts of the thing.
insert into tally overriding system value
select (jsonb_populate_record(b, jsonb_build_object('id', nextval(pg_get_serial_sequence('gridwright.tally', 'id')), 'since', $2::bigint, 'until', null))).*
from tally b where b.layer = $3 and b.code = $4 and b.since < $1 and (b.until is null or b.until >= $1)
  and not exists (select 1 from tally t where t.layer = $3 and t.code = $4 and t.until is null and t.measure = b.measure and t.kind = b.kind);

-- name: FeatureRetireByCode
-- $1 layer, $2 code, $3 import. The live feature and its counts end. Returns its name; no row when there is none.
with counts as (
  update tally set until = $3 where until is null and layer = $1 and code = $2
)
update feature set until = $3 where until is null and layer = $1 and code = $2 returning name;

-- name: BorderPut
-- $1 change, $2 area, $3 and $4 EWKB before and after.
insert into basebook_border (change_id, area_id, before, after) values ($1, $2, st_geomfromewkb($3), st_geomfromewkb($4));

-- name: BorderOf
-- $1 change. The areas it changed, by code: id, level, code, EWKB and GeoJSON before and after.
select a.id, a.level, a.code, a.name, st_asewkb(b.before), st_asewkb(b.after), st_asgeojson(b.before, 7), st_asgeojson(b.after, 7)
from basebook_border b join area a on a.id = b.area_id where b.change_id = $1 order by a.code collate "C", a.level;

-- name: AreasNear
-- $1 level, $2 EWKB box. Areas of the level whose shapes meet the box, by code.
select id, level, code, name, name_en, coalesce(parent_id, 0), st_asewkb(geom) from area
where level = $1 and geom && st_geomfromewkb($2) order by code collate "C";

-- name: CommonScope
-- $1 codes of rows of the base book. The code of the lowest area that all of them lie in and no other area has; no row when there is none.
with recursive above as (
  select a.id as row_id, a.id, a.code, a.parent_id, 0 as up from area a join basebook_row r on r.id = a.id where a.code = any($1)
  union all
  select b.row_id, a.id, a.code, a.parent_id, b.up + 1 from above b join area a on a.id = b.parent_id
)
select code from above b
where not exists (select 1 from area o where o.code = b.code and o.id <> b.id)
group by id, code having count(distinct row_id) = cardinality($1) order by min(up) limit 1;

-- name: RowsBuilt
-- $1 codes of rows of the base book. Whether any of them has blocks.
select exists (select 1 from area a join basebook_row r on r.id = a.id left join basebook_grid g on g.row_id = a.id
  join block b on b.until is null and b.parent_id in (a.id, g.id) where a.code = any($1));

-- name: BuildWaiting
-- $1 scope. The build that waits and will build the scope: of the scope itself, of an area above it, or of everything; no row when none does.
with recursive above as (
  select id, code, parent_id from area where code = $1
  union
  select a.id, a.code, a.parent_id from area a join above b on a.id = b.parent_id
)
select id from ground_build where state = 'queued' and not dry_run and (scope = 'all' or scope = $1 or scope in (select code from above))
order by id limit 1 for update;

-- name: FillInPut
-- $1 row of the base book, $2 how many things are on it. A sheet is sent: returns its number and the newest import.
insert into fill_in (area_id, version, things) values ($1, (select coalesce(max(id), 0) from import), $2) returning id, version;

-- name: FillInByID
-- $1 sheet. The code of its row; no row when there is no such sheet.
select a.code from fill_in f join area a on a.id = f.area_id where f.id = $1;

-- name: FillInReturn
-- $1 sheet, $2 counts taken, $3 unmatched rows, $4 import or null, $5 who filled it in, $6 day.
update fill_in set returned_at = now(), filled = $2, unmatched = $3, import_id = coalesce($4, import_id), source = $5, dated = $6::text::date where id = $1;

-- name: FillIns
-- $1 area, or null for all. The rows of the base book at or under it, by code and level, each with its newest sheet.
with recursive under as (
  select id from area where id = $1 or $1::bigint is null
  union
  select a.id from area a join under u on a.parent_id = u.id
)
select a.level, a.code, a.name, a.name_en, coalesce(f.id, 0), f.sent_at, f.returned_at, coalesce(f.things, 0), coalesce(f.filled, 0),
  coalesce(f.unmatched, '[]'), coalesce(f.source, ''), coalesce(to_char(f.dated, 'YYYY-MM-DD'), '')
from area a join basebook_row r on r.id = a.id
  left join lateral (select * from fill_in f where f.area_id = a.id order by coalesce(f.returned_at, f.sent_at) desc limit 1) f on true
where a.id in (select id from under)
order by a.code collate "C", a.level;

-- name: BasebookAreas
-- $1 area, or null for all. The areas at or under it that have a row in the base book, by code and level.
with recursive under as (
  select id from area where id = $1 or $1::bigint is null
  union
  select a.id from area a join under u on a.parent_id = u.id
)
select a.id, a.level, a.code, a.name, a.name_en, coalesce(a.parent_id, 0) from area a join basebook_row r on r.id = a.id
where a.id in (select id from under) order by a.code collate "C", a.level;
