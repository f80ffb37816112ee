-- name: SubscriptionPut
-- $1 name, $2 URL, $3 secret, $4 areas, $5 parts. Returns the new subscription.
insert into subscription (name, url, secret, areas, parts) values ($1, $2, $3, $4, $5) returning id;

-- name: SubscriptionAreasUnknown
-- $1 codes. Those that no area has.
select c from unnest($1::text[]) c where not exists (select from area a where a.code = c);

-- name: Subscriptions
-- $1 subscription or null for all. Those that have not ended, by id: what they are and how many deliveries wait, were made, were given up.
select s.id, s.name, s.url, s.secret, s.areas, s.parts, s.made_at,
  count(d.id) filter (where d.delivered_at is null and d.given_up_at is null), count(d.delivered_at), count(d.given_up_at), max(d.delivered_at)
from subscription s left join delivery d on d.subscription_id = s.id
where s.ended_at is null and ($1::bigint is null or s.id = $1)
group by s.id order by s.id;

-- name: SubscriptionEnd
-- $1 subscription.
update subscription set ended_at = now() where id = $1 and ended_at is null returning id;

-- name: Deliveries
-- $1 subscription, $2 id to go on before or null, $3 how many. Its deliveries, newest first.
select d.id, d.change_id, c.kind, c.division_id, to_char(c.effective, 'YYYY-MM-DD'), d.attempts, d.tried_at, d.next_at, d.status, d.said, d.delivered_at,
  d.given_up_at
from delivery d join change c on c.id = d.change_id
where d.subscription_id = $1 and ($2::bigint is null or d.id < $2)
order by d.id desc limit $3;

-- name: DeliveriesQueue
-- Deliveries no job sees to yet are marked as seen to, and returned by id.
with mine as (update delivery set queued = true where not queued returning id) select id from mine order by id;

-- name: DeliveryReplay
-- $1 delivery. It is to be made again, whatever became of it; none when it is still under way.
update delivery d set queued = false, attempts = 0, next_at = now(), status = null, said = '{}', delivered_at = null, given_up_at = null
where d.id = $1 and (d.delivered_at is not null or d.given_up_at is not null)
  and exists (select from subscription s where s.id = d.subscription_id and s.ended_at is null)
returning id;

-- name: DeliveryBegin
-- $1 delivery. What is to be told to whom; none when that is done or nobody wants it any more.
update delivery d set attempts = attempts + 1, tried_at = now() from subscription s, change c
where d.id = $1 and d.delivered_at is null and d.given_up_at is null and s.id = d.subscription_id and s.ended_at is null and c.id = d.change_id
returning s.url, s.secret, s.parts, d.attempts, c.id, c.at, c.kind, c.division_id, coalesce(c.by_division, 0), to_char(c.effective, 'YYYY-MM-DD'), c.payload;

-- name: DeliveryTried
-- $1 delivery, $2 status or null, $3 what went wrong by language, $4 seconds to the next attempt: 0 when it was delivered, null when it is given up.
update delivery set status = $2, said = $3, next_at = now() + make_interval(secs => coalesce($4, 0)),
  delivered_at = case when $4 = 0 then now() end, given_up_at = case when $4::float8 is null then now() end
where id = $1;

-- name: DivisionResponsible
-- $1 division, $2 day. Who is responsible for its grids that day: the grid, its people's posts and names, no numbers to call.
select g.code, p.kind, p.role, p.full_time, o.name
from division d
join division_grid g on g.division_id = d.id
join post_grid pg on pg.plan_id = d.plan_id and pg.grid_no = g.no
join post p on p.id = pg.post_id and p.since <= $2::text::date and (p.until is null or p.until > $2::text::date)
join holding h on h.post_id = p.id and h.since <= $2::text::date and (h.until is null or h.until > $2::text::date)
join person o on o.id = h.person_id
where d.id = $1
order by g.code collate "C", array_position(array['supervisor', 'grid_lead', 'grid_worker'], p.kind), p.role collate "C", o.name collate "C", p.id;
