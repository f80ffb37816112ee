-- name: SessionPut
-- $1 name. A file that is being received. Returns the id.
insert into import_session (name) values ($1) returning id;

-- name: ChunkPut
-- $1 session, $2 number, $3 bytes. No row when the session is gone.
with touched as (update import_session set touched_at = now() where id = $1 and state = 'receiving' returning id)
insert into import_chunk (session_id, no, bytes) select id, $2, $3 from touched returning no;

-- name: Chunks
-- $1 session, $2 number. One piece of its bytes, in order from 0; no row behind the last.
select bytes from import_chunk where session_id = $1 and no = $2;

-- name: SessionReceived
-- $1 session, $2 size, $3 sha256. All bytes are there.
update import_session set size = $2, sha256 = $3, state = 'open', touched_at = now() where id = $1 and state = 'receiving';

-- name: Sessions
-- $1 how many, $2 only smaller ids or null. Newest first; without inspections, and of reports what can be listed without their lists.
select s.id, s.name, s.size, s.sha256, s.way, s.state, s.version, s.decisions, null::jsonb,
  (select jsonb_object_agg(r.key, r.value - array['refused', 'findings', 'notes']) from jsonb_each(s.report) r), s.failure, coalesce(s.job_id, 0),
  coalesce(s.import_id, 0), s.made_at, s.touched_at, s.ended_at, coalesce(jsonb_array_length(s.refused->'rows'), 0),
  coalesce(l.stage, ''), coalesce(l.done, 0), coalesce(l.total, 0)
from import_session s left join lease l on l.job_id = s.job_id
where s.state <> 'receiving' and ($2::bigint is null or s.id < $2) order by s.id desc limit $1;

-- name: SessionCount
-- How many sessions Sessions has in all.
select count(*) from import_session where state <> 'receiving';

-- name: SessionByID
-- $1 session. The columns of Sessions, with the inspection; no row when there is none.
select s.id, s.name, s.size, s.sha256, s.way, s.state, s.version, s.decisions, s.inspection, s.report, s.failure, coalesce(s.job_id, 0),
  coalesce(s.import_id, 0), s.made_at, s.touched_at, s.ended_at, coalesce(jsonb_array_length(s.refused->'rows'), 0),
  coalesce(l.stage, ''), coalesce(l.done, 0), coalesce(l.total, 0)
from import_session s left join lease l on l.job_id = s.job_id where s.id = $1;

-- name: SessionDecide
-- $1 session, $2 version, $3 decisions. A trial is void then. The new version; no row when the version is another, or something is under way.
update import_session set decisions = $3, version = version + 1, state = 'open', report = null, preview = null, refused = null, digest = '',
  failure = null, touched_at = now()
where id = $1 and version = $2 and state in ('open', 'tried') returning version;

-- name: SessionStep
-- $1 session, $2 states it may be in, $3 state. Begins a step; no row when it cannot begin.
update import_session set state = $3, failure = null, touched_at = now() where id = $1 and state = any($2) returning id;

-- name: SessionJob
-- $1 session, $2 job.
update import_session set job_id = $2 where id = $1;

-- name: SessionBegin
-- $1 session, $2 state. What the step needs; no row when it is no longer wanted.
select name, decisions, digest from import_session where id = $1 and state = $2;

-- name: SessionEnd
-- $1 session, $2 the step's state, $3 the state then, $4 inspection, $5 report, $6 preview, $7 refused, $8 digest, $9 failure; null leaves
-- what is there, but for the failure. No row when the step is no longer wanted.
update import_session set state = $3, inspection = coalesce($4, inspection), report = coalesce($5, report), preview = coalesce($6, preview),
  refused = coalesce($7, refused), digest = coalesce($8, digest), failure = $9, touched_at = now()
where id = $1 and state = $2 returning id;

-- name: SessionInspected
-- $1 session. Whether it was looked at before.
select inspection is not null from import_session where id = $1;

-- name: SessionCommit
-- $1 session, $2 import, $3 report. It is stored: what only its trial needed goes. No row when it is no longer wanted.
with gone as (delete from import_chunk where session_id = $1)
update import_session set state = 'committed', import_id = $2, report = $3, preview = null, inspection = null, ended_at = now(), touched_at = now()
where id = $1 and state = 'committing' returning id;

-- name: SessionKeep
-- $1 import, $2 name, $3 size, $4 sha256, $5 decisions, $6 report, $7 refused rows or null. A file that the command line stored.
insert into import_session (name, size, sha256, way, state, decisions, report, refused, import_id, ended_at)
values ($2, $3, $4, 'command', 'committed', $5, $6, $7, $1, now());

-- name: SessionBytesDrop
-- $1 session. Its bytes, once they are of no use any more.
delete from import_chunk where session_id = $1;

-- name: SessionDrop
-- $1 session. No row when there is none, or it is stored and kept for good.
with dropped as (delete from import_session where id = $1 and state <> 'committed' returning id, job_id),
  -- its jobs that have ended, and whoever held them
  jobs as (delete from river_job j using dropped d where j.kind = 'import' and (j.args->>'session')::bigint = d.id and j.state <> 'running' returning j.id),
  leases as (delete from lease using jobs where lease.job_id = jobs.id)
select id from dropped;

-- name: SessionsSweep
-- $1 seconds, $2 seconds. Gives up what nobody has touched for so long, and what was not received within the second; returns how many.
with dropped as (delete from import_session where state in ('open', 'tried', 'failed') and touched_at < now() - make_interval(secs => $1)
  or state = 'receiving' and touched_at < now() - make_interval(secs => $2) returning id)
select count(*) from dropped;

-- name: SessionPreview
-- $1 session. The preview and the digest; null before a trial.
select preview, digest from import_session where id = $1;

-- name: SessionRefused
-- $1 session. The refused rows, null for none.
select name, refused from import_session where id = $1;

-- name: Templates
-- All templates, by name.
select name, decisions, columns, saved_at from import_template order by name collate "C";

-- name: TemplateByName
-- $1 name. No row when there is none.
select name, decisions, columns, saved_at from import_template where name = $1;

-- name: TemplatePut
-- $1 name, $2 decisions, $3 columns.
insert into import_template (name, decisions, columns) values ($1, $2, $3)
on conflict (name) do update set decisions = excluded.decisions, columns = excluded.columns, saved_at = now();

-- name: TemplateDrop
-- $1 name. Returns it; no row when there is none.
delete from import_template where name = $1 returning name;

-- name: ImportMoves
-- $1 import, $2 whether it is a table of counts. By what became of features and blocks: how many there are (measure empty, in after), and the
-- sums of their counts before and after it, by measure.
with fates as materialized (select * from import_fates($1, $2)),
  -- counts of features
  tallies as (
    select f.status, t.measure, sum(t.count) filter (where t.since < $1 and (t.until is null or t.until >= $1)) as before,
      sum(t.count) filter (where t.since <= $1 and (t.until is null or t.until > $1)) as after
    from fates f join tally t on t.layer = f.layer and t.code = f.code group by 1, 2),
  -- counts of blocks
  counts as (
    select f.status, c.measure, sum(c.count) filter (where b.until = g.version) as before, sum(c.count) filter (where b.since = g.version) as after
    from ground g join block b on b.cut_of is null and (b.since = g.version or b.until = g.version)
      join fates f on f.layer = 'block' and f.code = b.code join block_count c on c.block_id = b.id
    where g.import_id = $1 group by 1, 2)
select status, '' as measure, 0::bigint as before, count(*) as after from fates group by status
union all select status, measure, coalesce(before, 0)::bigint, coalesce(after, 0)::bigint from tallies
union all select status, measure, coalesce(before, 0)::bigint, coalesce(after, 0)::bigint from counts
order by 1, 2;

-- name: ImportDrawn
-- $1 import, $2 whether it is a table of counts, $3 layer, $4 codes of the file, $5 how many, $6 points a shape may have. What became of
-- features and blocks, with their shapes as they are after it, or were before if they are gone: first changed, gone, then new, then some of the unchanged.
with fates as materialized (select * from import_fates($1, $2)),
  -- the newest row of each
  shapes as (
    select x.layer, x.code, x.status, f.name, f.geom, row_number() over (partition by x.layer, x.code order by f.id desc) as age
    from fates x join feature f on f.layer = x.layer and f.code = x.code where x.layer <> 'block'
    union all
    select x.layer, x.code, x.status, '', b.geom, row_number() over (partition by x.code order by b.id desc)
    from fates x join block b on b.code = x.code and b.cut_of is null where x.layer = 'block'
    union all
    select f.layer, f.code, 'unchanged', f.name, f.geom, 1 from feature f
    where f.layer = $3 and f.code = any($4) and f.until is null and not exists (select 1 from fates x where x.layer = f.layer and x.code = f.code)
    union all
    select 'block', b.code, 'unchanged', '', b.geom, 1 from block b
    where $3 = 'block' and b.code = any($4) and b.until is null and not exists (select 1 from fates x where x.layer = 'block' and x.code = b.code))
select status, layer, code, name, st_asgeojson(geom, 7, 0) from shapes where age = 1 and st_npoints(geom) <= $6
order by array_position(array['changed', 'gone', 'new', 'unchanged'], status), layer, code collate "C" limit $5;
