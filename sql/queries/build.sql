-- name: BuildPut
-- $1 scope, $2 dry run. Returns the id.
insert into ground_build (scope, dry_run) values ($1, $2) returning id;

-- name: BuildJob
-- $1 build, $2 job.
update ground_build set job_id = $2 where id = $1;

-- name: Builds
-- $1 how many. The newest builds, newest first.
select b.id, b.scope, b.dry_run, b.state, coalesce(b.job_id, 0), b.report, b.failure, b.made_at, b.ended_at,
  coalesce(l.stage, ''), coalesce(l.done, 0), coalesce(l.total, 0)
from ground_build b left join lease l on l.job_id = b.job_id order by b.id desc limit $1;

-- name: BuildByID
-- $1 build. The columns of Builds; no row when there is no such build.
select b.id, b.scope, b.dry_run, b.state, coalesce(b.job_id, 0), b.report, b.failure, b.made_at, b.ended_at,
  coalesce(l.stage, ''), coalesce(l.done, 0), coalesce(l.total, 0)
from ground_build b left join lease l on l.job_id = b.job_id where b.id = $1;

-- name: BuildBegin
-- $1 build. No row when it is no longer wanted.
update ground_build set state = 'building' where id = $1 and state in ('queued', 'building') returning scope, dry_run;

-- name: BuildEnd
-- $1 build, $2 state, $3 report or null, $4 failure or null. Only once; no row when it has ended before.
update ground_build set state = $2, report = $3, failure = $4, ended_at = now()
where id = $1 and state in ('queued', 'building') returning id;

-- name: Rulings
-- All rulings in force, by id: building or null, EWKB of the place or null, area.
select building, st_asewkb(place), parent_id from ruling where revoked_at is null order by id;

-- name: GroundFindingLive
-- $1 finding. No row when a later build has ended it, or there never was one.
select id from ground_finding where id = $1 and until is null;

-- name: RulingsRevoke
-- $1 finding. What was decided on its building or at its place.
update ruling r set revoked_at = now() from ground_finding f
where f.id = $1 and r.revoked_at is null and (r.building = f.building or f.building is null and r.place = f.place);

-- name: RulingPut
-- $1 finding, $2 code of an area. No row when the area is none of the choices.
insert into ruling (building, place, parent_id)
select f.building, case when f.building is null then f.place end, a.id
from ground_finding f join area a on a.id = any(f.choices)
where f.id = $1 and f.until is null and a.code = $2
returning id;

-- name: FindingsEnd
-- $1 import, $2 areas, $3 EWKB of a box or null for everything. What earlier builds found in the areas, or in none of any in the box.
update ground_finding set until = $1
where until is null and import_id < $1 and (areas && $2 or cardinality(areas) = 0 and ($3::bytea is null or place && st_geomfromewkb($3)));

-- name: FindingsPut
-- $1 import, then one array a column: kinds, rules, severities, longitudes, latitudes, areas in m2; areas, codes, blocks, choices
-- and words as JSON arrays; buildings, empty for none.
insert into ground_finding (import_id, kind, rule, severity, place, area_m2, areas, codes, blocks, choices, words, building)
select $1, kind, rule, severity, st_setsrid(st_point(lon, lat), 4490), area,
  array(select jsonb_array_elements_text(areas)::bigint), array(select jsonb_array_elements_text(codes)),
  array(select jsonb_array_elements_text(blocks)), array(select jsonb_array_elements_text(choices)::bigint),
  array(select jsonb_array_elements_text(words)), nullif(building, '')
from unnest($2::text[], $3::text[], $4::text[], $5::double precision[], $6::double precision[], $7::double precision[],
  $8::jsonb[], $9::jsonb[], $10::jsonb[], $11::jsonb[], $12::jsonb[], $13::text[])
  as f(kind, rule, severity, lon, lat, area, areas, codes, blocks, choices, words, building);

-- name: GroundFindings
-- What was found and mended on the ground as it stands, gravest first; with the code of the area that was decided on, empty where nothing
-- was.
select f.id, f.kind, f.rule, f.severity, st_x(f.place), st_y(f.place), f.area_m2, f.codes, f.blocks, coalesce(f.building, ''), f.words,
  coalesce((select array_agg(a.code order by array_position(f.choices, a.id)) from area a where a.id = any(f.choices)), '{}'),
  coalesce((select array_agg(a.name order by array_position(f.choices, a.id)) from area a where a.id = any(f.choices)), '{}'),
  coalesce((select a.code from ruling r join area a on a.id = r.parent_id where r.revoked_at is null
    and (r.building = f.building or f.building is null and r.place = f.place) limit 1), '')
from ground_finding f where f.until is null
order by array_position(array['error', 'warning', 'note'], f.severity), f.kind, f.rule, f.id;

-- name: PlansLosing
-- $1 import. Drafts of whose blocks some ended with the ground of the import: id, name and how many, by id.
select p.id, p.name, count(*) from plan p join assignment s on s.plan_id = p.id join block b on b.id = s.block_id
where p.state = 'draft' and b.cut_of is null and b.until = (select max(version) from ground where import_id = $1)
group by p.id, p.name order by p.id;
