package intake

import (
	"context"
	"slices"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// storeAreas stores the records as areas of the layer's level. What the file leaves empty stays as it is stored; areas
// that are not in the file stay too.
func (j *job) storeAreas(ctx context.Context, im *postgis.Importing) error {
	codes := make([]string, len(j.records))
	for i, r := range j.records {
		codes[i] = r.code
	}
	had, err := j.storedAreas(ctx, im, plan.Level(j.Layer), codes)
	if err != nil {
		return err
	}
	if err := j.deriveParents(ctx, im, had); err != nil {
		return err
	}
	parents, err := j.parents(ctx, im)
	if err != nil {
		return err
	}
	j.refuseContradictions(parents)
	if j.leaveOut(); j.refused() {
		return nil
	}
	var differ []plan.Area
	for _, r := range j.records {
		area := plan.Area{Level: plan.Level(j.Layer), Code: r.code, Name: r.name, NameEn: r.nameEn, Parent: parents[r.parent].ID, Shape: canonical(r.shape)}
		old, stored := had[r.code]
		status := "changed"
		switch {
		case !stored:
			status = "new"
			j.report.New++
		case saysNothingNew(area, old):
			j.report.Unchanged++
			continue
		default:
			j.report.Changed++
		}
		differ = append(differ, area)
		if j.Preview != nil {
			j.differ = append(j.differ, areaChange{area, status})
		}
	}
	id, err := j.save(ctx, im)
	if err != nil {
		return err
	}
	for i, area := range differ {
		if i%100 == 0 {
			j.Progress("store", i, len(differ))
		}
		if _, _, err := im.PutArea(ctx, area, id); err != nil {
			return err
		}
	}
	j.Progress("store", len(differ), len(differ))
	return nil
}

// deriveParents gives areas of which neither the file nor what is stored says where they lie the nearest area above that their code speaks
// of and that is there, and tells of it: 640502100002 lies in 640502100.
func (j *job) deriveParents(ctx context.Context, im *postgis.Importing, had map[string]plan.Area) error {
	level := plan.Level(j.Layer)
	var asked []string
	for _, r := range j.records {
		if r.parent == "" && had[r.code].Parent == 0 {
			asked = append(asked, plan.ParentCodes(level, r.code)...)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	slices.Sort(asked)
	stored, err := im.AreasByCode(ctx, slices.Compact(asked))
	if err != nil {
		return err
	}
	there := map[string]int{} // how many areas that may hold these have the code
	for _, a := range stored {
		if j.mayLieIn(a.Level) {
			there[a.Code]++
		}
	}
	derived := 0
	var missing []string
	for i := range j.records {
		r := &j.records[i]
		above := plan.ParentCodes(level, r.code)
		if r.parent != "" || had[r.code].Parent != 0 || len(above) == 0 {
			continue
		}
		if at := slices.IndexFunc(above, func(code string) bool { return there[code] == 1 }); at >= 0 {
			r.parent = above[at]
			derived++
		} else {
			missing = append(missing, above[0])
		}
	}
	if derived > 0 {
		j.note("note.derived", words.Args{"n": derived})
	}
	if n := len(missing); n > 0 {
		slices.Sort(missing)
		missing = slices.Compact(missing)
		j.note("note.no_above", words.Args{"n": n, "codes": missing[:min(len(missing), 20)]})
	}
	return nil
}

// refuseContradictions refuses areas whose file says that they lie in another area than their code does.
func (j *job) refuseContradictions(parents map[string]plan.Area) {
	level := plan.Level(j.Layer)
	for _, r := range j.records {
		parent, given := parents[r.parent]
		if !given || r.parent == "" || !plan.IsStatistical(level, r.code) || !plan.IsStatistical(parent.Level, parent.Code) {
			continue
		}
		if !slices.Contains(plan.ParentCodes(level, r.code), parent.Code) {
			j.refuse(r.place, Refused{Code: r.code, Field: "parent", Value: r.parent, Key: "parent.contradicts"},
				words.Args{"code": importers.Excerpt(r.code), "parent": importers.Excerpt(r.parent)})
		}
	}
}

// storedAreas returns the areas of a level that have one of the codes, whole.
func (j *job) storedAreas(ctx context.Context, im *postgis.Importing, level plan.Level, codes []string) (map[string]plan.Area, error) {
	areas, err := im.AreasByCode(ctx, codes)
	if err != nil {
		return nil, err
	}
	byCode := map[string]plan.Area{}
	var ids []plan.AreaID
	for _, a := range areas {
		if a.Level == level {
			byCode[a.Code] = a
			ids = append(ids, a.ID)
		}
	}
	shapes, err := im.ParentShapes(ctx, ids)
	if err != nil {
		return nil, err
	}
	// The transaction has changed no area yet and keeps other imports waiting, so what others read is what it reads.
	named, err := j.db.Ancestors(ctx, ids)
	if err != nil {
		return nil, err
	}
	for code, a := range byCode {
		a.Name, a.NameEn, a.Shape = named[a.ID].Name, named[a.ID].NameEn, shapes[a.ID]
		byCode[code] = a
	}
	return byCode, nil
}

// saysNothingNew reports whether storing an area over an old one would change nothing.
func saysNothingNew(area, old plan.Area) bool {
	return (area.Name == "" || area.Name == old.Name) &&
		(area.NameEn == "" || area.NameEn == old.NameEn) &&
		(area.Parent == 0 || area.Parent == old.Parent) &&
		(len(area.Shape) == 0 || sameShape(area.Shape, old.Shape))
}
