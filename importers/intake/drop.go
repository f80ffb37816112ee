package intake

import (
	"cmp"
	"context"
	"errors"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// A drop is what one office hands to another: a folder, an archive or a workbook with a layer for each thing, called by its name. Layers are
// told by their names alone. What is called by no name known here is told and left; two files of one layer are refused, but for lines, which
// are known by their files' names. The layers come in the order in which they need each other, in one transaction: all or nothing.

// calls are the words names of files end in, by layer; the longest that fits decides. 行政区划 is of the level its codes have.
var calls = map[string]string{
	"region": "省 省级 自治区 region regions province", "city": "地级市 city cities",
	"county": "区县 县区 县级 county counties district districts", "subdistrict": "街道 乡镇 镇街 街镇 subdistrict subdistricts town towns",
	"community": "社区 村社区 社区村 村居 行政村 community communities", "large_grid": "大网格 largegrid largegrids",
	BlockLayer: "地块 block blocks", "building": "楼栋 楼幢 建筑物 建筑 房屋 building buildings", "compound": "小区 住宅小区 院落 居住小区 compound compounds",
	"organisation": "驻区单位 单位 organisation organisations organization organizations",
	"road":         "道路 路网 街巷 road roads", "water": "水系 河流 水域 河道 water", "railway": "铁路 railway railways rail", "wall": "围墙 wall walls",
	string(plan.DepartmentGridLayer): "专业网格 部门网格 departmentgrid departmentgrids",
	PartyLayer:                       "党组织 党组织设置 party", RosterLayer: "人员配备 花名册 人员名册 网格员名册 roster", CountsLayer: "户数 人口 户数人口 计数 counts", divisions: "行政区划 区划 divisions",
	unitGrids: "单元网格 监督网格 责任网格 网格 grid grids",
}

// Names that are known, and are no layer by themselves.
const (
	divisions = "divisions"  // areas of the level their codes have
	unitGrids = "unit grids" // of city management, or of another office: which, the name does not say
)

var (
	decoration = regexp.MustCompile(`[0-9._\-()（）\s年月日]+`)
	behindName = regexp.MustCompile(`(矢量|数据|图层|边界|界线|范围|分布|信息表|统计表|一览表|明细表|清单|清册|台账|底册|中心线|线|面|点|表|polygons?|lines?|points?|layer|shp)$`)
)

// layerCalled returns the layer a file's name means, "" for none.
func layerCalled(name string) (layer string) {
	name = strings.ToLower(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	name = decoration.ReplaceAllString(name, "")
	for {
		longest := 0
		for l, called := range calls {
			for word := range strings.FieldsSeq(called) {
				if strings.HasSuffix(name, word) && len(word) > longest {
					layer, longest = l, len(word)
				}
			}
		}
		shorter := behindName.ReplaceAllString(name, "")
		if longest > 0 || shorter == name || shorter == "" {
			return layer
		}
		name = shorter
	}
}

// dropOrder is the order in which layers need each other.
func dropOrder(layer string) int {
	order := []string{string(plan.CompoundLayer), string(plan.BuildingLayer)}
	switch {
	case plan.Level(layer).Rank() >= 0:
		return plan.Level(layer).Rank()
	case layer == BlockLayer:
		return 100
	case layer == CountsLayer:
		return 400
	case slices.Contains(order, layer):
		return 300 + slices.Index(order, layer)
	}
	return 200 + plan.Layer(layer).Rank()
}

// levelByCode is the level of areas whose codes have so many digits.
var levelByCode = map[int]string{2: "region", 4: "city", 6: "county", 9: "subdistrict", 12: "community"}

// levelOfCodes returns the level of all areas of a file by the length of their codes; "" where they have several.
func levelOfCodes(ctx context.Context, p importers.Piece, form importers.Form) (level string, err error) {
	form.Layer = p.Layer
	const most = 100_000
	rows, err := importers.ReadSome(ctx, p.File, form, most)
	if err != nil || len(rows) == 0 {
		return "", err
	}
	var columns []string
	for column := range rows[0].Values {
		columns = append(columns, column)
	}
	code, has := Suggest("community", columns)["code"]
	if !has {
		return "", nil
	}
	for i, r := range rows {
		of := levelByCode[len(strings.TrimSpace(r.Values[code.Column].Text))]
		if of == "" || i > 0 && of != level {
			return "", nil
		}
		level = of
	}
	return level, nil
}

// runDrop imports all layers of a drop, or none. The report is of all of them together; each is an import of its own.
func runDrop(ctx context.Context, store *postgis.Store, o Order) (*Report, error) {
	all := newJob(o, store)
	if len(o.Map)+len(o.Where)+len(o.Admin) > 0 || o.Form.Layer != "" || o.SkipRefused {
		return nil, &Fault{Key: "drop.columns"}
	}
	pieces, err := importers.Pieces(o.File)
	if fault, ok := errors.AsType[*importers.Fault](err); ok {
		all.refuseFault("", fault)
		return all.report, all.refusal()
	}
	if err != nil {
		return nil, all.unreadable(err)
	}
	jobs, err := all.jobsOf(ctx, pieces)
	if err != nil {
		return nil, err
	}
	for _, j := range jobs {
		if all.refused() {
			break
		}
		if err := errors.Join(j.checkPlace(ctx), j.prepare(ctx)); err != nil {
			return nil, err
		}
	}
	for _, j := range jobs {
		all.gather(j)
	}
	if all.refused() {
		return all.report, all.refusal()
	}
	err = store.Import(ctx, func(im *postgis.Importing) error {
		bad := false
		for _, j := range jobs {
			var err error
			switch {
			case !bad:
				err = j.run(ctx, im)
			case j.streams(): // to tell what is wrong with it, too
				err = j.stream(ctx, im)
			}
			if err != nil && (j.failure != nil || !errors.Is(err, errKeepNothing)) {
				return err
			}
			bad = bad || j.refused() // else it is a dry run, and the next layer may need this one
		}
		if bad || o.DryRun {
			return errKeepNothing
		}
		if o.Then == nil {
			return nil
		}
		all.gatherAll(jobs, pieces)
		return o.Then(ctx, im, jobs[len(jobs)-1].id, all.report)
	})
	for _, j := range jobs {
		if j.failure != nil {
			return nil, j.failure
		}
	}
	all.gatherAll(jobs, pieces)
	switch {
	case err != nil && !errors.Is(err, errKeepNothing):
		return nil, err
	case all.refused():
		return all.report, all.refusal()
	}
	return all.report, nil
}

// jobsOf returns an import for each piece whose name is known, in the order in which they need each other.
func (j *job) jobsOf(ctx context.Context, pieces []importers.Piece) (jobs []*job, err error) {
	first := map[string]string{}
	for _, p := range pieces {
		layer := layerCalled(p.Name)
		if layer == divisions {
			if layer, err = levelOfCodes(ctx, p, j.Form); err != nil {
				if fault, ok := errors.AsType[*importers.Fault](err); ok {
					j.refuseOf(p.Name, fault.Key, fault)
					continue
				}
				return nil, err
			}
			if layer == "" {
				j.refuseOf(p.Name, "drop.levels", sentence{"drop.levels", nil})
				continue
			}
		}
		if layer == "" || layer == unitGrids {
			continue
		}
		if other, twice := first[layer]; twice && !plan.Layer(layer).Bounds() {
			j.refuseOf(p.Name, "drop.twice", sentence{"drop.twice", words.Args{"layer": layer, "other": importers.Excerpt(other)}})
			continue
		}
		first[layer] = p.Name
		o := j.Order
		o.Layer, o.File, o.Form.Layer, o.name, o.Preview, o.Then = layer, p.File, p.Layer, path.Base(p.Name), nil, nil
		o.KeepColumns = o.KeepColumns && plan.Layer(layer).Rank() >= 0
		jobs = append(jobs, newJob(o, j.db))
	}
	if len(jobs) == 0 && !j.refused() {
		var names []string
		for _, p := range pieces {
			names = append(names, importers.Excerpt(p.Name))
		}
		j.refuse(importers.Place{}, Refused{Key: "drop.nothing"}, words.Args{"names": fewNames(names)})
	}
	slices.SortStableFunc(jobs, func(a, b *job) int { return cmp.Compare(dropOrder(a.Layer), dropOrder(b.Layer)) })
	return jobs, nil
}

// refuseOf adds a reason that is about one piece as a whole.
func (j *job) refuseOf(piece, key string, said words.Speaker) {
	j.addRefused(importers.Place{}, Refused{Key: key, said: ofPiece{piece, said}})
}

// ofPiece is what is said of one piece of a drop.
type ofPiece struct {
	name string
	said words.Speaker
}

// In returns it with the piece's name before it.
func (p ofPiece) In(l words.Lang) string {
	return Sentences.Say(l, "drop.of", words.Args{"name": importers.Excerpt(p.name), "words": p.said.In(l)})
}

// tellUnknown tells which pieces were left because nothing is called so here.
func (j *job) tellUnknown(pieces []importers.Piece) {
	var unknown, unit []string
	for _, p := range pieces {
		switch layerCalled(p.Name) {
		case "":
			unknown = append(unknown, importers.Excerpt(p.Name))
		case unitGrids:
			unit = append(unit, importers.Excerpt(p.Name))
		}
	}
	if len(unknown) > 0 {
		j.note("note.unknown_names", words.Args{"names": fewNames(unknown)})
	}
	if len(unit) > 0 {
		j.note("note.unit_grids", words.Args{"names": fewNames(unit)})
	}
}

// gatherAll makes the report that of all pieces.
func (j *job) gatherAll(jobs []*job, pieces []importers.Piece) {
	*j.report = *newReport(j.Order)
	j.out = &j.report.out
	for _, of := range jobs {
		j.gather(of)
	}
	j.tellUnknown(pieces)
}

// gather adds what came of one piece.
func (j *job) gather(of *job) {
	r, p := j.report, of.report
	r.RowsRead += p.RowsRead
	r.RowsSkipped += p.RowsSkipped
	for _, refused := range p.Refused {
		if refused.said = (ofPiece{of.name, refused.said}); len(r.Refused) < maxListed {
			refused.Words = refused.said.In(j.Lang)
			r.Refused = append(r.Refused, refused)
		}
	}
	r.RefusedTotal += p.RefusedTotal
	r.RefusedRows += p.RefusedRows
	j.out.whole = j.out.whole || p.RefusedTotal > 0
	for m, n := range p.Sums {
		r.Sums[m] += n
	}
	r.Taken += p.Taken
	r.Compared.add(p.Compared)
	j.addLayer(LayerReport{Layer: of.Layer, Taken: p.Taken, New: p.New, Changed: p.Changed, Unchanged: p.Unchanged, Retired: p.Retired})
	for _, f := range p.Findings {
		if len(r.Findings) < maxListed {
			r.Findings = append(r.Findings, f)
		}
	}
	r.FindingTotal += p.FindingTotal
	for _, n := range p.notes {
		j.remark(ofPiece{of.name, n})
	}
	if r.RefusedTotal > 0 {
		r.Taken = 0
		clear(r.Sums)
	}
}

// fileName returns what the file is called: where it came in a drop, the name it has there.
func (o Order) fileName() string { return cmp.Or(o.name, filepath.Base(o.File)) }
