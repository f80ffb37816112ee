package osmfile

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	pm "github.com/paulmach/osm"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
)

// maxRefs bounds how many corners the lines and areas taken from one extract may have: about 0.7 GB.
const maxRefs = 25_000_000

// Extract is what was taken from a file.
type Extract struct {
	Elements  int // relations, ways and nodes looked at
	Features  []plan.Feature
	Areas     []plan.Area // of the levels asked for; parents are not set
	Problems  []Problem   // by code
	LeftOut   map[string]int
	Levels    map[int]int // how many administrative boundaries there are of each admin_level
	Bounds    *shape.Box  // what box the file was cut with, nil where it does not say
	Duplicate int         // elements that came twice; the first was taken
}

// Problem is an element that could not be taken as it is.
type Problem struct {
	Key  string // of a sentence: "osm.open"
	Code string // w12, r34
	Name string
	At   crs.Point // 0 0 where the file knows none of its nodes
	Lost bool      // nothing of it was taken
	N    int       // how many of its members or nodes the file lacks
}

// Read reads an extract. levels says which admin_level is which level of area; others are passed over. open must give
// the same bytes each time. progress is told how many elements were looked at.
func Read(ctx context.Context, open func() (io.ReadCloser, error), levels map[int]plan.Level, progress func(done int)) (*Extract, error) {
	x := &reader{levels: levels, wayAt: map[int64]int32{}, members: map[int64]struct{}{}, seen: map[int64]struct{}{}, progress: progress,
		Extract: Extract{LeftOut: map[string]int{}, Levels: map[int]int{}}}
	x.area = func(t tags) thing { return t.area(x.levels) }
	for _, p := range []pass{
		{relation: x.relation, bounds: func(b *shape.Box) { x.Bounds = b }},
		{way: x.way},
		{node: x.node},
	} {
		if p.node != nil {
			x.wantNodes()
		}
		if err := scan(ctx, open, p); err != nil {
			return nil, err
		}
	}
	if x.Elements == 0 {
		return nil, broken("file.no_rows", nil)
	}
	return x.finish(ctx)
}

// reader is an extract being read.
type reader struct {
	Extract
	levels    map[int]plan.Level
	area      func(tags) thing // what a closed outline is taken for
	relations []relation
	seen      map[int64]struct{} // relations
	members   map[int64]struct{} // ways that some relation needs
	ways      []way
	wayAt     map[int64]int32 // index into ways
	refs      []int64         // the nodes of all ways, one way after the other
	nodes     []int64         // the nodes that are wanted, rising
	places    []crs.Point     // one entry a node
	known     []bool          // one entry a node: the file has it
	progress  func(int)
}

// relation is an area made of ways.
type relation struct {
	id      int64
	what    thing // none for a bare one, which its outer ways explain
	tags    tags
	members []member
	missing int // members that are no ways but should be
}

type member struct {
	way   int64
	inner bool
}

// way is a line or the outline of an area, or a piece of one.
type way struct {
	id          int64
	first, last int32 // its nodes in refs
	line, area  thing
	piece       bool // not closed: its area is that of the relation it is part of
	tags        tags
}

func (x *reader) count() {
	if x.Elements++; x.Elements%10000 == 0 && x.progress != nil {
		x.progress(x.Elements)
	}
}

// relation keeps a relation that is an area, or may turn out to be one.
func (x *reader) relation(r *pm.Relation) error {
	x.count()
	t := tagsOf(r.Tags)
	if kind := t["type"]; kind != "multipolygon" && kind != "boundary" {
		return nil
	}
	if level := t.adminLevel(); level > 0 {
		x.Levels[level]++
	}
	rel := relation{id: int64(r.ID), what: x.area(t), tags: t}
	if rel.what.none() && !(t.bare() && t["type"] == "multipolygon") {
		return nil
	}
	if rel.what.layer == plan.WaterLayer && rel.what.class == "" {
		return nil
	}
	if _, twice := x.seen[rel.id]; twice {
		x.Duplicate++
		return nil
	}
	x.seen[rel.id] = struct{}{}
	for _, m := range r.Members {
		switch {
		case m.Type == pm.TypeWay:
			rel.members = append(rel.members, member{m.Ref, m.Role == "inner"})
			x.members[m.Ref] = struct{}{}
		case m.Type == pm.TypeRelation && m.Role != "subarea":
			rel.missing++
		}
	}
	slices.SortFunc(rel.members, func(a, b member) int { return cmp.Compare(a.way, b.way) })
	rel.members = slices.CompactFunc(rel.members, func(a, b member) bool { return a.way == b.way })
	x.relations = append(x.relations, rel)
	return nil
}

// way keeps a way that is something, or that a relation needs.
func (x *reader) way(w *pm.Way) error {
	x.count()
	id := int64(w.ID)
	if _, twice := x.wayAt[id]; twice {
		x.Duplicate++
		return nil
	}
	t := tagsOf(w.Tags)
	kept := way{id: id, first: int32(len(x.refs))}
	var leftOut string
	kept.line, leftOut = t.line()
	kept.area = x.area(t)
	if level := t.adminLevel(); level > 0 && closed(w) && kept.area.level == "" {
		x.Levels[level]++
	}
	if !closed(w) && kept.area.level != "" { // a piece of a border carries its tags, too
		kept.area = thing{}
	}
	if kept.area.layer == plan.WaterLayer && kept.area.class == "" {
		kept.area = thing{}
	}
	if kept.area.layer == plan.BuildingLayer || kept.area.layer == kept.line.layer {
		kept.line = thing{} // the walls of a building are no walls between blocks, the bank of a dock is no river
	}
	_, needed := x.members[id]
	kept.piece = needed && !closed(w)
	if kept.line.none() && kept.area.none() {
		if leftOut != "" {
			x.LeftOut[leftOut]++
		}
		if !needed {
			return nil
		}
	}
	kept.tags = t
	if len(x.refs)+len(w.Nodes) > maxRefs {
		return broken("osm.too_large", words.Args{"most": maxRefs})
	}
	for _, n := range w.Nodes {
		x.refs = append(x.refs, int64(n.ID))
	}
	kept.last = int32(len(x.refs))
	x.wayAt[id] = int32(len(x.ways))
	x.ways = append(x.ways, kept)
	return nil
}

func closed(w *pm.Way) bool {
	n := len(w.Nodes)
	return n > 2 && w.Nodes[0].ID == w.Nodes[n-1].ID
}

func (x *reader) wantNodes() {
	x.nodes = slices.Clone(x.refs)
	slices.Sort(x.nodes)
	x.nodes = slices.Compact(x.nodes)
	x.places, x.known = make([]crs.Point, len(x.nodes)), make([]bool, len(x.nodes))
}

// node keeps the place of a node that is wanted. A node that is nowhere on Earth ends the file: its numbers are not
// what they should be.
func (x *reader) node(n *pm.Node) error {
	x.count()
	i, wanted := slices.BinarySearch(x.nodes, int64(n.ID))
	if !wanted || x.known[i] {
		return nil
	}
	p, err := crs.FromDegrees(n.Lon, n.Lat)
	if err != nil {
		return broken("osm.nowhere", words.Args{"node": strconv.FormatInt(int64(n.ID), 10), "x": fmt.Sprint(n.Lon), "y": fmt.Sprint(n.Lat)})
	}
	x.places[i], x.known[i] = p, true
	return nil
}

// parts returns the points of a way, in a new part after each node the file lacks, and how many it lacks.
func (x *reader) parts(w *way) (parts [][]crs.Point, missing int) {
	var part []crs.Point
	for _, ref := range x.refs[w.first:w.last] {
		i, _ := slices.BinarySearch(x.nodes, ref)
		if !x.known[i] {
			missing++
			parts, part = append(parts, part), nil
			continue
		}
		if p := x.places[i]; len(part) == 0 || part[len(part)-1] != p {
			part = append(part, p)
		}
	}
	parts = append(parts, part)
	return slices.DeleteFunc(parts, func(p []crs.Point) bool { return len(p) < 2 }), missing
}

// finish makes lines and areas of what was read.
func (x *reader) finish(ctx context.Context) (*Extract, error) {
	x.explain()
	for i := range x.relations {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		x.makeArea(&x.relations[i])
	}
	for i := range x.ways {
		if i%1000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		x.makeWay(&x.ways[i])
	}
	slices.SortFunc(x.Features, func(a, b plan.Feature) int {
		return cmp.Or(cmp.Compare(slices.Index(plan.FeatureLayers, a.Layer), slices.Index(plan.FeatureLayers, b.Layer)), cmp.Compare(a.Code, b.Code))
	})
	slices.SortFunc(x.Areas, func(a, b plan.Area) int {
		return cmp.Or(cmp.Compare(a.Level.Rank(), b.Level.Rank()), cmp.Compare(a.Code, b.Code))
	})
	slices.SortFunc(x.Problems, func(a, b Problem) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Key, b.Key)) })
	return &x.Extract, nil
}

// explain gives bare relations what their outer ways agree on, and takes from member ways what their relation says
// already: one building must not be there twice.
func (x *reader) explain() {
	for i := range x.relations {
		r := &x.relations[i]
		if r.what.none() {
			r.what, r.tags = x.agreed(r)
		}
		for _, m := range r.members {
			if at, ok := x.wayAt[m.way]; ok && x.ways[at].area == r.what {
				x.ways[at].area = thing{}
			}
		}
	}
	x.relations = slices.DeleteFunc(x.relations, func(r relation) bool { return r.what.none() })
}

// agreed returns what all outer ways of a relation are.
func (x *reader) agreed(r *relation) (what thing, t tags) {
	for _, m := range r.members {
		at, ok := x.wayAt[m.way]
		if m.inner || !ok {
			continue
		}
		switch w := &x.ways[at]; {
		case t == nil:
			what, t = w.area, w.tags
		case w.area != what:
			return thing{}, nil
		}
	}
	return what, t
}

// makeArea makes the area of a relation. Without all of its ways and all their nodes it would be another area.
func (x *reader) makeArea(r *relation) {
	code := "r" + strconv.FormatInt(r.id, 10)
	var outline [][]crs.Point
	var at crs.Point
	missing := r.missing
	for _, m := range r.members {
		i, ok := x.wayAt[m.way]
		if !ok {
			missing++
			continue
		}
		parts, lacking := x.parts(&x.ways[i])
		if missing += lacking; len(parts) > 0 {
			at = parts[0][0]
			outline = append(outline, parts...)
		}
	}
	if missing > 0 {
		x.problem(Problem{Key: "osm.missing", Code: code, Name: r.tags.name(), At: at, Lost: true, N: missing})
		return
	}
	x.makeShape(code, r.what, r.tags, outline)
}

// makeShape adds the area that lines bound.
func (x *reader) makeShape(code string, what thing, t tags, outline [][]crs.Point) {
	m, flaw := assemble(outline)
	if flaw != nil {
		x.problem(Problem{Key: flaw.key, Code: code, Name: t.name(), At: flaw.at, Lost: true})
		return
	}
	if what.level != "" {
		x.Areas = append(x.Areas, plan.Area{Level: what.level, Code: code, Name: t.name(), NameEn: clean(t["name:en"]), Shape: m})
		return
	}
	x.add(code, what, t, plan.Geometry{Shape: m})
}

func (x *reader) makeWay(w *way) {
	if w.piece {
		w.area = thing{}
	}
	if w.area.none() && w.line.none() {
		return
	}
	code := "w" + strconv.FormatInt(w.id, 10)
	parts, missing := x.parts(w)
	if missing > 0 {
		p := Problem{Key: "osm.cut", Code: code, Name: w.tags.name(), Lost: len(parts) == 0 || w.line.none(), N: missing}
		if len(parts) > 0 {
			p.At = parts[0][0]
		}
		x.problem(p)
	}
	if !w.area.none() && missing == 0 && (len(parts) > 0 || w.line.none()) {
		x.makeShape(code, w.area, w.tags, parts)
	}
	if w.line.none() {
		return
	}
	if len(parts) == 0 {
		if missing == 0 {
			x.problem(Problem{Key: "osm.point", Code: code, Name: w.tags.name(), Lost: true})
		}
		return
	}
	lines := make([]plan.Line, len(parts))
	for i, p := range parts {
		lines[i] = p
	}
	x.add(code, w.line, w.tags, plan.Geometry{Lines: lines})
}

func (x *reader) problem(p Problem) { x.Problems = append(x.Problems, p) }

func (x *reader) add(code string, what thing, t tags, g plan.Geometry) {
	f := plan.Feature{Layer: what.layer, Code: code, Name: t.name(), Class: what.class, Origin: plan.OriginOSM, Geometry: g}
	if what.layer.Bounds() {
		f.Bridge, f.Tunnel, f.Level = t.bridge(), t.tunnel(), t.number("layer", -20, 20)
	}
	if what.layer == plan.BuildingLayer {
		f.Floors = t.number("building:levels", 1, 200)
	}
	x.Features = append(x.Features, f)
}
