package groundwork_test

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"gridwright/importers/groundwork"
	"gridwright/plan/words"
)

// What is wrong with a town but can be built is told of with its place, in both languages.
func TestBadTownsAreNamed(t *testing.T) {
	for _, c := range []struct {
		name   string
		spoil  func(d *desk)
		zh, en string
	}{
		{"two communities that overlap by a third", func(d *desk) { d.take("community", "code,wkt", "B,"+box(2.6, 0, 8, 4)) },
			"A、B互相重叠（105.0033 37.502处，", "A, B overlap at 105.0033 37.502, "},
		{"a building outside every community", func(d *desk) { d.take("building", "code,wkt", "lost,"+box(12, 12, 12.2, 12.2)) },
			"楼栋lost（105.012 37.512处）不在任何区划之内，没有计入", "building lost (at 105.012 37.512) lies in no area and is counted nowhere"},
		{"a building that is there twice", func(d *desk) { d.take("building", "code,wkt", "twin,"+box(0.7, 0.7, 1.1, 1.1)) },
			"楼栋h00、twin占同一块地（105.0007 37.5007处），可能重复", "buildings h00, twin stand on one footprint at 105.0007 37.5007: is one of them there twice?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newTown(t)
			c.spoil(d)
			for lang, want := range map[words.Lang]string{words.Zh: c.zh, words.En: c.en} {
				r, err := groundwork.Run(t.Context(), d.Store, groundwork.Order{Scope: "all", Lang: lang})
				if err != nil {
					t.Fatal(err)
				}
				var said []string
				for _, f := range r.Findings {
					said = append(said, f.Words)
				}
				if !strings.Contains(strings.Join(said, "\n"), want) {
					t.Errorf("nobody said %q but\n%s", want, strings.Join(said, "\n"))
				}
			}
		})
	}
}

// Roads that cross themselves are no fault: each crossing is a corner.
func TestARoadThatCrossesItself(t *testing.T) {
	d := newTown(t)
	d.streets("knot,Knot,street,\"LINESTRING(105.0001 37.5001,105.0015 37.5015,105.0015 37.5001,105.0001 37.5015)\"")
	d.build("all")
	d.oracle()
}

// Files with their rows in any order give the same blocks under the same codes.
func TestShuffledFiles(t *testing.T) {
	const blocks = `select string_agg(code || ' ' || st_astext(geom), ' ' order by code) from block where until is null`
	var want string
	for seed := range int64(3) {
		d := newDesk(t)
		random := rand.New(rand.NewSource(seed))
		take := func(layer, head string, rows ...string) {
			random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			d.take(layer, head, rows...)
		}
		take("community", "code,wkt", "A,"+box(0, 0, 4, 4), "B,"+box(4, 0, 8, 4), "C,"+box(0, 4, 8, 8.05), "D,"+box(0, 8, 8, 12))
		var streets, houses []string
		for i := range 5 {
			at := 0.5 + 1.7*float64(i)
			streets = append(streets, fmt.Sprintf("n%d,street,%s", i, line(at, -1, at+0.3, 13)), fmt.Sprintf("e%d,street,%s", i, line(-1, at, 9, at+0.4)))
			for k := range 7 {
				x, y := 0.3+1.1*float64(k), 0.2+2.3*float64(i)
				houses = append(houses, fmt.Sprintf("h%d%d,%d,%s", i, k, 3+i*k, box(x, y, x+0.3, y+0.2)))
			}
		}
		take("road", "code,class,wkt", streets...)
		take("building", "code,households,wkt", houses...)
		d.build("all")
		if got := d.Query(blocks); seed == 0 {
			want = got
		} else {
			d.want("blocks", got, want)
		}
	}
}
