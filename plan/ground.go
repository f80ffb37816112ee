package plan

import (
	"cmp"
	"slices"
	"sort"

	"gridwright/geo/blockgraph"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// BlockID is a block's key in the database and its feature id in tiles.
type BlockID int64

// Block is the smallest piece of ground that moves whole (地块). Blocks are immutable: a changed block is a new one.
type Block struct {
	ID     BlockID
	Code   string
	Parent int32              // index into Ground.Parents
	Kind   string             // what stands on it, one of BlockKinds
	Shape  shape.MultiPolygon // one polygon; several where the source has a block in parts
	Label  crs.Point          // a point well inside
	Area   crs.SquareMetres
	Counts []int64 // one entry a measure of the ground

	Estimated bool     // some of the counts are a share of what was counted for a compound as a whole
	Compounds []string // codes of the compounds that have ground in it, rising
	CutOf     BlockID  // the block it was cut from; 0 for one of the ground itself
}

// BlockKinds lists what may stand on a block; the empty kind is "not known".
var BlockKinds = []string{"", "built", "open", "park", "water", "railway"}

// Border is what two blocks share, as far as the same thing runs along it: two blocks may have several.
type Border struct {
	A, B BlockID
	Along
	Length crs.Metres
	Lines  []Line     // along the edges of both blocks; nil where they are not asked for or not known
	At     *crs.Point // on the lines; nil where they are not known
}

// Link is two blocks that do not touch and are said to: an island and where its ferry lands.
type Link struct {
	A, B   BlockID
	Reason string
}

// Along is what runs along a border. The zero value is what nobody has said anything of.
type Along struct {
	Barrier Barrier // empty where nobody has said
	Name    string  // of the road, the river and so on; empty where it has none
	Walk    bool    // one can walk across, if only at a bridge, a crossing or a gate
}

// CompareBorders orders borders by their blocks and by what runs along.
func CompareBorders(a, b Border) int {
	return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B), cmp.Compare(a.Barrier, b.Barrier), cmp.Compare(a.Name, b.Name))
}

// Ground is the blocks of some parents at one version, with what borders what. It is immutable and shared.
type Ground struct {
	Version   int64
	Parents   []Area          // by code
	Above     map[AreaID]Area // what lies above the parents, and they themselves, without shapes
	Blocks    []Block         // by parent, then code
	Measures  []Measure       // those any block has a count of, as SortMeasures orders them
	Graph     *blockgraph.Graph
	Borders   []Border          // as CompareBorders orders them, without their lines
	Links     []Link            // blocks that do not touch and are said to
	Names     map[string]string // of compounds, by code; those that have one
	Synthetic bool              // some of the data are invented
	DataDate  string            // day of the newest import the ground rests on, YYYY-MM-DD; empty when unknown
	Whole     *Ground           // the ground before any block was cut; nil where none is

	byID       map[BlockID]int32
	byCode     map[string]int32
	bordersOf  [][]int32          // by block: into Borders
	inCompound map[string][]int32 // by code of a compound: the blocks it has ground in, rising
}

func compareBlocks(a, b Block) int {
	return cmp.Or(cmp.Compare(a.Parent, b.Parent), cmp.Compare(a.Code, b.Code))
}

// NewGround puts blocks in order and joins them to a graph. It keeps what it is given. Borders with a block that is not
// among the blocks are left out: they lie on the edge of the scope.
func NewGround(g Ground, borders []Border) (*Ground, error) {
	slices.SortFunc(g.Blocks, compareBlocks)
	g.byID = make(map[BlockID]int32, len(g.Blocks))
	g.byCode = make(map[string]int32, len(g.Blocks))
	g.bordersOf = make([][]int32, len(g.Blocks))
	g.inCompound = map[string][]int32{}
	for i := range g.Blocks {
		g.byID[g.Blocks[i].ID] = int32(i)
		g.byCode[g.Blocks[i].Code] = int32(i)
		for _, code := range g.Blocks[i].Compounds {
			g.inCompound[code] = append(g.inCompound[code], int32(i))
		}
	}
	slices.SortFunc(borders, CompareBorders)
	var links []blockgraph.Link
	for _, border := range borders {
		a, okA := g.byID[border.A]
		b, okB := g.byID[border.B]
		if okA && okB {
			g.bordersOf[a] = append(g.bordersOf[a], int32(len(g.Borders)))
			g.bordersOf[b] = append(g.bordersOf[b], int32(len(g.Borders)))
			cost := 0.0 // where nobody has said what runs along, metres count alone
			if border.Barrier != "" {
				metre, _ := blockgraph.MetreCost(string(border.Barrier))
				cost = float64(metre * float64(border.Length))
			}
			links = append(links, blockgraph.Link{A: a, B: b, Length: float64(border.Length), Cost: cost})
			g.Borders = append(g.Borders, border)
		}
	}
	for _, l := range g.Links {
		a, okA := g.byID[l.A]
		b, okB := g.byID[l.B]
		if okA && okB {
			links = append(links, blockgraph.Link{A: a, B: b})
		}
	}
	loads := make([][]float64, len(g.Measures))
	for m := range loads {
		loads[m] = make([]float64, len(g.Blocks))
		for i := range g.Blocks {
			loads[m][i] = float64(g.Blocks[i].Counts[m])
		}
	}
	graph, err := blockgraph.Build(len(g.Blocks), links, loads)
	if err != nil {
		return nil, err
	}
	g.Graph = graph
	return &g, nil
}

// CompoundName returns a compound's name, its code where it has none.
func (g *Ground) CompoundName(code string) string { return cmp.Or(g.Names[code], code) }

// MeasureIndex returns the index of a measure in Measures, or -1 if no block has it.
func (g *Ground) MeasureIndex(m Measure) int { return slices.Index(g.Measures, m) }

// Total returns the sum of a measure over all blocks, by its index.
func (g *Ground) Total(measure int) int64 {
	var sum int64
	for i := range g.Blocks {
		sum += g.Blocks[i].Counts[measure]
	}
	return sum
}

// ParentBlocks returns the index of the first block of a parent and the index after its last.
func (g *Ground) ParentBlocks(parent int32) (from, to int) {
	from = sort.Search(len(g.Blocks), func(i int) bool { return g.Blocks[i].Parent >= parent })
	to = sort.Search(len(g.Blocks), func(i int) bool { return g.Blocks[i].Parent > parent })
	return from, to
}

// Box returns the box round all blocks.
func (g *Ground) Box() shape.Box {
	box := shape.EmptyBox
	for i := range g.Blocks {
		box = box.Union(g.Blocks[i].Shape.Box())
	}
	return box
}

// ByID returns the index of a block, found by its id.
func (g *Ground) ByID(id BlockID) (int32, bool) {
	i, ok := g.byID[id]
	return i, ok
}

// ByCode returns the index of a block, found by its code.
func (g *Ground) ByCode(code string) (int32, bool) {
	i, ok := g.byCode[code]
	return i, ok
}
