package groundwork

import (
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// site is where is built.
//
// Blocks hang on the large grids of a community where any is drawn, else on the community: the parents. Those of the scope
// are built. Those beside it are built along and thrown away, because a border belongs to both its sides: it comes out the
// same whichever of the two is asked for. For that they must be whole, so the raw layers are read as far as they reach, and
// whatever else these layers lie in is there too.
type site struct {
	areas    map[string]postgis.BuildArea // the parents, in scope or beside it, by key
	above    map[string]postgis.BuildArea // drawn communities that large grids of areas lie in, by key
	keys     map[plan.AreaID]string       // of both
	replaces []plan.AreaID                // areas of the scope that lose the blocks they had, rising
	others   []postgis.BuildArea          // parents that are not in the scope and not in areas yet, by code
	undrawn  []string                     // codes of areas of the scope that have no boundary
	latitude crs.Coord                    // where metres are taken the measure of, for every scope the same
	all      bool                         // the scope is everything there is
	box      shape.Box                    // round the parents of the scope, with a margin
	reach    shape.Box                    // round them and those beside them, with a margin: where the raw layers are read
}

// margin is how far round parents the raw layers are read, in steps of 1e-7 degree: about 100 m, more than the width of
// anything that is mended or gone round.
const margin crs.Coord = 10_000

// chooseSite chooses the parents. The error is a *Fault.
func chooseSite(all []postgis.BuildArea, scope string) (*site, error) {
	divided := map[plan.AreaID]bool{} // communities that have large grids
	for _, a := range all {
		if a.Level == plan.LargeGrid && len(a.Shape) > 0 {
			divided[a.Community] = true
		}
	}
	s := &site{areas: map[string]postgis.BuildArea{}, above: map[string]postgis.BuildArea{}, keys: map[plan.AreaID]string{},
		all: scope == postgis.ScopeAll, box: shape.EmptyBox}
	parent := func(a postgis.BuildArea) bool { return len(a.Shape) > 0 && !divided[a.ID] }
	found := false
	for _, a := range all {
		if !a.InScope {
			continue
		}
		found = true
		switch {
		case parent(a):
			s.box = s.box.Union(a.Shape.Box())
			s.replaces = append(s.replaces, a.ID)
		case divided[a.ID]:
			s.replaces = append(s.replaces, a.ID)
		default:
			s.undrawn = append(s.undrawn, a.Code)
		}
	}
	switch {
	case !found:
		return nil, &Fault{Key: "no_areas", Args: words.Args{"scope": scope}}
	case s.box.IsEmpty():
		return nil, &Fault{Key: "no_boundaries", Args: words.Args{"scope": scope, "codes": s.undrawn}}
	}
	slices.Sort(s.replaces)
	s.box = widened(s.box)
	for _, a := range all {
		switch {
		case parent(a) && a.InScope:
			s.enter(s.areas, a)
		case parent(a):
			s.others = append(s.others, a)
		case len(a.Shape) > 0:
			s.enter(s.above, a)
		}
	}
	s.latitude = latitude(all)
	s.reach = widened(s.box.Union(s.addBeside(s.box)))
	return s, nil
}

// latitude returns the middle of all areas to a tenth of a degree, so that a few more of them seldom change it; 0 where they
// lie too far apart to have one.
func latitude(all []postgis.BuildArea) crs.Coord {
	const most, tenth = 10 * crs.PerDegree, crs.PerDegree / 10
	box := shape.EmptyBox
	for _, a := range all {
		box = box.Union(a.Shape.Box())
	}
	if int64(box.Max.Lat)-int64(box.Min.Lat) > most {
		return 0
	}
	return (box.Min.Lat + (box.Max.Lat-box.Min.Lat)/2) / tenth * tenth
}

// addBeside adds the parents outside the scope whose boxes meet a box, and returns the box round them.
func (s *site) addBeside(box shape.Box) shape.Box {
	added := shape.EmptyBox
	s.others = slices.DeleteFunc(s.others, func(a postgis.BuildArea) bool {
		beside := a.Shape.Box().Meets(box)
		if beside {
			s.enter(s.areas, a)
			added = added.Union(a.Shape.Box())
		}
		return beside
	})
	return added
}

// isNear reports whether something that lies in no parent is the business of this scope.
func (s *site) isNear(p crs.Point) bool {
	return s.all || s.box.Meets(shape.Box{Min: p, Max: p})
}

// enter adds an area under a key of its own: its code, with its level where an area of another level has the same.
func (s *site) enter(to map[string]postgis.BuildArea, a postgis.BuildArea) {
	key := a.Code
	if _, taken := to[key]; taken {
		key += " " + string(a.Level)
	}
	to[key], s.keys[a.ID] = a, key
}

func (s *site) inScope(key string) bool { return s.areas[key].InScope }

// isBeside reports whether a place lies in a parent outside the scope.
func (s *site) isBeside(p crs.Point) bool {
	for _, a := range s.areas {
		if !a.InScope && a.Shape.Holds(p) {
			return true
		}
	}
	return false
}

func widened(b shape.Box) shape.Box {
	const east, north crs.Coord = 180 * crs.PerDegree, 90 * crs.PerDegree
	return shape.Box{
		Min: crs.Point{Lon: max(b.Min.Lon-margin, -east), Lat: max(b.Min.Lat-margin, -north)},
		Max: crs.Point{Lon: min(b.Max.Lon+margin, east), Lat: min(b.Max.Lat+margin, north)},
	}
}
