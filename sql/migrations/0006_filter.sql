-- +goose Up

-- +goose StatementBegin
create function lies(thing geometry, relations text[], places bytea[]) returns jsonb language sql stable parallel safe as $$
  select coalesce(jsonb_agg(case r.relation
      when 'intersects' then st_intersects(thing, r.place) when 'disjoint' then st_disjoint(thing, r.place)
      when 'equals' then st_equals(thing, r.place) when 'touches' then st_touches(thing, r.place)
      when 'within' then st_within(thing, r.place) when 'contains' then st_contains(thing, r.place)
      when 'overlaps' then st_overlaps(thing, r.place) when 'crosses' then st_crosses(thing, r.place) end order by r.n), '[]')
  from (select relation, st_geomfromewkb(place) as place, n from unnest(relations, places) with ordinality p(relation, place, n)) r
$$;
-- +goose StatementEnd
comment on function lies(geometry, text[], bytea[]) is 'An array: how a thing lies to places, true or false each by its relation; null where the thing has no geometry.';
