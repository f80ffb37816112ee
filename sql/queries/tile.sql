-- name: LayersSeen
-- What is committed now, as the text of a snapshot.
select pg_current_snapshot()::text;

-- name: LayerChanges
-- $1 snapshot. What changed in layers since then, each layer with the ids of its rows or null, and what is committed now; one row
-- with a null layer where nothing did.
select c.layer, c.ids, pg_current_snapshot()::text
from (values (1)) one left join layer_change c
  on c.made_in >= pg_snapshot_xmin($1::pg_snapshot) and not pg_visible_in_snapshot(c.made_in, $1::pg_snapshot);

-- name: LayerChangesForget
-- Takes away what every server has seen long since.
delete from layer_change where made_at < now() - interval '1 day';

-- name: LayerSize
-- $1 layer. How many things there are in it now.
select case
  when $1 = 'block' then (select count(*) from block where until is null)
  when $1 = 'border' then (select count(*) from border where until is null and barrier <> '')
  when $1 in ('region', 'city', 'county', 'subdistrict', 'community', 'large_grid') then (select count(*) from area where level = $1)
  else (select count(*) from feature where until is null and layer = $1) end;

-- name: LayerDrawn
-- $1 layer, $2 ids or null for all. What tiles show of a layer's things as they are now, those that have a geometry; texts are code,
-- name and name_en of areas, code and kind of blocks, barrier and name of borders, else code, name and class. By id.
select id, texts, walk, st_asewkb(geom) from (
  select a.id, array[a.code, a.name, a.name_en] as texts, true as walk, a.geom from area a
  where a.level = $1 and ($2::bigint[] is null or a.id = any($2)) and a.geom is not null
  union all
  select b.id, array[b.code, b.kind], true, b.geom from block b
  where $1 = 'block' and b.until is null and ($2::bigint[] is null or b.id = any($2))
  union all
  select d.id, array[d.barrier, d.name], d.walk, d.geom from border d
  where $1 = 'border' and d.until is null and d.barrier <> '' and d.geom is not null and ($2::bigint[] is null or d.id = any($2))
  union all
  select f.id, array[f.code, f.name, f.class], true, f.geom from feature f
  where f.layer = $1 and f.until is null and ($2::bigint[] is null or f.id = any($2))
) s order by id;

-- name: ListenToLayers
-- Notifications of changed layers arrive on this connection from now on.
listen gridwright_layer;
