-- name: PlanArchive
-- $1 plan, $2 put away or taken out again, $3 the version of its name the change is based on. Returns the new version; no row when it is
-- not the newest.
update plan set archived_at = case when $2 then coalesce(archived_at, now()) end, name_version = name_version + 1
where id = $1 and name_version = $3 returning name_version;

-- name: PlanFound
-- $1 plan, $2 findings, $3 what it was when they were counted.
update plan set found = $2, found_for = $3 where id = $1 and (found, found_for) is distinct from ($2, $3);

-- name: PlanDependents
-- $1 plan. How much hangs on it: divisions published from it, comments, posts placed in it, plans made from it.
select (select count(*) from division where plan_id = $1), (select count(*) from plan_comment where plan_id = $1),
  (select count(distinct post_id) from post_grid where plan_id = $1),
  (select count(*) from plan where recipe ->> 'keep' = $1::text or recipe ->> 'base' = $1::text or recipe ->> 'copy' = $1::text);

-- name: PlanDelete
-- $1 plan. It goes with all that hangs on it.
with
gone_places as (delete from assignment where plan_id = $1),
gone_edits as (delete from edit where plan_id = $1),
gone_grids as (delete from grid where plan_id = $1),
gone_waivers as (delete from waiver where plan_id = $1),
gone_parents as (delete from plan_parent where plan_id = $1)
delete from plan where id = $1;

-- name: PlanDuplicate
-- $1 plan, $2 name, $3 idempotency key or null. Another plan that is as this one is now, with a log of its own; returns its id, no row when
-- the key is taken.
insert into plan (name, recipe, ground_version, state, result, revision, idempotency_key)
select $2, recipe || jsonb_build_object('copy', id::text, 'copy_at', revision), ground_version, state, result, 1, $3 from plan where id = $1
on conflict (idempotency_key) do nothing returning id;

-- name: PlanDuplicateParents
-- $1 plan, $2 its copy.
insert into plan_parent (plan_id, parent_id, grids, result) select $2, parent_id, grids, result from plan_parent where plan_id = $1;

-- name: PlanDuplicateGrids
-- $1 plan, $2 its copy. Grids keep their numbers.
insert into grid select (jsonb_populate_record(g, jsonb_build_object('plan_id', $2::bigint, 'revision', 1))).* from grid g where plan_id = $1;

-- name: PlanDuplicateAssignment
-- $1 plan, $2 its copy.
insert into assignment (plan_id, block_id, parent_id, grid_no, revision) select $2, block_id, parent_id, grid_no, 1 from assignment where plan_id = $1;

-- name: PlanDuplicateLocks
-- $1 plan, $2 its copy.
insert into plan_lock (plan_id, block_id, a, b) select $2, block_id, a, b from plan_lock where plan_id = $1;

-- name: PlanDuplicateBounds
-- $1 plan, $2 its copy. Four bounds that were written, and where somebody walked along a border: the borders are the same.
with
walked as (
  insert into walk select (jsonb_populate_record(w, jsonb_build_object('plan_id', $2::bigint))).* from walk w where plan_id = $1
)
insert into four_bounds select (jsonb_populate_record(b, jsonb_build_object('plan_id', $2::bigint))).* from four_bounds b where plan_id = $1;

-- name: PlanDuplicateEdit
-- $1 plan, $2 its copy. The first entry of the copy's log: all blocks to their grids.
insert into edit (plan_id, revision, kind, blocks, before, after, request)
select $2, 1, 'propose', array_agg(block_id order by block_id), array_agg(0 order by block_id), array_agg(coalesce(grid_no, 0) order by block_id),
  jsonb_build_object('to', (select name from plan where id = $1))
from assignment where plan_id = $1;

-- name: Comments
-- $1 plan. Newest first.
select id, coalesce(grid_no, 0), coalesce(other_no, 0), grid, other, st_x(at), st_y(at), words, made_by, revision, made_at, resolved_at, resolved_by
from plan_comment where plan_id = $1 order by id desc;

-- name: CommentPut
-- $1 plan, $2 grid or null, $3 the other or null, $4 and $5 what they are called, $6 and $7 longitude and latitude, $8 words, $9 who, $10 revision.
insert into plan_comment (plan_id, grid_no, other_no, grid, other, at, words, made_by, revision)
values ($1, $2, $3, $4, $5, st_setsrid(st_makepoint($6, $7), 4490), $8, $9, $10) returning id;

-- name: CommentResolve
-- $1 plan, $2 comment, $3 settled or open again, $4 who. No row when there is none.
update plan_comment set resolved_at = case when $3 then coalesce(resolved_at, now()) end, resolved_by = case when $3 then $4 else '' end
where plan_id = $1 and id = $2 returning id;

-- name: CommentDelete
-- $1 plan, $2 comment.
delete from plan_comment where plan_id = $1 and id = $2;

-- name: PlanThings
-- $1 plan, $2 what is looked for in lower case without blanks, $3 how many. Live buildings, compounds and organisations
-- whose code, name or number holds it, with the block of the plan each stands on; exact ones first.
select f.layer, f.code, f.name, f.compound, f.building_no, coalesce(c.name, ''), a.block_id, st_x(x.at), st_y(x.at)
from feature f
  left join feature c on f.compound <> '' and c.layer = 'compound' and c.code = f.compound and c.until is null
  cross join lateral (select case when geometrytype(f.geom) = 'POINT' then f.geom else st_pointonsurface(f.geom) end as at) x
  join block b on b.geom && x.at and st_covers(b.geom, x.at)
  join assignment a on a.plan_id = $1 and a.block_id = b.id
where f.until is null and f.layer in ('building', 'compound', 'organisation')
  and (strpos(replace(lower(f.code), ' ', ''), $2) > 0 or strpos(replace(lower(f.name), ' ', ''), $2) > 0
    or strpos(replace(lower(coalesce(c.name, '') || f.building_no), ' ', ''), $2) > 0)
order by replace(lower(f.code), ' ', '') <> $2 and replace(lower(f.name), ' ', '') <> $2, f.layer desc, f.code collate "C" limit $3;
