package plan_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/plantest"
)

// editCase is a drawn town and what edits make of it: see the file.
type editCase struct {
	Name       string
	Town       []string
	Columns    int
	Households int64
	Buildings  []drawnBuilding
	Edits      []plantest.Wish
	Then       *struct {
		Town     []string
		New      []string
		Grids    map[string]struct{ Households, Pieces, Blocks int }
		Findings []string
	}
	Refused string
}

type drawnBuilding struct {
	X, Y       float64
	Households int64
}

// site is a position that is counted in blocks from the south-western corner.
func site(x, y float64) crs.Point {
	return crs.Point{Lon: 1_040_000_000 + crs.Coord(math.Round(x*10_000)), Lat: 397_000_000 + crs.Coord(math.Round(y*10_000))}
}

// draw returns the plan of a drawn town.
func (c *editCase) draw(t rapid.TB) *plan.Snapshot {
	t.Helper()
	width, rows := len(c.Town[0]), len(c.Town)
	columns := c.Columns
	if columns == 0 {
		columns = width
	}
	g, err := plantest.Town(width/columns, columns, rows, plantest.Even(c.Households))
	if err != nil {
		t.Fatal(err)
	}
	letters := map[byte]plan.GridNo{}
	var grids []plan.Grid
	for _, l := range []byte(strings.Join(c.Town, "")) {
		if _, known := letters[l]; !known && l != '.' {
			letters[l] = 0
			grids = append(grids, plan.Grid{GridProps: plan.GridProps{Code: string(l), Name: "网格" + string(l), Kind: plan.BaseGrid}})
		}
	}
	slices.SortFunc(grids, func(a, b plan.Grid) int { return strings.Compare(a.Code, b.Code) })
	for i := range grids {
		grids[i].No = plan.GridNo(i + 1)
		letters[grids[i].Code[0]] = grids[i].No
	}
	at := make([]plan.GridNo, len(g.Blocks))
	for i := range g.Blocks {
		n := i - int(g.Blocks[i].Parent)*columns*rows
		x, y := int(g.Blocks[i].Parent)*columns+n%columns, n/columns
		if at[i] = letters[c.Town[rows-1-y][x]]; at[i] != 0 {
			grids[at[i]-1].Parent = g.Blocks[i].Parent
		}
	}
	r := plan.Recipe{Scope: "all", Grids: len(grids), Tolerance: 0.1, Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}
	s := plan.NewSnapshot(g, r, 1, grids, at)
	s.Colour()
	return s
}

// things returns the buildings of the town: squares of a tenth of a block.
func (c *editCase) things() (things []plan.Standing) {
	for i, b := range c.Buildings {
		const half = 0.05
		things = append(things, plan.Standing{Layer: plan.BuildingLayer, Code: fmt.Sprint("h", i), Tallies: []plan.Tally{{Measure: plan.Households, Count: b.Households},
			{Measure: plan.StairUnits, Count: b.Households / 2}}, Geometry: plan.Geometry{Shape: shape.MultiPolygon{{{
			site(b.X-half, b.Y-half), site(b.X+half, b.Y-half), site(b.X+half, b.Y+half), site(b.X-half, b.Y+half)}}}}})
	}
	return things
}

// log is a plan in memory with its log, as the database keeps one.
type log struct {
	now    *plan.Snapshot
	past   []*plan.Snapshot // by revision, less one
	edits  []plan.Edit
	h      plan.History
	stored plan.BlockID
	things []plan.Standing
}

func newLog(s *plan.Snapshot, things []plan.Standing) *log {
	return &log{now: s, past: []*plan.Snapshot{s}, edits: []plan.Edit{{Revision: 1, Kind: plan.Propose}}, stored: 1_000_000, things: things}
}

// do carries out a drawn edit.
func (l *log) do(t rapid.TB, d plantest.Wish) error {
	t.Helper()
	e, err := l.wished(t, d)
	if err != nil {
		return err
	}
	e.Revision = l.now.Revision + 1
	next, err := l.now.Apply(e)
	if err != nil {
		t.Fatalf("%s: what was wished does not apply: %v", d.Kind, err)
	}
	if err := l.now.Allows(e, next); err != nil {
		return err
	}
	if e.Kind != plan.Undo && e.Kind != plan.Redo {
		e.Tell(l.now, next)
		for _, said := range e.Said {
			if said == "" || strings.Contains(said, "edit.said") || strings.ContainsAny(said, "{}") {
				t.Errorf("%s is told as %q", d.Kind, said)
			}
		}
	}
	l.now, l.past, l.edits = next, append(l.past, next), append(l.edits, e)
	l.h.Add(e)
	return nil
}

func (l *log) wished(t rapid.TB, d plantest.Wish) (e plan.Edit, err error) {
	s := l.now
	switch d.Kind {
	case plan.Assign:
		return s.Assignment(d.Blocks, d.To)
	case plan.CutGrid, plan.Reshape:
		w := plan.Stroke{Grid: d.Grid, Neighbour: d.Neighbour, Share: d.Share, Name: d.Name, NameEn: d.NameEn}
		for _, p := range d.Line {
			at, err := crs.FromDegrees(p[0], p[1])
			if err != nil {
				t.Fatal(err)
			}
			w.Line = append(w.Line, at)
		}
		if e, err = s.Stroke(context.Background(), w, plan.StrokeFacts{Things: l.things}); err == nil && e.Recut != nil {
			stored := map[plan.BlockID]plan.BlockID{}
			for i := range e.Recut.Come {
				l.stored++
				stored[e.Recut.Come[i].ID] = l.stored
			}
			e.Number(stored)
		}
		return e, err
	case plan.Merge:
		return s.Merging(d.Grids, d.Into)
	case plan.LockThings, plan.UnlockThings:
		return s.Locking(plan.LockWish{All: d.All, Grids: d.Grids, Blocks: d.Blocks, Borders: d.Borders}, d.Kind == plan.LockThings)
	case plan.Rename:
		return s.Naming(d.Grid, d.Name, d.NameEn)
	case plan.Dedicate:
		return s.Dedicating(d.Grid, d.Purpose, d.Body)
	case plan.Enclave:
		return s.Enclaving(d.Grid, d.Reason)
	case plan.Restore:
		return s.Restoring(l.past[d.Revision-1])
	case plan.Undo:
		target, ok := l.h.Undo()
		if !ok {
			return e, errNothing
		}
		e = l.edits[target-1].Inverse()
		e.Kind, e.Reverts = plan.Undo, target
		return e, nil
	case plan.Redo:
		target, ok := l.h.Redo()
		if !ok {
			return e, errNothing
		}
		e = l.edits[target-1]
		e.Kind, e.Reverts = plan.Redo, target
		return e, nil
	}
	t.Fatalf("no such kind: %s", d.Kind)
	return e, nil
}

var errNothing = errors.New("there is nothing to undo")

// The cases that the page reads, too.
func TestDrawnEdits(t *testing.T) {
	text, err := os.ReadFile("../frontend/src/core/cases/edits.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []editCase }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			l := newLog(c.draw(t), c.things())
			for i, d := range c.Edits {
				for j, p := range d.Line {
					at := site(p[0], p[1])
					d.Line[j] = [2]float64{at.Lon.Degrees(), at.Lat.Degrees()}
				}
				err := l.do(t, d)
				if i == len(c.Edits)-1 && c.Refused != "" {
					if fault, ok := errors.AsType[*plan.Fault](err); !ok || fault.Key != c.Refused {
						t.Fatalf("got %v, want %s", err, c.Refused)
					}
					return
				}
				if err != nil {
					t.Fatalf("edit %d: %v", i+1, err)
				}
				holds(t, l.now)
			}
			c.compare(t, l.now)
		})
	}
}

// compare looks whether a plan is what the case says.
func (c *editCase) compare(t *testing.T, s *plan.Snapshot) {
	t.Helper()
	letter := func(code string) string {
		switch {
		case code == "":
			return "."
		case len(code) > 1: // one that was cut off
			return "N"
		}
		return code
	}
	if c.Then.Town != nil {
		width, rows := len(c.Town[0]), len(c.Town)
		columns := c.Columns
		if columns == 0 {
			columns = width
		}
		drawn := make([][]byte, rows)
		for i := range drawn {
			drawn[i] = make([]byte, width)
		}
		for i := range s.Ground.Blocks {
			n := i - int(s.Ground.Blocks[i].Parent)*columns*rows
			drawn[rows-1-n/columns][int(s.Ground.Blocks[i].Parent)*columns+n%columns] = letter(s.CodeOf(int32(i)))[0]
		}
		for i, row := range c.Then.Town {
			if string(drawn[i]) != row {
				t.Errorf("row %d is %s, want %s", i, drawn[i], row)
			}
		}
	}
	got := map[string]bool{}
	for g := range s.Live() {
		l := letter(g.Code)
		got[l] = true
		want, ok := c.Then.Grids[l]
		if !ok {
			t.Errorf("there is a grid %s", g.Code)
			continue
		}
		if n := int(s.Loads(g.No)[0]); n != want.Households || s.Pieces(g.No) != want.Pieces || want.Blocks != 0 && len(s.Blocks(g.No)) != want.Blocks {
			t.Errorf("grid %s: %d households, %d pieces, %d blocks, want %+v", g.Code, n, s.Pieces(g.No), len(s.Blocks(g.No)), want)
		}
	}
	for l := range c.Then.Grids {
		if !got[l] {
			t.Errorf("there is no grid %s", l)
		}
	}
	found := []string{}
	for _, f := range s.Findings() {
		said := f.Rule
		if f.Grid != 0 {
			said += " " + letter(s.Grids[f.Grid-1].Code)
		}
		if f.Severity != plan.Note {
			found = append(found, said)
		}
	}
	if !slices.Equal(found, c.Then.Findings) {
		t.Errorf("findings are %q, want %q", found, c.Then.Findings)
	}
}

func holds(t rapid.TB, s *plan.Snapshot) {
	t.Helper()
	if err := plantest.Holds(s); err != nil {
		t.Fatal(err)
	}
}
