// Package feed writes plans for other programs: the assignment as CSV and the grids as GeoJSON.
//
// Equal snapshots give equal bytes; nothing in a file says when it was written.
package feed

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"gridwright/geo/shape"
	"gridwright/plan"
)

// Assignment writes which grid each block is in: id,parent,grid by code, blocks by parent and code. A block in no grid has
// an empty one.
func Assignment(w io.Writer, s *plan.Snapshot) error {
	out := csv.NewWriter(w)
	out.Write([]string{"id", "parent", "grid"}) // the writer keeps its first error until Flush
	for b, block := range s.Ground.Blocks {
		out.Write([]string{block.Code, s.Ground.Parents[block.Parent].Code, s.CodeOf(int32(b))})
	}
	out.Flush()
	return out.Error()
}

// GridsGeoJSON writes a plan's grids as a FeatureCollection (RFC 7946), by number, which is also their id. polygons returns
// a grid's polygon, empty for a grid without blocks; its geometry is null then. Deviations are fractions of the ideal;
// where a parent counts nothing they are null. Foreign members name the revision and say whether the data are invented.
func GridsGeoJSON(w io.Writer, s *plan.Snapshot, polygons func(plan.GridNo) shape.MultiPolygon) error {
	out := bufio.NewWriter(w) // it keeps its first error until Flush
	out.WriteString(`{"type":"FeatureCollection","name":"grids","revision":` + strconv.FormatInt(s.Revision, 10) +
		`,"synthetic":` + strconv.FormatBool(s.Ground.Synthetic) + `,"features":[`)
	for i, g := range s.Grids {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n")
		if err := writeGrid(out, s, g, polygons(g.No)); err != nil {
			return err
		}
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

func writeGrid(out *bufio.Writer, s *plan.Snapshot, g plan.Grid, m shape.MultiPolygon) error {
	out.WriteString(`{"type":"Feature","id":` + strconv.Itoa(int(g.No)) + `,"properties":{`)
	p := properties{out: out}
	p.add("code", g.Code)
	p.add("name", g.Name)
	p.add("name_en", g.NameEn)
	p.add("parent", s.Ground.Parents[g.Parent].Code)
	p.add("blocks", len(s.Blocks(g.No)))
	p.add("area_m2", int64(s.Area(g.No)+0.5))
	loads, deviation := s.Loads(g.No), s.Deviation(g.No)
	for i, measure := range s.Ground.Measures {
		p.add(string(measure), int64(loads[i]))
	}
	for _, i := range s.Balanced() {
		p.add(string(s.Ground.Measures[i])+"_deviation", fraction(deviation[i]))
	}
	p.add("verdict", string(s.Verdict(g.No)))
	out.WriteString(`},"geometry":`)
	if p.err != nil {
		return p.err
	}
	out.Write(appendGeometry(nil, m))
	out.WriteByte('}')
	return nil
}

// fraction writes a deviation to six decimals, null for what is not a number.
type fraction float64

// MarshalJSON writes the number.
func (f fraction) MarshalJSON() ([]byte, error) {
	if f != f {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(f), 'f', 6, 64), nil
}

// properties writes the members of an object.
type properties struct {
	out  *bufio.Writer
	some bool
	err  error
}

func (p *properties) add(key string, value any) {
	name, err1 := json.Marshal(key)
	text, err2 := json.Marshal(value)
	if err1 != nil || err2 != nil {
		p.err = err2
		return
	}
	if p.some {
		p.out.WriteByte(',')
	}
	p.some = true
	p.out.Write(name)
	p.out.WriteByte(':')
	p.out.Write(text)
}

// appendGeometry writes a Polygon or MultiPolygon, null for nothing. Shells run counter-clockwise as they are stored.
func appendGeometry(b []byte, m shape.MultiPolygon) []byte {
	switch len(m) {
	case 0:
		return append(b, "null"...)
	case 1:
		b = append(b, `{"type":"Polygon","coordinates":`...)
		b = appendPolygon(b, m[0])
	default:
		b = append(b, `{"type":"MultiPolygon","coordinates":[`...)
		for i, p := range m {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendPolygon(b, p)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}

func appendPolygon(b []byte, p shape.Polygon) []byte {
	b = append(b, '[')
	for i, r := range p {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for j := range len(r) + 1 {
			if j > 0 {
				b = append(b, ',')
			}
			at := r[j%len(r)]
			b = at.Lon.AppendDegrees(append(b, '['))
			b = at.Lat.AppendDegrees(append(b, ','))
			b = append(b, ']')
		}
		b = append(b, ']')
	}
	return append(b, ']')
}
