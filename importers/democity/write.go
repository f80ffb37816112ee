package democity

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"gridwright/geo/shape"
)

// WriteAreas writes the areas of a level as a GeoJSON FeatureCollection, one Feature a line. The properties are named as
// the fields of `gridwright import`: code, parent (empty for the city), name and name_en.
func (c *City) WriteAreas(w io.Writer, level Level) error {
	f := c.newCollection(w, string(level))
	for _, a := range c.AreasOf(level) {
		f.feature(areaProperties{a.Code, a.Parent, a.Name, a.NameEn}, a.Shape)
	}
	return f.end()
}

// WriteBlocks writes the blocks as a GeoJSON FeatureCollection, one Feature a line. The properties are named as the
// fields of `gridwright import`: code, parent, kind and the measures.
func (c *City) WriteBlocks(w io.Writer) error {
	f := c.newCollection(w, "block")
	for _, b := range c.Blocks {
		f.feature(blockProperties{
			b.Code, b.Parent, b.Kind,
			b.Counts.Households, b.Counts.Residents, b.Counts.StairUnits, b.Counts.Dwellings, b.Counts.Buildings, b.Counts.ResidentOrgs,
		}, b.Shape)
	}
	return f.end()
}

type areaProperties struct {
	Code   string `json:"code"`
	Parent string `json:"parent"`
	Name   string `json:"name"`
	NameEn string `json:"name_en"`
}

type blockProperties struct {
	Code         string `json:"code"`
	Parent       string `json:"parent"`
	Kind         Kind   `json:"kind"`
	Households   int    `json:"households"`
	Residents    int    `json:"residents"`
	StairUnits   int    `json:"stair_units"`
	Dwellings    int    `json:"dwellings"`
	Buildings    int    `json:"buildings"`
	ResidentOrgs int    `json:"resident_orgs"`
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

func (f *collection) feature(properties any, p shape.Polygon) {
	text, err := json.Marshal(properties)
	if err != nil && f.err == nil {
		f.err = err
	}
	fmt.Fprintf(f.w, "%s\n"+`{"type":"Feature","properties":%s,"geometry":{"type":"Polygon","coordinates":%s}}`, f.comma, text, coordinates(p))
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
		b = append(b, '[')
		for k := range len(ring) + 1 {
			at := ring[k%len(ring)]
			if k > 0 {
				b = append(b, ',')
			}
			b = append(b, '[')
			b = at.Lon.AppendDegrees(b)
			b = append(b, ',')
			b = at.Lat.AppendDegrees(b)
			b = append(b, ']')
		}
		b = append(b, ']')
	}
	return append(b, ']')
}
