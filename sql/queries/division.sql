-- name: PublishLock
-- Waits until nobody else publishes, to the end of the transaction: the lock under which changes are written.
select pg_advisory_xact_lock(x'6772696463686765'::bigint);

-- name: DivisionByKey
-- $1 idempotency key. The division published with it, and what it was of.
select id, plan_id, revision, to_char(effective, 'YYYY-MM-DD') from division where idempotency_key = $1;

-- name: DivisionsStanding
-- $1 areas. What no later division has taken the place of yet in them, under them and above them: the division, its area, from which day
-- on, its plan, and whether all of it lies in the areas; by the area's code.
with recursive above as (
  select id, parent_id from area where id = any($1)
  union
  select a.id, a.parent_id from area a join above on a.id = above.parent_id
),
under as (
  select id from area where id = any($1)
  union
  select a.id from area a join under u on a.parent_id = u.id
)
select p.division_id, p.parent_id, a.code, to_char(p.effective, 'YYYY-MM-DD'), d.plan_id, p.parent_id in (select id from under)
from division_parent p join area a on a.id = p.parent_id join division d on d.id = p.division_id
where p.parent_id in (select id from above union select id from under)
  and not exists (select from division_end e where e.division_id = p.division_id and e.parent_id = p.parent_id)
order by a.code collate "C", p.division_id;

-- name: FormerGrids
-- $1 divisions and $2 areas, pairs. Their grids: division, number, key, code, names, code of the area, how many of a measure ($3) and
-- EWKB polygon; by code.
select g.division_id, g.no, g.key, g.code, g.name, g.name_en, g.chain -> -1 ->> 'code',
  coalesce(g.loads[array_position(d.measures, $3)], 0), st_asewkb(g.geom)
from unnest($1::bigint[], $2::bigint[]) w(division_id, parent_id)
join division_grid g using (division_id, parent_id) join division d on d.id = g.division_id
order by g.code collate "C", g.division_id;

-- name: FormerBlocks
-- $1 divisions and $2 areas, pairs. Their blocks: block, division, number of the grid.
select b.block_id, b.division_id, b.grid_no
from unnest($1::bigint[], $2::bigint[]) w(division_id, parent_id)
join division_grid g using (division_id, parent_id) join division_block b on b.division_id = g.division_id and b.grid_no = g.no;

-- name: PublishedCodes
-- $1 codes. Those that were ever published, with the keys of the grids whose they are.
select code, key from published_code where code = any($1) order by code;

-- name: GridKeysTake
-- $1 how many. As many new keys.
select nextval('grid_key') from generate_series(1, $1);

-- name: DivisionPut
-- $1 name, $2 plan, $3 revision, $4 day, $5 by, $6 basis, $7 ground, $8 measures, $9 synthetic, $10 data date, $11 digest, $12 grids before,
-- $13 after, $14 kinds, $15 shared measure, $16 findings, $17 idempotency key or null, $18 below which number counts are kept back.
-- Returns the id and the time.
insert into division (name, plan_id, revision, effective, published_by, basis, ground_version, measures, synthetic, data_date, digest, old_grids,
  new_grids, kinds, shared, findings, idempotency_key, suppress_below)
values ($1, $2, $3, $4::text::date, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) returning id, published_at;

-- name: DivisionParentsPut
-- $1 division, $2 day, $3 areas.
insert into division_parent (division_id, parent_id, effective) select $1, unnest($3::bigint[]), $2::text::date;

-- name: DivisionEndsPut
-- $1 division, $2 day, $3 divisions and $4 areas, pairs that it takes the place of.
insert into division_end (division_id, parent_id, until, by_division)
select w.division_id, w.parent_id, $2::text::date, $1 from unnest($3::bigint[], $4::bigint[]) w(division_id, parent_id);

-- name: PublishedCodesPut
-- $1 division, $2 codes, $3 keys. Codes that are known stay whose they are.
insert into published_code (code, key, division_id) select c.code, c.key, $1 from unnest($2::text[], $3::bigint[]) c(code, key)
on conflict (code) do nothing;

-- name: DivisionGridsPut
-- $1 division, then a column an array: $2 number, $3 key, $4 area, $5 code, $6 name, $7 English name, $8 kind, $9 purpose, $10 body,
-- $11 enclave, $12 chain, $13 colour, $14 blocks, $15 square metres, $16 pieces, $17 estimated, $18 EWKB polygon, $19 EWKB label, $20 counts
-- of all grids one after another, $21 measures a grid.
insert into division_grid (division_id, no, key, parent_id, code, name, name_en, kind, purpose, body, enclave, chain, colour, blocks, area_m2,
  pieces, estimated, geom, label, loads)
select $1, g.no, g.key, g.parent_id, g.code, g.name, g.name_en, g.kind, g.purpose, g.body, g.enclave, g.chain::jsonb, g.colour, g.blocks, g.area_m2,
  g.pieces, g.estimated, st_geomfromewkb(g.geom), st_geomfromewkb(g.label), ($20::bigint[])[(g.i - 1) * $21::int + 1 : g.i * $21::int]
from unnest($2::integer[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
  $12::text[], $13::smallint[], $14::integer[], $15::double precision[], $16::integer[], $17::boolean[], $18::bytea[], $19::bytea[])
  with ordinality g(no, key, parent_id, code, name, name_en, kind, purpose, body, enclave, chain, colour, blocks, area_m2, pieces, estimated,
    geom, label, i);

-- name: DivisionBlocksPut
-- $1 division, $2 blocks, $3 numbers of their grids.
insert into division_block (division_id, block_id, grid_no) select $1, b.id, b.no from unnest($2::bigint[], $3::integer[]) b(id, no);

-- name: LineagePut
-- $1 division, then a column an array: $2 kind, $3 old, $4 new, $5 count, $6 share of the old, $7 of the new, $8 blocks, $9 buildings.
insert into lineage (division_id, no, kind, old, new, count, old_share, new_share, blocks, buildings)
select $1, r.no, r.kind, r.old::jsonb, r.new::jsonb, r.count, r.old_share, r.new_share, r.blocks, r.buildings
from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::double precision[], $7::double precision[], $8::integer[], $9::bigint[])
  with ordinality r(kind, old, new, count, old_share, new_share, blocks, buildings, no);

-- name: DivisionChangePut
-- $1 kind, $2 division, $3 successor or null, $4 day, $5 payload.
insert into change (kind, division_id, by_division, effective, payload) values ($1, $2, $3, $4::text::date, $5);

-- name: DivisionChangesDue
-- $1 day. Divisions whose day has come and that nobody was told of yet, by day.
select d.id, to_char(d.effective, 'YYYY-MM-DD') from division d
where d.effective <= $1::text::date and not exists (select from change c where c.kind = 'in_force' and c.division_id = d.id)
order by d.effective, d.id;

-- name: DivisionChangesSince
-- $1 id, $2 how many. What was told after it, by id.
select id, at, kind, division_id, coalesce(by_division, 0), to_char(effective, 'YYYY-MM-DD'), payload from change where id > $1 order by id limit $2;

-- name: DivisionChangePublished
-- $1 division. What was told when it was published.
select payload from change where kind = 'published' and division_id = $1;

-- name: DivisionEnded
-- $1 division. What it takes the place of: the divisions, each with the areas by level, code and names, and whether none of it is left.
select e.division_id, jsonb_agg(jsonb_build_object('level', a.level, 'code', a.code, 'name', a.name, 'name_en', a.name_en) order by a.code collate "C"),
  not exists (select from division_parent p left join division_end f using (division_id, parent_id)
    where p.division_id = e.division_id and (f.until is null or f.until > d.effective))
from division_end e join area a on a.id = e.parent_id join division d on d.id = e.by_division
where e.by_division = $1 group by e.division_id, d.effective order by e.division_id;

-- name: Divisions
-- $1 day, $2 division or null for all. Divisions, newest first: what they are, how many areas they have and had by the day, from which day on
-- they have none, null while they have some.
select d.id, d.name, d.plan_id, d.revision, to_char(d.effective, 'YYYY-MM-DD'), d.published_at, d.published_by, d.basis, d.ground_version, d.measures,
  d.synthetic, d.data_date, d.digest, d.old_grids, d.new_grids, d.kinds, d.shared, d.suppress_below, p.areas, p.ended, to_char(p.until, 'YYYY-MM-DD')
from division d cross join lateral (
  select count(*) as areas, count(*) filter (where e.until <= $1::text::date) as ended,
    case when count(e.until) = count(*) then max(e.until) end as until
  from division_parent q left join division_end e using (division_id, parent_id) where q.division_id = d.id) p
where $2::bigint is null or d.id = $2
order by d.id desc;

-- name: DivisionFindings
-- $1 division. What the check said when it was published.
select findings from division where id = $1;

-- name: AreasInForce
-- $1 day, $2 day. The divisions in force on some day from the one to the other and their areas, by division and area.
select p.division_id, p.parent_id from division_parent p left join division_end e using (division_id, parent_id)
where p.effective <= $2::text::date and (e.until is null or e.until > $1::text::date) order by 1, 2;

-- name: DivisionGrids
-- $1 divisions and $2 areas, pairs; an area null for all of the division. The grids, by code.
select g.division_id, g.no, g.key, g.code, g.name, g.name_en, g.kind, g.purpose, g.body, g.enclave, g.chain, g.colour, g.blocks, g.area_m2, g.pieces,
  d.measures, g.loads, g.estimated, d.suppress_below, d.plan_id, d.synthetic, st_asewkb(g.geom), st_asewkb(g.label)
from unnest($1::bigint[], $2::bigint[]) w(division_id, parent_id)
join division_grid g on g.division_id = w.division_id and (w.parent_id is null or g.parent_id = w.parent_id)
join division d on d.id = g.division_id
order by g.code collate "C", g.division_id;

-- name: DivisionBlocks
-- $1 division. Its blocks by id: code, and number of the grid.
select b.block_id, k.code, b.grid_no from division_block b join block k on k.id = b.block_id where b.division_id = $1 order by b.block_id;

-- name: Lineage
-- $1 division. How its grids came out of those before, in the order it was told in.
select kind, old, new, count, old_share, new_share, blocks, buildings from lineage where division_id = $1 order by no;

-- name: PostsAt
-- $1 plan, $2 number of a grid, $3 day, $4 code of a building, empty for none. The columns of PostsBetween: the posts placed on the grid that are
-- there on the day, and those of the building, each with who holds it then, null for nobody; by kind as they are ranked and id.
select p.id, coalesce(p.code, ''), p.kind, p.role, p.full_time, p.building, p.stair_unit, p.lane, p.since::text, coalesce(p.until::text, ''), p.version,
  array[$2::integer], h.person_id, coalesce(w.code, ''), coalesce(w.name, ''), coalesce(w.phone, ''), coalesce(w.source, ''), coalesce(w.home, ''),
  coalesce(w.area, ''), coalesce(h.since::text, ''), coalesce(h.until::text, '')
from post p
  left join holding h on h.post_id = p.id and h.since <= $3::text::date and (h.until is null or h.until > $3::text::date)
  left join person w on w.id = h.person_id
where p.id in (select post_id from post_grid where plan_id = $1 and grid_no = $2
    union all select id from post where building = $4 and building <> '')
  and p.since <= $3::text::date and (p.until is null or p.until > $3::text::date)
order by array_position(array['supervisor', 'grid_lead', 'grid_worker', 'building_lead', 'stair_unit_lead', 'lane_lead', 'outside'], p.kind), p.id;

-- name: Waivers
-- $1 plan. The waivers that were not taken back, by id.
select id, rule, subject, reason, made_by, revision, made_at from waiver where plan_id = $1 and revoked_at is null order by id;

-- name: WaiverReplace
-- $1 plan, $2 rule, $3 subject. Takes back the waiver there is.
update waiver set revoked_at = now() where plan_id = $1 and rule = $2 and subject = $3 and revoked_at is null;

-- name: WaiverPut
-- $1 plan, $2 rule, $3 subject, $4 reason, $5 by, $6 revision. Returns the id and the time.
insert into waiver (plan_id, rule, subject, reason, made_by, revision) values ($1, $2, $3, $4, $5, $6) returning id, made_at;

-- name: WaiverRevoke
-- $1 plan, $2 waiver. No row when there is none.
update waiver set revoked_at = now() where plan_id = $1 and id = $2 and revoked_at is null returning id;

-- name: AdmitColleagues
-- Lets the roles of those who come straight to the database do what they may, where there are such roles.
select admit_colleagues();
