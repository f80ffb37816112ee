package groundwork_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gridwright/importers/groundwork"
	"gridwright/importers/intake"
	"gridwright/plan/words"
	"gridwright/sql/postgis/postgistest"
)

func TestMain(m *testing.M) { os.Exit(postgistest.Main(m)) }

// desk is a database with what these tests do to it.
type desk struct{ *postgistest.Desk }

func newDesk(t *testing.T) *desk {
	t.Helper()
	return &desk{postgistest.NewDesk(t)}
}

func (d *desk) want(what string, got, want any) {
	d.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		d.Errorf("%s: got\n%v\nwant\n%v", what, got, want)
	}
}

// state is everything a build may change, but for the log of imports.
const state = `select id::text || ' ' || code || ' ' || since || ' ' || coalesce(until, 0) from block order by id`

// take imports rows of a CSV file on a layer.
func (d *desk) take(layer, head string, rows ...string) {
	d.Helper()
	path := filepath.Join(d.TempDir(), layer+".csv")
	if err := os.WriteFile(path, []byte(head+"\n"+strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
		d.Fatal(err)
	}
	r, err := intake.Run(d.Context(), d.Store, intake.Order{File: path, Layer: layer, Lang: words.En})
	if err != nil {
		if r != nil {
			d.Log(r.Refused)
		}
		d.Fatal(err)
	}
}

// build builds and fails the test when it is refused.
func (d *desk) build(scope string) *groundwork.Report {
	d.Helper()
	r, err := groundwork.Run(d.Context(), d.Store, groundwork.Order{Scope: scope, Lang: words.En})
	if err != nil {
		d.Fatal(err)
	}
	return r
}

// refused builds and fails the test unless it is refused with a sentence that has all the parts, and nothing is stored.
func (d *desk) refused(scope string, parts ...string) {
	d.Helper()
	before := d.Query(state) + d.Query(`select count(*) from import`)
	r, err := groundwork.Run(d.Context(), d.Store, groundwork.Order{Scope: scope, Lang: words.En})
	if err == nil {
		d.Fatalf("%s was built: %+v", scope, r.Blocks)
	}
	said, ok := err.(interface{ In(words.Lang) string })
	if !ok {
		d.Fatalf("%s: nobody can read %v", scope, err)
	}
	for _, part := range parts {
		if !strings.Contains(said.In(words.En), part) {
			d.Errorf("%s: %q does not say %q", scope, said.In(words.En), part)
		}
	}
	if after := d.Query(state) + d.Query(`select count(*) from import`); after != before {
		d.Errorf("%s: something was stored", scope)
	}
}

// counts is what became of the blocks: new, changed, unchanged, retired.
func counts(r *groundwork.Report) [4]int {
	return [4]int{r.Blocks.New, r.Blocks.Changed, r.Blocks.Unchanged, r.Blocks.Retired}
}

// rules lists the findings by rule, each with its codes.
func rules(r *groundwork.Report) string {
	var lines []string
	for _, f := range r.Findings {
		lines = append(lines, f.Rule+" "+strings.Join(f.Codes, ","))
	}
	return strings.Join(lines, "\n")
}

// box is a WKT rectangle, in thousandths of a degree (about 100 m) east of 105 and north of 37.5.
func box(west, south, east, north float64) string {
	w, s, e, n := 105+west/1000, 37.5+south/1000, 105+east/1000, 37.5+north/1000
	return fmt.Sprintf(`"POLYGON((%.7f %.7f,%.7f %.7f,%.7f %.7f,%.7f %.7f,%.7f %.7f))"`, w, s, e, s, e, n, w, n, w, s)
}

// line is a WKT line through two points, in the same measure.
func line(x1, y1, x2, y2 float64) string {
	return fmt.Sprintf(`"LINESTRING(%.7f %.7f,%.7f %.7f)"`, 105+x1/1000, 37.5+y1/1000, 105+x2/1000, 37.5+y2/1000)
}

func point(x, y float64) string { return fmt.Sprintf("POINT(%.7f %.7f)", 105+x/1000, 37.5+y/1000) }

// The town: two communities, and one of two large grids. Streets divide each parent in four; houses are [] but for one
// that stands on a street, one across the border of A and B, and one far away.
//
//	8 +---|---+---|---+
//	  | C1| C1| C2| C2|
//	6 |-------+-------|
//	  |   |   |   |   |
//	4 +---|---+---|---+
//	  | A | A | B | B |
//	2 |-------+-------|
//	  |   []  []  |   |
//	0 +---|---+---|---+
//	  0   2   4   6   8
func newTown(t *testing.T) *desk {
	d := newDesk(t)
	d.take("community", "code,name,wkt", "A,Alder,"+box(0, 0, 4, 4), "B,Birch,"+box(4, 0, 8, 4), "C,Cedar,"+box(0, 4, 8, 8))
	d.take("large_grid", "code,name,parent,wkt", "C1,Cedar west,C,"+box(0, 4, 4, 8), "C2,Cedar east,,"+box(4, 4, 8, 8))
	d.streets()
	d.houses()
	return d
}

func (d *desk) streets(more ...string) {
	d.Helper()
	d.take("road", "code,name,class,wkt", append(more,
		"s2,Second Street,street,"+line(2, -1, 2, 9), "s6,Sixth Street,street,"+line(6, -1, 6, 9),
		"w2,Second Way,street,"+line(-1, 2, 9, 2), "w6,Sixth Way,street,"+line(-1, 6, 9, 6))...)
}

func (d *desk) houses() {
	d.Helper()
	var rows []string
	for y := 0; y < 4; y++ {
		for x := 0; x < 4; x++ {
			west, south := float64(2*x)+0.7, float64(2*y)+0.7
			rows = append(rows, fmt.Sprintf("h%d%d,%d,%d,resident,%s", x, y, 10+x+4*y, 100+x, box(west, south, west+0.4, south+0.4)))
		}
	}
	rows = append(rows, "on-street,5,,,"+box(1.9, 0.9, 2.1, 1.1), "across,7,,,"+box(3.9, 0.9, 4.3, 1.1), "away,3,,,"+box(20, 20, 20.2, 20.2))
	d.take("building", "code,households,residents,residents_kind,wkt", rows...)
	d.take("building", "code,households,households_kind,wkt", "h00,99,registered,"+box(0.7, 0.7, 1.1, 1.1)) // takes the place of 10
	d.take("building", "code,households,households_kind,wkt", "h00,40,resident,"+box(0.7, 0.7, 1.1, 1.1))   // stands beside it
	d.take("compound", "code,households,wkt", "yard,12,"+box(6.5, 6.5, 7.5, 7.5))
	d.take("organisation", "code,wkt", "bank,"+point(1, 1), "school,"+point(7, 5), "quarry,"+point(30, 30))
}

// The sums a planner would write down: 16 houses with 10 to 25 households, but 40 for the first; 5 and 7 more, and 12 in
// the yard.
const (
	householdsInTown = (10+25)*16/2 - 10 + 40 + 5 + 7 + 12
	residentsInTown  = 4 * (100 + 101 + 102 + 103)
)
