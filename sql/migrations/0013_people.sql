-- +goose Up

create table person (
  id      bigint generated always as identity primary key,
  code    text constraint person_code_once unique constraint code_written check (code <> '' and code = btrim(code)),
  name    text not null constraint name_written check (btrim(name) <> ''),
  phone   text not null default '',
  source  text not null default '',
  home    text not null default '',
  area    text not null default '',
  version bigint not null default 1
);
comment on table person is 'Staff, never residents: who holds a post, or held one.';
comment on column person.code is 'Number in the staff list (工号); null for none.';
comment on column person.phone is 'A work contact, shown whole by role and else masked.';
comment on column person.source is 'Where the person is from: a source of the staff rules.';
comment on column person.home is 'The organisation that sent the person (派出单位).';
comment on column person.area is 'Code of the community the person belongs to; empty where none is said.';
create index person_named on person (name);

create table post (
  id         bigint generated always as identity primary key,
  code       text constraint post_code_once unique constraint code_written check (code <> '' and code = btrim(code)),
  kind       text not null constraint kind_known
             check (kind in ('supervisor', 'grid_lead', 'grid_worker', 'building_lead', 'stair_unit_lead', 'lane_lead', 'outside')),
  role       text not null default '',
  full_time  boolean not null default false,
  building   text not null default '',
  stair_unit text not null default '',
  lane       text not null default '',
  since      date not null,
  until      date constraint until_after_since check (until >= since),
  version    bigint not null default 1,
  constraint role_of_outside check ((kind = 'outside') = (role <> '')),
  constraint full_time_of_workers check (not full_time or kind = 'grid_worker'),
  constraint building_of_leads check ((kind in ('building_lead', 'stair_unit_lead')) = (building <> '')),
  constraint stair_unit_of_lead check ((kind = 'stair_unit_lead') = (stair_unit <> '')),
  constraint lane_of_lead check ((kind = 'lane_lead') = (lane <> ''))
);
comment on table post is 'Posts (岗位), be they held or vacant. Where one on grids is stands in post_grid, plan by plan; one on a building follows the building.';
comment on column post.role is 'Of somebody from outside (社区民警, 城管): as what.';
comment on column post.building is 'Code of a building.';
comment on column post.stair_unit is 'Number of the stair unit (单元) within the building.';
comment on column post.lane is 'Name of the lane, within its grid.';
comment on column post.until is 'The day from which there is no such post; null: it is there.';
create index post_of_building on post (building) where building <> '';
create unique index post_of_stair_unit_once on post (building, stair_unit, kind) where building <> '' and until is null;

create table holding (
  post_id   bigint not null references post on delete cascade,
  person_id bigint not null references person,
  since     date not null,
  until     date constraint until_after_since check (until >= since),
  primary key (post_id, person_id, since),
  constraint one_holder_at_a_time exclude using gist (int8range(post_id, post_id, '[]') with &&, daterange(since, until) with &&)
);
comment on table holding is 'Who held a post from when to when: the history. until is the first day the person does not hold it; null: still does.';
create index holding_of_person on holding (person_id);

create table post_grid (
  plan_id bigint not null,
  grid_no integer not null,
  post_id bigint not null references post on delete cascade,
  primary key (plan_id, grid_no, post_id),
  foreign key (plan_id, grid_no) references grid (plan_id, no) on delete cascade
);
comment on table post_grid is 'Where posts are placed in a plan: on a grid, or on several.';
create index post_grid_of_post on post_grid (post_id);

create table grid_card (
  plan_id bigint not null,
  grid_no integer not null,
  tags    text[] not null,
  version bigint not null default 1,
  primary key (plan_id, grid_no),
  foreign key (plan_id, grid_no) references grid (plan_id, no) on delete cascade
);
comment on table grid_card is 'Purpose tags of grids (全科网格: 基层党建, 社会治理, 民生服务).';

create table party_org (
  id                bigint generated always as identity primary key,
  code              text not null constraint party_code_once unique constraint code_written check (code <> '' and code = btrim(code)),
  name              text not null constraint name_written check (btrim(name) <> ''),
  level             text not null constraint level_known check (level in ('community', 'grid', 'building')),
  kind              text not null constraint kind_known check (kind in ('committee', 'general_branch', 'branch', 'joint_branch', 'group')),
  area              text not null default '',
  building          text not null default '',
  compounds         text[] not null default '{}',
  members           integer not null default 0 constraint members_not_negative check (members >= 0),
  member_households integer not null default 0 constraint member_households_not_negative check (member_households >= 0),
  exception         text not null default '',
  since             date not null,
  until             date constraint until_after_since check (until >= since),
  version           bigint not null default 1,
  constraint building_of_level check (level = 'building' or building = '')
);
comment on table party_org is 'Party organisations (党组织) in three levels: counts only, never whose.';
comment on column party_org.area is 'Code of the community, or of the subdistrict, it is of.';
comment on column party_org.building is 'Of a group: code of its building; empty for a courtyard, which is among compounds.';
comment on column party_org.compounds is 'Codes of the compounds it is for.';
comment on column party_org.member_households is 'Party-member households (党员中心户).';
comment on column party_org.exception is 'Why it may be of another kind than its number of members suggests, as approved; empty for none.';

create table party_affiliation (
  org_id bigint not null references party_org on delete cascade,
  above  text not null constraint above_written check (btrim(above) <> ''),
  since  date not null,
  until  date constraint until_after_since check (until >= since),
  reason text not null default '',
  primary key (org_id, since)
);
comment on table party_affiliation is 'Whom organisations belong to (隶属关系) from when to when.';
comment on column party_affiliation.above is 'Code of a party organisation or of an area, or a name.';
create unique index party_affiliation_once on party_affiliation (org_id) where until is null;

create table party_grid (
  plan_id bigint not null,
  grid_no integer not null,
  org_id  bigint not null references party_org on delete cascade,
  primary key (plan_id, grid_no),
  foreign key (plan_id, grid_no) references grid (plan_id, no) on delete cascade
);
comment on table party_grid is 'The primary branch of each grid; several may share one.';

create table area_committee (
  area  text not null,
  kind  text not null constraint kind_known check (kind in ('working', 'joint')),
  since date not null,
  until date constraint until_after_since check (until >= since),
  primary key (area, kind, since)
);
comment on table area_committee is 'Areas, by code, that have a large working committee (大工委) or a joint committee (联合党委).';
