package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"gridwright/geo/shape"
	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Inspection is what a file is, as far as a first look tells, and what must be decided before it can be taken.
type Inspection struct {
	Format         string               `json:"format"`
	SourceLayers   []SourceLayer        `json:"source_layers"`
	SourceLayer    string               `json:"source_layer"` // the one looked at
	Geometry       string               `json:"geometry"`     // types in the rows looked at
	Rows           *int                 `json:"rows"`         // nil where only the first were read
	Columns        []Column             `json:"columns"`
	Encoding       EncodingLook         `json:"encoding"`
	CRS            SystemLook           `json:"crs"`
	Layers         []Target             `json:"layers"`
	SuggestedLayer string               `json:"suggested_layer"`
	SuggestedMap   map[string]Suggested `json:"suggested_map"`
	Head           *HeadLook            `json:"head"`
	Questions      []Question           `json:"questions"`
	Notes          []string             `json:"notes"`

	notes []words.Speaker
	fits  []Fit

	types  []string // of geometries, in the rows looked at
	box    shape.Box
	beyond *importers.Fault // coordinates that are none of longitude and latitude
}

// SourceLayer is one of the layers in a file.
type SourceLayer struct {
	Name     string `json:"name"`
	Geometry string `json:"geometry"`
	Rows     *int   `json:"rows"`
}

// Column is a column with some of what stands in it.
type Column struct {
	Name     string   `json:"name"`
	Samples  []string `json:"samples"` // none of a personal column
	Filled   int      `json:"filled"`
	Personal bool     `json:"personal"`
}

// EncodingLook is in which encoding text may be.
type EncodingLook struct {
	ReadAs     string      `json:"read_as"`
	SaidByFile bool        `json:"said_by_file"`
	Candidates []Candidate `json:"candidates"`
}

// Candidate is an encoding with some of the file's words as it reads them.
type Candidate struct {
	Name    string   `json:"name"`
	Samples []string `json:"samples"`
	Clean   bool     `json:"clean"`
}

// SystemLook is what is known of a file's coordinates.
type SystemLook struct {
	FileSays string      `json:"file_says"`
	Fits     []FitLook   `json:"fits"`
	Bounds   *[4]float64 `json:"bounds"` // west, south, east, north in degrees
}

// FitLook is how well a file lies on the ground that is there, if its coordinates are in a system.
type FitLook struct {
	Name    string             `json:"name"` // as Decisions.CRS takes it
	Title   string             `json:"title"`
	Words   string             `json:"words"`
	Figures map[string]float64 `json:"figures"`
	Best    bool               `json:"best"`
}

// Target is what a file can become.
type Target struct {
	Name   string   `json:"name"`
	Title  string   `json:"title"`
	Fields []string `json:"fields"`
	Needs  []string `json:"needs"`
}

// Suggested is the column a field is likely to be found in.
type Suggested struct {
	Column string `json:"column"`
	Reason string `json:"reason"`

	reason words.Speaker
}

// HeadLook is the head of a table.
type HeadLook struct {
	Rows   string   `json:"rows"`
	Titles []string `json:"titles"`
	Totals []string `json:"totals"`
}

// Question is what must be decided before a trial.
type Question struct {
	About string `json:"about"` // source_layer, encoding, crs
	Words string `json:"words"`

	said words.Speaker
}

// InAll returns the inspection as JSON in every language.
func (k *Inspection) InAll() (map[string]json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	for _, l := range words.Langs {
		k.Notes = []string{}
		for _, n := range k.notes {
			k.Notes = append(k.Notes, n.In(l))
		}
		for i := range k.Questions {
			k.Questions[i].Words = k.Questions[i].said.In(l)
		}
		for field, s := range k.SuggestedMap {
			s.Reason = s.reason.In(l)
			k.SuggestedMap[field] = s
		}
		k.CRS.Fits = []FitLook{}
		for _, f := range k.fits {
			k.CRS.Fits = append(k.CRS.Fits, FitLook{f.Name, f.title(l), f.In(l), f.FigureList(), f.Best})
		}
		for i := range k.Layers {
			k.Layers[i].Title = Sentences.Say(l, "target."+k.Layers[i].Name, nil)
		}
		text, err := json.Marshal(k)
		if err != nil {
			return nil, err
		}
		all[l.String()] = text
	}
	return all, nil
}

const (
	maxLooked  = 20_000 // rows of a file that an inspection reads
	maxSamples = 5      // values of a column that are shown
	maxWords   = 3      // words of an encoding that are shown
)

// Inspect looks at a file as decisions take it. What a decision can put right becomes a question; a file that cannot be read whatever is
// decided is a *Fault or an *importers.Fault.
func Inspect(ctx context.Context, store *postgis.Store, path string, d Decisions) (*Inspection, error) {
	o, err := d.Order(path)
	if err != nil {
		return nil, err
	}
	o.Form.Limits = &importers.UploadLimits
	k := &Inspection{Columns: []Column{}, SourceLayers: []SourceLayer{}, Questions: []Question{}, Notes: []string{}, SuggestedMap: map[string]Suggested{},
		CRS: SystemLook{Fits: []FitLook{}}, Encoding: EncodingLook{Candidates: []Candidate{}}, SourceLayer: d.SourceLayer, box: shape.EmptyBox}
	for _, name := range append(Layers(), AutoLayer) {
		kind := kindOf(name)
		k.Layers = append(k.Layers, Target{Name: name, Fields: notNil(kind.fields), Needs: notNil(kind.needs)})
	}
	head, err := headOf(path)
	if err != nil {
		return nil, err
	}
	if importers.IsOSM(head) {
		k.Format, k.SuggestedLayer, k.Encoding.ReadAs, k.Encoding.SaidByFile = OSMLayer, OSMLayer, "UTF-8", true
		return k, nil
	}
	k.Format = importers.FormatOf(path)
	var rows []importers.Row
	found, err := importers.ReadFile(ctx, path, o.Form, func(r importers.Row) error {
		if rows = append(rows, k.see(r)); len(rows) == maxLooked {
			return errEnough
		}
		return ctx.Err()
	})
	if err == nil {
		n := len(rows)
		k.Rows = &n
	}
	fault, isFault := errors.AsType[*importers.Fault](err)
	switch {
	case err == nil, errors.Is(err, errEnough):
	case !isFault:
		return nil, err
	case slices.Contains([]string{"layers.several", "layers.none", "sheets.several", "sheets.none"}, fault.Key):
		k.ask("source_layer", fault)
		for _, name := range namesIn(fault) {
			k.SourceLayers = append(k.SourceLayers, SourceLayer{Name: name})
			if layer := layerCalled(name); IsLayer(layer) || layer == divisions {
				k.SuggestedLayer = AutoLayer // each may be told by its name
			}
		}
		return k, nil
	case slices.Contains([]string{"encoding.neither", "not_utf8", "dbf.text", "dbf.name"}, fault.Key):
		k.ask("encoding", fault)
		k.Encoding.Candidates = candidates(ctx, path, o.Form)
		return k, nil
	case strings.HasPrefix(fault.Key, "crs."), fault.Key == "geojson.crs":
		k.ask("crs", fault)
		return k, nil
	case strings.HasPrefix(fault.Key, "head."):
		k.ask("head", fault)
		return k, nil
	default:
		return nil, fault
	}
	k.describe(path, d, found, rows)
	k.addOthers(ctx, path, o.Form)
	if k.Encoding.ReadAs != "UTF-8" || slices.ContainsFunc(rows, hasLetters) {
		k.Encoding.Candidates = candidates(ctx, path, o.Form)
	}
	k.suggest(d)
	return k, k.lay(ctx, store, o, cmp.Or(d.Layer, k.SuggestedLayer))
}

// describe says what the rows are.
func (k *Inspection) describe(path string, d Decisions, found importers.Found, rows []importers.Row) {
	k.Encoding.ReadAs, k.CRS.FileSays = found.Encoding, found.System
	k.Encoding.SaidByFile = d.Encoding == ""
	for _, n := range found.Notes {
		switch n.Key { // what an inspection says in its own places is no note
		case "note.encoding_found":
			k.Encoding.SaidByFile = false
			continue
		case "note.encoding_lies":
			k.Encoding.SaidByFile = false
		case "note.no_prj", "note.no_system":
			if d.CRS == "" {
				k.ask("crs", n)
			}
			continue
		}
		k.notes = append(k.notes, n)
	}
	for _, name := range columnsOf(found, rows) {
		values := valuesOf(name, rows)
		c := Column{Name: name, Samples: []string{}, Personal: Personal(name, values)}
		for _, v := range values {
			if v = strings.TrimSpace(v); v == "" {
				continue
			}
			c.Filled++
			if v = importers.Excerpt(v); !c.Personal && len(c.Samples) < maxSamples && !importers.IsPersonal(v) && !slices.Contains(c.Samples, v) {
				c.Samples = append(c.Samples, v)
			}
		}
		k.Columns = append(k.Columns, c)
	}
	slices.Sort(k.types)
	k.Geometry = strings.Join(k.types, ", ")
	if k.beyond != nil && d.CRS == "" {
		k.ask("crs", k.beyond)
	}
	if box := k.box; !box.IsEmpty() {
		k.CRS.Bounds = &[4]float64{box.Min.Lon.Degrees(), box.Min.Lat.Degrees(), box.Max.Lon.Degrees(), box.Max.Lat.Degrees()}
	}
	name := k.SourceLayer
	if name == "" {
		name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	k.SourceLayers = append(k.SourceLayers, SourceLayer{name, k.Geometry, k.Rows})
	k.SuggestedLayer = suggestedLayer(name, k.types)
}

// see notes where a row lies and returns it without that, its texts cut to what can be shown: of large rows little is held.
func (k *Inspection) see(r importers.Row) importers.Row {
	if r.Fault != nil && k.beyond == nil && isPlacing(r.Fault) {
		k.beyond = r.Fault
	}
	if t := strings.TrimPrefix(titled(r.Type), "Multi"); t != "" && !slices.Contains(k.types, t) {
		k.types = append(k.types, t)
	}
	k.box = k.box.Union(boxOf(r.Geometry))
	r.Geometry = importers.Geometry{}
	for column, v := range r.Values {
		if len(v.Text) > maxSaid {
			v.Text = importers.Excerpt(v.Text)
			r.Values[column] = v
		}
	}
	return r
}

// namesIn returns the names of layers or sheets that a fault offers.
func namesIn(fault *importers.Fault) []string {
	for _, arg := range []string{"layers", "sheets"} {
		if names, ok := fault.Args[arg].([]string); ok {
			return names
		}
	}
	return nil
}

// addOthers lists the other layers of a file of which one was chosen.
func (k *Inspection) addOthers(ctx context.Context, path string, form importers.Form) {
	if form.Layer == "" {
		return
	}
	form.Layer = ""
	_, err := importers.ReadFile(ctx, path, form, func(importers.Row) error { return errEnough })
	if fault, ok := errors.AsType[*importers.Fault](err); ok {
		for _, name := range namesIn(fault) {
			stem := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
			if !strings.EqualFold(name, k.SourceLayer) && !strings.EqualFold(stem, k.SourceLayer) {
				k.SourceLayers = append(k.SourceLayers, SourceLayer{Name: name})
			}
		}
	}
}

// isPlacing reports whether a fault is that coordinates are in another system.
func isPlacing(f *importers.Fault) bool {
	return slices.Contains([]string{"geometry.projected", "geometry.zone", "geometry.swapped", "geometry.beyond"}, f.Key)
}

// suggest says which column each field of the layer is likely to be found in.
func (k *Inspection) suggest(d Decisions) {
	layer := cmp.Or(d.Layer, k.SuggestedLayer)
	if !slices.Contains(Layers(), layer) || layer == OSMLayer {
		return
	}
	var names []string
	for i := range k.Columns {
		c := &k.Columns[i]
		if layer == RosterLayer && !identityColumn.MatchString(c.Name) {
			c.Personal = false // of staff they are taken; samples of them are shown of nobody
		}
		if !c.Personal {
			names = append(names, c.Name)
		}
	}
	for field, s := range Suggest(layer, names) {
		k.SuggestedMap[field] = Suggested{Column: s.Column, reason: s.Reason}
	}
}

// lay says how well the file lies on the ground that is there. Where it lies clearly better in another system than in the one it says, or it
// says none that fits, which it is in must be decided.
func (k *Inspection) lay(ctx context.Context, store *postgis.Store, o Order, layer string) error {
	if !IsLayer(layer) || k.CRS.Bounds == nil && len(k.Questions) == 0 {
		return nil
	}
	o.Layer = layer
	j := newJob(o, store)
	err := j.checkPlace(ctx)
	if _, ok := errors.AsType[*importers.Fault](err); ok {
		return nil // a trial says it
	}
	if err != nil {
		return err
	}
	k.notes = append(k.notes, j.report.notes...)
	if len(j.report.Refused) > 0 {
		k.ask("crs", j.report.Refused[0].said)
	}
	k.fits, err = Fits(ctx, store, o.File, o.Form, layer)
	return err
}

func (k *Inspection) ask(about string, said words.Speaker) {
	if !slices.ContainsFunc(k.Questions, func(q Question) bool { return q.About == about }) {
		k.Questions = append(k.Questions, Question{About: about, said: said})
	}
}

// candidates reads some of a file's words in each encoding. It is a look: what cannot be read so is not clean.
func candidates(ctx context.Context, path string, form importers.Form) []Candidate {
	all := []Candidate{}
	for _, name := range []string{"UTF-8", "GB18030", "Big5", "UTF-16"} {
		c := Candidate{Name: name, Samples: []string{}}
		form.Encoding = name
		n := 0
		_, err := importers.ReadFile(ctx, path, form, func(r importers.Row) error {
			for _, v := range sorted(r.Values) {
				if len(c.Samples) < maxWords && hasLetter(v) && !importers.IsPersonal(v) && !slices.Contains(c.Samples, importers.Excerpt(v)) {
					c.Samples = append(c.Samples, importers.Excerpt(v))
				}
			}
			if n++; n == maxLooked {
				return errEnough
			}
			return nil
		})
		c.Clean = (err == nil || errors.Is(err, errEnough)) && !slices.ContainsFunc(c.Samples, func(s string) bool { return strings.ContainsRune(s, utf8.RuneError) })
		if len(c.Samples) > 0 || c.Clean {
			all = append(all, c)
		}
	}
	return all
}

// sorted returns the values of the columns that are not about persons, by column.
func sorted(values map[string]importers.Value) (texts []string) {
	for _, c := range columnsOf(importers.Found{}, []importers.Row{{Values: values}}) {
		if !personalColumn.MatchString(c) {
			texts = append(texts, values[c].Text)
		}
	}
	return texts
}

// hasLetter reports whether a text has a letter that encodings write differently.
func hasLetter(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

func hasLetters(r importers.Row) bool {
	for _, v := range r.Values {
		if hasLetter(v.Text) {
			return true
		}
	}
	return false
}

// titled writes a geometry's type as GeoJSON does, whatever the file calls it.
func titled(kind string) string {
	for _, name := range []string{"Polygon", "MultiPolygon", "LineString", "MultiLineString", "Point", "MultiPoint"} {
		if strings.EqualFold(kind, name) {
			return name
		}
	}
	return kind
}

func boxOf(g importers.Geometry) shape.Box {
	box := g.Shape.Box()
	for _, line := range append(slices.Clone(g.Lines), g.Points) {
		for _, p := range line {
			box = box.Add(p)
		}
	}
	return box
}

// suggestedLayer returns the layer that a file's name means, if its geometries may be in it, "" for none. A table without any geometry is one
// of counts, unless its name means areas.
func suggestedLayer(name string, types []string) string {
	layer := layerCalled(name)
	kind := kindOf(layer)
	fits := IsLayer(layer) && (len(types) > 0 || plan.Level(layer).Rank() >= 0 || layer == RosterLayer || layer == PartyLayer)
	for _, t := range types {
		fits = fits && slices.Contains(kind.geometry, t)
	}
	switch {
	case fits:
		return layer
	case len(types) == 0:
		return CountsLayer
	}
	return ""
}

// headOf returns a file's first bytes.
func headOf(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head := make([]byte, 512)
	n, err := file.Read(head)
	if n > 0 {
		err = nil
	}
	return head[:n], err
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
