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
  coalesce(p.job_id, 0), p.created_at, coalesce(l.done, 0), coalesce(l.total, 0), coalesce(l.worst, 0), p.first is not null
from plan p left join lease l on l.job_id = p.job_id
order by p.id desc;

-- name: PlanByID
-- $1 plan. The columns of Plans; no row when there is no such plan.
select p.id, p.name, p.name_version, p.state, p.recipe, p.ground_version, p.revision, p.result, p.failure,
  coalesce(p.job_id, 0), p.created_at, coalesce(l.done, 0), coalesce(l.total, 0), coalesce(l.worst, 0), p.first is not null
from plan p left join lease l on l.job_id = p.job_id
where p.id = $1;

-- name: PlanRevision
-- $1 plan. Its state and revision as they stand.
select state, revision from plan where id = $1;

-- name: Recounted
-- The newest import after which blocks that stay have other counts; 0 for none.
select coalesce(max(import_id), 0) from recount;

-- name: PlanLock
-- $1 plan. The columns a change is judged by; holds the plan to the end of the transaction.
select state, revision, ground_version from plan where id = $1 for update;

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
-- $1 plan. By number.
select no, parent_id, code, name, name_en, colour, revision, dedicated from grid where plan_id = $1 order by no;

-- name: PlanAssignment
-- $1 plan. Every block of the scope with its grid, 0 for unassigned; by block id.
select block_id, coalesce(grid_no, 0) from assignment where plan_id = $1 order by block_id;

-- name: EditsAfter
-- $1 plan, $2 revision, $3 revision. Edits with first < revision <= second, oldest first.
select revision, kind, blocks, before, after, coalesce(reverts, 0), made_at from edit
where plan_id = $1 and revision > $2 and revision <= $3 order by revision;

-- name: EditHeads
-- $1 plan. The log without its blocks, oldest first: what can be undone and redone.
select revision, kind, coalesce(reverts, 0), made_at, cardinality(blocks), coalesce(request ->> 'to', '')
from edit where plan_id = $1 order by revision;

-- name: EditByKey
-- $1 plan, $2 idempotency key. The edit done with it, and the request it answered.
select revision, request from edit where plan_id = $1 and idempotency_key = $2;

-- name: EditPut
-- $1 plan, $2 revision, $3 kind, $4 blocks, $5 before, $6 after, $7 reverts or null, $8 request, $9 idempotency key or null.
-- Returns the time it was made.
insert into edit (plan_id, revision, kind, blocks, before, after, reverts, request, idempotency_key)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning made_at;

-- name: PlanAdvance
-- $1 plan, $2 the new revision.
update plan set revision = $2 where id = $1;

-- name: AssignmentMove
-- $1 plan, $2 blocks, $3 grids (0: unassigned), $4 revision.
update assignment a set grid_no = nullif(m.no, 0), revision = $4
from unnest($2::bigint[], $3::integer[]) as m(block_id, no)
where a.plan_id = $1 and a.block_id = m.block_id;

-- name: AssignmentChangedAfter
-- $1 plan, $2 blocks, $3 revision. Those of the blocks that changed after the revision.
select block_id from assignment where plan_id = $1 and block_id = any($2) and revision > $3 order by block_id;

-- name: GridsChangedAfter
-- $1 plan, $2 grid numbers, $3 revision. Those of the grids that changed after the revision.
select no from grid where plan_id = $1 and no = any($2) and revision > $3 order by no;

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
