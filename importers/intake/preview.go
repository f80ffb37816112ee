package intake

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/sql/postgis"
)

// Compared says what an import does to what is stored, by what becomes of it. It has no measures for areas, which have none.
type Compared struct {
	New       Side `json:"new"`
	Changed   Side `json:"changed"`
	Gone      Side `json:"gone"`
	Unchanged Side `json:"unchanged"`
}

// Side is one of them.
type Side struct {
	Rows   int                    `json:"rows"`
	Before map[plan.Measure]int64 `json:"before"` // sums as they are stored
	After  map[plan.Measure]int64 `json:"after"`  // and once the import is
}

func newSide() Side { return Side{Before: map[plan.Measure]int64{}, After: map[plan.Measure]int64{}} }

func newCompared() Compared { return Compared{newSide(), newSide(), newSide(), newSide()} }

// side returns the side of a status: new, changed, gone, and unchanged for any other.
func (c *Compared) side(status string) *Side {
	switch status {
	case "new":
		return &c.New
	case "changed":
		return &c.Changed
	case "gone":
		return &c.Gone
	}
	return &c.Unchanged
}

// Preview is what an import would do, to be drawn.
type Preview struct {
	Features []PreviewFeature `json:"features"` // changed, gone and refused ones first, then new, then unchanged; no more than maxDrawn
	Totals   map[string]int   `json:"totals"`   // by status, drawn or not
}

// PreviewFeature is one piece of it.
type PreviewFeature struct {
	Status   string            `json:"status"` // new, changed, gone, unchanged, refused
	Layer    string            `json:"layer"`
	Code     string            `json:"code"`
	Name     string            `json:"name"`
	Reason   map[string]string `json:"reason,omitempty"` // of a refused row, by language
	Geometry json.RawMessage   `json:"geometry"`         // GeoJSON; null for none
}

// MaxDrawn is how many features a preview has at most.
const MaxDrawn = 2000

const (
	maxPoints  = 20_000 // of one shape in a preview: larger ones are left out
	maxSampled = 5000   // codes of the file among which unchanged ones are looked for
)

// look compares what the import has stored in its transaction with what was there before, for the report and the preview.
func (j *job) look(ctx context.Context, im *postgis.Importing) error {
	c := &j.report.Compared
	c.New.Rows, c.Changed.Rows, c.Gone.Rows, c.Unchanged.Rows = j.report.New, j.report.Changed, j.report.Retired, j.report.Unchanged
	if plan.Level(j.Layer).Rank() < 0 {
		if err := j.weigh(ctx, im); err != nil {
			return err
		}
	}
	if j.Preview == nil {
		return nil
	}
	return j.draw(ctx, im)
}

// weigh sums up the counts of what is new, changed, gone and unchanged. Where everything is new nothing need be asked.
func (j *job) weigh(ctx context.Context, im *postgis.Importing) error {
	c := &j.report.Compared
	if j.report.Changed+j.report.Retired+j.report.Unchanged == 0 {
		for m, n := range j.report.Sums {
			c.New.After[m] = n
		}
		return nil
	}
	moves, err := im.Moves(ctx, j.id, j.Layer == CountsLayer)
	if err != nil {
		return err
	}
	for _, m := range moves {
		if m.Measure != "" {
			side := c.side(m.Status)
			side.Before[m.Measure], side.After[m.Measure] = m.Before, m.After
		}
	}
	// What the file counts and neither is new nor has changed is as it was.
	for m, n := range j.report.Sums {
		rest := max(n-c.New.After[m]-c.Changed.After[m], 0)
		c.Unchanged.Before[m], c.Unchanged.After[m] = rest, rest
	}
	return nil
}

// draw makes the preview, but for the refused rows.
func (j *job) draw(ctx context.Context, im *postgis.Importing) error {
	p := j.Preview
	p.Features = []PreviewFeature{}
	p.Totals = j.report.totals()
	for _, a := range j.differ {
		geometry, err := geoJSON(a.area.Shape)
		if err != nil {
			return err
		}
		p.Features = append(p.Features, PreviewFeature{Status: a.status, Layer: j.Layer, Code: a.area.Code, Name: a.area.Name, Geometry: geometry})
	}
	slices.SortStableFunc(p.Features, func(a, b PreviewFeature) int { return cmp.Compare(a.Status, b.Status) }) // changed before new
	p.Features = p.Features[:min(len(p.Features), MaxDrawn)]
	if plan.Level(j.Layer).Rank() >= 0 {
		return nil
	}
	taken := slices.DeleteFunc(slices.Clone(j.codes), j.leftOut)
	drawn, err := im.Fates(ctx, j.id, j.Layer == CountsLayer, j.Layer, taken, MaxDrawn, maxPoints)
	for _, d := range drawn {
		p.Features = append(p.Features, PreviewFeature{Status: d.Status, Layer: d.Layer, Code: d.Code, Name: d.Name, Geometry: d.Geometry})
	}
	return err
}

// totals returns how many there are of each status.
func (r *Report) totals() map[string]int {
	return map[string]int{"new": r.New, "changed": r.Changed, "gone": r.Retired, "unchanged": r.Unchanged, "refused": r.RefusedRows}
}

// add adds what another import does.
func (c *Compared) add(o Compared) {
	for _, status := range []string{"new", "changed", "gone", "unchanged"} {
		side, more := c.side(status), o.side(status)
		side.Rows += more.Rows
		for m, n := range more.Before {
			side.Before[m] += n
		}
		for m, n := range more.After {
			side.After[m] += n
		}
	}
}

// areaChange is an area that an import would bring or change.
type areaChange struct {
	area   plan.Area
	status string
}

// addRefused puts the refused rows in front of what is new.
func (p *Preview) addRefused(layer string, rows *RefusedRows) {
	if rows == nil {
		return
	}
	at := slices.IndexFunc(p.Features, func(f PreviewFeature) bool { return f.Status == "new" || f.Status == "unchanged" })
	if at < 0 {
		at = len(p.Features)
	}
	var refused []PreviewFeature
	for _, r := range rows.Rows[:min(len(rows.Rows), MaxDrawn)] {
		if r.geometry != nil {
			refused = append(refused, PreviewFeature{Status: "refused", Layer: layer, Code: r.code, Reason: r.Reason, Geometry: r.geometry})
		}
	}
	p.Features = slices.Insert(p.Features, at, refused...)
	p.Features = p.Features[:min(len(p.Features), MaxDrawn)]
}

// geoJSON writes a shape, null for none or for one with too many points.
func geoJSON(m shape.MultiPolygon) (json.RawMessage, error) {
	points := 0
	parts := make([][][][2]float64, len(m))
	for i, p := range m {
		for _, ring := range p {
			points += len(ring)
			line := make([][2]float64, 0, len(ring)+1)
			for k := 0; k <= len(ring); k++ {
				at := ring[k%len(ring)]
				line = append(line, [2]float64{at.Lon.Degrees(), at.Lat.Degrees()})
			}
			parts[i] = append(parts[i], line)
		}
	}
	if points == 0 || points > maxPoints {
		return json.RawMessage("null"), nil
	}
	return json.Marshal(map[string]any{"type": "MultiPolygon", "coordinates": parts})
}

// digest says in few bytes all that a trial found, so that a later one can be seen to have found the same.
func digest(r *Report, p *Preview) (string, error) {
	plain := *r
	plain.DryRun = false
	sum := sha256.New()
	for _, v := range []any{plain, p} {
		if err := json.NewEncoder(sum).Encode(v); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
