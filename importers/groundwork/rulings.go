package groundwork

import (
	"context"
	"slices"

	"gridwright/geo/ground"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/sql/postgis"
)

// follow hands the decisions of planners on this ground to the build. Those on areas and places outside are another's.
func (b *build) follow(ctx context.Context, im *postgis.Importing) error {
	rulings, err := im.Rulings(ctx)
	if err != nil {
		return err
	}
	b.raw.in.Moves = map[string]string{}
	for _, r := range rulings {
		to, here := b.keys[r.Area]
		switch {
		case r.Building == "":
			if b.all || b.reach.Meets(shape.Box{Min: r.At, Max: r.At}) {
				b.raw.in.Rulings = append(b.raw.in.Rulings, ground.Ruling{At: r.At, To: to})
			}
		case here && b.hasBuilding(r.Building):
			b.raw.in.Moves[r.Building] = to
		}
	}
	return nil
}

func (b *build) hasBuilding(code string) bool {
	return slices.ContainsFunc(b.raw.in.Buildings, func(building ground.Building) bool { return building.Code == code })
}

// within is the box in which what lies in no area is this build's to tell of, nil where it is everything.
func (b *build) within() *shape.Box {
	if b.all {
		return nil
	}
	return &b.box
}

// decidable are the rules on which a planner may decide, and how many of a finding's codes come before the areas that are the
// choices.
var decidable = map[string]int{
	string(ground.Straddler): 1,
	ground.RepairOverlap:     0, // narrow or wide
	ground.RepairGap:         0,
	ground.RepairConflated:   0,
	ground.RepairAccepted:    0,
}

// found returns the findings and repairs of the report as they are stored.
func (b *build) found() []postgis.NewGroundFinding {
	var all []postgis.NewGroundFinding
	parents := make(map[string]plan.AreaID, len(b.made))
	for _, block := range b.made {
		parents[block.Code] = block.Parent
	}
	for _, f := range b.report.Findings {
		n := postgis.NewGroundFinding{GroundFinding: postgis.GroundFinding{Kind: "finding", Rule: f.Rule, Severity: f.Severity, At: f.at,
			AreaM2: f.AreaM2, Codes: f.Codes, Blocks: f.Blocks, Words: f.said.inBoth()}, Areas: b.concerned(f, parents)}
		if skip, ok := decidable[f.Rule]; ok {
			n.Choices = b.areaIDs(f.Codes[min(skip, len(f.Codes)):])
			if f.Rule == string(ground.Straddler) {
				n.Building = f.Codes[0]
			}
		}
		all = append(all, n)
	}
	for _, r := range b.report.Repairs {
		codes := append(slices.Clone(r.From), r.To)
		n := postgis.NewGroundFinding{GroundFinding: postgis.GroundFinding{Kind: "repair", Rule: r.Rule, Severity: plan.Note, At: r.at,
			AreaM2: r.AreaM2, Codes: codes, Building: r.Object, Words: r.said.inBoth()}, Areas: b.areaIDs(codes)}
		if _, ok := decidable[r.Rule]; ok {
			n.Choices = b.areaIDs(append(codes, r.beside...))
		}
		all = append(all, n)
	}
	return all
}

// areaIDs returns the areas among codes, each once, in the order of the codes.
func (b *build) areaIDs(codes []string) (ids []plan.AreaID) {
	for _, code := range codes {
		if a, ok := b.areas[code]; ok && !slices.Contains(ids, a.ID) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// concerned returns the areas of a finding: those it names, those of its blocks, or the one it lies in. parents has the area of each
// block by code.
func (b *build) concerned(f Finding, parents map[string]plan.AreaID) []plan.AreaID {
	ids := b.areaIDs(f.Codes)
	for _, code := range f.Blocks {
		if parent, ok := parents[code]; ok && !slices.Contains(ids, parent) {
			ids = append(ids, parent)
		}
	}
	if len(ids) > 0 {
		return ids
	}
	for _, p := range b.ground.Parents {
		if p.Shape.Holds(f.at) {
			return []plan.AreaID{b.areas[p.Code].ID}
		}
	}
	return nil
}
