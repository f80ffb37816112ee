-- +goose Up

create table layer_change (
  id      bigint generated always as identity primary key,
  layer   text not null,
  ids     bigint[],
  made_in xid8 not null default pg_current_xact_id(),
  made_at timestamptz not null default now()
);
comment on table layer_change is 'What changed in the layers that tiles are drawn of, whoever changed it: servers that keep tiles look here. Rows go after a day.';
comment on column layer_change.layer is 'A level of areas, block, border or a layer of the raw ground; * for all.';
comment on column layer_change.ids is 'Rows that came, changed or went; null: too many to list.';
comment on column layer_change.made_in is 'The transaction, by which a reader knows what it has not seen: ids are not given in the order of commits.';
create index layer_change_made_in on layer_change (made_in);
create index layer_change_made_at on layer_change (made_at);

-- +goose StatementBegin
create function note_layer_change() returns trigger language plpgsql as $$
declare
  layer_of constant text := case tg_table_name when 'feature' then 'layer' when 'area' then 'level' else quote_literal(tg_table_name) end;
  came     constant text := format('select id, %s as layer from came', layer_of);
  went     constant text := format('select id, %s as layer from went', layer_of);
begin
  if tg_op = 'TRUNCATE' then
    insert into gridwright.layer_change (layer) values ('*');
  else
    execute format('insert into gridwright.layer_change (layer, ids)
      select layer, case when count(*) <= 1000 then array_agg(distinct id) end from (%s) r group by layer',
      case tg_op when 'INSERT' then came when 'DELETE' then went else came || ' union all ' || went end);
  end if;
  notify gridwright_layer;
  return null;
end $$;
-- +goose StatementEnd
comment on function note_layer_change() is 'After each statement on a table of layers: what it changed, and a word to those who listen.';

-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['area', 'block', 'border', 'feature'] loop
    execute format('create trigger %1$s_came after insert on %1$s referencing new table as came for each statement execute function note_layer_change()', t);
    execute format('create trigger %1$s_went after delete on %1$s referencing old table as went for each statement execute function note_layer_change()', t);
    execute format('create trigger %1$s_changed after update on %1$s referencing new table as came old table as went for each statement execute function note_layer_change()', t);
    execute format('create trigger %1$s_emptied after truncate on %1$s for each statement execute function note_layer_change()', t);
  end loop;
end $$;
-- +goose StatementEnd
