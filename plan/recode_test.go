package plan_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/plan/words"
)

// preset returns a scheme that comes with the program.
func preset(t rapid.TB, key string) plan.CodeScheme {
	t.Helper()
	c, err := plan.DefaultCodeSettings().Scheme(key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// blocksTown is two communities of 8 x 6 blocks, each its own grid: what a plan is before anybody merges anything.
func blocksTown(t rapid.TB) *plan.Snapshot {
	t.Helper()
	g, err := plantest.Town(2, 8, 6, plantest.Even(10))
	if err != nil {
		t.Fatal(err)
	}
	g.Parents[0].Level, g.Parents[0].Code = plan.Community, "640502100001"
	g.Parents[1].Level, g.Parents[1].Code = plan.Community, "640502100002"
	grids, at := make([]plan.Grid, len(g.Blocks)), make([]plan.GridNo, len(g.Blocks))
	for i, b := range g.Blocks {
		grids[i] = plan.Grid{No: plan.GridNo(i + 1), Parent: b.Parent, GridProps: plan.GridProps{Kind: plan.BaseGrid, Code: fmt.Sprintf("P-%d", i), Name: "第一网格", NameEn: "Grid 1"}}
		at[i] = plan.GridNo(i + 1)
	}
	return plan.NewSnapshot(g, plan.Recipe{Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}, 1, grids, at)
}

// with returns the plan after changes of what is said of grids.
func with(s *plan.Snapshot, changes []plan.GridChange) *plan.Snapshot {
	grids := slices.Clone(s.Grids)
	for _, c := range changes {
		grids[c.No-1].GridProps = *c.After
	}
	return plan.NewSnapshot(s.Ground, s.Recipe, s.Revision+1, grids, s.At)
}

func codesOf(s *plan.Snapshot) (codes []string) {
	for g := range s.Live() {
		codes = append(codes, g.Code)
	}
	return codes
}

// recoded returns the plan with codes of a scheme.
func recoded(t rapid.TB, s *plan.Snapshot, scheme plan.CodeScheme, taken func(string) bool) *plan.Snapshot {
	t.Helper()
	changes, err := s.Recode(scheme, taken)
	if err != nil {
		t.Fatal(err)
	}
	return with(s, changes)
}

func TestPresets(t *testing.T) {
	s := blocksTown(t)
	for _, c := range []struct{ key, first, name string }{
		{"plain", "640502100001-01", "第一网格"}, {"dcm-15", "640502100001001", "第一网格"}, {"cjt213-14", "64050210000101", "第一网格"},
		{"cjt349-20", "00000064050210000101", "第一网格"}, {"stat12+2", "64050210000101", "第一网格"}, {"stat12+3", "640502100001001", "第一网格"},
		{"beijing-15", "640502100001001", "第一网格"},
	} {
		got := recoded(t, s, preset(t, c.key), nil)
		north := got.Grids[got.At[40]-1] // the block in the north-western corner
		if north.Code != c.first || north.Name != c.name {
			t.Errorf("%s: %s %s, want %s %s", c.key, north.Code, north.Name, c.first, c.name)
		}
		for _, code := range codesOf(got) {
			if d := len(preset(t, c.key).Key); d == 0 || code == "" {
				t.Fatal("an empty code")
			}
		}
	}
	if len(plan.CodePresets) != 7 {
		t.Errorf("%d presets, and not all are tried here", len(plan.CodePresets))
	}
}

// Bands run from north to south, and west to east in each; columns the other way round; large grids one after the other where they are in turn.
func TestOrders(t *testing.T) {
	g, err := plantest.Town(2, 2, 2, plantest.Even(1))
	if err != nil {
		t.Fatal(err)
	}
	g.Above = map[plan.AreaID]plan.Area{9: {ID: 9, Level: plan.Community, Code: "640502100001"}}
	for i := range g.Parents {
		g.Parents[i].Parent = 9
	}
	grids, at := make([]plan.Grid, len(g.Blocks)), make([]plan.GridNo, len(g.Blocks))
	for i, b := range g.Blocks {
		grids[i] = plan.Grid{No: plan.GridNo(i + 1), Parent: b.Parent, GridProps: plan.GridProps{Kind: plan.BaseGrid, Code: fmt.Sprint(i)}}
		at[i] = grids[i].No
	}
	s := plan.NewSnapshot(g, plan.Recipe{}, 1, grids, at)
	// Blocks 0 and 1 are the south of the western large grid, 2 and 3 its north; 4 to 7 likewise in the eastern one.
	for _, c := range []struct {
		name   string
		scheme plan.CodeScheme
		want   []string
	}{
		{"rows across both", plan.CodeScheme{}, []string{"2", "3", "6", "7", "0", "1", "4", "5"}},
		{"columns", plan.CodeScheme{Order: plan.ByColumns}, []string{"2", "0", "3", "1", "6", "4", "7", "5"}},
		{"in turn", plan.CodeScheme{InTurn: true}, []string{"2", "3", "0", "1", "6", "7", "4", "5"}},
		{"one band", plan.CodeScheme{BandMetres: 5000}, []string{"0", "2", "1", "3", "4", "6", "5", "7"}},
	} {
		c.scheme.Key = "own"
		c.scheme.Segments = []plan.CodeSegment{{Area: "community", Digits: 3}, {Sequence: true, Digits: 2}}
		r, err := s.Coded(c.scheme, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]string, len(r.Changes))
		for _, change := range r.Changes {
			var n int
			fmt.Sscanf(strings.TrimPrefix(change.After.Code, "001"), "%d", &n)
			got[n-1] = change.Before.Code
		}
		if d := cmp.Diff(c.want, got); d != "" && c.name != "one band" {
			t.Errorf("%s: %s", c.name, d)
		} else if c.name == "one band" && (got[0] != "0" && got[0] != "2") {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Codes are in the scheme's order, no two grids have one, and equal plans get equal codes, however their grids are numbered.
func TestCodesAreInOrder(t *testing.T) {
	s := blocksTown(t)
	rapid.Check(t, func(t *rapid.T) {
		band := rapid.SampledFrom([]int{0, 50, 111, 300, 1000}).Draw(t, "band")
		scheme := plan.CodeScheme{Key: "own", BandMetres: band, Segments: []plan.CodeSegment{{Area: "community", Digits: 12}, {Sequence: true, Digits: 3}}}
		shuffled := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
			for i := range s.Grids {
				if !yield(i) {
					return
				}
			}
		})).Draw(t, "numbers")
		grids, at := make([]plan.Grid, len(s.Grids)), make([]plan.GridNo, len(s.At))
		for i, to := range shuffled {
			grids[to] = s.Grids[i]
			grids[to].No = plan.GridNo(to + 1)
		}
		for b, no := range s.At {
			at[b] = plan.GridNo(shuffled[no-1] + 1)
		}
		other := plan.NewSnapshot(s.Ground, s.Recipe, 1, grids, at)
		one, err := s.Coded(scheme, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		two, err := other.Coded(scheme, nil, false)
		if err != nil {
			t.Fatal(err)
		}
		a, b := with(s, one.Changes), with(other, two.Changes)
		for i := range s.At {
			if a.Grids[a.At[i]-1].Code != b.Grids[b.At[i]-1].Code {
				t.Fatalf("block %d: %s or %s", i, a.Grids[a.At[i]-1].Code, b.Grids[b.At[i]-1].Code)
			}
		}
		order := codesOf(a)
		slices.Sort(order)
		if len(slices.Compact(order)) != len(a.Grids) {
			t.Fatal("two grids have one code")
		}
		height := crs.Coord(one.Frames[0].Band * 90) // steps a metre, a little less
		for i := range a.At {
			for j := range a.At {
				p, q := a.Ground.Blocks[i], a.Ground.Blocks[j]
				if p.Parent == q.Parent && p.Label.Lat-q.Label.Lat > height && a.Grids[a.At[i]-1].Code > a.Grids[a.At[j]-1].Code {
					t.Fatalf("%s lies north of %s and has %s, not before %s", p.Code, q.Code, a.Grids[a.At[i]-1].Code, a.Grids[a.At[j]-1].Code)
				}
				if p.Parent == q.Parent && p.Label.Lat == q.Label.Lat && p.Label.Lon < q.Label.Lon && a.Grids[a.At[i]-1].Code > a.Grids[a.At[j]-1].Code {
					t.Fatalf("%s lies west of %s in a row", p.Code, q.Code)
				}
			}
		}
	})
}

// Over a thousand splits and merges no code is given twice: grids keep theirs, and what is gone is gone.
func TestCodesAreGivenOnce(t *testing.T) {
	town := blocksTown(t)
	rapid.Check(t, func(t *rapid.T) {
		s := town
		scheme := plan.CodePresets[1] // three digits
		changes, err := s.Recode(scheme, nil)
		if err != nil {
			t.Fatal(err)
		}
		s = with(s, changes)
		given := map[string]plan.GridNo{}
		published := map[string]bool{}
		for _, g := range s.Grids {
			given[g.Code] = g.No
		}
		for step := range 1000 / 25 { // 25 runs and more make a thousand and more
			grids, at := slices.Clone(s.Grids), slices.Clone(s.At)
			b := rapid.IntRange(0, len(at)-1).Draw(t, "block")
			from := &grids[at[b]-1]
			if blocks := s.Blocks(from.No); len(blocks) > 1 && rapid.Bool().Draw(t, "split") {
				code, name, _, err := s.NewCode([]plan.CodeScheme{scheme}, from.No, func(c string) bool { return published[c] })
				if err != nil {
					t.Fatal(err)
				}
				if no, twice := given[code]; twice {
					t.Fatalf("step %d: %s was grid %d's", step, code, no)
				}
				if want := "第" + name[len("第"):]; name != want {
					t.Fatal(name)
				}
				no := plan.GridNo(len(grids) + 1)
				if rapid.Bool().Draw(t, "foreign") { // it comes with a code of no scheme and is coded afterwards
					code = fmt.Sprintf("draft-%d", no)
				}
				given[code] = no
				grids = append(grids, plan.Grid{No: no, Parent: from.Parent, GridProps: plan.GridProps{Kind: plan.BaseGrid, Code: code, Name: name}})
				at[b] = no
			} else { // the next grid of the parent joins this one
				for i := range grids {
					if g := &grids[i]; !g.Gone && g.Parent == from.Parent && g.No != from.No {
						g.Gone = true
						for j := range at {
							if at[j] == g.No {
								at[j] = from.No
							}
						}
						break
					}
				}
			}
			before := s
			s = plan.NewSnapshot(s.Ground, s.Recipe, s.Revision+1, grids, at)
			changes, err := s.Recode(scheme, func(c string) bool { return published[c] })
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				if no, twice := given[c.After.Code]; twice || !strings.HasPrefix(c.Before.Code, "draft-") {
					t.Fatalf("%s becomes %s, which is grid %d's", c.Before.Code, c.After.Code, no)
				}
				given[c.After.Code] = c.No
			}
			s = with(s, changes)
			if step == 20 { // publish, forget which were gone, and number anew: what was published stays
				for _, code := range codesOf(before) {
					published[code] = true
				}
				r, err := s.Coded(scheme, func(c string) bool { return published[c] }, true)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range r.Changes {
					if published[c.Before.Code] || published[c.After.Code] {
						t.Fatalf("%s becomes %s", c.Before.Code, c.After.Code)
					}
				}
			}
		}
	})
}

// Reserved numbers and those of dedicated grids are left out; a community that is not divided has noughts; dedicated grids have their range.
func TestRangesOfNumbers(t *testing.T) {
	s := blocksTown(t)
	s.Grids[5].Kind, s.Grids[5].Name = plan.DedicatedGrid, "商圈"
	s.Grids[7].Kind = plan.DedicatedGrid
	scheme := plan.CodeScheme{Key: "own", Segments: []plan.CodeSegment{{Area: "community", Digits: 3}, {Text: "-"}, {Sequence: true, Digits: 2}}, Names: true,
		Reserved: []plan.NumberRange{{From: 2, To: 9}}, Dedicated: &plan.NumberRange{From: 90, To: 99}}
	got := recoded(t, s, scheme, nil)
	if g := got.Grids[7]; g.Code != "001-91" || g.Name != "第二专属网格" || g.NameEn != "Dedicated grid 2" {
		t.Errorf("%+v", g.GridProps)
	}
	if g := got.Grids[5]; g.Code != "001-90" || g.Name != "商圈" {
		t.Errorf("%+v", g.GridProps)
	}
	codes := codesOf(got)
	slices.Sort(codes)
	if codes[0] != "001-01" || codes[1] != "001-10" {
		t.Errorf("%v", codes[:3])
	}
	// Without a range of their own dedicated grids are numbered along.
	for _, key := range []string{"plain", "beijing-15", "cjt349-20"} {
		along := codesOf(recoded(t, s, preset(t, key), nil))
		slices.Sort(along)
		if len(slices.Compact(along)) != len(s.Grids) {
			t.Errorf("%s gives a code twice: %v", key, along)
		}
	}
	whole := preset(t, "cjt349-20")
	at := slices.Repeat([]plan.GridNo{1}, len(s.At))
	grids := []plan.Grid{{No: 1, GridProps: plan.GridProps{Code: "x", Kind: plan.BaseGrid}}}
	for i, b := range s.Ground.Blocks {
		if b.Parent == 1 {
			at[i] = 0
		}
	}
	one := recoded(t, plan.NewSnapshot(s.Ground, s.Recipe, 1, grids, at), whole, nil)
	if one.Grids[0].Code != "00000064050210000100" {
		t.Errorf("not subdivided: %s", one.Grids[0].Code)
	}
	if changes, err := one.Recode(whole, nil); err != nil || len(changes) > 0 {
		t.Errorf("again: %v %v", changes, err)
	}
}

// Bad schemes and areas without codes are refused with the place.
func TestCodesThatCannotBe(t *testing.T) {
	s := blocksTown(t)
	narrow := plan.CodeScheme{Key: "narrow", Segments: []plan.CodeSegment{{Area: "community", Digits: 12}, {Sequence: true, Digits: 1}}}
	for _, c := range []struct {
		name, scheme, key, says string
	}{
		{"the numbers run out", "", "code.spent", "48 grids share 640502100001, its 1 digits go to 9"},
		{"no number", `{"key":"a","segments":[{"area":"community"}]}`, "scheme.numbers", "has 0"},
		{"two numbers", `{"key":"a","segments":[{"sequence":true,"digits":2},{"sequence":true,"digits":2}]}`, "scheme.numbers", "has 2"},
		{"nothing in a segment", `{"key":"a","segments":[{"sequence":true,"digits":2},{}]}`, "scheme.segment", "segment 2"},
		{"an unknown level", `{"key":"a","segments":[{"area":"moon"},{"sequence":true,"digits":2}]}`, "scheme.level", "moon"},
		{"characters no code has", `{"key":"a","segments":[{"text":"网"},{"sequence":true,"digits":2}]}`, "scheme.text", "segment 1"},
		{"ten digits of number", `{"key":"a","segments":[{"sequence":true,"digits":10}]}`, "scheme.digits", "segment 1"},
		{"a range beyond the digits", `{"key":"a","segments":[{"sequence":true,"digits":2}],"dedicated":{"from":90,"to":100}}`, "scheme.range", "90-100"},
		{"a range the wrong way round", `{"key":"a","segments":[{"sequence":true,"digits":2}],"reserved":[{"from":9,"to":1}]}`, "scheme.range", "9-1"},
		{"a key with blanks", `{"key":"a b","segments":[{"sequence":true,"digits":2}]}`, "scheme.key", "a b"},
		{"an order nobody knows", `{"key":"a","segments":[{"sequence":true,"digits":2}],"order":"spiral"}`, "scheme.order", "spiral"},
		{"a sole grid with a number", `{"key":"a","segments":[{"sequence":true,"digits":2}],"none":"01"}`, "scheme.none", ""},
		{"more digits than the area has", `{"key":"a","segments":[{"area":"county","digits":9},{"sequence":true,"digits":2}]}`, "code.digits", "640502"},
		{"a level that is not there", `{"key":"a","segments":[{"area":"large_grid"},{"sequence":true,"digits":2}]}`, "code.no_area", "large grid"},
	} {
		scheme := narrow
		if c.scheme != "" {
			scheme = plan.CodeScheme{}
			if err := json.Unmarshal([]byte(c.scheme), &scheme); err != nil {
				t.Fatal(err)
			}
		}
		_, err := s.Recode(scheme, nil)
		fault, ok := err.(*plan.Fault)
		if !ok || fault.Kind != plan.Invalid || fault.Key != c.key || !strings.Contains(fault.In(words.En), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// The codes of areas that are no statistical ones are what they add to the code above, and large grids have a part of their own.
func TestCodesOfLargeGrids(t *testing.T) {
	g, err := plantest.Town(1, 2, 1, plantest.Even(1))
	if err != nil {
		t.Fatal(err)
	}
	g.Parents[0].Code, g.Parents[0].Parent = "64050210000107", 9
	g.Above = map[plan.AreaID]plan.Area{9: {ID: 9, Level: plan.Community, Code: "640502100001"}}
	s := plan.NewSnapshot(g, plan.Recipe{}, 1, []plan.Grid{{No: 1, GridProps: plan.GridProps{Code: "x", Kind: plan.BaseGrid}}}, []plan.GridNo{1, 1})
	got := recoded(t, s, plan.CodeScheme{Key: "a", Segments: []plan.CodeSegment{{Area: "county", Digits: 6}, {Area: "large_grid", Digits: 2}, {Sequence: true, Digits: 3}}}, nil)
	if got.Grids[0].Code != "64050207001" {
		t.Error(got.Grids[0].Code)
	}
}
