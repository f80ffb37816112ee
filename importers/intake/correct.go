package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gridwright/geo/crs"
	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Correction is a change of the base book by hand. It is carried out as an import of one row, so that the checks of imports are its
// checks, and the log of imports has it.
type Correction struct {
	Kind      postgis.CorrectionKind // but for undo
	Layer     string                 // of the thing; of a border the level of the areas
	Code      string                 // of the thing; a thing that is added gets one where it is empty
	Neighbour string                 // of a border: code of the other area
	Geometry  json.RawMessage        // GeoJSON, longitude and latitude
	Values    map[string]json.RawMessage
	Source    string
	Dated     string // YYYY-MM-DD
	By        string
}

// Unfit is a correction that cannot be, with all that is wrong with it.
type Unfit struct{ Refused []Refused }

// In returns the sentence.
func (u *Unfit) In(l words.Lang) string {
	if len(u.Refused) == 1 {
		return u.Refused[0].In(l)
	}
	return plan.Sentences.Say(l, "change.unfit", words.Args{"n": len(u.Refused)})
}

// Error returns the English sentence.
func (u *Unfit) Error() string { return u.In(words.En) }

// Unwrap returns what kind of fault it is.
func (u *Unfit) Unwrap() error {
	return plan.Refuse(plan.Invalid, "change.unfit", words.Args{"n": len(u.Refused)})
}

// In returns the reason in a language.
func (r Refused) In(l words.Lang) string {
	if r.said == nil {
		return r.Words
	}
	return r.said.In(l)
}

// unfit is a correction with one thing wrong with it.
func unfit(field, key string, args words.Args) *Unfit {
	said := sentence{"change." + key, args}
	return &Unfit{[]Refused{{Field: field, Key: said.key, Words: said.In(words.Zh), said: said}}}
}

// what fields the kinds of corrections may have values of.
var unvalued = []string{"code", "id", "parent", "counted_on", "layer"}

// Correct carries out a correction and returns it as it is stored. The error is an *Unfit, or a *plan.Fault, for what a planner can mend;
// then nothing was stored.
func Correct(ctx context.Context, store *postgis.Store, c Correction) (*postgis.Correction, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	id, err := store.NextCorrection(ctx)
	if err != nil {
		return nil, err
	}
	made := &postgis.Correction{ID: id, Kind: c.Kind, Layer: c.Layer, Code: c.Code, Neighbour: c.Neighbour, Source: c.Source, Dated: c.Dated, By: c.By}
	switch c.Kind {
	case postgis.CorrectRemove:
		err = c.remove(ctx, store, made)
	case postgis.CorrectBorder:
		err = c.border(ctx, store, made)
	default:
		if made.Code == "" {
			made.Code = "added-" + strconv.FormatInt(int64(id), 10)
		}
		err = c.row(ctx, store, made)
	}
	if err != nil {
		return nil, err
	}
	return made, nil
}

// check refuses what is wrong with a correction whatever is stored.
func (c *Correction) check() error {
	c.Source, c.By = strings.TrimSpace(c.Source), strings.TrimSpace(c.By)
	for _, said := range []struct{ field, text string }{{"source", c.Source}, {"by", c.By}, {"code", c.Code}, {"neighbour", c.Neighbour}} {
		switch {
		case utf8.RuneCountInString(said.text) > maxText:
			return unfit(said.field, "long", words.Args{"most": maxText})
		case strings.ContainsFunc(said.text, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) }):
			return unfit(said.field, "damaged", nil)
		case importers.IsPersonal(said.text):
			return unfit(said.field, "personal", nil)
		}
	}
	day, isDay := dayOf(c.Dated)
	layer := plan.Layer(c.Layer)
	isThing := layer.Rank() >= 0
	needsCode := c.Kind != postgis.CorrectAdd
	drawn := c.Kind == postgis.CorrectAdd || c.Kind == postgis.CorrectMove || c.Kind == postgis.CorrectBorder
	valued := c.Kind == postgis.CorrectCount || c.Kind == postgis.CorrectAttributes || c.Kind == postgis.CorrectAdd
	switch {
	case !slices.Contains(correctionKinds, c.Kind):
		return unfit("kind", "kind", words.Args{"kind": importers.Excerpt(string(c.Kind)), "kinds": correctionKinds})
	case c.Source == "":
		return unfit("source", "no_source", nil)
	case !isDay || day == "":
		return unfit("dated", "no_day", nil)
	case c.Kind == postgis.CorrectBorder && plan.Level(c.Layer) != plan.Community && plan.Level(c.Layer) != plan.LargeGrid:
		return unfit("layer", "border_layer", nil)
	case c.Kind == postgis.CorrectCount && !layer.Counted():
		return unfit("layer", "count_layer", nil)
	case c.Kind != postgis.CorrectBorder && !isThing:
		return unfit("layer", "layer", words.Args{"layers": plan.FeatureLayers})
	case needsCode && c.Code == "":
		return unfit("code", "no_code", nil)
	case c.Code != strings.TrimSpace(c.Code):
		return unfit("code", "spaced", nil)
	case c.Kind == postgis.CorrectBorder && (c.Neighbour == "" || c.Neighbour == c.Code):
		return unfit("neighbour", "no_neighbour", nil)
	case drawn && len(c.Geometry) == 0:
		return unfit("geometry", "not_drawn", nil)
	case !drawn && len(c.Geometry) > 0:
		return unfit("geometry", "drawn", nil)
	case !valued && len(c.Values) > 0:
		return unfit(slices.Sorted(maps.Keys(c.Values))[0], "valued", nil)
	case valued && len(c.Values) == 0 && c.Kind != postgis.CorrectAdd:
		return unfit("values", "no_values", nil)
	}
	c.Dated = day
	return c.checkValues(layer)
}

var correctionKinds = []postgis.CorrectionKind{postgis.CorrectCount, postgis.CorrectAdd, postgis.CorrectMove, postgis.CorrectRemove,
	postgis.CorrectAttributes, postgis.CorrectBorder}

// checkValues refuses values of fields the layer does not have: in a file they would be columns that are passed over.
func (c *Correction) checkValues(layer plan.Layer) error {
	fields := slices.DeleteFunc(slices.Clone(kindOf(c.Layer).fields), func(f string) bool { return slices.Contains(unvalued, f) })
	if i := slices.Index(fields, "class"); i >= 0 {
		fields[i] = "kind" // to readers it is one thing
	}
	bare := newJob(Order{Layer: c.Layer}, nil)
	for _, name := range slices.Sorted(maps.Keys(c.Values)) {
		isCount := layer.Counted() && bare.mayBeMeasure(strings.TrimSuffix(name, kindSuffix)) && !slices.Contains(fields, name)
		switch {
		case isCount && c.Kind != postgis.CorrectAttributes:
		case slices.Contains(fields, name) && c.Kind != postgis.CorrectCount:
		case c.Kind == postgis.CorrectCount:
			return unfit(name, "no_measure", words.Args{"field": importers.Excerpt(name)})
		default:
			return unfit(name, "no_field", words.Args{"field": importers.Excerpt(name), "fields": fields})
		}
		if !isScalar(c.Values[name]) {
			return unfit(name, "nested", words.Args{"field": importers.Excerpt(name)})
		}
	}
	return nil
}

func isScalar(v json.RawMessage) bool {
	v = bytes.TrimSpace(v)
	return len(v) > 0 && v[0] != '{' && v[0] != '['
}

// row carries out a correction that a file of one row could make.
func (c *Correction) row(ctx context.Context, store *postgis.Store, made *postgis.Correction) error {
	had, err := store.FeatureAt(ctx, plan.Layer(c.Layer), made.Code, math.MaxInt64)
	switch {
	case err != nil:
		return err
	case c.Kind == postgis.CorrectAdd && had != nil:
		return unfit("code", "exists", words.Args{"code": importers.Excerpt(made.Code)})
	case c.Kind != postgis.CorrectAdd && had == nil:
		return unfit("code", "no_thing", words.Args{"code": importers.Excerpt(made.Code)})
	}
	geometry := c.Geometry
	if c.Kind == postgis.CorrectAttributes {
		geometry = had.Geometry
	}
	dir, err := os.MkdirTemp("", "gridwright-correction-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o := Order{File: filepath.Join(dir, "basebook.geojson"), Layer: c.Layer, Map: map[string]string{}, Form: importers.Form{System: &crs.System{}}}
	if c.Kind == postgis.CorrectCount {
		o.Layer = CountsLayer
	}
	text, err := json.Marshal(map[string]any{"type": "Feature", "properties": c.properties(made.Code, o.Map), "geometry": orNull(geometry)})
	if err != nil {
		return unfit("geometry", "not_geojson", nil)
	}
	if err := os.WriteFile(o.File, text, 0o600); err != nil {
		return err
	}
	o.Then = func(ctx context.Context, im *postgis.Importing, id postgis.ImportID, r *Report) error {
		switch {
		case c.Kind == postgis.CorrectAdd && r.New != 1:
			return unfit("code", "exists", words.Args{"code": importers.Excerpt(made.Code)})
		case r.Unchanged > 0:
			return unfit("values", "nothing", nil)
		}
		now, err := im.FeaturesByCode(ctx, plan.Layer(c.Layer), []string{made.Code})
		if err != nil {
			return err
		}
		made.Import, made.Name, made.Notes = id, now[made.Code].Name, map[string][]string{}
		for _, l := range words.Langs {
			told := r.In(l)
			made.Notes[l.String()] = append([]string{}, told.Notes...)
			for _, f := range told.Findings {
				made.Notes[l.String()] = append(made.Notes[l.String()], f.Words)
			}
		}
		return im.PutCorrection(ctx, store, made)
	}
	r, err := Run(ctx, store, o)
	if r != nil && r.RefusedTotal > 0 {
		return c.asked(r)
	}
	return err
}

// properties returns the columns of the row, and the mapping of measures of the user's own.
func (c *Correction) properties(code string, mapping map[string]string) map[string]any {
	columns := map[string]any{"code": code}
	for name, v := range c.Values {
		switch {
		case name == "kind" && !slices.Contains(kindOf(c.Layer).fields, "kind"):
			columns["class"] = v
			continue
		case plan.Layer(c.Layer).Counted() && !slices.Contains(kindOf(c.Layer).fields, name):
			if measure, isKind := strings.CutSuffix(name, kindSuffix); !isKind && !slices.Contains(plan.Measures, plan.Measure(measure)) {
				mapping[name] = name
			}
			columns["counted_on"] = c.Dated
		}
		columns[name] = v
	}
	if c.Kind == postgis.CorrectCount {
		columns["layer"] = c.Layer
	}
	return columns
}

func orNull(v json.RawMessage) any {
	if len(v) == 0 {
		return nil
	}
	return v
}

// asked turns the refusals of the import into those of the correction, by the fields it was asked with.
func (c *Correction) asked(r *Report) *Unfit {
	u := &Unfit{r.Refused}
	for i := range u.Refused {
		switch f := &u.Refused[i]; {
		case f.Field == "class":
			f.Field = "kind"
		case f.Field == "":
			f.Field = "geometry"
		}
	}
	return u
}

// saved records an import that is no file's.
func saved(ctx context.Context, im *postgis.Importing, layer string, changed, retired int) (postgis.ImportID, error) {
	r := newReport(Order{Layer: layer})
	r.File, r.Taken, r.RowsRead, r.Changed, r.Retired = "", 1, 1, changed, retired
	text, err := json.Marshal(r)
	if err != nil {
		return 0, err
	}
	return im.Save(ctx, layer, "", "", false, text)
}

// remove takes a thing away, with its counts.
func (c *Correction) remove(ctx context.Context, store *postgis.Store, made *postgis.Correction) error {
	return store.Import(ctx, func(im *postgis.Importing) error {
		var err error
		if made.Import, err = saved(ctx, im, c.Layer, 0, 1); err != nil {
			return err
		}
		if made.Name, err = im.RetireFeature(ctx, plan.Layer(c.Layer), c.Code, made.Import); err != nil {
			return err
		}
		return im.PutCorrection(ctx, store, made)
	})
}

// TakeBack undoes a correction by its inverse, which is a correction of its own and may be undone. It is refused where what was changed
// has been changed since, or the correction was taken back already.
func TakeBack(ctx context.Context, store *postgis.Store, undone postgis.CorrectionID) (*postgis.Correction, error) {
	id, err := store.NextCorrection(ctx)
	if err != nil {
		return nil, err
	}
	made := &postgis.Correction{ID: id, Kind: postgis.CorrectUndo, Undoes: undone}
	err = store.Import(ctx, func(im *postgis.Importing) error {
		was, err := im.Correction(ctx, undone)
		switch {
		case err != nil:
			return err
		case was.UndoneBy != 0:
			return plan.Refuse(plan.Wrong, "change.undone", words.Args{"change": int64(undone), "by": int64(was.UndoneBy)})
		case !was.Stands:
			return plan.Refuse(plan.Wrong, "change.moved_on", words.Args{"change": int64(undone)})
		}
		made.Layer, made.Code, made.Name, made.Neighbour = was.Layer, was.Code, was.Name, was.Neighbour
		made.Source, made.Dated, made.By = was.Source, was.Dated, was.By
		if made.Import, err = saved(ctx, im, was.Layer, 1, 0); err != nil {
			return err
		}
		moved, err := im.MovedAreas(ctx, undone)
		if err != nil {
			return err
		}
		if len(moved) > 0 {
			made.Rows = was.Rows
			for i := range moved {
				moved[i].Before, moved[i].After = moved[i].After, moved[i].Before
			}
		} else if err := im.TakeBack(ctx, &was, made.Import); err != nil {
			return err
		}
		if err := im.PutCorrection(ctx, store, made); err != nil {
			return err
		}
		return im.PutBorder(ctx, made.ID, moved, made.Import)
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}
