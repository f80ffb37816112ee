package feed

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/words"
)

// PublicProfile is the profile of what everybody may see.
const PublicProfile = "public"

// maxApproval is how long the number of a map's approval may be, in characters.
const maxApproval = 60

// publicMeasures are the counts that everybody may see.
var publicMeasures = []plan.Measure{plan.Households, plan.Residents}

// NewPublicWish reads a wish for the public profile: always in GCJ-02, which maps of China are shown in, and never without the number under
// which the map was approved (审图号).
func NewPublicWish(format, system, encoding, approval string) (Wish, error) {
	if system != "" {
		if s, err := crs.Named(system); err != nil || s.Name() != "GCJ-02" {
			return Wish{}, refuse("public_system", words.Args{"system": system})
		}
	}
	approval = strings.TrimSpace(approval)
	unfit := func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }
	if approval == "" || utf8.RuneCountInString(approval) > maxApproval || strings.ContainsFunc(approval, unfit) || !utf8.ValidString(approval) {
		return Wish{}, refuse("approval", words.Args{"most": maxApproval})
	}
	return NewWish(format, "gcj02", encoding)
}

// Public returns published grids as everybody may see them: which grid it is and how many live there, nothing of buildings. The grids'
// shapes are handed in, generalised, by index; each grid names the map's approval.
func Public(grids []plan.DivisionGrid, shapes []plan.Geometry, approval string) *Collection {
	c := &Collection{Name: DivisionLayer, Fields: []Field{{"code", Text}, {"name", Text}, {"name_en", Text}, {"kind", Text}, {"parent", Text}}}
	measures := slices.DeleteFunc(measuresIn(grids), func(m plan.Measure) bool { return !slices.Contains(publicMeasures, m) })
	for _, m := range measures {
		c.Fields = append(c.Fields, Field{string(m), Whole})
	}
	c.Fields = append(c.Fields, Field{"map_approval", Text})
	for i := range grids {
		g := &grids[i]
		loads, _ := g.Told()
		values := []any{g.Code, g.Name, g.NameEn, string(g.Kind), g.Parent().Code}
		for _, m := range measures {
			if n := loads[m]; n != nil {
				values = append(values, *n)
			} else {
				values = append(values, nil)
			}
		}
		c.Features = append(c.Features, Feature{int64(g.Key), append(values, strings.TrimSpace(approval)), shapes[i]})
	}
	return c
}

// NoProfile refuses a profile that is none.
func NoProfile(profile string) error { return refuse("profile", words.Args{"profile": profile}) }
