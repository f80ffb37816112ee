-- name: PostsBetween
-- $1 plan, $2 day, $3 day. The posts that were there on any day from the one to the other: those on buildings, those placed on grids of the plan
-- with the numbers of these, rising, and those for grids that are placed nowhere, or in plans of the same areas only; each with who held it on the
-- second day, null for nobody. By kind and id.
with placed as (
  select post_id, array_agg(grid_no order by grid_no) as grids from post_grid where plan_id = $1 group by post_id
),
elsewhere as (
  select x.post_id, bool_or(g.parent_id in (select parent_id from plan_parent where plan_id = $1)) as near
  from post_grid x join grid g on (g.plan_id, g.no) = (x.plan_id, x.grid_no) where x.plan_id <> $1 group by x.post_id
)
select p.id, coalesce(p.code, ''), p.kind, p.role, p.full_time, p.building, p.stair_unit, p.lane, p.since::text, coalesce(p.until::text, ''), p.version,
  coalesce(d.grids, '{}'), h.person_id, coalesce(w.code, ''), coalesce(w.name, ''), coalesce(w.phone, ''), coalesce(w.source, ''), coalesce(w.home, ''),
  coalesce(w.area, ''), coalesce(h.since::text, ''), coalesce(h.until::text, '')
from post p left join placed d on d.post_id = p.id left join elsewhere e on e.post_id = p.id
  left join holding h on h.post_id = p.id and h.since <= $3::text::date and (h.until is null or h.until > $3::text::date)
  left join person w on w.id = h.person_id
where p.since <= $3::text::date and (p.until is null or p.until > $2::text::date)
  and (d.post_id is not null or p.building <> '' or e.post_id is null or e.near)
order by p.kind, p.id;

-- name: StaffBuildings
-- $1 blocks. The live buildings in them: code, name, number, compound's code and name, block, stair units (0: not counted), households
-- (-1: not counted); by code.
select f.code, f.name, f.building_no, f.compound, coalesce(c.name, ''), b.id,
  coalesce((select t.count from tally t where t.until is null and t.layer = 'building' and t.code = f.code and t.measure = 'stair_units'
    order by array_position(array['resident', 'registered', 'occupied', ''], t.kind) limit 1), 0)::integer,
  coalesce((select t.count from tally t where t.until is null and t.layer = 'building' and t.code = f.code and t.measure = 'households'
    order by array_position(array['resident', 'registered', 'occupied', ''], t.kind) limit 1), -1)
from feature f
  cross join lateral (select case when geometrytype(f.geom) = 'POINT' then f.geom else st_pointonsurface(f.geom) end as at) i
  join block b on b.id = any($1::bigint[]) and b.geom && i.at and st_covers(b.geom, i.at)
  left join feature c on c.layer = 'compound' and c.code = f.compound and c.until is null
where f.layer = 'building' and f.until is null
order by f.code collate "C", b.code collate "C";

-- name: GridTags
-- $1 plan. What its grids are for, by number.
select grid_no, tags from grid_card where plan_id = $1 order by grid_no;

-- name: GridTagsPut
-- $1 plan, $2 grid, $3 tags.
insert into grid_card (plan_id, grid_no, tags) values ($1, $2, $3)
on conflict (plan_id, grid_no) do update set tags = excluded.tags, version = grid_card.version + 1;

-- name: PeopleFound
-- $1 text in the name, number or organisation, empty for any; $2 source, empty for any; $3 id after which the page begins; $4 how many. People by
-- id, with how many fit, and the posts each holds now: id, kind, since.
with found as materialized (
  select * from person p where ($1 = '' or strpos(lower(p.name), lower($1)) > 0 or strpos(lower(p.code), lower($1)) > 0 or strpos(lower(p.home), lower($1)) > 0)
    and ($2 = '' or p.source = $2)
)
select (select count(*) from found), f.id, coalesce(f.code, ''), f.name, f.phone, f.source, f.home, f.area, f.version,
  coalesce((select jsonb_agg(jsonb_build_object('post', o.id, 'kind', o.kind, 'full_time', o.full_time, 'since', h.since) order by o.id)
    from holding h join post o on o.id = h.post_id where h.person_id = f.id and h.until is null and o.until is null), '[]')
from found f where f.id > $3 order by f.id limit $4;

-- name: PersonByID
-- $1 person. The person, and all posts the person holds or held: post, kind, full-time, from and to, newest first; no row when there is none.
select p.id, coalesce(p.code, ''), p.name, p.phone, p.source, p.home, p.area, p.version,
  coalesce((select jsonb_agg(jsonb_build_object('post', o.id, 'kind', o.kind, 'full_time', o.full_time, 'since', h.since, 'until', h.until) order by h.since desc, o.id)
    from holding h join post o on o.id = h.post_id where h.person_id = p.id), '[]')
from person p where p.id = $1;

-- name: PersonPut
-- $1 number or null, $2 name, $3 telephone, $4 source, $5 organisation, $6 area. Returns the id.
insert into person (code, name, phone, source, home, area) values ($1, $2, $3, $4, $5, $6) returning id;

-- name: PersonSet
-- $1 person, $2 number or null, $3 name, $4 telephone, $5 source, $6 organisation, $7 area, $8 the version that is changed. Returns the new
-- version; no row when it is not the newest.
update person set code = $2, name = $3, phone = $4, source = $5, home = $6, area = $7, version = version + 1 where id = $1 and version = $8 returning version;

-- name: PersonNumberTaken
-- $1 number, $2 person or 0. Whether somebody else has the number.
select exists (select 1 from person where code = $1 and id <> $2);

-- name: PostLock
-- $1 post. Its kind, version, since and until (empty for none), number, whether it is full-time, and lane; holds it to the end of the transaction.
select kind, version, since::text, coalesce(until::text, ''), coalesce(code, ''), full_time, lane from post where id = $1 for update;

-- name: PostVersion
-- $1 post.
select version from post where id = $1;

-- name: PostPut
-- $1 number or null, $2 kind, $3 role, $4 full-time, $5 building, $6 stair unit, $7 lane, $8 since. Returns the id.
insert into post (code, kind, role, full_time, building, stair_unit, lane, since) values ($1, $2, $3, $4, $5, $6, $7, $8::text::date) returning id;

-- name: PostSet
-- $1 post, $2 number or null, $3 full-time, $4 until or null.
update post set code = $2, full_time = $3, until = $4::text::date, version = version + 1 where id = $1 returning version;

-- name: PostsTouch
-- $1 posts.
update post set version = version + 1 where id = any($1);

-- name: PostNumberTaken
-- $1 number, $2 post or 0. Whether another post has the number.
select exists (select 1 from post where code = $1 and id <> $2);

-- name: BuildingPosted
-- $1 building, $2 stair unit, $3 kind. Whether there is such a post, and whether there is such a building.
select exists (select 1 from post where building = $1 and stair_unit = $2 and kind = $3 and until is null),
  exists (select 1 from feature where layer = 'building' and code = $1 and until is null);

-- name: HoldingOpen
-- $1 post. Who holds it, by name, and since when; no row when nobody does.
select h.person_id, w.name, h.since::text from holding h join person w on w.id = h.person_id where h.post_id = $1 and h.until is null;

-- name: HoldingPut
-- $1 post, $2 person, $3 since, $4 until or null. Who left it on the very day takes it up again.
insert into holding (post_id, person_id, since, until) values ($1, $2, $3::text::date, $4::text::date)
on conflict (post_id, person_id, since) do update set until = excluded.until;

-- name: HoldingEnd
-- $1 post, $2 day. Who holds it leaves it on the day.
update holding set until = greatest(since, $2::text::date) where post_id = $1 and until is null;

-- name: HoldingsOf
-- $1 person. The posts the person holds: id and since when; held to the end of the transaction. By id.
select h.post_id, h.since::text from holding h where h.person_id = $1 and h.until is null order by h.post_id for update;

-- name: HoldingOverlaps
-- $1 post, $2 since, $3 until or null, $4 person who is not looked at. The name of somebody who holds the post at that time; no row for nobody.
select w.name from holding h join person w on w.id = h.person_id
where h.post_id = $1 and h.person_id <> $4 and daterange(h.since, h.until) && daterange($2::text::date, $3::text::date) order by h.since limit 1;

-- name: PostGridsOff
-- $1 plan, $2 post. The post leaves its grids of the plan.
delete from post_grid where plan_id = $1 and post_id = $2;

-- name: PostGridsOn
-- $1 plan, $2 post, $3 grids.
insert into post_grid (plan_id, grid_no, post_id) select $1, unnest($3::integer[]), $2 on conflict do nothing;

-- name: GridPosted
-- $1 plan, $2 grids, $3 kind, $4 post that is not looked at, $5 lane. The number of a grid that has a post of the kind; no row for none.
select x.grid_no from post_grid x join post p on p.id = x.post_id
where x.plan_id = $1 and x.grid_no = any($2) and p.kind = $3 and p.until is null and p.id <> $4 and p.lane = $5 order by x.grid_no limit 1;

-- name: PostsOnGrids
-- $1 plan. Posts on its grids: post and grid, by post and grid.
select post_id, grid_no from post_grid where plan_id = $1 order by post_id, grid_no;

-- name: PartyOnGrids
-- $1 plan. The primary branches of its grids: organisation and grid, by grid.
select org_id, grid_no from party_grid where plan_id = $1 order by grid_no;

-- name: RosterPeople
-- All people, by id.
select id, coalesce(code, ''), name, phone, source, home, area, version from person order by id;

-- name: RosterPosts
-- $1 plan. The posts that are there, with their grids in the plan and who holds each, by id: the columns of PostsBetween.
select p.id, coalesce(p.code, ''), p.kind, p.role, p.full_time, p.building, p.stair_unit, p.lane, p.since::text, '', p.version,
  coalesce((select array_agg(x.grid_no order by x.grid_no) from post_grid x where x.plan_id = $1 and x.post_id = p.id), '{}'),
  h.person_id, '', coalesce(w.name, ''), '', '', '', '', coalesce(h.since::text, ''), ''
from post p left join holding h on h.post_id = p.id and h.until is null left join person w on w.id = h.person_id
where p.until is null order by p.id;

-- name: RosterGrids
-- $1 plan. Its grids: number, code, name and English name, the code and name of the parent, whether it is gone; by number.
select g.no, g.code, g.name, g.name_en, a.code, a.name, g.gone from grid g join area a on a.id = g.parent_id where g.plan_id = $1 order by g.no;

-- name: PeopleReserve
-- $1 how many ids of people, $2 of posts. The ids, people first.
select nextval(pg_get_serial_sequence('gridwright.person', 'id')) from generate_series(1, $1)
union all
select nextval(pg_get_serial_sequence('gridwright.post', 'id')) from generate_series(1, $2);

-- name: PeopleSet
-- Arrays, one entry a person: $1 ids, $2 numbers (empty: none), $3 telephones, $4 sources, $5 organisations, $6 areas.
update person p set code = nullif(n.code, ''), phone = n.phone, source = n.source, home = n.home, area = n.area, version = version + 1
from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) as n(id, code, phone, source, home, area) where p.id = n.id;

-- name: HoldingsEnd
-- Arrays, one entry a holding: $1 posts, $2 people, $3 since, $4 until.
update holding h set until = n.until::date from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) as n(post_id, person_id, since, until)
where h.post_id = n.post_id and h.person_id = n.person_id and h.since = n.since::date;

-- name: PostGridsLeave
-- $1 plan, arrays: $2 posts, $3 grids they leave.
delete from post_grid x using unnest($2::bigint[], $3::integer[]) as n(post_id, grid_no) where x.plan_id = $1 and x.post_id = n.post_id and x.grid_no = n.grid_no;

-- name: PlanNewest
-- The newest plan that has a result; no row when there is none.
select id from plan where revision > 0 order by id desc limit 1;

-- name: PartyOrgs
-- $1 plan or 0, $2 day, $3 day, $4 code or empty for all. The party organisations that were there on any day from the one to the other, each as it
-- is on the second, with whom it belongs to and the grids of the plan whose primary branch it is; by code.
select o.id, o.code, o.name, o.level, o.kind, o.area, o.building, o.compounds, o.members, o.member_households, o.exception, o.since::text,
  coalesce(o.until::text, ''), coalesce(f.above, ''), coalesce(f.since::text, ''),
  coalesce((select array_agg(x.grid_no order by x.grid_no) from party_grid x where x.plan_id = $1 and x.org_id = o.id), '{}'), o.version
from party_org o left join party_affiliation f on f.org_id = o.id and f.since <= $3::text::date and (f.until is null or f.until > $3::text::date)
where o.since <= $3::text::date and (o.until is null or o.until > $2::text::date) and ($4 = '' or o.code = $4)
order by o.code collate "C";

-- name: PartyOrgPut
-- $1 code, $2 name, $3 level, $4 kind, $5 area, $6 building, $7 compounds, $8 members, $9 member households, $10 exception, $11 since. Returns the
-- id; no row when the code is taken.
insert into party_org (code, name, level, kind, area, building, compounds, members, member_households, exception, since)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::date) on conflict (code) do nothing returning id;

-- name: PartyOrgSet
-- $1 code, $2 name, $3 level, $4 kind, $5 area, $6 building, $7 compounds, $8 members, $9 member households, $10 exception, $11 until or null, $12
-- the version that is changed. Returns the new version; no row when it is not the newest.
update party_org set name = $2, level = $3, kind = $4, area = $5, building = $6, compounds = $7, members = $8, member_households = $9, exception = $10,
  until = $11::text::date, version = version + 1
where code = $1 and version = $12 returning version;

-- name: PartyOrgID
-- $1 code. The organisation's id; no row when there is none.
select id from party_org where code = $1 for update;

-- name: PartyGridsOff
-- $1 plan, $2 organisation. It is the primary branch of no grid of the plan any more.
delete from party_grid where plan_id = $1 and org_id = $2;

-- name: PartyGridsOn
-- $1 plan, $2 organisation, $3 grids. It becomes their primary branch, in place of any other.
insert into party_grid (plan_id, grid_no, org_id) select $1, unnest($3::integer[]), $2
on conflict (plan_id, grid_no) do update set org_id = excluded.org_id;

-- name: AffiliationOpen
-- $1 organisation. Since when it belongs to whom it does; no row where that is not said.
select since::text from party_affiliation where org_id = $1 and until is null;

-- name: AffiliationEnd
-- $1 organisation, $2 day. It belongs to whom it did up to the day.
update party_affiliation set until = greatest(since, $2::text::date) where org_id = $1 and until is null;

-- name: AffiliationPut
-- $1 organisation, $2 whom it belongs to, $3 since, $4 reason. One begun the same day is replaced.
insert into party_affiliation (org_id, above, since, reason) values ($1, $2, $3::text::date, $4)
on conflict (org_id, since) do update set above = excluded.above, reason = excluded.reason, until = null;

-- name: Affiliations
-- $1 code. Whom an organisation belonged to: above, since, until, reason; newest first.
select f.above, f.since::text, coalesce(f.until::text, ''), f.reason from party_affiliation f join party_org o on o.id = f.org_id
where o.code = $1 order by f.since desc;

-- name: AffiliationLoops
-- $1 code of an organisation, $2 code it is to belong to. Whether that belongs to it already, through any others.
with recursive up as (
  select o.code, f.above from party_org o join party_affiliation f on f.org_id = o.id and f.until is null where o.code = $2
  union
  select o.code, f.above from up join party_org o on o.code = up.above join party_affiliation f on f.org_id = o.id and f.until is null
)
select $1 = $2 or exists (select 1 from up where above = $1);

-- name: Committees
-- $1 day. The areas that have a committee on it: code and kind, by code.
select area, kind from area_committee where since <= $1::text::date and (until is null or until > $1::text::date) order by area collate "C", kind;

-- name: CommitteesPut
-- $1 codes of areas, $2 kind, $3 since. Those that have one keep it.
insert into area_committee (area, kind, since) select distinct a, $2, $3::text::date from unnest($1::text[]) a
where not exists (select from area_committee c where c.area = a and c.kind = $2 and c.until is null)
on conflict (area, kind, since) do update set until = null;

-- name: CommitteesEnd
-- $1 codes of areas, $2 kind, $3 day.
update area_committee set until = greatest(since, $3::text::date) where area = any($1) and kind = $2 and until is null;
