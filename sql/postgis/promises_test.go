package postgis_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// bordered inserts the first border again with other values: blocks, barrier, name, metres and lines.
func bordered(values string) string {
	return `insert into border (a, b, barrier, name, metres, geom, since) select ` + values + `, since from border limit 1`
}

// found inserts a finding of the ground: its kind, severity, words and end.
func found(values string) string {
	return `insert into ground_finding (kind, severity, words, until, import_id, rule, place, area_m2, areas, codes, blocks, choices)
		select ` + values + `, 1, 'gap', label, 1, '{}', '{}', '{}', '{}' from block limit 1`
}

// commented pins a comment to the plan: its grids, words and author.
func commented(values string) string {
	return `insert into plan_comment (plan_id, at, revision, grid_no, other_no, words, made_by) select 1, label, 1, ` + values + ` from block limit 1`
}

// walked is a walk along a stretch of the border of a grid: its number, the result and who walked.
func walked(values string) string {
	return `insert into walk (plan_id, grid_no, line, walked_on, number, result, walked_by) values (1, 1, 'x', '2027-01-01', ` + values + `)`
}

// A breach is a statement that would break what is always true.
type breach struct {
	name, statement string
	table, promise  string // the constraint that forbids it
}

// breaches are done to a town of two large grids of six blocks and a draft of four grids. The database refuses each of them by itself,
// whatever program asks.
var breaches = []breach{
	// Imports over HTTP.
	{"a file that came in a way nobody knows", `insert into import_session (name, way) values ('a.csv', 'post')`, "import_session", "way_known"},
	{"an import in a state nobody knows", `insert into import_session (name, state) values ('a.csv', 'lost')`, "import_session", "state_known"},
	{"an import that is stored and has no number", `insert into import_session (name, state, ended_at) values ('a.csv', 'committed', now())`, "import_session", "committed_has_import"},
	{"an import that is stored and has not ended", `insert into import_session (name, state, import_id) values ('a.csv', 'committed', 1)`, "import_session", "committed_has_ended"},
	{"one import of two files", `insert into import_session (name, state, import_id, ended_at)
		select 'a.csv', 'committed', 1, now() from generate_series(1, 2)`, "import_session", "session_of_import"},
	{"a template without a name", `insert into import_template (name, decisions, columns) values (' ', '{}', '{}')`, "import_template", "name_written"},
	{"attributes without names", `insert into feature (layer, code, geom, since, attributes) select 'building', 'a', geom, 1, '[1]' from block limit 1`, "feature", "attributes_named"},

	// Bounds and walks.
	{"bounds of three sides", `insert into four_bounds (plan_id, grid_no, zh, en, source) values (1, 1, '{a,b,c}', '{a,b,c,d}', 'x')`, "four_bounds", "zh_of_four_sides"},
	{"bounds of three sides in English", `insert into four_bounds (plan_id, grid_no, zh, en, source) values (1, 1, '{a,b,c,d}', '{a,b,c}', 'x')`, "four_bounds", "en_of_four_sides"},
	{"a stretch without a number", walked(`0, 'ok', '甲'`), "walk", "number_positive"},
	{"a walk with a result nobody knows", walked(`1, 'fine', '甲'`), "walk", "result_known"},
	{"a walk by nobody", walked(`1, 'ok', ' '`), "walk", "walker_named"},
	{"a grid of no department", `insert into feature (layer, code, geom, since) select 'department_grid', 'd', geom, 1 from block limit 1`, "feature", "department_of_grids"},

	// Feeds.
	{"a subscription without a name", `insert into subscription (name, url, secret, areas, parts) values (' ', 'x', 'x', '{}', '{}')`, "subscription", "name_written"},
	{"a subscription to what is not told", `insert into subscription (name, url, secret, areas, parts) values ('a', 'x', 'x', '{}', '{phones}')`, "subscription", "parts_known"},
	{"a delivery that was made and given up", `insert into delivery (subscription_id, change_id, delivered_at, given_up_at) values (1, 1, now(), now())`, "delivery", "one_end"},
	{"a change that one platform is told by two deliveries", `insert into delivery (subscription_id, change_id) values (1, 1), (1, 1)`, "delivery", "delivery_once"},

	// People.
	{"two people in one post", `with p as (insert into person (name) values ('甲'), ('乙') returning id), o as (insert into post (kind, since) values ('grid_lead', '2020-01-01') returning id)
		insert into holding (post_id, person_id, since) select o.id, p.id, '2020-01-01' from p, o`, "holding", "one_holder_at_a_time"},
	{"a person without a name", `insert into person (name) values (' ')`, "person", "name_written"},
	{"a lead of a stair unit nobody named", `insert into post (kind, building, since) values ('stair_unit_lead', 'x', '2020-01-01')`, "post", "stair_unit_of_lead"},
	{"a lead of no building", `insert into post (kind, since) values ('building_lead', '2020-01-01')`, "post", "building_of_leads"},
	{"a building with two leads", `insert into post (kind, building, since) select 'building_lead', 'x', '2020-01-01' from generate_series(1, 2)`, "post", "post_of_stair_unit_once"},
	{"a full-time lead", `insert into post (kind, full_time, since) values ('grid_lead', true, '2020-01-01')`, "post", "full_time_of_workers"},
	{"a police officer among the staff", `insert into post (kind, role, since) values ('grid_lead', 'police', '2020-01-01')`, "post", "role_of_outside"},
	{"a post on a grid that is not", `with o as (insert into post (kind, since) values ('grid_lead', '2020-01-01') returning id)
		insert into post_grid (plan_id, grid_no, post_id) select 1, 999, id from o`, "post_grid", "post_grid_plan_id_grid_no_fkey"},
	{"a grid with two primary branches", `with o as (insert into party_org (code, name, level, kind, since) select 'D' || n, '支部', 'grid', 'branch', '2020-01-01' from generate_series(1, 2) n returning id)
		insert into party_grid (plan_id, grid_no, org_id) select 1, 1, id from o`, "party_grid", "party_grid_pkey"},
	{"a person with a blank for a number", `insert into person (name, code) values ('甲', ' ')`, "person", "code_written"},
	{"one number of two people", `insert into person (name, code) values ('甲', '1'), ('乙', '1')`, "person", "person_code_once"},
	{"a post with a blank for a number", `insert into post (kind, since, code) values ('grid_lead', '2020-01-01', '')`, "post", "code_written"},
	{"one number of two posts", `insert into post (kind, since, code) values ('grid_lead', '2020-01-01', '1'), ('grid_lead', '2020-01-01', '1')`, "post", "post_code_once"},
	{"a post of a kind nobody knows", `insert into post (kind, since) values ('king', '2020-01-01')`, "post", "kind_known"},
	{"a lane lead without a lane", `insert into post (kind, since) values ('lane_lead', '2020-01-01')`, "post", "lane_of_lead"},
	{"a post that ends before it begins", `insert into post (kind, since, until) values ('grid_lead', '2020-01-01', '2019-01-01')`, "post", "until_after_since"},
	{"a holding that ends before it begins", `with p as (insert into person (name) values ('甲') returning id), o as (insert into post (kind, since) values ('grid_lead', '2020-01-01') returning id) insert into holding (post_id, person_id, since, until) select o.id, p.id, '2020-01-01', '2019-01-01' from p, o`, "holding", "until_after_since"},
	{"a party organisation without a code", `insert into party_org (code, name, level, kind, since) values ('', '支部', 'grid', 'branch', '2020-01-01')`, "party_org", "code_written"},
	{"one code of two party organisations", `insert into party_org (code, name, level, kind, since) select 'D', '支部', 'grid', 'branch', '2020-01-01' from generate_series(1, 2)`, "party_org", "party_code_once"},
	{"a party organisation without a name", `insert into party_org (code, name, level, kind, since) values ('D', '', 'grid', 'branch', '2020-01-01')`, "party_org", "name_written"},
	{"a party organisation on no level", `insert into party_org (code, name, level, kind, since) values ('D', '支部', 'street', 'branch', '2020-01-01')`, "party_org", "level_known"},
	{"a party organisation of a kind nobody knows", `insert into party_org (code, name, level, kind, since) values ('D', '支部', 'grid', 'cell', '2020-01-01')`, "party_org", "kind_known"},
	{"a grid's branch of a building", `insert into party_org (code, name, level, kind, since, building) values ('D', '支部', 'grid', 'branch', '2020-01-01', 'x')`, "party_org", "building_of_level"},
	{"fewer member households than none", `insert into party_org (code, name, level, kind, since, member_households) values ('D', '支部', 'grid', 'branch', '2020-01-01', -1)`, "party_org", "member_households_not_negative"},
	{"a party organisation that ends before it begins", `insert into party_org (code, name, level, kind, since, until) values ('D', '支部', 'grid', 'branch', '2020-01-01', '2019-01-01')`, "party_org", "until_after_since"},
	{"a party organisation that belongs to nobody in particular", `with o as (insert into party_org (code, name, level, kind, since) values ('D', '支部', 'grid', 'branch', '2020-01-01') returning id) insert into party_affiliation (org_id, above, since, until) select id, ' ', '2020-01-01'::date, null from o`, "party_affiliation", "above_written"},
	{"an affiliation that ends before it begins", `with o as (insert into party_org (code, name, level, kind, since) values ('D', '支部', 'grid', 'branch', '2020-01-01') returning id) insert into party_affiliation (org_id, above, since, until) select id, 'a', '2020-01-01'::date, '2019-01-01'::date from o`, "party_affiliation", "until_after_since"},
	{"a party organisation that belongs to two at once", `with o as (insert into party_org (code, name, level, kind, since) values ('D', '支部', 'grid', 'branch', '2020-01-01') returning id) insert into party_affiliation (org_id, above, since, until) select id, 'a', '2020-01-01'::date + n, null from o, generate_series(1, 2) n`, "party_affiliation", "party_affiliation_once"},
	{"a committee of a kind nobody knows", `insert into area_committee (area, kind, since) values ('x', 'secret', '2020-01-01')`, "area_committee", "kind_known"},
	{"a committee that ends before it begins", `insert into area_committee (area, kind, since, until) values ('x', 'joint', '2020-01-01', '2019-01-01')`, "area_committee", "until_after_since"},
	{"fewer members than none", `insert into party_org (code, name, level, kind, members, since) values ('D', '支部', 'grid', 'branch', -1, '2020-01-01')`, "party_org", "members_not_negative"},

	// Areas.
	{"a level nobody knows", `insert into area (level, code, import_id) values ('village', 'v1', 1)`, "area", "level_known"},
	{"an area without a code", `insert into area (level, code, import_id) values ('community', '', 1)`, "area", "code_written"},
	{"a code with blanks around it", `insert into area (level, code, import_id) values ('community', ' 01', 1)`, "area", "code_written"},
	{"a code twice on a level", `insert into area (level, code, import_id) select level, code, 1 from area limit 1`, "area", "area_code_once"},
	{"an area as its own parent", `update area set parent_id = id`, "area", "not_its_own_parent"},
	{"a parent that does not exist", `update area set parent_id = 999`, "area", "area_parent_id_fkey"},
	{"an area from no import", `insert into area (level, code, import_id) values ('community', 'c1', 999)`, "area", "area_import_id_fkey"},
	{"an area taken from under its blocks", `truncate plan_parent cascade; delete from area`, "block", "block_parent_id_fkey"},

	// Blocks.
	{"a block without a code", `update block set code = ''`, "block", "code_written"},
	{"a block of a kind nobody knows", `update block set kind = 'moor'`, "block", "kind_known"},
	{"a block without ground", `update block set area_m2 = 0`, "block", "area_positive"},
	{"a live code twice", `insert into block (code, parent_id, geom, label, area_m2, since)
		select code, parent_id, geom, label, area_m2, since from block limit 1`, "block", "block_code_once"},
	{"a block that ends before it began", `update block set until = since`, "block", "until_after_since"},
	{"a block of no area", `insert into block (code, parent_id, geom, label, area_m2, since)
		select 'new', 999, geom, label, area_m2, since from block limit 1`, "block", "block_parent_id_fkey"},
	{"a block since a ground that never was", `insert into block (code, parent_id, geom, label, area_m2, since)
		select 'new', parent_id, geom, label, area_m2, 999 from block limit 1`, "block", "block_since_fkey"},
	{"a block moved to another parent under a plan", `update block set parent_id = (select max(parent_id) from block)`, "assignment", "assignment_block_id_parent_id_fkey"},

	// Counts and borders.
	{"a negative count", `update block_count set count = -1`, "block_count", "count_not_negative"},
	{"a measure that is no name", `update block_count set measure = 'Households; drop'`, "block_count", "measure_named"},
	{"a block counted twice", `insert into block_count select * from block_count limit 1`, "block_count", "block_count_pkey"},
	{"a count of no block", `insert into block_count values (999, 'households', 1)`, "block_count", "block_count_block_id_fkey"},
	{"a border the other way round too", bordered(`b, a, '', '', metres, null`), "border", "once_each"},
	{"a border of a block with itself", bordered(`a, a, '', '', metres, null`), "border", "once_each"},
	{"a border twice", bordered(`a, b, '', '', metres, null`), "border", "border_once"},
	{"a border without length", `update border set metres = 0`, "border", "length_positive"},
	{"a border with no block", bordered(`a, 999, '', '', metres, null`), "border", "border_b_fkey"},
	{"a barrier nobody knows", bordered(`a, b, 'moat', '', metres, geom`), "border", "barrier_known"},
	{"a barrier that runs nowhere", bordered(`a, b, 'wall', '', metres, null`), "border", "lines_of_barriers"},
	{"a border that ends before it began", `update border set until = since - 1`, "border", "until_after_since"},

	// What is built of it.
	{"a decision on nothing", `insert into ruling (parent_id) select id from area limit 1`, "ruling", "of_one_thing"},
	{"a decision on two things", `insert into ruling (building, place, parent_id) select 'h1', label, parent_id from block limit 1`, "ruling", "of_one_thing"},
	{"two decisions on a building", `insert into ruling (building, parent_id) select 'h1', id from area`, "ruling", "ruling_of_building"},
	{"two decisions on a place", `insert into ruling (place, parent_id) select b.label, a.id from area a, (select label from block limit 1) b`, "ruling", "ruling_of_place"},
	{"a build in a state nobody knows", `insert into ground_build (scope, dry_run, state, ended_at) values ('all', false, 'dreaming', now())`, "ground_build", "state_known"},
	{"a build that is done without a report", `insert into ground_build (scope, dry_run, state, ended_at) values ('all', false, 'done', now())`, "ground_build", "done_has_report"},
	{"a build that failed and goes on", `insert into ground_build (scope, dry_run, state) values ('all', false, 'failed')`, "ground_build", "ended_when_over"},
	{"a finding of a kind nobody knows", found(`'gossip', 'note', array['', ''], null`), "ground_finding", "kind_known"},
	{"a finding nobody can weigh", found(`'finding', 'dire', array['', ''], null`), "ground_finding", "severity_known"},
	{"a finding in one language", found(`'finding', 'note', array[''], null`), "ground_finding", "words_in_both"},
	{"a finding that ends before it was made", found(`'finding', 'note', array['', ''], 1`), "ground_finding", "until_after_since"},
	{"a link without a reason", `insert into link (a, b, reason, since) values ('b1', 'b2', ' ', 1)`, "link", "reason_given"},
	{"a link of a block with itself", `insert into link (a, b, reason, since) values ('b1', 'b1', 'ferry', 1)`, "link", "once_each"},
	{"a link twice", `insert into link (a, b, reason, since) values ('b1', 'b2', 'ferry', 1), ('b1', 'b2', 'dam', 1)`, "link", "link_once"},
	{"a link that ends before it began", `insert into link (a, b, reason, since, until) values ('b1', 'b2', 'ferry', 1, 1)`, "link", "until_after_since"},

	// Plans.
	{"a plan without a name", `update plan set name = ' '`, "plan", "name_written"},
	{"a state nobody knows", `update plan set state = 'published', result = null, revision = 0`, "plan", "state_known"},
	{"a draft without a result", `update plan set result = null`, "plan", "draft_has_result"},
	{"a result of what is no draft", `update plan set state = 'failed', revision = 0`, "plan", "draft_has_result"},
	{"a draft without a revision", `update plan set revision = 0`, "plan", "draft_has_revision"},
	{"a revision below nothing", `update plan set state = 'queued', result = null, revision = -1`, "plan", "revision_counts"},
	{"a key twice", `update plan set idempotency_key = 'k';
		insert into plan (name, recipe, ground_version, idempotency_key) values ('b', '{}', 1, 'k')`, "plan", "plan_key_once"},
	{"a plan on a ground that never was", `insert into plan (name, recipe, ground_version) values ('b', '{}', 999)`, "plan", "plan_ground_version_fkey"},
	{"a parent that gets no grid", `update plan_parent set grids = 0`, "plan_parent", "grids_positive"},
	{"a parent twice in a plan", `insert into plan_parent select * from plan_parent limit 1`, "plan_parent", "plan_parent_pkey"},

	// Grids and what is in them.
	{"a grid without a number", `insert into grid select plan_id, 0, parent_id, 'z', '', '', 0, 1 from grid limit 1`, "grid", "no_positive"},
	{"a grid number twice", `insert into grid select plan_id, no, parent_id, 'z', '', '', 0, 1 from grid limit 1`, "grid", "grid_pkey"},
	{"a grid code twice in a plan", `insert into grid select plan_id, 99, parent_id, code, '', '', 0, 1 from grid limit 1; set constraints all immediate`, "grid", "grid_code_once"},
	{"a grid of a parent outside the plan", `insert into grid values (1, 99, 999, 'z', '', '', 0, 1)`, "grid", "grid_plan_id_parent_id_fkey"},
	{"a grid that goes over to another parent", `update grid set parent_id = (select max(parent_id) from grid)`, "assignment", "grid_never_crosses_parent"},
	{"a grid of a kind nobody knows", `update grid set kind = 'spare'`, "grid", "kind_known"},
	{"a base grid with a purpose", `update grid set purpose = '商圈'`, "grid", "purpose_of_dedicated"},
	// Plans as documents.
	{"less than no findings", `update plan set found = -1`, "plan", "found_counts"},
	{"a comment that says nothing", commented(`null, null, ' ', ''`), "plan_comment", "words_said"},
	{"a comment longer than a page", commented(`null, null, repeat('长', 2001), ''`), "plan_comment", "words_said"},
	{"a comment by somebody with an endless name", commented(`null, null, 'x', repeat('长', 61)`), "plan_comment", "name_short"},
	{"a comment on a border of a grid with itself", commented(`1, 1, 'x', ''`), "plan_comment", "border_of_grid"},
	{"a comment on the far side of no border", commented(`null, 1, 'x', ''`), "plan_comment", "border_of_grid"},
	{"a lock on nothing", `insert into plan_lock (plan_id) values (1)`, "plan_lock", "of_one_thing"},
	{"a lock on a border of a grid with itself", `insert into plan_lock (plan_id, a, b) values (1, 2, 2)`, "plan_lock", "of_one_thing"},
	{"a grid gone from under its blocks", `delete from grid`, "assignment", "grid_never_crosses_parent"},
	{"a block in a grid of another parent", `update assignment a set grid_no = (select min(no) from grid g where g.parent_id <> a.parent_id)`, "assignment", "grid_never_crosses_parent"},
	{"a block in a grid that does not exist", `update assignment set grid_no = 99`, "assignment", "grid_never_crosses_parent"},
	{"a block in a grid of another parent that it claims as its own",
		`update assignment a set (grid_no, parent_id) = (select no, parent_id from grid g where g.parent_id <> a.parent_id limit 1)`, "assignment", "assignment_block_id_parent_id_fkey"},
	{"a block twice in a plan", `insert into assignment select * from assignment limit 1`, "assignment", "assignment_pkey"},
	{"a block whose parent is not in the plan", `delete from assignment; delete from grid;
		delete from plan_parent where parent_id = (select parent_id from block where id = 1);
		insert into assignment select 1, id, parent_id, null, 1 from block where id = 1`, "assignment", "assignment_plan_id_parent_id_fkey"},
	{"a block gone from under a plan", `delete from block_count; delete from border; delete from block`, "assignment", "assignment_block_id_parent_id_fkey"},

	// The log.
	{"an edit of a kind nobody knows", logged(`'paint', '{1}', '{1}', '{2}', null, null`), "edit", "kind_known"},
	{"an edit that is told in one language", `update edit set said = '{a}'`, "edit", "said_in_both"},
	{"more blocks than grids they came from", logged(`'assign', '{1,2}', '{1}', '{2,2}', null, null`), "edit", "columns_agree"},
	{"more blocks than grids they went to", logged(`'assign', '{1,2}', '{1,1}', '{2}', null, null`), "edit", "columns_agree"},
	{"an undo of nothing", logged(`'undo', '{1}', '{1}', '{2}', null, null`), "edit", "reverts_exactly"},
	{"an edit that undoes besides", logged(`'assign', '{1}', '{1}', '{2}', 1, null`), "edit", "reverts_exactly"},
	{"an edit key twice in a plan", logged(`'assign', '{1}', '{1}', '{2}', null, 'k'`) + `; update edit set idempotency_key = 'k'`, "edit", "edit_key_once"},
	{"a revision twice", `insert into edit select * from edit`, "edit", "edit_pkey"},
	{"an edit of no plan", `update edit set plan_id = 999`, "edit", "edit_plan_id_fkey"},

	// The raw layers.
	{"a layer nobody knows", raw(`layer = 'cloud' where layer = 'building'`), "feature", "layer_known"},
	{"a feature without a code", raw(`code = ''`), "feature", "code_written"},
	{"a live feature code twice", raw(`code = 'same'`), "feature", "feature_code_once"},
	{"a feature from nowhere", raw(`origin = 'hearsay'`), "feature", "origin_known"},
	{"a level beyond bridges", raw(`level = 99`), "feature", "level_sensible"},
	{"a tower beyond sense", raw(`floors = 999 where layer = 'building'`), "feature", "floors_sensible"},
	{"a feature that ends before it began", raw(`until = since`), "feature", "until_after_since"},
	{"a road that is a point", raw(`geom = st_setsrid('POINT(104 39.7)'::geometry, 4490)`), "feature", "geometry_of_layer"},
	{"a road of no class", raw(`class = ''`), "feature", "class_of_lines"},
	{"a building that is a bridge", raw(`bridge = true where layer = 'building'`), "feature", "crossings_of_lines"},
	{"a road with floors", raw(`floors = 3`), "feature", "floors_of_buildings"},
	{"a road nobody guards", raw(`no_security = true`), "feature", "noes_of_compounds"},
	{"a road as a new organisation", raw(`new_org = true`), "feature", "new_org_of_organisations"},
	{"a road with a building's number", raw(`building_no = '3' where code = 'r'`), "feature", "numbers_of_buildings"},
	{"a building with a committee", raw(`committee = 'yes' where code = 'b'`), "feature", "committees_of_compounds"},
	{"a count of roads", tallied(`layer = 'road'`), "tally", "layer_counted"},
	{"a count of no code", tallied(`code = ' '`), "tally", "code_written"},
	{"a count of no measure", tallied(`measure = '1'`), "tally", "measure_named"},
	{"a count of a kind nobody knows", tallied(`kind = 'rumoured'`), "tally", "kind_known"},
	{"a negative count of a building", tallied(`count = -1`), "tally", "count_not_negative"},
	{"a live count twice", tallied(`code = 'same'`), "tally", "tally_once"},
	{"a count that ends before it began", tallied(`until = since`), "tally", "until_after_since"},

	// The base book.
	{"a correction of a kind nobody knows", corrected(`'paint', 'survey', null`), "basebook_change", "kind_known"},
	{"a correction without a source", corrected(`'count', ' ', null`), "basebook_change", "source_given"},
	{"two corrections by one import", corrected(`'count', 'survey', null`) + `; ` + corrected(`'remove', 'survey', null`), "basebook_change", "change_of_import"},
	{"an undo of no correction", corrected(`'undo', 'survey', null`), "basebook_change", "undo_of_change"},
	{"a correction that undoes besides", corrected(`'count', 'survey', 1`), "basebook_change", "undo_of_change"},
	{"a correction undone twice", `insert into import (layer, file, sha256, report) select layer, file, sha256, report from import cross join generate_series(1, 3) limit 3;
		insert into basebook_change (import_id, kind, layer, code, source, dated, areas, undoes)
		select id, case n when 1 then 'count' else 'undo' end, 'building', 'b', 'survey', '2024-05-01', '{}', case when n > 1 then 1 end
		from (select id, row_number() over (order by id) as n from import limit 3) i`, "basebook_change", "undone_once"},
	{"a sheet whose counts came before it was returned", `insert into fill_in (area_id, version, things, import_id) select id, 1, 1, 1 from area limit 1`, "fill_in", "returned_with_import"},

	// Divisions.
	{"a division without a name", divided(`' ', 1, null`), "division", "name_written"},
	{"a division of a plan without a result", divided(`'d', 0, null`), "division", "revision_counts"},
	{"two divisions by one key", divided(`'d', 1, 'k'`) + `; ` + divided(`'e', 1, 'k'`), "division", "division_key_once"},
	{"two divisions of an area from one day on", divided(`'d', 1, null`) + `; ` + divided(`'e', 1, null`) + `;
		insert into division_parent select d.id, min(b.parent_id), '2026-01-01' from division d, block b group by d.id`, "division_parent", "division_day_once"},
	{"an area whose place is taken twice", publishedGrid(`1, 1, 'a'`) + `;
		insert into division_end select division_id, parent_id, '2027-01-01', division_id from division_parent, generate_series(1, 2)`, "division_end", "division_end_pkey"},
	{"a code of another grid", publishedGrid(`1, 1, 'a'`) + `; insert into division_grid select division_id, 2, 2, parent_id, code, name, name_en, kind, purpose, body,
		enclave, chain, colour, blocks, area_m2, pieces, loads, estimated, geom, label from division_grid`, "division_grid", "division_code_once"},
	{"a published code whose grid is another", publishedGrid(`1, 1, 'a'`) + `; insert into published_code select 'b', 7, division_id from division_grid;
		insert into division_grid select division_id, 2, 2, parent_id, 'b', name, name_en, kind, purpose, body,
		enclave, chain, colour, blocks, area_m2, pieces, loads, estimated, geom, label from division_grid`, "division_grid", "division_grid_code_key_fkey"},
	{"a grid twice in a division", publishedGrid(`1, 1, 'a'`) + `; insert into published_code select 'b', key, division_id from division_grid;
		insert into division_grid select division_id, 2, key, parent_id, 'b', name, name_en, kind, purpose, body,
		enclave, chain, colour, blocks, area_m2, pieces, loads, estimated, geom, label from division_grid`, "division_grid", "division_grid_once"},
	{"a published grid without a number", publishedGrid(`0, 1, 'a'`), "division_grid", "no_positive"},
	{"a change of a kind nobody knows", divided(`'d', 1, null`) + `; insert into lineage select id, 1, 'moved', '{}', null, 0, null, null, 0, 0 from division`, "lineage", "kind_known"},
	{"a lineage of no grid", divided(`'d', 1, null`) + `; insert into lineage select id, 1, 'new', null, null, 0, null, null, 0, 0 from division`, "lineage", "of_a_grid"},
	{"others told of a kind nobody knows", divided(`'d', 1, null`) + `; insert into change (kind, division_id, effective, payload) select 'burnt', id, effective, '{}' from division`, "change", "kind_known"},
	{"others told twice", divided(`'d', 1, null`) + `; insert into change (kind, division_id, effective, payload)
		select 'published', id, effective, '{}' from division, generate_series(1, 2)`, "change", "change_once"},
	{"a waiver without a reason", `insert into waiver (plan_id, rule, subject, reason, revision) values (1, 'balance', 'grid:1', ' ', 1)`, "waiver", "reason_given"},
	{"two waivers for one warning", `insert into waiver (plan_id, rule, subject, reason, revision)
		select 1, 'balance', 'grid:1', 'so', 1 from generate_series(1, 2)`, "waiver", "waiver_once"},
}

// divided is a statement that writes a division of the draft: its name, revision and idempotency key.
func divided(values string) string {
	return `insert into division (plan_id, effective, ground_version, measures, synthetic, data_date, digest, old_grids, new_grids, kinds, shared, findings,
		suppress_below, name, revision, idempotency_key) values (1, '2026-01-01', 1, '{}', false, '', '', 0, 0, '{}', '', '[]', 0, ` + values + `)`
}

// publishedGrid is a statement that writes a division of one grid: its number, key and code.
func publishedGrid(values string) string {
	return divided(`'d', 1, null`) + `;
		insert into division_parent select d.id, min(b.parent_id), '2026-01-01' from division d, block b group by d.id;
		insert into published_code select v.code, v.key, d.id from division d, (values (` + values + `)) v(no, key, code);
		insert into division_grid select p.division_id, v.no, v.key, p.parent_id, v.code, '', '', 'base', '', '', '', '[]', 0, 1, 1, 1, '{}', false, b.geom, b.label
			from division_parent p, (select * from block limit 1) b, (values (` + values + `)) v(no, key, code)`
}

// raw is a statement that changes two roads and a building.
func raw(change string) string {
	return `insert into feature (layer, code, class, geom, since) values
		('road', 'r', 'street', st_setsrid('MULTILINESTRING((104 39.7, 104.001 39.7))'::geometry, 4490), 1),
		('building', 'b', '', st_setsrid('POINT(104 39.7)'::geometry, 4490), 1),
		('road', 's', 'street', st_setsrid('MULTILINESTRING((104 39.7, 104 39.701))'::geometry, 4490), 1);
		update feature set ` + change
}

// corrected is a statement that logs a correction: its kind, its source and what it undoes.
func corrected(values string) string {
	return `insert into basebook_change (import_id, layer, code, dated, areas, kind, source, undoes) values (1, 'building', 'b', '2024-05-01', '{}', ` + values + `)`
}

// tallied is a statement that changes the counts of two buildings.
func tallied(change string) string {
	return `insert into tally (layer, code, measure, count, since) values ('building', 'b', 'households', 1, 1), ('building', 'c', 'households', 1, 1);
		update tally set ` + change
}

// logged is a statement that writes revision 2 of the draft's log.
func logged(values string) string {
	return `insert into edit (plan_id, revision, request, kind, blocks, before, after, reverts, idempotency_key) values (1, 2, '{}', ` + values + `)`
}

// promised returns a connection to a town with a draft.
func promised(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, _, _ := promisedPlan(t)
	return conn
}

// promisedPlan returns the store and the draft beside the connection.
func promisedPlan(t *testing.T) (*pgx.Conn, *postgis.Store, plan.ID) {
	t.Helper()
	dsn := postgistest.Database(t)
	store, err := postgis.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	postgistest.Town(t, store, 2, 3, 2, plantest.Even(10))
	id := postgistest.Plan(t, store, postgistest.Recipe(4))
	if id != 1 {
		t.Fatalf("the first plan is %s", id)
	}
	conn, err := pgx.Connect(t.Context(), dsn+" search_path="+postgis.Schema+",public")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) })
	return conn, store, id
}

// try does statements and takes them back.
func try(t *testing.T, conn *pgx.Conn, statements string) error {
	t.Helper()
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(t.Context())
	_, err = tx.Conn().PgConn().Exec(t.Context(), statements).ReadAll()
	return err
}

func TestTheDatabaseKeepsItsPromises(t *testing.T) {
	conn := promised(t)
	for _, breach := range breaches {
		t.Run(breach.name, func(t *testing.T) {
			err := try(t, conn, breach.statement)
			said, ok := errors.AsType[*pgconn.PgError](err)
			if !ok {
				t.Fatalf("got %v, want a refusal", err)
			}
			if said.ConstraintName != breach.promise || said.TableName != breach.table {
				t.Errorf("got %s of %q (%v), want %s of %q", said.ConstraintName, said.TableName, said, breach.promise, breach.table)
			}
		})
	}
}

// A promise that is made later gets a case here: every check and every code or key that is there once.
func TestEveryPromiseIsTried(t *testing.T) {
	conn := promised(t)
	rows, err := conn.Query(t.Context(), `
		select conrelid::regclass::text as of, conname::text as name from pg_constraint
		where connamespace = $1::regnamespace and contype in ('c', 'u')
		union
		select indrelid::regclass::text, indexrelid::regclass::text from pg_index
		where indisunique and indpred is not null and indrelid in (select oid from pg_class where relnamespace = $1::regnamespace)
		order by 1, 2`, postgis.Schema)
	if err != nil {
		t.Fatal(err)
	}
	type promise struct{ Of, Name string }
	promises, err := pgx.CollectRows(rows, pgx.RowToStructByPos[promise])
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range promises {
		switch {
		case strings.HasPrefix(p.Of, "river_"), strings.HasPrefix(p.Of, "goose_"): // the libraries' own
		case p.Name == "block_of_parent", p.Name == "grid_of_parent", p.Name == "code_of_key": // true of every key; foreign keys need them written down
		case !slices.ContainsFunc(breaches, func(b breach) bool { return b.table == p.Of && b.promise == p.Name }):
			t.Errorf("nothing tries to break %s of %s", p.Name, p.Of)
		}
	}
}

// What is allowed on purpose, beside what is not.
func TestWhatThePromisesAllow(t *testing.T) {
	conn := promised(t)
	for _, test := range []struct{ name, statement string }{
		{"a block that is plainly unassigned", `update assignment set grid_no = null`},
		{"a code again on another level", `insert into area (level, code, import_id) select 'community', code, 1 from area`},
		{"a code again after its block has ended", `insert into ground (import_id) values (1);
			update block set until = 2;
			insert into block (code, parent_id, geom, label, area_m2, since) select code, parent_id, geom, label, area_m2, 2 from block`},
		{"a count of nothing", `update block_count set count = 0`},
		{"an edit and its undo", logged(`'assign', '{1,2}', '{1,1}', '{2,0}', null, 'a'`) + `;
			insert into edit (plan_id, revision, request, kind, blocks, before, after, reverts) values (1, 3, '{}', 'undo', '{1,2}', '{2,0}', '{1,1}', 2)`},
		{"edits without a key", logged(`'assign', '{}', '{}', '{}', null, null`)},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := try(t, conn, test.statement); err != nil {
				t.Error(err)
			}
		})
	}
}

// Ground of another shape or another reference system is not taken for ours.
func TestGeometryIsOfItsKind(t *testing.T) {
	conn := promised(t)
	for _, test := range []struct{ name, statement string }{
		{"WGS 84", `update block set geom = st_setsrid(geom, 4326)`},
		{"a polygon that is not multi", `update block set geom = st_geometryn(geom, 1)`},
		{"with heights", `update block set geom = st_force3d(geom)`},
		{"no ground", `update block set geom = null`},
		{"a label that is no point", `update block set label = geom`},
		{"an area's point", `update area set geom = (select label from block limit 1)`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, ok := errors.AsType[*pgconn.PgError](try(t, conn, test.statement)); !ok {
				t.Error("it was taken")
			}
		})
	}
}
