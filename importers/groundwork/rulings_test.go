package groundwork_test

import (
	"strings"
	"testing"

	"gridwright/importers/groundwork"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// finding returns the live finding of a rule that names a code.
func (d *desk) finding(rule, code string) postgis.GroundFinding {
	d.Helper()
	all, err := d.Store.GroundFindings(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	for _, f := range all {
		for _, c := range f.Codes {
			if f.Rule == rule && c == code {
				return f
			}
		}
	}
	d.Fatalf("nobody found %s %s: %+v", rule, code, all)
	return postgis.GroundFinding{}
}

// A planner decides where the building across the border of A and B belongs; the next build goes by it, until he takes it back.
func TestAPlannerDecidesOnABuilding(t *testing.T) {
	d := newTown(t)
	d.build("all")
	f := d.finding("straddler", "across")
	d.want("choices", [2][]string{f.Choices, f.ChoiceNames}, [2][]string{{"B", "A"}, {"Birch", "Alder"}})
	d.want("what it is about", f.Building, "across")
	d.want("both languages", strings.Contains(f.Words[words.Zh], "跨在") && strings.Contains(f.Words[words.En], "stands across"), true)

	if err := d.Store.Rule(t.Context(), f.ID, "C"); err == nil {
		t.Error("an area was taken that the building does not stand in")
	}
	if err := d.Store.Rule(t.Context(), f.ID, "A"); err != nil {
		t.Fatal(err)
	}
	d.want("the decision is shown beside the finding", d.finding("straddler", "across").Ruled, "A")
	r := d.build("all")
	d.want("across", r.AcrossParents, 0)
	d.want("the house is in a block of A", d.Query(`select a.code from block b join area a on a.id = b.parent_id join feature f on st_coveredby(f.geom, b.geom)
		where b.until is null and f.code = 'across' and f.until is null`), "A")
	done := d.finding("accepted", "A")
	d.want("what was done can be undone", [2]any{done.Choices, done.Ruled}, [2]any{[]string{"B", "A"}, "A"})

	if err := d.Store.Rule(t.Context(), done.ID, ""); err != nil {
		t.Fatal(err)
	}
	d.want("across again", d.build("all").AcrossParents, 1)
}

// Two communities drawn apart: the gap is closed by rule, then as a planner decides.
func TestAPlannerDecidesOnAGap(t *testing.T) {
	d := newDesk(t)
	d.take("community", "code,name,wkt", "A,Alder,"+box(0, 0, 4, 4), "B,Birch,"+box(4.05, 0, 8, 4), "C,Cedar,"+box(10, 0, 14, 4))
	d.take("building", "code,households,wkt", "h1,7,"+box(1, 1, 1.2, 1.2), "h2,9,"+box(11, 1, 11.2, 1.2))
	r := d.build("all")
	d.want("given by rule", r.Repairs[0].Rule+" "+r.Repairs[0].To, "gap B")
	f := d.finding("gap", "B")
	d.want("choices", f.Choices, []string{"B", "A"})
	if err := d.Store.Rule(t.Context(), f.ID, "A"); err != nil {
		t.Fatal(err)
	}
	r = d.build("all")
	d.want("given as decided", r.Repairs[0].Rule+" "+r.Repairs[0].To, "accepted A")
	d.want("choices still", d.finding("accepted", "A").Choices, []string{"A", "B"})
	d.want("findings that ended", d.Query(`select count(*) from ground_finding where until is not null`) != "0", true)

	// What one community's build finds ends what was found there, and nothing elsewhere.
	before := d.Query(`select count(*) from ground_finding where until is null`)
	d.build("C")
	d.want("live findings", d.Query(`select count(*) from ground_finding where until is null`), before)
}

// A dry run says what would come, also to plans, and stores nothing.
func TestATrialOfABuild(t *testing.T) {
	d := newTown(t)
	d.build("all")
	before := d.Query(state) + d.Query(`select count(*) from import`) + d.Query(`select count(*) from ground_finding`)
	d.streets("s1,First Street,street," + line(1.3, -1, 1.3, 2))
	imports := d.Query(`select count(*) from import`)
	r, err := groundwork.Run(t.Context(), d.Store, groundwork.Order{Scope: "all", DryRun: true, Lang: words.En})
	if err != nil {
		t.Fatal(err)
	}
	d.want("counts", counts(r), [4]int{1, 2, 15, 0})
	d.want("said to be one", r.DryRun, true)
	d.want("imports", d.Query(`select count(*) from import`), imports)
	wet := d.build("all")
	d.want("as the real one", counts(wet), counts(r))
	if before == d.Query(state)+d.Query(`select count(*) from import`)+d.Query(`select count(*) from ground_finding`) {
		t.Error("the real one stored nothing")
	}
	all, err := r.InAll()
	if err != nil {
		t.Fatal(err)
	}
	d.want("in Chinese and English", strings.Contains(string(all["zh-CN"]), "跨在") && strings.Contains(string(all["en"]), "stands across"), true)
}
