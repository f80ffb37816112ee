-- name: LinkBlocks
-- $1 codes. The live blocks with these codes: id, code, parent; by code.
select id, code, parent_id from block where until is null and code = any($1) order by code;

-- name: LinkPut
-- $1 and $2 codes (a < b), $3 reason, $4 since. Returns the id; no row when the two are linked already.
insert into link (a, b, reason, since) values ($1, $2, $3, $4) on conflict (a, b) where until is null do nothing returning id;

-- name: LinkEnd
-- $1 link, $2 version. No row when there is no such link in force.
update link set until = $2 where id = $1 and until is null returning id;

-- name: Links
-- The links in force, by codes.
select id, a, b, reason from link where until is null order by a, b;

-- name: GroundLinks
-- $1 parents, $2 version. Links between blocks of one of the parents that both live at the version, by id.
select x.id, y.id, l.reason from link l
join block x on x.code = l.a and x.since <= $2 and (x.until is null or x.until > $2)
join block y on y.code = l.b and y.since <= $2 and (y.until is null or y.until > $2)
where x.parent_id = any($1) and x.parent_id = y.parent_id and l.since <= $2 and (l.until is null or l.until > $2)
order by l.id;
