-- +goose Up

alter table plan add column first jsonb;
comment on column plan.first is 'Grids of the first plan that the split under way has found, to be looked at until the proposal is there; null before and after.';
