package intake

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"gridwright/plan"
	"gridwright/sql/postgis"
)

// However a row says where it belongs, it finds a building that is called so, and none where two are.
func TestARowFindsTheBuildingItMeansOrNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		estates := []string{"世纪花园", "花园", "新世纪花园", "阳光家园二期"}
		var compounds []postgis.Named
		for i, name := range estates {
			if rapid.Bool().Draw(t, "compound") {
				compounds = append(compounds, postgis.Named{Code: fmt.Sprint("C", i), Name: name})
			}
		}
		var buildings []postgis.Addressed
		meant := map[string][]string{} // codes by estate and number
		for i := range rapid.IntRange(0, 8).Draw(t, "buildings") {
			n := rapid.IntRange(1, 4).Draw(t, "n")
			b := postgis.Addressed{Code: fmt.Sprint("B", i)}
			estate := ""
			if len(compounds) > 0 && rapid.Bool().Draw(t, "by code") {
				c := rapid.SampledFrom(compounds).Draw(t, "of")
				b.Compound, b.Number, estate = c.Code, fmt.Sprint(n), c.Name
			} else {
				estate = rapid.SampledFrom(estates).Draw(t, "of")
				b.Name = fmt.Sprint(estate, n, "号楼")
			}
			key := fmt.Sprint(estate, " ", n)
			meant[key], buildings = append(meant[key], b.Code), append(buildings, b)
		}
		g := newGazetteer(buildings, compounds)
		estate := rapid.SampledFrom(estates).Draw(t, "estate")
		n := rapid.IntRange(1, 4).Draw(t, "number")
		written := fmt.Sprint(n) + rapid.SampledFrom([]string{"幢", "#", "号楼", " 栋"}).Draw(t, "suffix")
		var row tallied
		switch rapid.IntRange(0, 2).Draw(t, "way") {
		case 0:
			row.address = address{compound: estate, number: written}
		case 1:
			row.name = plainName(estate + written)
		case 2:
			row.address = address{text: "滨河镇鼓楼东街" + estate + written}
		}
		found, _, no := g.find(&row)
		codes := meant[fmt.Sprint(estate, " ", n)]
		if exact := g.called[row.name]; row.name != "" && len(exact) == 1 {
			codes = []string{exact[0].code} // called exactly so, which decides
		}
		// 新世纪花园3号楼 ends in 世纪花园3号楼, too: an address whose own estate has nothing in it may mean the shorter one.
		_, known := g.named(plan.PlainAddress(estate))
		switch {
		case len(codes) == 1 && (no != nil || found.code != codes[0]):
			t.Fatalf("%+v: found %v, %v; want %v\n%v\n%v", row, found, no, codes, buildings, compounds)
		case len(codes) != 1 && no == nil && known:
			t.Fatalf("%+v: found %v where %v fit\n%v\n%v", row, found, codes, buildings, compounds)
		}
	})
}
