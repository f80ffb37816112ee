package feed

import (
	"reflect"
	"strings"
	"testing"

	"gridwright/plan"
)

// The public profile says which grids there are and how many live there: no building, no few, no map without its approval.
func TestThePublicProfile(t *testing.T) {
	wish, err := NewPublicWish("geojson", "", "", "GS(2026)0001")
	if err != nil || wish.System.Name() != "GCJ-02" {
		t.Errorf("%v %v", wish, err)
	}
	for name, err := range map[string]error{
		"system": second(NewPublicWish("geojson", "wgs84", "", "GS(2026)0001")), "none": second(NewPublicWish("geojson", "", "", "  ")),
		"long": second(NewPublicWish("geojson", "", "", strings.Repeat("字", 61))), "control": second(NewPublicWish("geojson", "", "", "GS\n1")),
		"turned": second(NewPublicWish("geojson", "", "", "GS\u202e1")), "format": second(NewPublicWish("dwg", "", "", "GS(2026)0001"))} {
		if plan.KindOf(err) != plan.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	grids := []plan.DivisionGrid{{Key: 7, Chain: []plan.Area{{Code: "P"}}, GridProps: plan.GridProps{Code: "P-1", Name: "第一网格", NameEn: "Grid 1", Kind: plan.BaseGrid},
		Loads: map[plan.Measure]int64{plan.Households: 412, plan.Residents: 7, plan.Buildings: 12, plan.PartyMembers: 40}, SuppressBelow: 10}}
	c := Public(grids, make([]plan.Geometry, 1), " GS(2026)0001 ")
	var names []string
	for _, f := range c.Fields {
		names = append(names, f.Name)
	}
	if want := []string{"code", "name", "name_en", "kind", "parent", "households", "residents", "map_approval"}; !reflect.DeepEqual(names, want) {
		t.Errorf("fields %v", names)
	}
	if want := []any{"P-1", "第一网格", "Grid 1", "base", "P", int64(412), nil, "GS(2026)0001"}; !reflect.DeepEqual(c.Features[0].Values, want) {
		t.Errorf("values %v", c.Features[0].Values)
	}
}

func second[A any](_ A, err error) error { return err }
