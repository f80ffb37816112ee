package intake_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"gridwright/importers/intake"
)

// counts is what a report says of the blocks: new, changed, unchanged, retired.
func counts(r *intake.Report) [4]int { return [4]int{r.New, r.Changed, r.Unchanged, r.Retired} }

func (d *desk) want(what string, got, want any) {
	d.Helper()
	if got != want {
		d.Errorf("%s: got\n%v\nwant\n%v", what, got, want)
	}
}

func TestABlockLayer(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A", "B")
	r := d.must(d.town(`
AAB
AAB`))
	d.want("counts", counts(r), [4]int{6, 0, 0, 0})
	d.want("sum", r.Sums["residents"], int64(0+1+2+10+11+12))
	d.want("blocks", d.Query(liveBlocks), "A11 in A residents=0\nA12 in A residents=1\nA21 in A residents=10\nA22 in A residents=11\nB13 in B residents=2\nB23 in B residents=12")
	d.want("borders", d.Query(liveBorders), "A11-A12\nA11-A21\nA12-A22\nA12-B13\nA21-A22\nA22-B23\nB13-B23")
	d.want("findings", len(r.Findings), 0)
}

func TestTheSameFileAgainChangesNothing(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A", "B")
	order := d.town("AAB\nAAB")
	d.must(order)
	ids, versions := d.Query(liveIDs), d.Query(grounds)
	r := d.must(order)
	d.want("counts", counts(r), [4]int{0, 0, 6, 0})
	d.want("ids", d.Query(liveIDs), ids)
	d.want("versions", d.Query(grounds), versions)
}

func TestBlocksThatStayKeepTheirIDs(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A", "B")
	d.must(d.town("AAB\nAAB"))
	before := strings.Split(d.Query(liveIDs), "\n")
	blocks := draw("AAB\nAA ") // B23 is gone
	blocks[0].residents = 99
	r := d.must(d.order("x.geojson", file(blocks), intake.BlockLayer))
	d.want("counts", counts(r), [4]int{0, 1, 4, 1})
	after := strings.Split(d.Query(liveIDs), "\n")
	d.want("ids", strings.Join(after[1:], " "), strings.Join(before[1:5], " "))
	d.want("the changed block", after[0] != before[0], true)
	d.want("borders", d.Query(liveBorders), "A11-A12\nA11-A21\nA12-A22\nA12-B13\nA21-A22")
	d.want("versions", d.Query(grounds), "2")
}

func TestOtherParentsStay(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A", "B")
	d.must(d.town("AA"))
	a := d.Query(liveIDs)
	r := d.must(d.town("  B"))
	d.want("counts", counts(r), [4]int{1, 0, 0, 0})
	d.want("notes", len(r.Notes), 0)
	d.want("ids", strings.HasPrefix(d.Query(liveIDs), a), true)
	d.want("borders", d.Query(liveBorders), "A11-A12\nA12-B13")
}

// A neighbour that gets a corner in its side becomes a new block, with its old code, counts and all its borders, also
// those with blocks far from what was imported.
func TestANeighbourGetsACorner(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A", "B")
	d.must(d.town("AAAA"))
	half := draw("    B")[0]
	north := block{"B1", "B", nil, 5}
	mid := half.ring[0][1] + step/2
	north.ring = append(north.ring, half.ring...)
	half.code = "B2"
	half.ring[2][1], half.ring[3][1] = mid, mid
	north.ring[0][1], north.ring[1][1], north.ring[4][1] = mid, mid, mid
	r := d.must(d.order("x.geojson", file([]block{half, north}), intake.BlockLayer))
	d.want("counts", counts(r), [4]int{2, 0, 0, 0})
	d.want("notes", len(r.Notes), 1)
	d.want("blocks", d.Query(liveBlocks), "A11 in A residents=0\nA12 in A residents=1\nA13 in A residents=2\nA14 in A residents=3\nB1 in B residents=5\nB2 in B residents=4")
	d.want("borders", d.Query(liveBorders), "A11-A12\nA12-A13\nA13-A14\nA14-B1\nA14-B2\nB1-B2")
}

func TestOverlapsAreRefusedAndSliversMended(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A")
	wide := draw("AA")
	wide[0].ring[1][0] += step / 10
	wide[0].ring[2][0] += step / 10
	r := d.refused(d.order("x.geojson", file(wide), intake.BlockLayer), "A11: block.overlap")
	t.Log(r.Refused[0].Words)
	d.want("both codes and the place are named", strings.Contains(r.Refused[0].Words, "A11, A12 overlap at 105."), true)

	slip := draw("AA")
	slip[0].ring[1][0] += 1e-6 // 0.09 m
	slip[0].ring[2][0] += 1e-6
	r = d.must(d.order("x.geojson", file(slip), intake.BlockLayer))
	d.want("borders", d.Query(liveBorders), "A11-A12")
	for _, f := range r.Findings {
		d.want("kind", f.Kind, "overlap_mended")
		d.want("severity", string(f.Severity), "note")
	}
}

func TestABlockMayNotOverlapAnotherParents(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A", "B")
	d.must(d.town("AA"))
	over := draw(" B")
	d.refused(d.order("x.geojson", file(over), intake.BlockLayer), "B12: block.overlap")
}

func TestRefusedParentsAndCodes(t *testing.T) {
	d := newDesk(t)
	d.must(d.order("x.csv", "code\nC\nX\n", "city"))
	d.must(d.order("x.csv", "code\nX\n", "county"))
	d.must(d.order("x.csv", "code,parent\nS,C\nM,C\n", "community"))
	d.largeGrids("A", "B", "M")
	d.must(d.town("AA"))
	t.Run("no such parent", func(*testing.T) { d.refused(d.town("AAZ"), "Z13: parent.unknown.block") })
	t.Run("a parent too high", func(*testing.T) { d.refused(d.town("C"), "C11: parent.level.block") })
	t.Run("a parent of two levels", func(*testing.T) { d.refused(d.town("MM"), "M11: parent.ambiguous", "M12: parent.ambiguous") })
	t.Run("an area's parent of two levels", func(*testing.T) {
		d.refused(d.order("x.csv", "code,parent\n1,X\n", "community"), "1: parent.ambiguous")
	})
	t.Run("an area's parent too low", func(*testing.T) {
		d.refused(d.order("x.csv", "code,parent\n1,A\n", "community"), "1: parent.level.area")
	})
	t.Run("an area's parent unknown", func(*testing.T) {
		d.refused(d.order("x.csv", "code,parent\n1,?\n", "community"), "1: parent.unknown.area")
	})
	t.Run("a code of another parent", func(*testing.T) {
		blocks := draw("  B")
		blocks[0].code = "A11"
		d.refused(d.order("x.geojson", file(blocks), intake.BlockLayer), "A11: code.taken")
	})
	t.Run("a code twice", func(*testing.T) {
		blocks := draw("AA")
		blocks[1].code = "A11"
		d.refused(d.order("x.geojson", file(blocks), intake.BlockLayer), "A11: code.twice")
	})
	t.Run("a parent left out", func(*testing.T) {
		blocks := draw("AA")
		blocks[1].parent = " "
		d.refused(d.order("x.geojson", file(blocks), intake.BlockLayer), "A12: parent.empty")
	})
}

func TestABlockMayMoveToAnotherParentOfTheFile(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A", "B")
	d.must(d.town("AAB"))
	blocks := draw("AAB")
	blocks[1].parent = "B"
	r := d.must(d.order("x.geojson", file(blocks), intake.BlockLayer))
	d.want("counts", counts(r), [4]int{0, 1, 2, 0})
	d.want("blocks", d.Query(liveBlocks), "A11 in A residents=0\nA12 in B residents=1\nB13 in B residents=2")
}

func TestDryRunKeepsNothing(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A")
	order := d.town("AA\nAA")
	order.DryRun = true
	dry := d.must(order)
	d.want("blocks", d.Query(liveBlocks), "")
	d.want("imports", d.Query(imports), "1")
	order.DryRun = false
	wet := d.must(order)
	dry.DryRun = false
	a, _ := json.Marshal(dry)
	b, _ := json.Marshal(wet)
	d.want("report", string(a), string(b))
	d.want("stored report", d.Query(`select (report = '`+string(b)+`'::jsonb)::text from gridwright.import where layer = 'block'`), "true")
}

func TestWhatShouldBeLookedAt(t *testing.T) {
	d := newDesk(t)
	d.must(d.order("grids.csv", "code,wkt\nA,\"POLYGON((105 36.999,105.001 36.999,105.001 37.001,105 37.001,105 36.999))\"\n", "large_grid"))
	file := strings.Replace(file(draw("AA")), `"Polygon","coordinates":[[[105.0000000,37.0000000],[105.0010000,37.0000000],[105.0010000,37.0010000],[105.0000000,37.0010000],[105.0000000,37.0000000]]]`,
		`"MultiPolygon","coordinates":[[[[105,37],[105.001,37],[105.001,37.001],[105,37]]],[[[105,37.0009],[105.0001,37.001],[105,37.001],[105,37.0009]]]]`, 1)
	r := d.must(d.order("x.geojson", file, intake.BlockLayer))
	var kinds []string
	for _, f := range r.Findings {
		kinds = append(kinds, f.Blocks[0]+" "+f.Kind)
		t.Log(f.Words)
	}
	d.want("findings", strings.Join(kinds, ", "), "A11 multipart, A12 parent_mismatch")
}

func TestCancellingLeavesNothing(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A")
	for _, stage := range []string{"read", "cover", "store"} {
		ctx, cancel := context.WithCancel(t.Context())
		order := d.town("AA\nAA")
		order.Progress = func(at string, _, _ int) {
			if at == stage {
				cancel()
			}
		}
		if r, err := intake.Run(ctx, d.Store, order); !errors.Is(err, context.Canceled) || r != nil {
			t.Errorf("cancelled in %q: %v, %v", stage, r, err)
		}
		cancel()
		d.want("blocks", d.Query(liveBlocks), "")
		d.want("imports", d.Query(imports), "1")
	}
}
