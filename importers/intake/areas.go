package intake

import (
	"context"

	"gridwright/plan"
	"gridwright/sql/postgis"
)

// storeAreas stores the records as areas of the layer's level. What the file leaves empty stays as it is stored; areas
// that are not in the file stay too.
func (j *job) storeAreas(ctx context.Context, im *postgis.Importing) error {
	parents, err := j.parents(ctx, im)
	if err != nil || j.refused() {
		return err
	}
	codes := make([]string, len(j.records))
	for i, r := range j.records {
		codes[i] = r.code
	}
	had, err := j.storedAreas(ctx, im, plan.Level(j.Layer), codes)
	if err != nil {
		return err
	}
	var differ []plan.Area
	for _, r := range j.records {
		area := plan.Area{Level: plan.Level(j.Layer), Code: r.code, Name: r.name, NameEn: r.nameEn, Parent: parents[r.parent].ID, Shape: canonical(r.shape)}
		old, stored := had[r.code]
		switch {
		case !stored:
			j.report.New++
		case saysNothingNew(area, old):
			j.report.Unchanged++
			continue
		default:
			j.report.Changed++
		}
		differ = append(differ, area)
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
