package intake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gridwright/importers/intake"
	"gridwright/plan"
)

// buildings writes n buildings, one a row; bad says what stands for the code and the floors of some.
func buildings(n int, bad map[int][2]string) string {
	var b strings.Builder
	b.WriteString("code,name,floors,wkt\n")
	for i := 1; i <= n; i++ {
		code, floors := fmt.Sprintf("B%d", i), fmt.Sprint(i%30)
		if s, is := bad[i]; is {
			code, floors = s[0], s[1]
		}
		x, y := 105+float64(i%100)*0.0002, 37+float64(i/100)*0.0002
		fmt.Fprintf(&b, "%s,楼%d,%s,\"POLYGON((%.4f %.4f,%.4f %.4f,%.4f %.4f,%.4f %.4f))\"\n", code, i, floors, x, y, x+0.0001, y, x, y+0.0001, x, y)
	}
	return b.String()
}

const liveFeatures = `select count(*)::text from gridwright.feature`

// A bad row at the very end of many keeps all of them out, and so do two of one code that are far apart; the list is by place whatever was found when.
func TestManyRowsAndABadOne(t *testing.T) {
	d := newDesk(t)
	const n = 5000
	d.refused(d.order("b.csv", buildings(n, map[int][2]string{n: {"B5000", "tall"}}), "building"), "B5000: number.wrong")
	d.refused(d.order("b.csv", buildings(n, map[int][2]string{n: {"B5000", "tall"}, 4000: {"B17", "3"}, 30: {"", "3"}}), "building"),
		": code.empty", "B17: code.twice", "B5000: number.wrong")
	d.want("what is left", d.Query(liveFeatures)+d.Query(imports), "00")

	all := map[int][2]string{}
	for i := 1; i <= n; i++ {
		all[i] = [2]string{"", "tall"}
	}
	r, err := intake.Run(d.Context(), d.Store, d.order("b.csv", buildings(n, all), "building"))
	if err == nil {
		t.Fatal("it was taken")
	}
	d.want("refusals", fmt.Sprint(len(r.Refused), r.RefusedTotal, r.RefusedRows, r.Refused[99].Line), "100 10000 5000 51")
}

// The same file has the same report on any number of cores, where it is good and where it is not.
func TestReportsDoNotHangOnTheCores(t *testing.T) {
	d := newDesk(t)
	bad := map[int][2]string{}
	for i := 1; i < 9000; i += 40 {
		bad[i] = [2]string{fmt.Sprintf("B%d", i/2+2), "tall"}
	}
	for name, o := range map[string]intake.Order{"good": d.order("b.csv", buildings(9000, nil), "building"), "bad": d.order("b.csv", buildings(9000, bad), "building")} {
		o.DryRun = true
		var first []byte
		for _, cores := range []int{1, 4} {
			before := runtime.GOMAXPROCS(cores)
			r, _ := intake.Run(d.Context(), d.Store, o)
			runtime.GOMAXPROCS(before)
			text, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = text
			} else if !bytes.Equal(first, text) {
				t.Errorf("%s: on %d cores\n%s\non 1\n%s", name, cores, text, first)
			}
		}
	}
}

// Whoever gives up while a file is read or stored leaves nothing behind.
func TestAnImportThatIsGivenUp(t *testing.T) {
	d := newDesk(t)
	for _, stage := range []string{"read", "store"} {
		ctx, giveUp := context.WithCancel(d.Context())
		o := d.order("b.csv", buildings(12_000, nil), "building")
		o.Progress = func(at string, done, total int) {
			if at == stage && done >= 3000 {
				giveUp()
			}
		}
		if r, err := intake.Run(ctx, d.Store, o); r != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, %v", stage, r, err)
		}
		giveUp()
		d.want(stage, d.Query(liveFeatures)+d.Query(imports), "00")
	}
}

// Where a ring begins and which way it goes round is no change.
func TestTheSameRingIsNoChange(t *testing.T) {
	d := newDesk(t)
	ring := []string{"105 37", "105.0002 37", "105.0002 37.0001", "105.0001 37.0001", "105.0001 37.0002", "105 37.0002"}
	text := func(r []string) string {
		return "code,wkt\nA,\"POLYGON((" + strings.Join(append(r, r[0]), ",") + "))\"\n"
	}
	d.must(d.order("b.csv", text(slices.Clone(ring)), "building"))
	for start := range ring {
		turned := slices.Concat(ring[start:], ring[:start])
		for range 2 {
			if r := d.must(d.order("b.csv", text(slices.Clone(turned)), "building")); r.Unchanged != 1 {
				t.Errorf("%v: %+v", turned, r)
			}
			slices.Reverse(turned)
		}
	}
	ring[1] = "105.0003 37"
	if r := d.must(d.order("b.csv", text(slices.Clone(ring)), "building")); r.Changed != 1 {
		t.Errorf("%+v", r)
	}
}

// Files that come one after the other, each with some of the columns and of the buildings, leave what a table kept by hand has, and count what changed.
func TestImportsAgainstATableKeptByHand(t *testing.T) {
	d := newDesk(t)
	d.must(d.order("a.csv", "code\nA1\nA2\n", "community"))
	type building struct{ name, floors, households, parent, corner string }
	table := map[string]building{}
	chance := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[chance.IntN(len(of))] }
	for round := range 25 {
		var columns []string
		for _, c := range []string{"name", "floors", "households", "parent"} {
			if chance.IntN(3) > 0 {
				columns = append(columns, c)
			}
		}
		said := func(c string) bool { return slices.Contains(columns, c) }
		var want struct{ added, changed, unchanged, retired int }
		next, named, parents := maps.Clone(table), map[string]bool{}, map[string]bool{}
		text := "code," + strings.Join(append(slices.Clone(columns), "wkt"), ",") + "\n"
		for i := range 8 {
			if chance.IntN(3) == 0 {
				continue
			}
			code := fmt.Sprintf("B%d", i)
			row := building{pick("", "甲", "乙"), pick("0", "6"), pick("", "10", "20"), pick("", "A1", "A2"), pick("0001", "0002")}
			old, stored := table[code]
			fresh := row
			if !said("name") {
				fresh.name = old.name
			}
			if !said("floors") {
				fresh.floors = old.floors
				if !stored {
					fresh.floors = "0"
				}
			}
			if !said("households") || row.households == "" {
				fresh.households = old.households
			}
			if !said("parent") {
				fresh.parent = old.parent
			} else if row.parent != "" {
				parents[row.parent] = true
			}
			switch {
			case !stored:
				want.added++
			case fresh == old:
				want.unchanged++
			default:
				want.changed++
			}
			next[code], named[code] = fresh, true
			text += code
			for _, c := range columns {
				text += "," + map[string]string{"name": row.name, "floors": row.floors, "households": row.households, "parent": row.parent}[c]
			}
			text += fmt.Sprintf(",\"POLYGON((105 37,105.%s 37,105 37.0001,105 37))\"\n", row.corner)
		}
		for code, b := range table {
			if parents[b.parent] && !named[code] {
				want.retired++
				delete(next, code)
			}
		}
		if len(named) == 0 {
			continue
		}
		r := d.must(d.order("b.csv", text, "building"))
		if got := fmt.Sprint(r.New, r.Changed, r.Unchanged, r.Retired); got != fmt.Sprint(want.added, want.changed, want.unchanged, want.retired) {
			t.Fatalf("round %d: got %s, want %+v of\n%s", round, got, want, text)
		}
		table = next
		var kept []string
		for _, code := range slices.Sorted(maps.Keys(table)) {
			b := table[code]
			kept = append(kept, strings.Join([]string{code, b.name, b.floors, b.households, b.parent, b.corner}, "/"))
		}
		d.want(fmt.Sprintf("round %d, after\n%s", round, text), d.Query(`select concat_ws('/', f.code, f.name, f.floors, coalesce(t.count::text, ''), coalesce(a.code, ''),
			lpad(round((st_xmax(f.geom::box3d) - 105) * 10000)::text, 4, '0')) from gridwright.feature f left join gridwright.area a on a.id = f.parent_id
			left join gridwright.tally t on t.layer = f.layer and t.code = f.code and t.until is null where f.until is null order by f.code`), strings.Join(kept, "\n"))
	}
	d.want("buildings", len(d.features(plan.BuildingLayer)), len(table))
}
