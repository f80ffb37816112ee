package democity

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// WriteAreas writes the areas of a level as a GeoJSON FeatureCollection, one Feature a line. The properties are named as
// the fields of `gridwright import`: code, parent (empty for the region), name and name_en.
func (c *City) WriteAreas(w io.Writer, level Level) error {
	f := c.newCollection(w, string(level))
	for _, a := range c.AreasOf(level) {
		f.feature(areaProperties{a.Code, a.Parent, a.Name, a.NameEn}, a.Shape)
	}
	return f.end()
}

// Layer is a raw layer of the city as a file.
type Layer struct {
	Name  string // a word of `gridwright import --layer`
	File  string // what the file is called
	Write func(io.Writer) error
}

// Layers lists the files of the city in the order they are to be imported.
func (c *City) Layers() []Layer {
	var layers []Layer
	for _, level := range Levels {
		layers = append(layers, Layer{string(level), string(level) + ".geojson", func(w io.Writer) error { return c.WriteAreas(w, level) }})
	}
	lines := func(name string, lines []Line, waters []WaterArea) Layer {
		return Layer{name, name + ".geojson", func(w io.Writer) error { return c.writeLines(w, name, lines, waters) }}
	}
	return append(layers,
		lines("road", c.Roads, nil), lines("water", c.Canals, c.Waters), lines("railway", c.Tracks, nil), lines("wall", c.Walls, nil),
		Layer{"compound", "compound.geojson", c.writeCompounds},
		Layer{"building", "building.geojson", c.writeBuildings},
		Layer{"organisation", "organisation.geojson", c.writeOrganisations},
		Layer{"counts", "counts.csv", c.writeCounts})
}

func (c *City) writeLines(w io.Writer, layer string, lines []Line, waters []WaterArea) error {
	f := c.newCollection(w, layer)
	for _, l := range lines {
		f.write(lineProperties{l.Code, l.Name, l.Class, l.Bridge}, "LineString", path(l.Path))
	}
	for _, a := range waters {
		f.feature(lineProperties{a.Code, a.Name, "river", false}, a.Shape)
	}
	return f.end()
}

func (c *City) writeCompounds(w io.Writer) error {
	f := c.newCollection(w, "compound")
	for _, a := range c.Compounds {
		p := compoundProperties{Code: a.Code, Name: a.Name, Kind: a.Kind}
		if a.Home {
			no := yesNo(a.Bare)
			p.NoPropertyMgmt, p.NoSecurity, p.NoEnclosure = no, no, no
		}
		f.feature(p, a.Shape)
	}
	return f.end()
}

func (c *City) writeBuildings(w io.Writer) error {
	f := c.newCollection(w, "building")
	for _, b := range c.Buildings {
		f.feature(buildingProperties{b.Code, b.Name, b.Class, b.Compound, b.Floors}, shape.MultiPolygon{b.Shape})
	}
	return f.end()
}

func (c *City) writeOrganisations(w io.Writer) error {
	f := c.newCollection(w, "organisation")
	for _, o := range c.Organisations {
		f.write(organisationProperties{o.Code, o.Name, o.Kind, yesNo(o.New)}, "Point", position(nil, o.At))
	}
	return f.end()
}

// writeCounts writes the table of counts: a row for each building with households.
func (c *City) writeCounts(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "code,layer,households,households_kind,residents,residents_kind,dwellings,stair_units,party_members,counted_on,remark")
	for _, x := range c.Buildings {
		if x.Counts.Households > 0 {
			n := x.Counts
			fmt.Fprintf(b, "%s,building,%d,resident,%d,resident,%d,%d,%d,%s,synthetic 虚构\n", x.Code, n.Households, n.Residents, n.Dwellings,
				n.StairUnits, n.PartyMembers, CountedOn)
		}
	}
	return b.Flush()
}

func yesNo(yes bool) string { return either(yes, "yes", "no") }

type areaProperties struct {
	Code   string `json:"code"`
	Parent string `json:"parent"`
	Name   string `json:"name"`
	NameEn string `json:"name_en"`
}

type lineProperties struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Class  string `json:"class"`
	Bridge bool   `json:"bridge"`
}

type compoundProperties struct {
	Code           string `json:"code"`
	Name           string `json:"name"`
	Kind           string `json:"kind"`
	NoPropertyMgmt string `json:"no_property_mgmt"`
	NoSecurity     string `json:"no_security"`
	NoEnclosure    string `json:"no_enclosure"`
}

type buildingProperties struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Class    string `json:"class"`
	Compound string `json:"compound"`
	Floors   int    `json:"floors"`
}

type organisationProperties struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	NewOrg string `json:"new_org"`
}

// collection is a FeatureCollection being written. The first error stays.
type collection struct {
	w     *bufio.Writer
	comma string
	err   error
}

// newCollection begins a collection, whose head says that its contents are invented.
func (c *City) newCollection(w io.Writer, layer string) *collection {
	f := &collection{w: bufio.NewWriter(w)}
	fmt.Fprintf(f.w, `{"type":"FeatureCollection","name":%q,"synthetic":true,"description":"%s %s: an invented town, seed %d. 虚构城市，非真实数据。","features":[`,
		layer, NameEn, Name, c.Seed)
	return f
}

// feature writes a Feature with a shape: a Polygon, or a MultiPolygon where it lies in pieces.
func (f *collection) feature(properties any, m shape.MultiPolygon) {
	if len(m) == 1 {
		f.write(properties, "Polygon", coordinates(m[0]))
		return
	}
	b := []byte{'['}
	for i, p := range m {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, coordinates(p)...)
	}
	f.write(properties, "MultiPolygon", append(b, ']'))
}

func (f *collection) write(properties any, geometry string, coordinates []byte) {
	text, err := json.Marshal(properties)
	if err != nil && f.err == nil {
		f.err = err
	}
	fmt.Fprintf(f.w, "%s\n"+`{"type":"Feature","properties":%s,"geometry":{"type":%q,"coordinates":%s}}`, f.comma, text, geometry, coordinates)
	f.comma = ","
}

func (f *collection) end() error {
	fmt.Fprint(f.w, "\n]}\n")
	if err := f.w.Flush(); err != nil {
		return err
	}
	return f.err
}

// coordinates returns a polygon's rings as GeoJSON has them, each with its first point again at the end.
func coordinates(p shape.Polygon) []byte {
	b := []byte{'['}
	for i, ring := range p {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, path(append(slices.Clone(ring), ring[0]))...)
	}
	return append(b, ']')
}

func path(points []crs.Point) []byte {
	b := []byte{'['}
	for i, p := range points {
		if i > 0 {
			b = append(b, ',')
		}
		b = position(b, p)
	}
	return append(b, ']')
}

func position(b []byte, p crs.Point) []byte {
	b = p.Lon.AppendDegrees(append(b, '['))
	b = p.Lat.AppendDegrees(append(b, ','))
	return append(b, ']')
}
