package importers

import (
	"io"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// ReadGeoJSON reads a FeatureCollection, one bare Feature, or Features one after the other (newline-delimited or an RFC
// 8142 sequence) and calls each with every Feature in turn. Members may come in any order and foreign ones are passed
// over, so a file may turn out to be unfit after some of its rows were handed on. It returns a *Fault for a file that
// cannot be read, and whatever each returns.
func ReadGeoJSON(r io.Reader, each func(Row) error) error {
	return readGeoJSON(r, nil, new(Found), each)
}

// readGeoJSON reads GeoJSON whose coordinates are in a system; nil for the one it names, else longitude and latitude.
func readGeoJSON(r io.Reader, system *crs.System, found *Found, each func(Row) error) error {
	g := &geoJSON{jsonText: newJSONText(r, 64<<10), each: each, said: system != nil, found: found}
	if system != nil {
		g.system = *system
	}
	for {
		done, err := g.atEnd()
		if err != nil {
			return err
		}
		if done {
			break
		}
		if g.collection {
			return g.fault("geojson.more", nil)
		}
		if err := g.document(); err != nil {
			return err
		}
	}
	if g.features == 0 {
		return &Fault{Key: "file.no_rows"}
	}
	return nil
}

// geoJSON is a file being read.
type geoJSON struct {
	*jsonText
	each       func(Row) error
	features   int
	collection bool // a FeatureCollection was read: nothing may follow
	system     crs.System
	said       bool // whoever brings the file says the system: what it says itself does not count
	found      *Found
}

// draft is a feature whose members are still being read.
type draft struct {
	Row
	kind string // its "type"
	id   Value
	crs  *Fault // its "crs" names another system
}

// spoil keeps the first reason why a row cannot be taken.
func (d *draft) spoil(f *Fault) {
	if f != nil && d.Fault == nil {
		f.Place = d.Place
		d.Fault = f
	}
}

// draft begins a feature at the byte that comes next.
func (g *geoJSON) draft() draft {
	d := draft{Row: Row{Place: g.place()}}
	d.Place.Feature = g.features + 1
	g.end = g.at() + maxFeature
	return d
}

// document reads one text on the outermost level, a FeatureCollection or a Feature.
func (g *geoJSON) document() error {
	d := g.draft()
	listed := false
	err := g.object(func(name string) error {
		if name == "crs" && !listed && g.features == 0 {
			return g.adoptCRS()
		}
		if name != "features" {
			return g.member(&d, name)
		}
		if listed {
			return g.fault("json.twice", words.Args{"name": name})
		}
		listed = true
		return g.readFeatures()
	})
	switch {
	case err != nil:
		return err
	case d.kind == "FeatureCollection" && listed:
		g.collection = true
		if d.crs != nil {
			return d.crs
		}
		return nil
	case d.kind == "FeatureCollection":
		return g.fault("geojson.no_features", nil)
	case d.kind == "Feature" && !listed:
		return g.hand(&d)
	}
	return &Fault{Key: "geojson.not", Args: words.Args{"type": Excerpt(d.kind)}, Place: Place{Line: d.Place.Line, Byte: d.Place.Byte}}
}

// readFeatures reads the array of a FeatureCollection.
func (g *geoJSON) readFeatures() error {
	b, err := g.peek()
	if err != nil {
		return err
	}
	if b != '[' {
		return g.fault("geojson.no_features", nil)
	}
	g.end = 0
	defer func() { g.end = g.at() + maxFeature }()
	return g.array(g.feature)
}

// feature reads one element of a FeatureCollection.
func (g *geoJSON) feature() error {
	b, err := g.peek()
	if err != nil {
		return err
	}
	d := g.draft()
	defer func() { g.end = 0 }()
	if b != '{' {
		d.spoil(&Fault{Key: "geojson.no_feature"})
		if err := g.skip(); err != nil {
			return err
		}
		return g.hand(&d)
	}
	if err := g.object(func(name string) error { return g.member(&d, name) }); err != nil {
		return err
	}
	if d.kind != "Feature" {
		d.spoil(&Fault{Key: "geojson.no_feature"})
	}
	return g.hand(&d)
}

// hand gives a finished feature to the caller. An id counts as a column unless a property has its name.
func (g *geoJSON) hand(d *draft) error {
	g.features++
	if d.crs != nil {
		d.spoil(d.crs)
	}
	if d.Values == nil {
		d.Values = map[string]Value{}
	}
	if _, had := d.Values["id"]; !had && d.id.Kind != Null {
		d.Values["id"] = d.id
	}
	return g.each(d.Row)
}

// member reads one member of a feature.
func (g *geoJSON) member(d *draft, name string) (err error) {
	switch name {
	case "type":
		v, err := g.value()
		d.kind = v.Text
		return err
	case "id":
		d.id, err = g.value()
		return err
	case "properties":
		return g.properties(d)
	case "geometry":
		var fault *Fault
		d.Geometry, fault, err = g.readGeometry()
		d.spoil(fault)
		return err
	case "crs":
		d.crs, err = g.readCRS()
		return err
	}
	return g.skip()
}

// properties reads a feature's columns.
func (g *geoJSON) properties(d *draft) error {
	b, err := g.peek()
	if err != nil {
		return err
	}
	if b != '{' {
		v, err := g.value()
		if v.Kind != Null {
			d.spoil(&Fault{Key: "geojson.properties"})
		}
		return err
	}
	d.Values = map[string]Value{}
	return g.object(func(name string) error {
		v, err := g.value()
		if _, twice := d.Values[name]; twice {
			d.spoil(&Fault{Key: "row.column_twice", Args: words.Args{"column": Excerpt(name)}})
		}
		d.Values[name] = v
		return err
	})
}
