-- +goose Up

create table feature (
  id               bigint generated always as identity primary key,
  layer            text not null constraint layer_known
                   check (layer in ('road', 'water', 'railway', 'wall', 'building', 'compound', 'organisation')),
  code             text not null constraint code_written check (code <> '' and code = btrim(code)),
  name             text not null default '',
  class            text not null default '',
  parent_id        bigint references area,
  origin           text not null default 'file' constraint origin_known check (origin in ('file', 'osm')),
  bridge           boolean not null default false,
  tunnel           boolean not null default false,
  level            smallint not null default 0 constraint level_sensible check (level between -20 and 20),
  compound         text not null default '',
  floors           smallint not null default 0 constraint floors_sensible check (floors between 0 and 200),
  no_property_mgmt boolean,
  no_security      boolean,
  no_enclosure     boolean,
  new_org          boolean,
  geom             geometry(Geometry, 4490) not null,
  since            bigint not null references import,
  until            bigint references import constraint until_after_since check (until > since),
  constraint geometry_of_layer check (not st_isempty(geom) and case layer
    when 'road'     then geometrytype(geom) = 'MULTILINESTRING'
    when 'railway'  then geometrytype(geom) = 'MULTILINESTRING'
    when 'water'    then geometrytype(geom) in ('MULTILINESTRING', 'MULTIPOLYGON')
    when 'wall'     then geometrytype(geom) in ('MULTILINESTRING', 'MULTIPOLYGON')
    when 'compound' then geometrytype(geom) = 'MULTIPOLYGON'
    else geometrytype(geom) in ('MULTIPOLYGON', 'POINT') end),
  constraint class_of_lines check (class <> '' or layer not in ('road', 'water', 'railway', 'wall')),
  constraint crossings_of_lines check (layer in ('road', 'water', 'railway', 'wall') or not bridge and not tunnel and level = 0),
  constraint floors_of_buildings check (layer = 'building' or floors = 0 and compound = ''),
  constraint noes_of_compounds check (layer = 'compound' or num_nonnulls(no_property_mgmt, no_security, no_enclosure) = 0),
  constraint new_org_of_organisations check (layer = 'organisation' or new_org is null)
);
comment on table feature is 'The raw ground (原始图层): what blocks are built from. Immutable but for until: a changed feature is a new row with the old code. What was there after import n has since <= n and until > n or null.';
comment on column feature.code is 'Text. Of features whose file has none: the file''s name and the row''s id or number; of OpenStreetMap w or r and its id.';
comment on column feature.class is 'Of roads, water, railways and walls a class of plan.Classes, which says what it is as a border; else the kind, in the source''s words.';
comment on column feature.parent_id is 'The area whose features of this layer its file lists in full; null where the file says nothing of the kind.';
comment on column feature.level is '0 on the ground; what crosses on another level does not meet.';
comment on column feature.compound is 'Code of the compound a building is part of, which may be imported later.';
comment on column feature.floors is '0 where it is not known.';
comment on column feature.no_property_mgmt is '三无: no property management; null where it is not known.';
comment on column feature.no_security is '三无: nobody on guard; null where it is not known.';
comment on column feature.no_enclosure is '三无: not enclosed; null where it is not known.';
comment on column feature.new_org is '两新组织: a private firm or a social body; null where it is not known.';
comment on column feature.geom is 'On the 1e-7 degree grid as drawn in its source; polygons vetted, shells counter-clockwise, rings begun at the smallest point. They need not fit together.';
create unique index feature_code_once on feature (layer, code) where until is null;
create index feature_geom on feature using gist (geom) where until is null;
create index feature_parent on feature (parent_id) where parent_id is not null;

create table tally (
  id         bigint generated always as identity primary key,
  layer      text not null constraint layer_counted check (layer in ('building', 'compound')),
  code       text not null constraint code_written check (code <> '' and code = btrim(code)),
  measure    text not null constraint measure_named check (measure ~ '^[a-z][a-z0-9_]{0,39}$'),
  kind       text not null default '' constraint kind_known check (kind in ('', 'registered', 'resident', 'occupied')),
  counted_on date,
  count      bigint not null constraint count_not_negative check (count >= 0),
  since      bigint not null references import,
  until      bigint references import constraint until_after_since check (until > since)
);
comment on table tally is 'Counts of buildings and compounds, by code: they stay when a building is drawn anew. Counts only, never of whom. Immutable but for until.';
comment on column tally.kind is 'Whom it counts: registered 户籍, resident 常住, occupied 入住; empty where the source does not say.';
comment on column tally.counted_on is 'The day the count is of; null where the source does not say.';
create unique index tally_once on tally (layer, code, measure, kind) where until is null;
