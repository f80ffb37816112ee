package server_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"gridwright/plan"
	"gridwright/plan/plantest"
)

// editsWanted returns how many edits a test makes: a few, or as many as GRIDWRIGHT_EDITS says.
func editsWanted(few int) int {
	if n, err := strconv.Atoi(os.Getenv("GRIDWRIGHT_EDITS")); err == nil {
		return n
	}
	return few
}

type editAnswer struct {
	Revision int64
	Edit     struct{ Words, By, Kind string }
	Grids    []struct {
		No     plan.GridNo
		Code   string
		Name   string
		Locked bool
		Loads  map[string]float64
	}
	Gone     []plan.GridNo
	Moved    []struct{ Block, Grid string }
	Replaced []struct {
		Code   string
		Codes  []string
		Reason string
	} `json:"blocks_replaced"`
	Locks struct {
		Blocks  []string
		Borders [][2]string
	}
	Code   string // of a refusal
	Detail string
}

// wish asks for an edit on a revision.
func (h *house) wish(w plantest.Wish, base int64, headers ...string) (int, editAnswer) {
	h.Helper()
	path := h.at("/edits")
	switch w.Kind {
	case plan.Undo, plan.Redo:
		path, w = h.at("/%s", w.Kind), plantest.Wish{}
	}
	w.Base = &base
	body := any(w)
	if path != h.at("/edits") {
		body = map[string]int64{"base_revision": base}
	}
	text, err := json.Marshal(body)
	if err != nil {
		h.Fatal(err)
	}
	a := h.ask(http.MethodPost, path, string(text), headers...)
	var out editAnswer
	h.read(a, &out)
	return a.StatusCode, out
}

func (h *house) stored() *plan.Snapshot {
	h.Helper()
	s, err := h.store.Snapshot(h.Context(), h.plan)
	if err != nil {
		h.Fatal(err)
	}
	return s
}

// Whatever is asked for, what is stored keeps what is always true, a server that follows shows what one that begins reads, and all undone
// the plan is what it was.
func TestRandomEditsThroughTheDoor(t *testing.T) {
	h := open(t, "")
	first := h.stored()
	dice := rand.New(rand.NewPCG(7, 11))
	done := map[plan.EditKind]int{}
	now := first
	for range editsWanted(40) {
		w := plantest.RandomWish(now, dice.IntN)
		if w.Kind == plan.Restore && w.Revision < now.Revision-40 {
			w.Revision = max(1, now.Revision-40)
		}
		status, a := h.wish(w, now.Revision)
		switch status {
		case http.StatusOK:
			done[w.Kind]++
		case http.StatusUnprocessableEntity, http.StatusConflict:
			continue
		default:
			t.Fatalf("%+v: %d %s %s", w, status, a.Code, a.Detail)
		}
		now = h.stored()
		if now.Revision != a.Revision {
			t.Fatalf("the answer is revision %d, and %d is stored", a.Revision, now.Revision)
		}
		if err := plantest.Holds(now); err != nil {
			t.Fatalf("%+v: %v", w, err)
		}
		if a.Edit.Words == "" || strings.Contains(a.Edit.Words, "edit.said") {
			t.Fatalf("%+v is told as %q", w, a.Edit.Words)
		}
		for _, g := range a.Grids {
			if got := now.Loads(g.No)[0]; got != g.Loads["households"] {
				t.Fatalf("%+v: grid %s is said to have %f households and has %f", w, g.Code, g.Loads["households"], got)
			}
		}
	}
	t.Log(done)
	if done[plan.CutGrid] == 0 || done[plan.Reshape] == 0 || done[plan.Merge] == 0 {
		t.Errorf("some kinds were never granted: %v", done)
	}
	other := *h
	other.url = serve(t, h.store, "")
	for _, path := range []string{h.at("/grids"), h.at("/blocks"), h.at("/findings"), h.at("/assignment")} {
		if a, b := h.get(path, nil), other.get(path, nil); !equal(a.body, b.body) {
			t.Errorf("%s differs between a server that followed and one that began", path)
		}
	}
	for _, tile := range h.coveringTiles() {
		if a, b := h.get(tile, nil), other.get(tile, nil); !equal(a.body, b.body) || a.Header.Get("ETag") != b.Header.Get("ETag") {
			t.Errorf("%s differs between a server that followed and one that began", tile)
		}
	}
	for {
		status, a := h.wish(plantest.Wish{Kind: plan.Undo}, h.stored().Revision)
		if status != http.StatusOK {
			if a.Code != "edit.nothing_undo" {
				t.Fatalf("undo: %d %s", status, a.Code)
			}
			break
		}
	}
	if err := plantest.Same(h.stored(), first); err != nil {
		t.Errorf("all undone: %v", err)
	}
}

// coveringTiles returns the addresses of some tiles of the plan.
func (h *house) coveringTiles() []string {
	var doc tileJSON
	h.get("/tiles/plans/"+h.plan.String()+".json", &doc)
	box := doc.Bounds
	var paths []string
	for _, z := range []int{10, 13, 15} {
		x, y := tileOver((box[0]+box[2])/2, (box[1]+box[3])/2, z)
		paths = append(paths, fmt.Sprintf("/tiles/plans/%s/%d/%d/%d.mvt", h.plan, z, x, y))
	}
	return paths
}

// Of many who edit one plan at once nobody is overwritten: every edit that was acknowledged is in the log once and in the plan as it was
// answered, and every other one was refused with a reason.
func TestSixteenAtOnce(t *testing.T) {
	h := open(t, "")
	first := h.stored()
	const clients = 16
	var mu sync.Mutex
	acknowledged := map[int64]plantest.Wish{}
	refused := map[string]int{}
	var group sync.WaitGroup
	for c := range clients {
		group.Go(func() {
			dice := rand.New(rand.NewPCG(uint64(c), 5))
			now := first
			for i := range editsWanted(3) {
				w := plantest.RandomWish(now, dice.IntN)
				if w.Kind == plan.Restore {
					w = plantest.Wish{Kind: plan.Undo}
				}
				key := fmt.Sprintf("Idempotency-Key: %d-%d", c, i)
				status, a := h.wish(w, now.Revision, key)
				again, b := h.wish(w, now.Revision, key) // as after a lost answer
				mu.Lock()
				switch {
				case status == http.StatusOK:
					if _, twice := acknowledged[a.Revision]; twice {
						t.Errorf("revision %d was acknowledged twice", a.Revision)
					}
					acknowledged[a.Revision] = w
					if again != http.StatusOK || b.Revision != a.Revision {
						t.Errorf("asked again with its key: %d, revision %d and not %d", again, b.Revision, a.Revision)
					}
				case a.Code == "":
					t.Errorf("%+v: %d without a reason", w, status)
				default:
					refused[a.Code]++
					if again == http.StatusOK {
						acknowledged[b.Revision] = w
					}
				}
				mu.Unlock()
				if i%2 == 1 || status != http.StatusOK {
					now = h.stored()
				}
			}
		})
	}
	group.Wait()
	now := h.stored()
	if err := plantest.Holds(now); err != nil {
		t.Error(err)
	}
	edits, err := h.store.EditsBetween(t.Context(), h.plan, 1, now.Revision)
	if err != nil {
		t.Fatal(err)
	}
	if len(edits) != len(acknowledged) {
		t.Errorf("%d edits are in the log and %d were acknowledged", len(edits), len(acknowledged))
	}
	// The log is the only order there is: done again on the first plan it leads to the plan that is stored.
	s := first
	for _, e := range edits {
		if s, err = s.Apply(e); err != nil {
			t.Fatalf("revision %d of the log does not apply: %v", e.Revision, err)
		}
		if w := acknowledged[e.Revision]; w.Kind != e.Kind {
			t.Errorf("revision %d is a %s, and a %s was acknowledged", e.Revision, e.Kind, w.Kind)
		}
	}
	if err := plantest.Same(s, now); err != nil {
		t.Errorf("the log leads elsewhere: %v", err)
	}
	t.Log(len(edits), "edits; refused:", slices.Sorted(maps.Keys(refused)))
}

func TestKindsOfEdits(t *testing.T) {
	h := open(t, "")
	s := h.stored()
	parent := s.Grids[0].Parent
	siblings := s.Siblings(parent)
	a, b := s.Grids[siblings[0]-1].Code, s.Grids[siblings[1]-1].Code
	ok := func(w plantest.Wish) editAnswer {
		t.Helper()
		status, answer := h.wish(w, h.stored().Revision)
		if status != http.StatusOK {
			t.Fatalf("%+v: %d %s %s", w, status, answer.Code, answer.Detail)
		}
		return answer
	}
	refused := func(w plantest.Wish, code string) {
		t.Helper()
		if status, answer := h.wish(w, h.stored().Revision); status < 400 || answer.Code != code {
			t.Errorf("%+v: %d %s, want %s", w, status, answer.Code, code)
		}
	}
	if got := ok(plantest.Wish{Kind: plan.Rename, Grid: a, Name: "兴隆网格", By: "李四"}); got.Grids[0].Name != "兴隆网格" || got.Edit.By != "李四" {
		t.Errorf("named: %+v", got)
	}
	refused(plantest.Wish{Kind: plan.Rename, Grid: a, Name: strings.Repeat("长", 10_000)}, "edit.text_long")
	refused(plantest.Wish{Kind: plan.Rename, Grid: a, Name: "<b>粗</b>"}, "edit.text_markup")
	refused(plantest.Wish{Kind: plan.Rename, Grid: a, Name: "  "}, "edit.no_name")
	refused(plantest.Wish{Kind: plan.Rename, Grid: "nowhere", Name: "甲"}, "edit.no_grid")
	refused(plantest.Wish{Kind: plan.Rename, Grid: a, Name: "甲", By: strings.Repeat("长", 61)}, "edit.text_long")

	box := s.Polygons(siblings[0]).Box()
	middle := (box.Min.Lat + (box.Max.Lat-box.Min.Lat)/2).Degrees()
	line := [][2]float64{{(box.Min.Lon - 3000).Degrees(), middle + 0.00021}, {(box.Max.Lon + 3000).Degrees(), middle + 0.0002}}
	refused(plantest.Wish{Kind: plan.CutGrid, Grid: a, Line: line}, "edit.line.no_buildings")
	refused(plantest.Wish{Kind: plan.CutGrid, Grid: a, Line: [][2]float64{{200, 0}, {0, 0}}}, "edit.line_place")
	cut := ok(plantest.Wish{Kind: plan.CutGrid, Grid: a, Line: line, Share: true, Name: "新网格"})
	if len(cut.Replaced) == 0 || cut.Replaced[0].Reason != "divided" || len(cut.Replaced[0].Codes) < 2 {
		t.Errorf("cut: %+v", cut)
	}
	after := h.stored()
	if err := plantest.Holds(after); err != nil {
		t.Error(err)
	}
	added := after.Grids[len(after.Grids)-1]
	if added.Name != "新网格" || added.Code == a || len(after.Blocks(added.No)) == 0 {
		t.Errorf("the new grid is %+v", added)
	}
	merged := ok(plantest.Wish{Kind: plan.Merge, Grids: []string{added.Code}, Into: a})
	if !slices.Equal(merged.Gone, []plan.GridNo{added.No}) || h.stored().GridOf(added.Code) != nil {
		t.Errorf("merged: %+v", merged)
	}
	refused(plantest.Wish{Kind: plan.Merge, Grids: []string{added.Code}, Into: a}, "edit.no_grid")
	if locked := ok(plantest.Wish{Kind: plan.LockThings, Grids: []string{b}, Borders: [][2]string{{a, b}}}); !locked.Grids[0].Locked || len(locked.Locks.Borders) != 1 {
		t.Errorf("locked: %+v", locked)
	}
	refused(plantest.Wish{Kind: plan.Merge, Grids: []string{a}, Into: b}, "edit.locked_grid")
	ok(plantest.Wish{Kind: plan.UnlockThings, All: true})
	ok(plantest.Wish{Kind: plan.Dedicate, Grid: b, Purpose: "商圈", Body: "管委会"})
	restored := ok(plantest.Wish{Kind: plan.Restore, Revision: 1})
	if err := plantest.Same(h.stored(), s); err != nil {
		t.Errorf("restored: %v", err)
	}
	ok(plantest.Wish{Kind: plan.Undo})
	if err := plantest.Same(h.stored(), func() *plan.Snapshot { s, _ := h.store.Snapshot(t.Context(), h.plan); return s }()); err != nil || restored.Revision == 0 {
		t.Error(err)
	}
	if h.stored().GridOf(b).Kind != plan.DedicatedGrid {
		t.Error("what was restored was not taken back")
	}
}

// Edits on different grids both stand; of two on one grid the later is shown what changed.
func TestEditsOnOneGridCollide(t *testing.T) {
	h := open(t, "")
	s := h.stored()
	a, b := s.Grids[0].Code, s.Grids[len(s.Grids)-1].Code
	if status, _ := h.wish(plantest.Wish{Kind: plan.Rename, Grid: a, Name: "甲"}, 1); status != http.StatusOK {
		t.Fatal(status)
	}
	if status, _ := h.wish(plantest.Wish{Kind: plan.Rename, Grid: b, Name: "乙"}, 1); status != http.StatusOK {
		t.Errorf("a name of another grid: %d", status)
	}
	one := int64(1)
	text, _ := json.Marshal(plantest.Wish{Base: &one, Kind: plan.Rename, Grid: a, Name: "丙"})
	var p struct {
		Code               string
		Base, Mine, Theirs struct {
			Revision int64
			Grids    []struct {
				No    plan.GridNo
				Props *plan.GridProps
			}
		}
	}
	r := h.ask(http.MethodPost, h.at("/edits"), string(text))
	h.read(r, &p)
	if r.StatusCode != http.StatusConflict || p.Code != "edit.moved_on" || len(p.Base.Grids) != 1 || p.Base.Grids[0].Props.Name != s.Grids[0].Name ||
		p.Mine.Grids[0].Props.Name != "丙" || p.Theirs.Grids[0].Props.Name != "甲" {
		t.Errorf("%d %+v", r.StatusCode, p)
	}
	// A grid that another has merged away.
	parent := s.Siblings(s.Grids[0].Parent)
	into, gone := s.Grids[parent[0]-1].Code, s.Grids[parent[1]-1].Code
	if status, answer := h.wish(plantest.Wish{Kind: plan.Merge, Grids: []string{gone}, Into: into}, h.stored().Revision); status != http.StatusOK {
		t.Fatalf("%d %s", status, answer.Code)
	}
	if status, answer := h.wish(plantest.Wish{Kind: plan.Rename, Grid: gone, Name: "丁"}, 1); status != http.StatusConflict || answer.Code != "edit.moved_on" {
		t.Errorf("a name of a grid that is gone: %d %s", status, answer.Code)
	}
}

// tileOver returns the tile of a zoom that holds a position.
func tileOver(lon, lat float64, z int) (x, y int) {
	n := math.Exp2(float64(z))
	phi := lat * math.Pi / 180
	return int(n * (lon + 180) / 360), int(n * (1 - math.Asinh(math.Tan(phi))/math.Pi) / 2)
}
