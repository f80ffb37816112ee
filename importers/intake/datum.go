package intake

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gridwright/geo/crs"
	"gridwright/geo/fit"
	"gridwright/geo/shape"
	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// A file that lies some hundred metres off looks as sound as any. So a sample of it is laid on the ground that is there, as it says it lies
// and in each other system that could be meant, and the figures are compared (geo/fit). Nothing is shifted for that: a file that lies
// clearly better in another system is refused until somebody says which it is.

// Fit is how well a file lies on the ground that is there, if its coordinates are in a system.
type Fit struct {
	Name   string // as --crs takes it; "" for as the file says
	System crs.System
	fit.Figures
	Said bool // it is the system the file, or whoever brings it, says
	Best bool // it is clearly better than all others
}

// In says the fit in words.
func (f Fit) In(l words.Lang) string {
	key := "fit.areas"
	args := words.Args{"crs": f.title(l), "inside": percent(f.Inside), "on": percent(f.On), "middle": fmt.Sprintf("%.0f", float64(f.Middle)), "n": f.Things, "near": fit.On}
	switch {
	case f.Corners > 0 && f.Inside > 0:
		key = "fit.both"
	case f.Corners > 0:
		key = "fit.lines"
	}
	return Sentences.Say(l, key, args)
}

func (f Fit) title(l words.Lang) string {
	if f.Said {
		return Sentences.Say(l, "fit.said", words.Args{"crs": f.System.Name()})
	}
	return f.Name
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 0, 64) + "%" }

// FigureList returns the figures by name, shares between 0 and 1.
func (f Fit) FigureList() map[string]float64 {
	return map[string]float64{"things": float64(f.Things), "inside": f.Inside, "corners": float64(f.Corners), "on_lines": f.On, "median_metres": float64(f.Middle)}
}

// The bounds of a comparison.
const (
	sampleRows    = 2000               // read of the file
	sampleThings  = 300                // of these, those nearest to their middle
	sampleCorners = 6                  // of a thing
	knownThings   = 4000               // of each layer to compare with
	nearKnown     = crs.Metres(50_000) // a system that puts the file further than this from all that is there is not considered
)

// Fits lays a sample of a file on the ground that is there, in the system it says and in each other that could be meant, and returns how
// well it lies: the system said first, where the file can be read in it, then the others, the better first. None where the layer has no
// geometry, the file has no system and no places, or there is nothing to compare with.
func Fits(ctx context.Context, store *postgis.Store, file string, form importers.Form, layer string) ([]Fit, error) {
	if kindOf(layer).geometry == nil || layer == OSMLayer || layer == AutoLayer {
		return nil, nil
	}
	s, err := takeSample(ctx, file, form)
	if err != nil {
		return nil, err
	}
	return s.fits(ctx, store, layer)
}

// fits returns how well the sample lies in each system.
func (s *sample) fits(ctx context.Context, store *postgis.Store, layer string) ([]Fit, error) {
	if len(s.places) == 0 {
		return nil, nil
	}
	known := &knownGround{store: store, layer: layer}
	extent, err := known.extent(ctx)
	if err != nil || extent.IsEmpty() {
		return nil, err
	}
	var fits []Fit
	for _, h := range s.hypotheses(extent) {
		places, corners := s.in(h.System)
		if places == nil {
			continue
		}
		r, err := known.around(ctx, boxRound(places, corners))
		if err != nil {
			return nil, err
		}
		if r.HasAreas() || r.HasLines() || h.Said {
			h.Figures = r.Measure(places, corners)
			fits = append(fits, h)
		}
	}
	return ranked(fits), nil
}

// ranked orders fits and marks the best. Where nothing could be compared there are none.
func ranked(fits []Fit) []Fit {
	if !slices.ContainsFunc(fits, func(f Fit) bool { return f.Corners > 0 || f.Inside > 0 }) {
		return nil
	}
	slices.SortStableFunc(fits, func(a, b Fit) int {
		if a.Said != b.Said {
			return map[bool]int{true: -1, false: 1}[a.Said]
		}
		return a.Compare(b.Figures)
	})
	best := 0
	for i, f := range fits {
		if f.Compare(fits[best].Figures) < 0 {
			best = i
		}
	}
	fits[best].Best = true
	for i, f := range fits {
		if i != best && !fits[best].Beats(f.Figures) {
			fits[best].Best = false
		}
	}
	return fits
}

// sample is some of the places of a file, in its own numbers.
type sample struct {
	said    *crs.System // nil where the file cannot be read in any system it says
	form    importers.Form
	places  [][2]float64 // one of each thing
	corners [][2]float64
}

// takeSample reads the first rows of a file. Where these are no places in the system it says, their numbers are taken as they are.
func takeSample(ctx context.Context, file string, form importers.Form) (*sample, error) {
	s := &sample{form: form}
	rows, found, err := someRows(ctx, file, form)
	if err == nil && len(rows) > 0 {
		said := found.Read
		s.said = &said
		s.take(rows, said)
		return s, nil
	}
	if _, ok := errors.AsType[*importers.Fault](err); err != nil && !ok {
		return nil, err
	}
	for _, system := range crs.Unplaced {
		form.System = &system
		if rows, _, err = someRows(ctx, file, form); err == nil && len(rows) > 0 {
			s.take(rows, system)
			return s, nil
		}
	}
	if _, ok := errors.AsType[*importers.Fault](err); ok {
		err = nil // whatever keeps it from being read is told by the import
	}
	return s, err
}

// someRows reads rows that have a place, none where most have none.
func someRows(ctx context.Context, file string, form importers.Form) ([]importers.Geometry, importers.Found, error) {
	var rows []importers.Geometry
	read := 0
	found, err := importers.ReadFile(ctx, file, form, func(r importers.Row) error {
		if r.Fault == nil && !boxOf(r.Geometry).IsEmpty() {
			rows = append(rows, r.Geometry)
		}
		if read++; read == sampleRows {
			return errEnough
		}
		return ctx.Err()
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	if 2*len(rows) < read {
		rows = nil
	}
	return rows, found, err
}

// take takes the things nearest to the middle of all, in the numbers of the file.
func (s *sample) take(rows []importers.Geometry, system crs.System) {
	type thing struct {
		place   [2]float64
		corners [][2]float64
	}
	var things []thing
	for _, g := range rows {
		var t thing
		points := cornersOf(g)
		for i := 0; i < len(points); i += max(1, len(points)/sampleCorners) {
			a, b := system.Numbers(points[i])
			t.corners = append(t.corners, [2]float64{a, b})
			t.place[0], t.place[1] = t.place[0]+a, t.place[1]+b
		}
		t.place[0], t.place[1] = t.place[0]/float64(len(t.corners)), t.place[1]/float64(len(t.corners))
		things = append(things, t)
	}
	var middle [2]float64
	for k := range middle {
		all := make([]float64, len(things))
		for i, t := range things {
			all[i] = t.place[k]
		}
		slices.Sort(all)
		middle[k] = all[len(all)/2]
	}
	off := func(t thing) float64 {
		return max(math.Abs(t.place[0]-middle[0]), math.Abs(t.place[1]-middle[1]))
	}
	slices.SortStableFunc(things, func(a, b thing) int {
		switch d := off(a) - off(b); {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	for _, t := range things[:min(len(things), sampleThings)] {
		s.places = append(s.places, t.place)
		s.corners = append(s.corners, t.corners...)
	}
}

// cornersOf returns the points of a geometry.
func cornersOf(g importers.Geometry) (points []crs.Point) {
	points = slices.Clone(g.Points)
	for _, line := range g.Lines {
		points = append(points, line...)
	}
	for _, p := range g.Shape {
		for _, ring := range p {
			points = append(points, ring...)
		}
	}
	return points
}

// in returns the sample's places and corners on the ground, if its numbers are in a system; nil where they are no places in it.
func (s *sample) in(system crs.System) (places, corners []crs.Point) {
	for _, list := range []struct {
		numbers [][2]float64
		into    *[]crs.Point
	}{{s.places, &places}, {s.corners, &corners}} {
		for _, n := range list.numbers {
			p, err := system.Point(n[0], n[1])
			if err != nil {
				return nil, nil
			}
			*list.into = append(*list.into, p)
		}
	}
	return places, corners
}

// hypotheses returns the systems the file may be in: the one it says, and all others that put it near what is known.
func (s *sample) hypotheses(extent shape.Box) (all []Fit) {
	var taken []crs.Point
	add := func(name string, said bool) {
		system := s.said
		if !said {
			named, err := crs.Named(name)
			if err != nil {
				return
			}
			system = &named
		}
		p, err := system.Point(s.places[0][0], s.places[0][1])
		if err != nil || !said && !within(p, extent, nearKnown) {
			return
		}
		// The same place by another name is the same hypothesis.
		if !said && slices.ContainsFunc(taken, func(q crs.Point) bool { return crs.Distance(p, q) < 1 }) {
			return
		}
		taken = append(taken, p)
		all = append(all, Fit{Name: name, System: *system, Said: said})
	}
	if s.said != nil {
		add("", true)
	}
	for _, plane := range s.planes(extent) {
		for _, how := range []string{"", "gcj02", "bd09"} {
			name := plane
			switch {
			case how != "" && plane == "EPSG:4490":
				name = how
			case how != "":
				name += "," + how
			}
			add(name, false)
			add(name+",swapped", false)
		}
	}
	return all
}

// planes returns the names of the systems the numbers may be in, but for what the maps of the web add.
func (s *sample) planes(extent shape.Box) (names []string) {
	if s.said != nil && s.said.IsMetric() {
		if name := strings.ReplaceAll(strings.TrimSuffix(s.said.Name(), ", swapped"), " ", ""); !strings.Contains(name, ",") {
			names = append(names, name)
		}
	}
	x, y := math.Abs(s.places[0][0]), math.Abs(s.places[0][1])
	if x <= 360 && y <= 360 {
		return append(names, "EPSG:4490")
	}
	lon := (extent.Min.Lon.Degrees() + extent.Max.Lon.Degrees()) / 2
	code := func(n int) { names = append(names, "EPSG:"+strconv.Itoa(n)) }
	three, six := int(math.Round(lon/3)), int(math.Floor(lon/6))
	switch zone := int(max(x, y) / 1e6); {
	case zone >= 25 && zone <= 45:
		code(4513 + zone - 25)
		return names
	case zone >= 13 && zone <= 23 && min(x, y) < 1e7:
		code(4491 + zone - 13)
	}
	for _, d := range []int{0, -1, 1} {
		if n := three + d; n >= 25 && n <= 45 {
			code(4534 + n - 25)
		}
		if n := six + d; n >= 12 && n <= 22 {
			code(4502 + n - 12)
		}
		if n := six + d + 31; n >= 1 && n <= 60 {
			code(32600 + n)
		}
	}
	code(3857)
	return names
}

// within reports whether a point lies in a box or no further from it than a distance, roughly.
func within(p crs.Point, b shape.Box, most crs.Metres) bool {
	q := crs.Point{Lon: min(max(p.Lon, b.Min.Lon), b.Max.Lon), Lat: min(max(p.Lat, b.Min.Lat), b.Max.Lat)}
	return crs.Distance(p, q) <= most
}

func boxRound(lists ...[]crs.Point) shape.Box {
	box := shape.EmptyBox
	for _, points := range lists {
		for _, p := range points {
			box = box.Add(p)
		}
	}
	return box
}

// knownGround is what is there to compare a layer with.
type knownGround struct {
	store *postgis.Store
	layer string
	box   shape.Box // round what was asked for last
	last  *fit.Reference
}

// areaLevels are the levels of areas whose shapes tell where a file lies: those above are as wide as the city.
var areaLevels = []string{string(plan.LargeGrid), string(plan.Community)}

// linesFor returns the layers whose lines run where those of a layer do. Others would mislead: houses stand where there is no road.
func linesFor(layer string) []string {
	switch {
	case layer == BlockLayer, plan.Level(layer).Rank() >= 0:
		return append([]string{string(plan.Subdistrict), "road", "water", "railway", "wall"}, areaLevels...)
	case layer == string(plan.CompoundLayer):
		return []string{layer, "wall"}
	case layer == string(plan.WallLayer):
		return []string{layer, "compound"}
	case layer == string(plan.OrganisationLayer):
		return nil
	}
	return []string{layer}
}

// extent returns the box round some of what is there.
func (k *knownGround) extent(ctx context.Context) (shape.Box, error) {
	box := shape.EmptyBox
	for _, layer := range append(linesFor(k.layer), areaLevels...) {
		things, _, err := k.store.LayerPage(ctx, postgis.PageWanted{Layer: layer, Limit: 200})
		if err != nil {
			return box, err
		}
		for _, t := range things {
			box = box.Union(t.Geometry.Box())
		}
	}
	return box, nil
}

// around returns the reference in a box.
func (k *knownGround) around(ctx context.Context, box shape.Box) (*fit.Reference, error) {
	if k.last != nil && k.box.Union(box) == k.box {
		return k.last, nil
	}
	// As far again as the maps of the web shift: the next hypothesis is likely to lie there.
	const margin = 20_000 // steps of 1e-7 degree
	k.box = shape.Box{Min: crs.Point{Lon: box.Min.Lon - margin, Lat: box.Min.Lat - margin}, Max: crs.Point{Lon: box.Max.Lon + margin, Lat: box.Max.Lat + margin}}
	var areas []shape.MultiPolygon
	var lines [][]crs.Point
	wanted := linesFor(k.layer)
	for _, layer := range slices.Compact(slices.Sorted(slices.Values(append(wanted, areaLevels...)))) {
		things, _, err := k.store.LayerPage(ctx, postgis.PageWanted{Layer: layer, Box: &k.box, Limit: knownThings})
		if err != nil {
			return nil, err
		}
		for _, t := range things {
			if slices.Contains(areaLevels, layer) && len(t.Geometry.Shape) > 0 {
				areas = append(areas, t.Geometry.Shape)
			}
			if slices.Contains(wanted, layer) {
				lines = append(lines, linesOf(t.Geometry)...)
			}
		}
	}
	k.last = fit.NewReference(areas, lines)
	return k.last, nil
}

// linesOf returns the lines of a geometry, rings closed.
func linesOf(g plan.Geometry) (lines [][]crs.Point) {
	for _, line := range g.Lines {
		lines = append(lines, line)
	}
	for _, p := range g.Shape {
		for _, ring := range p {
			lines = append(lines, append(slices.Clone([]crs.Point(ring)), ring[0]))
		}
	}
	return lines
}

// fitList says some fits, one after the other.
type fitList []Fit

// In returns the first of them.
func (l fitList) In(lang words.Lang) string {
	const most = 4
	var all []string
	for _, f := range l[:min(len(l), most)] {
		all = append(all, f.In(lang))
	}
	return strings.Join(all, map[words.Lang]string{words.Zh: "；", words.En: "; "}[lang])
}

// checkPlace compares a sample of the file with the ground that is there. It refuses a file that lies clearly better in another system than
// in the one it says; where somebody has said the system, or that the file is right, it notes so.
func (j *job) checkPlace(ctx context.Context) error {
	if j.db == nil || j.kind.geometry == nil || j.Layer == OSMLayer {
		return nil
	}
	s, err := takeSample(ctx, j.File, j.form())
	if err != nil {
		return j.unlessUnreadable(err)
	}
	fits, err := s.fits(ctx, j.db, j.Layer)
	if err != nil {
		return err
	}
	if len(fits) == 0 {
		if len(s.places) > 0 && plan.Level(j.Layer).Rank() >= 0 { // all that comes later will be compared with these
			j.note("note.place_unknown", nil)
		}
		return nil
	}
	args := words.Args{"fits": fitList(fits)}
	better := slices.IndexFunc(fits, func(f Fit) bool { return f.Best && !f.Said })
	switch {
	case !fits[0].Said && better >= 0:
		args["crs"] = fits[better].Name
		j.refuse(importers.Place{}, Refused{Key: "datum.proposed"}, args)
	case !fits[0].Said:
		j.refuse(importers.Place{}, Refused{Key: "datum.undecided"}, args)
	case better < 0:
		if fits[0].Tells() {
			j.note("note.place_fits", words.Args{"fit": fits[0]})
		}
	case j.Form.System != nil || j.Form.AsIs:
		args["crs"] = fits[better].Name
		j.note("note.place_kept", args)
	default:
		args["crs"] = fits[better].Name
		j.refuse(importers.Place{}, Refused{Key: "datum.other"}, args)
	}
	return nil
}

// unlessUnreadable passes over what keeps a file from being read: the reading itself will tell.
func (j *job) unlessUnreadable(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
