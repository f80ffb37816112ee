-- name: WorkerBeat
-- $1 worker. This process works the queue and lives.
insert into worker (id) values ($1) on conflict (id) do update set beat_at = now();

-- name: WorkerGone
-- $1 worker. It leaves of itself.
delete from worker where id = $1;

-- name: WorkersAlive
-- $1 seconds. Whether any worker beat within them.
select exists (select 1 from worker where beat_at > now() - make_interval(secs => $1));

-- name: LeaseTake
-- $1 job, $2 attempt, $3 worker. The newest attempt holds the lease.
insert into lease (job_id, attempt, worker) values ($1, $2, $3)
on conflict (job_id) do update set attempt = excluded.attempt, worker = excluded.worker, beat_at = now(), stage = '', done = 0, total = 0, worst = 0
where lease.attempt <= excluded.attempt;

-- name: LeaseBeat
-- $1 job, $2 attempt, $3 stage, $4 done, $5 total, $6 worst. No row when the lease went to a later attempt.
update lease set beat_at = now(), stage = $3, done = $4, total = $5, worst = $6 where job_id = $1 and attempt = $2 returning job_id;

-- name: LeaseHolds
-- $1 job, $2 attempt. Holds the lease to the end of the transaction; no row when it went to a later attempt.
select job_id from lease where job_id = $1 and attempt = $2 for update;

-- name: LeasesLost
-- $1 seconds. Running jobs whose lease has not been beaten for so long are made available again: their process is gone.
-- A job that runs without a lease yet is given the same time from its start. Returns the jobs.
update river_job j set state = 'available', scheduled_at = now(), max_attempts = greatest(j.max_attempts, j.attempt + 1)
where j.state = 'running' and j.kind in ('split', 'ground_build', 'import')
  and coalesce((select l.beat_at from lease l where l.job_id = j.id and l.attempt = j.attempt), j.attempted_at) < now() - make_interval(secs => $1)
returning j.id;

-- name: WorkersForget
-- Workers that have been silent for an hour are forgotten.
delete from worker where beat_at < now() - interval '1 hour';
