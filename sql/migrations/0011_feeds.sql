-- +goose Up

create table subscription (
  id       bigint generated always as identity primary key,
  name     text not null constraint name_written check (btrim(name) <> ''),
  url      text not null,
  secret   text not null,
  areas    text[] not null,
  parts    text[] not null constraint parts_known check (parts <@ array['grids', 'lineage', 'people']),
  made_at  timestamptz not null default now(),
  ended_at timestamptz
);
comment on table subscription is 'Platforms that are told of changes (订阅).';
comment on column subscription.secret is 'What deliveries are signed with.';
comment on column subscription.areas is 'Codes of the areas it is about, with all below them; empty for all.';
comment on column subscription.parts is 'What is told besides that something changed: where the grids are to be had, what became of which grid, who is responsible.';

create table delivery (
  id              bigint generated always as identity primary key,
  subscription_id bigint not null references subscription,
  change_id       bigint not null references change,
  queued          boolean not null default false,
  attempts        integer not null default 0,
  tried_at        timestamptz,
  next_at         timestamptz not null default now(),
  status          integer,
  said            jsonb not null default '{}',
  delivered_at    timestamptz,
  given_up_at     timestamptz,
  constraint delivery_once unique (subscription_id, change_id),
  constraint one_end check (num_nonnulls(delivered_at, given_up_at) < 2)
);
comment on table delivery is 'Changes that platforms are to be told, and how that went.';
comment on column delivery.queued is 'Whether a job of the queue sees to it.';
comment on column delivery.status is 'The receiver''s answer to the last attempt; null where there was none.';
comment on column delivery.said is 'Why the last attempt came to nothing, by language; empty where it did not.';
create index delivery_queue on delivery (id) where not queued;

-- +goose StatementBegin
create function address_change() returns trigger language plpgsql as $$
begin
  insert into gridwright.delivery (subscription_id, change_id)
  with recursive up as (
    select a.id, a.parent_id, a.code from jsonb_to_recordset(new.payload -> 'areas') x(level text, code text) join gridwright.area a using (level, code)
    union
    select a.id, a.parent_id, a.code from up join gridwright.area a on a.id = up.parent_id)
  select s.id, new.id from gridwright.subscription s
  where s.ended_at is null and (s.areas = '{}' or exists (select from up where up.code = any (s.areas)))
  order by s.id;
  return null;
end $$;
-- +goose StatementEnd
comment on function address_change() is 'Writes with a change who is to be told of it: nobody can be missed.';
create trigger address_change after insert on change for each row execute function address_change();
