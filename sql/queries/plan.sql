-- name: PlanPut
-- $1 name, $2 recipe, $3 ground version, $4 idempotency key or null. Returns the id; no row when the key is taken.
insert into plan (name, recipe, ground_version, idempotency_key) values ($1, $2, $3, $4)
on conflict (idempotency_key) do nothing returning id;

-- name: PlanByKey
-- $1 idempotency key. The plan made with it and its recipe.
select id, recipe from plan where idempotency_key = $1;

-- name: PlanParentsPut
-- $1 plan, $2 parents.
insert into plan_parent (plan_id, parent_id) select $1, unnest($2::bigint[]);

-- name: PlanJob
-- $1 plan, $2 job.
update plan set job_id = $2 where id = $1;

-- name: Plans
-- All plans, newest first.
select p.id, p.name, p.name_version, p.state, p.recipe, p.ground_version, p.revision, p.result, p.failure,
  coalesce(p.job_id, 0), p.created_at, coalesce(l.done, 0), coalesce(l.total, 0), coalesce(l.worst, 0), p.first is not null,
  p.archived_at is not null, coalesce(p.found, 0), p.found_for,
  case when p.recipe ? 'alternative' then coalesce((select min(o.id) from plan o where o.job_id = p.job_id), 0) else 0 end
from plan p left join lease l on l.job_id = p.job_id
order by p.id desc;

-- name: PlanByID
-- $1 plan. The columns of Plans; no row when there is no such plan.
select p.id, p.name, p.name_version, p.state, p.recipe, p.ground_version, p.revision, p.result, p.failure,
  coalesce(p.job_id, 0), p.created_at, coalesce(l.done, 0), coalesce(l.total, 0), coalesce(l.worst, 0), p.first is not null,
  p.archived_at is not null, coalesce(p.found, 0), p.found_for,
  case when p.recipe ? 'alternative' then coalesce((select min(o.id) from plan o where o.job_id = p.job_id), 0) else 0 end
from plan p left join lease l on l.job_id = p.job_id
where p.id = $1;

-- name: PlanRevision
-- $1 plan. Its state and revision as they stand.
select state, revision from plan where id = $1;

-- name: Recounted
-- The newest import after which blocks that stay have other counts; 0 for none.
select coalesce(max(import_id), 0) from recount;

-- name: PlanGround
-- $1 plan. The version of the ground it was made on.
select ground_version from plan where id = $1;

-- name: PlanLock
-- $1 plan. The columns a change is judged by; holds the plan to the end of the transaction.
select state, revision, ground_version from plan where id = $1 for update;

-- name: PlanLockToEdit
-- $1 plan. Its state, its revision and whether it is put away; holds the plan to the end of the transaction.
select state, revision, archived_at is not null from plan where id = $1 for update;

-- name: PlanRename
-- $1 plan, $2 name, $3 the version the change is based on. Returns the new version; no row when it is not the newest.
update plan set name = $2, name_version = name_version + 1 where id = $1 and name_version = $3 returning name_version;

-- name: PlanCopy
-- $1 plan, $2 name, $3 recipe. Another plan of the same ground and parents, that is being computed by the same job; returns its id.
with made as (
  insert into plan (name, recipe, ground_version, state, job_id) select $2, $3, ground_version, 'solving', job_id from plan where id = $1 returning id
),
held as (
  insert into plan_parent (plan_id, parent_id) select made.id, p.parent_id from made, plan_parent p where p.plan_id = $1
)
select id from made;

-- name: PlanName
-- $1 plan.
select name from plan where id = $1;

-- name: PlanParents
-- $1 plan. Parents with their number of grids (0 before the result) and what the solver says, by area code.
select pp.parent_id, coalesce(pp.grids, 0), coalesce(pp.result, '{}'::jsonb)
from plan_parent pp join area a on a.id = pp.parent_id where pp.plan_id = $1 order by a.code, a.id;

-- name: PlanSolving
-- $1 plan. A queued plan is being computed, or a lost job is taken up again. Returns the recipe and ground version; no
-- row when the plan is no longer to be computed.
update plan set state = 'solving', first = null where id = $1 and state in ('queued', 'solving') returning recipe, ground_version;

-- name: PlanFirstPut
-- $1 plan, $2 grids. The first plan that a split under way has found.
update plan set first = $2 where id = $1 and state = 'solving';

-- name: PlanFirst
-- $1 plan. Its state and the first plan that its split has found, null where there is none or the split is over.
select state, first from plan where id = $1;

-- name: PlanDone
-- $1 plan, $2 result. Only a plan still being computed takes a result, so it is taken once.
update plan set state = 'draft', revision = 1, result = $2, first = null where id = $1 and state = 'solving' returning id;

-- name: PlanFailed
-- $1 plan, $2 state (failed or cancelled), $3 failure or null.
update plan set state = $2, failure = $3, first = null where id = $1 and state in ('queued', 'solving') returning id;

-- name: PlanParentResult
-- $1 plan, $2 parent, $3 grids, $4 result.
update plan_parent set grids = $3, result = $4 where plan_id = $1 and parent_id = $2;

-- name: PlanGrids
-- $1 plan. By number, those that are gone among them.
select no, parent_id, code, name, name_en, kind, purpose, body, locked, enclave, colour, revision, gone from grid where plan_id = $1 order by no;

-- name: PlanAssignment
-- $1 plan. Every block of the scope with its grid, 0 for unassigned; by block id.
select block_id, coalesce(grid_no, 0) from assignment where plan_id = $1 order by block_id;

-- name: EditsAfter
-- $1 plan, $2 revision, $3 revision. Edits with first < revision <= second, oldest first; of the blocks that a cut replaced and made the ids.
select revision, kind, blocks, before, after, coalesce(reverts, 0), made_at, grids, locks, gone, come, made_by, coalesce(said, '{"",""}'),
  st_x(place), st_y(place)
from edit where plan_id = $1 and revision > $2 and revision <= $3 order by revision;

-- name: EditHeads
-- $1 plan. The log without its blocks, oldest first: what can be undone and redone.
select revision, kind, coalesce(reverts, 0), made_at, cardinality(blocks), coalesce(request ->> 'to', ''), made_by, coalesce(said, '{"",""}'),
  st_x(place), st_y(place)
from edit where plan_id = $1 order by revision;

-- name: EditSteps
-- $1 plan. Of each edit what undo and redo go by, oldest first.
select revision, kind, coalesce(reverts, 0) from edit where plan_id = $1 order by revision;

-- name: EditByKey
-- $1 plan, $2 idempotency key. The edit done with it, and the request it answered.
select revision, request from edit where plan_id = $1 and idempotency_key = $2;

-- name: EditPut
-- $1 plan, $2 revision, $3 kind, $4 blocks, $5 before, $6 after, $7 reverts or null, $8 request, $9 idempotency key or null, $10 changes of grids,
-- $11 changes of locks, $12 blocks gone, $13 blocks come, $14 who, $15 what it did in both languages or null, $16 EWKB of where or null.
-- Returns the time it was made.
insert into edit (plan_id, revision, kind, blocks, before, after, reverts, request, idempotency_key, grids, locks, gone, come, made_by, said, place)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, st_geomfromewkb($16)) returning made_at;

-- name: PlanAdvance
-- $1 plan, $2 the new revision.
update plan set revision = $2 where id = $1;

-- name: AssignmentMove
-- $1 plan, $2 blocks, $3 grids (0: unassigned), $4 revision.
update assignment a set grid_no = nullif(m.no, 0), revision = $4
from unnest($2::bigint[], $3::integer[]) as m(block_id, no)
where a.plan_id = $1 and a.block_id = m.block_id;

-- name: AssignmentCut
-- $1 plan, $2 blocks that go, $3 blocks that come, $4 revision. Those that come are in no grid yet.
with went as (
  delete from assignment where plan_id = $1 and block_id = any($2)
)
insert into assignment (plan_id, block_id, parent_id, revision) select $1, id, parent_id, $4 from block where id = any($3);

-- name: GridsSay
-- $1 plan, $2 revision, then one array a column: numbers, parents, codes, names, English names, kinds, purposes, bodies, locked, enclaves, gone.
-- Numbers that the plan has not had come into being.
insert into grid (plan_id, revision, no, parent_id, code, name, name_en, kind, purpose, body, locked, enclave, gone, colour)
select $1, $2, g.*, 0 from unnest($3::integer[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::boolean[],
  $12::text[], $13::boolean[]) as g
on conflict (plan_id, no) do update set revision = excluded.revision, code = excluded.code, name = excluded.name, name_en = excluded.name_en,
  kind = excluded.kind, purpose = excluded.purpose, body = excluded.body, locked = excluded.locked, enclave = excluded.enclave, gone = excluded.gone;

-- name: LocksOn
-- $1 plan, then one array a column: blocks, and the two grids of borders; 0 for none.
insert into plan_lock (plan_id, block_id, a, b) select $1, l.* from unnest($2::bigint[], $3::integer[], $4::integer[]) as l on conflict do nothing;

-- name: LocksOff
-- As LocksOn.
delete from plan_lock p using unnest($2::bigint[], $3::integer[], $4::integer[]) as l(block_id, a, b)
where p.plan_id = $1 and p.block_id = l.block_id and p.a = l.a and p.b = l.b;

-- name: PlanLocks
-- $1 plan. Locks on blocks and borders.
select block_id, a, b from plan_lock where plan_id = $1 order by block_id, a, b;

-- name: LockedGrids
-- $1 plan, $2 parents. Codes of the locked grids of the parents, by number.
select code from grid where plan_id = $1 and locked and not gone and parent_id = any($2) order by no;

-- name: LockedBlocks
-- $1 plan, $2 parents. Codes of the locked blocks of the parents, in grids that are not locked themselves; by code.
select b.code from plan_lock l join block b on b.id = l.block_id join assignment a on a.plan_id = l.plan_id and a.block_id = b.id
  join grid g on g.plan_id = a.plan_id and g.no = a.grid_no
where l.plan_id = $1 and b.parent_id = any($2) and not g.locked order by b.code collate "C";

-- name: PlanCuts
-- $1 plan. Blocks of the plan that come from a cut, by id.
select s.block_id from block b join assignment s on s.block_id = b.id where s.plan_id = $1 and b.cut_of is not null order by s.block_id;

-- name: CutBlocks
-- $1 blocks. Them, by id, with the block each was cut from, 0 for none, and its counts by measure.
select b.id, b.code, b.parent_id, b.kind, st_asewkb(b.geom), st_asewkb(b.label), b.area_m2, b.estimated, b.compounds, coalesce(b.cut_of, 0),
  coalesce((select jsonb_object_agg(c.measure, c.count) from block_count c where c.block_id = b.id), '{}'::jsonb)
from block b where b.id = any($1) order by b.id;

-- name: CutBorders
-- $1 blocks, $2 version. Borders of them that live in the version or belong to a cut, by a, b, barrier and name; with their lines and a point on
-- them, null where there are none.
select d.a, d.b, d.barrier, d.name, d.walk, d.metres, st_asewkb(d.geom), st_asewkb(st_pointonsurface(d.geom))
from border d where (d.a = any($1) or d.b = any($1)) and (d.since = d.until or d.since <= $2 and (d.until is null or d.until > $2))
order by d.a, d.b, d.barrier, d.name;

-- name: CutsOf
-- $1 blocks. What cuts of any plan put in their place: the block, and its parts by id; by plan and revision.
select g.id, array_agg(c.id order by c.id)
from edit e cross join unnest(e.gone) as g(id) join block c on c.id = any(e.come) and c.cut_of = g.id
where e.kind in ('cut', 'reshape') and e.gone && $1 and g.id = any($1)
group by e.plan_id, e.revision, g.id order by e.plan_id, e.revision, g.id;

-- name: CutNumbers
-- $1 codes of blocks. Of each the highest number n of a code "code.n" that a block of a cut has or had; codes without such are left out.
select stem, max(number) from (
  select substring(code from '^(.*)\.[0-9]{1,9}$') as stem, substring(code from '\.([0-9]{1,9})$')::bigint as number from block where cut_of is not null) n
where stem = any($1) group by stem order by stem;

-- name: CutBlocksPut
-- $1 codes, $2 parents, $3 kinds, $4 EWKB multipolygons, $5 EWKB labels, $6 areas, $7 estimated, $8 compounds as JSON arrays, $9 version of the
-- ground, $10 the block each was cut from. Returns id and code of each.
insert into block (code, parent_id, kind, geom, label, area_m2, estimated, compounds, since, until, cut_of)
select code, parent_id, kind, st_geomfromewkb(geom), st_geomfromewkb(label), area_m2, estimated,
  array(select jsonb_array_elements_text(compounds)), $9, $9, cut_of
from unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[], $5::bytea[], $6::double precision[], $7::boolean[], $8::jsonb[], $10::bigint[])
  as b(code, parent_id, kind, geom, label, area_m2, estimated, compounds, cut_of)
returning id, code;

-- name: CutBordersPut
-- $1 and $2 the two blocks, $3 metres, $4 barriers, $5 names, $6 whether one can walk across, $7 EWKB of lines or null, $8 version of the ground.
insert into border (a, b, metres, barrier, name, walk, geom, since, until)
select a, b, metres, barrier, name, walk, st_geomfromewkb(geom), $8, $8
from unnest($1::bigint[], $2::bigint[], $3::double precision[], $4::text[], $5::text[], $6::boolean[], $7::bytea[])
  as d(a, b, metres, barrier, name, walk, geom);

-- name: CutThings
-- $1 version of the ground, $2 EWKB box. Buildings and organisations that stood in the box when the version was made, by layer and code: layer,
-- code, compound, EWKB geometry, and what is counted of each now as JSON: [measure, kind, count], by measure and kind.
select f.layer, f.code, f.compound, st_asewkb(f.geom),
  coalesce((select jsonb_agg(jsonb_build_object('Measure', t.measure, 'Kind', t.kind, 'Count', t.count) order by t.measure, t.kind)
    from tally t where t.until is null and t.layer = f.layer and t.code = f.code), '[]'::jsonb)
from feature f, ground g
where g.version = $1 and f.layer in ('building', 'organisation') and f.geom && st_geomfromewkb($2)
  and f.since <= g.import_id and (f.until is null or f.until > g.import_id)
order by f.layer, f.code collate "C";

-- name: GridTouch
-- $1 plan, $2 grid numbers, $3 colours, $4 revision.
update grid g set colour = m.colour, revision = $4
from unnest($2::integer[], $3::smallint[]) as m(no, colour)
where g.plan_id = $1 and g.no = m.no;

-- name: Notify
-- $1 channel, $2 payload: told to listeners when the transaction commits.
select pg_notify($1, $2);

-- name: Listen
-- Notifications of changed plans arrive on this connection from now on.
listen gridwright_plan;
