package intake

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"

	"gridwright/geo/topo"
	"gridwright/importers"
	"gridwright/importers/osmfile"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// readExtract reads an extract of OpenStreetMap. What is wrong with the file becomes a refusal, what is wrong with one of
// its elements a finding: the map is made by many hands, and one lake that is not closed must not keep a city out.
func (j *job) readExtract(ctx context.Context) error {
	if len(j.Where) > 0 || len(j.Map) > 0 || j.Form.System != nil || j.Form.Encoding != "" || j.Form.Layer != "" || j.Form.Head != (importers.Head{}) {
		j.refuse(importers.Place{}, Refused{Key: "osm.no_columns"}, nil)
		return nil
	}
	if err := j.hash(); err != nil {
		return err
	}
	open := func() (io.ReadCloser, error) { return os.Open(j.File) }
	x, err := osmfile.Read(ctx, open, j.Admin, func(done int) { j.Progress("read", done, 0) })
	if fault, ok := errors.AsType[*importers.Fault](err); ok {
		j.refuseFault("", fault)
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if err != nil {
		return j.unreadable(err)
	}
	j.extract = x
	j.report.RowsRead, j.report.Taken = x.Elements, len(x.Features)+len(x.Areas)
	j.report.RowsSkipped = j.report.RowsRead - j.report.Taken
	j.Progress("read", x.Elements, x.Elements)
	j.tellExtract()
	return nil
}

// hash takes the file's SHA-256.
func (j *job) hash() error {
	file, err := os.Open(j.File)
	if err != nil {
		return j.unreadable(err)
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return j.unreadable(err)
	}
	j.sha256 = hex.EncodeToString(hash.Sum(nil))
	return nil
}

// tellExtract reports what of an extract was not taken.
func (j *job) tellExtract() {
	x := j.extract
	for _, p := range x.Problems {
		severity := plan.Warning
		if !p.Lost {
			severity = plan.Note
		}
		j.find(Finding{Kind: p.Key, Severity: severity, Codes: []string{p.Code}}, p.At,
			words.Args{"code": named{p.Code, p.Name}, "n": p.N, "place": placed(p)})
	}
	if len(x.LeftOut) > 0 {
		kinds := slices.SortedFunc(maps.Keys(x.LeftOut), func(a, b string) int {
			return cmp.Or(cmp.Compare(x.LeftOut[b], x.LeftOut[a]), cmp.Compare(a, b))
		})
		n := 0
		for i, kind := range kinds {
			n += x.LeftOut[kind]
			kinds[i] = kind + " " + words.Count(int64(x.LeftOut[kind]))
		}
		j.note("note.left_out", words.Args{"n": n, "kinds": kinds})
	}
	if len(j.Admin) == 0 && len(x.Levels) > 0 {
		var levels []string
		for _, l := range slices.Sorted(maps.Keys(x.Levels)) {
			levels = append(levels, strconv.Itoa(l)+" ("+words.Count(int64(x.Levels[l]))+")")
		}
		j.note("note.no_admin", words.Args{"levels": levels})
	}
	if x.Bounds == nil {
		j.note("note.no_bounds", nil)
	}
}

// named is an element's code with its name, where it has one.
type named struct{ code, name string }

// In returns r123 (滨河公园).
func (n named) In(l words.Lang) string {
	if n.name == "" {
		return n.code
	}
	return Sentences.Say(l, "osm.named", words.Args{"code": n.code, "name": importers.Excerpt(n.name)})
}

// placed is where a problem lies, said in brackets, or nothing where that is not known.
type placed osmfile.Problem

func (p placed) In(l words.Lang) string {
	if p.At.Lon == 0 && p.At.Lat == 0 {
		return ""
	}
	return Sentences.Say(l, "osm.place", words.Args{"at": p.At.String()})
}

// storeExtract stores what an extract has, areas first. Features that came from OpenStreetMap before, lie whole in the
// box the extract was cut with, and are not in it are gone.
func (j *job) storeExtract(ctx context.Context, im *postgis.Importing) error {
	id, err := j.save(ctx, im) // the report is not complete yet: see the end
	if err != nil {
		return err
	}
	if err := j.storeLevels(ctx, im, id); err != nil {
		return err
	}
	byLayer := map[plan.Layer][]*plan.Feature{}
	for i := range j.extract.Features {
		f := &j.extract.Features[i]
		byLayer[f.Layer] = append(byLayer[f.Layer], f)
	}
	for _, layer := range plan.FeatureLayers {
		var scope []postgis.Known
		if j.extract.Bounds != nil {
			if scope, err = im.FeaturesOfExtract(ctx, layer, *j.extract.Bounds); err != nil {
				return err
			}
		}
		kept := func(f, old *plan.Feature) { f.Parent = old.Parent }
		change, err := j.compareFeatures(ctx, im, layer, byLayer[layer], scope, kept)
		if err != nil {
			return err
		}
		r := LayerReport{Layer: string(layer), Taken: len(byLayer[layer])}
		change.count(&r.New, &r.Changed, &r.Unchanged, &r.Retired)
		j.addLayer(r)
		if err := change.apply(ctx, im, id, j.Progress); err != nil {
			return err
		}
	}
	j.report.sortFindings()
	report, err := json.Marshal(j.report)
	if err != nil {
		return err
	}
	return im.Report(ctx, id, report)
}

// addLayer adds what was brought of one layer, if anything.
func (j *job) addLayer(r LayerReport) {
	if r.Taken+r.Retired == 0 {
		return
	}
	j.report.Layers = append(j.report.Layers, r)
	j.report.New += r.New
	j.report.Changed += r.Changed
	j.report.Unchanged += r.Unchanged
	j.report.Retired += r.Retired
}

// storeLevels stores the extract's areas, each level after the one above it. The parent of an area is the lowest area of
// the extract that holds it.
func (j *job) storeLevels(ctx context.Context, im *postgis.Importing, id postgis.ImportID) error {
	var above []plan.Area
	for _, level := range plan.Levels {
		var areas []plan.Area
		var codes []string
		for _, a := range j.extract.Areas {
			if a.Level == level {
				a.Parent, a.Shape = holder(above, a), canonical(a.Shape)
				areas, codes = append(areas, a), append(codes, a.Code)
			}
		}
		if len(areas) == 0 {
			continue
		}
		had, err := j.storedAreas(ctx, im, level, codes)
		if err != nil {
			return err
		}
		r := LayerReport{Layer: string(level), Taken: len(areas)}
		for i := range areas {
			a := &areas[i]
			old, stored := had[a.Code]
			switch {
			case !stored:
				r.New++
			case saysNothingNew(*a, old):
				r.Unchanged++
				a.ID = old.ID
				continue
			default:
				r.Changed++
			}
			if a.ID, _, err = im.PutArea(ctx, *a, id); err != nil {
				return err
			}
		}
		above = append(areas, above...)
		j.addLayer(r)
	}
	return nil
}

// holder returns the first of the areas, lowest level first, that holds an area, 0 if none does.
func holder(above []plan.Area, a plan.Area) plan.AreaID {
	at := topo.LabelPoint(a.Shape)
	for _, b := range above {
		if b.Shape.Holds(at) {
			return b.ID
		}
	}
	return 0
}
