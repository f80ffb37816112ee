package groundwork

import (
	"slices"
	"strconv"

	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
)

// The layers that are read near the scope, and those that may hold counts.
var (
	linear  = []plan.Layer{plan.RoadLayer, plan.WaterLayer, plan.RailwayLayer, plan.WallLayer}
	counted = []plan.Layer{plan.BuildingLayer, plan.CompoundLayer, plan.OrganisationLayer}
)

// parkKinds are the kinds of compounds that are laid out to be walked in: nobody lives behind their gates.
var parkKinds = []string{"park", "公园", "绿地", "游园", "广场"}

// raw is the raw layers as geo/ground reads them.
type raw struct {
	in            ground.Input
	measures      []plan.Measure // those of in
	kinds         kinds
	places        []crs.Point        // by building as the build sorts them, by code: where it is
	compounds     map[string][]int64 // by code: the counts of those that have any
	twice         []twiceCounted
	organisations []plan.Feature // none where something else counts them
}

// translate turns features into what the ground is built of. Codes of lines and areas get their layer before them, since
// a road and a river may have the same.
func translate(s *site, features []plan.Feature) *raw {
	r := &raw{kinds: kinds{}, compounds: map[string][]int64{}}
	r.in.Parents, r.in.Above = s.parents()
	r.chooseMeasures(features)
	for i := range features {
		switch f := &features[i]; {
		case f.Layer == plan.BuildingLayer:
			r.addBuilding(f)
		case f.Layer == plan.OrganisationLayer:
			r.organisations = append(r.organisations, *f)
		case f.Layer == plan.CompoundLayer && slices.Contains(parkKinds, f.Class) && len(f.Tallies) == 0:
			r.in.Areas = append(r.in.Areas, ground.Area{Code: keyed(f), Name: f.Name, Kind: ground.Park, Shape: f.Shape})
		case f.Layer == plan.CompoundLayer:
			r.compounds[f.Code] = r.counts(f)
			r.in.Compounds = append(r.in.Compounds, ground.Compound{Code: f.Code, Name: f.Name, Shape: f.Shape, Counts: r.compounds[f.Code]})
		default:
			r.addBound(f)
		}
	}
	r.twice = countedTwice(features)
	if slices.Contains(r.measures, plan.ResidentOrgs) {
		r.organisations = nil // somebody counted them by building
	}
	return r
}

// parents returns the areas as geo/ground reads them, and those above.
func (s *site) parents() (parents, above []ground.Parent) {
	for key, a := range s.areas {
		parents = append(parents, ground.Parent{Code: key, Name: a.Name, Above: s.keys[a.Community], Shape: a.Shape})
	}
	for key, a := range s.above {
		above = append(above, ground.Parent{Code: key, Name: a.Name, Shape: a.Shape})
	}
	return parents, above // in any order: the build sorts them
}

func keyed(f *plan.Feature) string { return string(f.Layer) + " " + f.Code }

// addBound adds what runs along borders: a line, or what lies round a piece of water or under a thick wall.
func (r *raw) addBound(f *plan.Feature) {
	barrier, rank := f.Bound()
	if rank == plan.NeverBounds {
		return
	}
	if f.Layer == plan.WaterLayer && rank == plan.AlwaysBounds && len(f.Shape) > 0 {
		r.in.Areas = append(r.in.Areas, ground.Area{Code: keyed(f), Name: f.Name, Kind: ground.Water, Shape: f.Shape})
		return
	}
	kind, _ := ground.BarrierNamed(string(barrier))
	for i, path := range pathsOf(f.Geometry) {
		r.in.Lines = append(r.in.Lines, ground.Line{Code: keyed(f) + "#" + strconv.Itoa(i), Name: f.Name, Barrier: kind,
			Second: rank == plan.BoundsWithin, Bridge: f.Bridge, Fast: f.Class == "motorway", Path: path})
	}
}

// pathsOf returns the lines of a geometry, and its rings as lines that end where they began.
func pathsOf(g plan.Geometry) (paths [][]crs.Point) {
	for _, l := range g.Lines {
		paths = append(paths, l)
	}
	for _, p := range g.Shape {
		for _, ring := range p {
			paths = append(paths, slices.Concat(ring, shape.Ring{ring[0]}))
		}
	}
	return paths
}

func (r *raw) addBuilding(f *plan.Feature) {
	b := ground.Building{Code: f.Code, Compound: f.Compound, Shape: f.Shape, Counts: r.counts(f)}
	if len(f.Points) > 0 {
		b.At = f.Points[0]
	}
	for _, t := range chosen(f.Tallies) {
		if t.Measure == plan.Dwellings {
			b.Weight = t.Count
		}
	}
	r.in.Buildings, r.places = append(r.in.Buildings, b), append(r.places, f.First())
}

// organisations says where the resident organisations are.
type organisations struct {
	counts  bool    // they are counted
	at      []int64 // by block of the scope
	outside []plan.Feature
}

// house finds the block each organisation stands in.
func (b *build) house(all []plan.Feature) *organisations {
	o := &organisations{counts: len(all) > 0, at: make([]int64, len(b.blocks))}
	boxes := make([]shape.Box, len(b.ground.Blocks))
	for i := range boxes {
		boxes[i] = b.ground.Blocks[i].Shape.Box()
	}
	first := make([]int, len(b.ground.Parents)+1) // by parent: its first block
	for p := range b.ground.Parents {
		first[p+1], _ = slices.BinarySearchFunc(b.ground.Blocks, int32(p+1), func(block ground.Block, p int32) int { return int(block.Parent - p) })
	}
	for _, f := range all {
		at := f.First()
		if len(f.Shape) > 0 {
			at = topo.LabelPoint(f.Shape)
		}
		here := shape.Box{Min: at, Max: at}
		block := -1
		for p := range b.ground.Parents {
			if !b.ground.Parents[p].Shape.Box().Meets(here) {
				continue
			}
			for i := first[p]; i < first[p+1] && block < 0; i++ {
				if boxes[i].Meets(here) && b.ground.Blocks[i].Shape.Holds(at) {
					block = i
				}
			}
		}
		switch {
		case block < 0:
			o.outside = append(o.outside, f)
		case b.number[block] >= 0:
			o.at[b.number[block]]++
		}
	}
	return o
}
