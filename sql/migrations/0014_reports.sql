-- +goose Up

alter table feature drop constraint layer_known,
  add constraint layer_known check (layer in ('road', 'water', 'railway', 'wall', 'building', 'compound', 'organisation', 'department_grid')),
  add constraint department_of_grids check (layer <> 'department_grid' or class <> '' and geometrytype(geom) = 'MULTIPOLYGON');
comment on column feature.class is 'Of roads, water, railways and walls a class of plan.Classes, which says what it is as a border; of departments'' grids the department; else the kind, in the source''s words.';
