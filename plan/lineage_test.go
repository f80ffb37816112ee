package plan_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gridwright/plan"
	"gridwright/plan/plantest"
)

// drawnPlan returns a plan of one area by a drawing, rows from the south: a letter is a block of ten households in the grid of that code, a dot
// one in no grid.
func drawnPlan(t rapid.TB, drawing string) *plan.Snapshot {
	t.Helper()
	rows := strings.Fields(drawing)
	g, err := plantest.Town(1, len(rows[0]), len(rows), plantest.Even(10))
	if err != nil {
		t.Fatal(err)
	}
	var grids []plan.Grid
	at := make([]plan.GridNo, len(g.Blocks))
	for b, letter := range strings.Join(rows, "") {
		if letter == '.' {
			continue
		}
		i := slices.IndexFunc(grids, func(g plan.Grid) bool { return g.Code == string(letter) })
		if i < 0 {
			i = len(grids)
			grids = append(grids, plan.Grid{No: plan.GridNo(i + 1), GridProps: plan.GridProps{Code: string(letter), Name: string(letter), Kind: plan.BaseGrid}})
		}
		at[b] = grids[i].No
	}
	r := plan.Recipe{Scope: "all", Grids: max(1, len(grids)), Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}, Tolerance: 0.1}
	return plan.NewSnapshot(g, r, 1, grids, at)
}

// before turns a plan into what a later one comes out of: its grids, published under the keys 1, 2 ..., and for each block the one it was in.
func before(s *plan.Snapshot) (former []plan.LineageGrid, of []int32) {
	for _, g := range s.Grids {
		former = append(former, plan.LineageGrid{Key: plan.GridKey(g.No), Code: g.Code, Name: g.Name})
	}
	for _, no := range s.At {
		of = append(of, int32(no)-1)
	}
	return former, of
}

func TestKindsOfChange(t *testing.T) {
	for _, test := range []struct{ name, was, is, want string }{
		{"nothing", "AABB", "AABB", "A=A same, B=B same"},
		{"a new code", "AABB", "AACC", "A=A same, B=C recode"},
		{"cut in two", "AABB", "ACBB", "A=A split, A=C split, B=B same"},
		{"two become one", "AABB", "AAAA", "A=A merge, B=A merge"},
		{"a block moves", "AAAABBBB", "AAABBBBB", "A=A adjust, A=B adjust, B=B adjust"},
		{"one of many blocks", "AAAAAAAAAAAABBBBBBBBBBBB", "AAAAAAAAAAABBBBBBBBBBBBB", "A=A adjust, A=B adjust, B=B adjust"},
		{"ground that was in none", "AA..", "AABB", "A=A same, -=B new"},
		{"a grid that is no more", "AABB", "AA..", "A=A same, B=- abolish"},
		{"both at once", "AABB", "CCDD", "A=C recode, B=D recode"},
		{"a small one goes into a large one", "AAAAAAAAAAAAB", "AAAAAAAAAAAAA", "A=A merge, B=A merge"},
		{"drawn anew", "AAAABBBB", "AABBBBAA", "A=A adjust, A=B adjust, B=A adjust, B=B adjust"},
		{"three of two", "AAABBB", "CCDDEE", "A=C adjust, A=D adjust, B=D adjust, B=E adjust"},
	} {
		t.Run(test.name, func(t *testing.T) {
			former, of := before(drawnPlan(t, test.was))
			l := drawnPlan(t, test.is).LineageFrom(former, of)
			var got []string
			code := func(g *plan.LineageGrid) string {
				if g == nil {
					return "-"
				}
				return g.Code
			}
			for _, r := range l.Rows {
				got = append(got, fmt.Sprintf("%s=%s %s", code(r.Old), code(r.New), r.Kind))
			}
			if s := strings.Join(got, ", "); s != test.want {
				t.Errorf("%s to %s: %s, not %s", test.was, test.is, s, test.want)
			}
		})
	}
}

// Codes stay whose they were: a grid that continues another keeps its key, and a code that was another's is found.
func TestCodesAreNeverUsedAgain(t *testing.T) {
	codes := map[string]plan.GridKey{"A": 1, "B": 2}
	for _, test := range []struct{ name, was, is, want string }{
		{"nothing", "AABB", "AABB", "1 2"},
		{"recoded", "AABB", "AACC", "1 2"},
		{"cut", "AABB", "ACBB", "1 0 2"},
		{"the smaller part keeps the code", "AAAABBBB", "CCCABBBB", "0 1 2"},
		{"swapped", "AABB", "BBAA", "1 2 code.reused code.reused"},
		{"taken over by its neighbour", "AABBBBBBBBBBBBBBBBBB", "BBCCCCCCCCCCCCCCCCCC", "1 2 code.reused"},
	} {
		t.Run(test.name, func(t *testing.T) {
			former, of := before(drawnPlan(t, test.was))
			s := drawnPlan(t, test.is)
			l := s.LineageFrom(former, of)
			var got []string
			for g := range s.Live() {
				got = append(got, fmt.Sprint(l.Key(g.No)))
			}
			for _, f := range s.Check(l, codes) {
				if strings.HasPrefix(f.Rule, "code.") {
					got = append(got, f.Rule)
				}
			}
			if s := strings.Join(got, " "); s != test.want {
				t.Errorf("%s, not %s", s, test.want)
			}
		})
	}
}

// Whatever the two plans are: shares add up to one, keys go to one grid each, counts are conserved.
func TestLineagesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) *plan.Snapshot {
			letters := rapid.SliceOfN(rapid.SampledFrom([]rune("ABCDEF")), 24, 24).Draw(t, name)
			return drawnPlan(t, string(letters[:8])+" "+string(letters[8:16])+" "+string(letters[16:]))
		}
		former, of := before(draw("was"))
		s := draw("is")
		l := s.LineageFrom(former, of)
		olds, news := map[string]float64{}, map[string]float64{}
		sum, keys := int64(0), map[plan.GridKey]bool{}
		for _, r := range l.Rows {
			olds[r.Old.Code] += *r.OldShare
			news[r.New.Code] += *r.NewShare
			sum += r.Count
		}
		for _, sums := range []map[string]float64{olds, news} {
			for code, total := range sums {
				if math.Abs(total-1) > 1e-9 {
					t.Fatalf("the shares of %s add up to %v", code, total)
				}
			}
		}
		for g := range s.Live() {
			key := l.Key(g.No)
			if key != 0 && keys[key] {
				t.Fatalf("two grids continue %d", key)
			}
			keys[key] = true
		}
		if total := s.Ground.Total(0); sum != total || l.Old != len(former) || l.New != len(s.Grids) {
			t.Fatalf("%d of %d households, %d and %d grids", sum, total, l.Old, l.New)
		}
		again := s.LineageFrom(former, of)
		for i := range l.Rows {
			if l.Rows[i].Kind != again.Rows[i].Kind || l.Rows[i].Count != again.Rows[i].Count {
				t.Fatal("the same question has two answers")
			}
		}
	})
}

func TestDays(t *testing.T) {
	for text, want := range map[string]bool{"2027-01-31": true, "2027-02-29": false, "2028-02-29": true, "27-1-1": false, "": false, "2027-01-31T00:00:00Z": false, "9999-01-01": false} {
		if _, err := plan.ParseDay(text); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Counts of a few are kept back, and what would tell them by subtraction; where nothing is to be kept back all is told.
func TestSmallCountsAreKeptBack(t *testing.T) {
	former, of := before(drawnPlan(t, "AAABBBCC"))
	rows := drawnPlan(t, "AABBBBCC").LineageFrom(former, of).Rows
	told := plan.ToldLineage(rows, plan.Households, 11)
	var got []bool
	for i, r := range told {
		got = append(got, r.Suppressed)
		if (r.Count == nil) != r.Suppressed || r.Suppressed && (r.OldShare != nil || r.NewShare != nil) {
			t.Errorf("row %d: %+v", i, r)
		}
	}
	// A's ten households in B are few; what A keeps and what B had would tell them.
	if want := []bool{true, true, true, false}; !slices.Equal(got, want) {
		t.Errorf("kept back %v, not %v", got, want)
	}
	for i, r := range plan.ToldLineage(rows, plan.Households, 0) {
		if r.Suppressed || *r.Count != rows[i].Count {
			t.Errorf("row %d: %+v", i, r)
		}
	}
	for i, r := range plan.ToldLineage(rows, plan.StairUnits, 11) {
		if r.Suppressed {
			t.Errorf("row %d tells of stair units: %+v", i, r)
		}
	}
	g := plan.DivisionGrid{SuppressBelow: 10, Loads: map[plan.Measure]int64{plan.Households: 412, plan.PartyMembers: 9, plan.Buildings: 3, plan.Residents: 0}}
	loads, kept := g.Told()
	if !slices.Equal(kept, []plan.Measure{plan.PartyMembers}) || loads[plan.PartyMembers] != nil || *loads[plan.Households] != 412 || *loads[plan.Buildings] != 3 || *loads[plan.Residents] != 0 {
		t.Errorf("%v, kept back %v", loads, kept)
	}
}
