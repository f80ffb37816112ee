package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gridwright/plan"
)

func TestAddressesAreTakenApart(t *testing.T) {
	for address, want := range map[string]string{
		"世纪花园3号楼":       "世纪花园 [3]",
		"世纪花园 3幢":       "世纪花园 [3]",
		"世纪花园３＃":        "世纪花园 [3]",
		"世纪花园第三号楼":      "世纪花园 [3]",
		"世纪花园十二栋":       "世纪花园 [12]",
		"世纪花园二十三幢":      "世纪花园 [23]",
		"世纪花园03#楼":      "世纪花园 [3]",
		"世纪花园A座":        "世纪花园 [A]",
		"世纪花园a3栋":       "世纪花园 [A3]",
		"世纪花园3A号楼":      "世纪花园 [3A]",
		"世纪花园甲2号楼":      "世纪花园 [甲2]",
		"3#":            " [3]",
		"鼓楼东街12号院5号楼":   "鼓楼东街12号院 [5]",
		"世纪花园1-3幢":      "世纪花园 [1 2 3]",
		"世纪花园1幢—3幢":     "世纪花园 [1 2 3]",
		"世纪花园1#、3#、2#":  "世纪花园 [1 2 3]",
		"世纪花园1、2和5号楼":   "世纪花园 [1 2 5]",
		"世纪花园1-3、7号楼":   "世纪花园 [1 2 3 7]",
		"世纪花园一至三号楼":     "世纪花园 [1 2 3]",
		"世纪花园":          "none",
		"鼓楼东街12号":       "none", // a house along a street
		"世纪花园3号楼2单元":    "none",
		"世纪花园3号楼301":    "none",
		"世纪花园3-1幢":      "none", // runs backwards
		"世纪花园1-999幢":    "none",
		"世纪花园0号楼":       "none",
		"":              "none",
		"办公楼":           "none",
		"世纪花园2期3号楼":     "世纪花园2期 [3]",
		"世纪花园二期三号楼":     "世纪花园二期 [3]",
		"人民路一百零五号楼":     "人民路 [105]",
		"世纪花园 3 号 楼 ":   "世纪花园 [3]",
		"Garden 3号楼":    "GARDEN [3]",
		"世纪花园1号楼、2号楼":   "世纪花园 [1 2]",
		"世纪花园东1号楼":      "世纪花园 [东1]",
		"世纪花园B2-B4号楼":   "none", // lettered ranges are not counted through
		"世纪花园1号楼,1号楼":   "世纪花园 [1]",
		"世纪花园10、9、8号楼":  "世纪花园 [8 9 10]",
		"滨河镇世纪花园小区12号楼": "滨河镇世纪花园小区 [12]",
	} {
		before, numbers, ok := plan.SplitAddress(address)
		got := "none"
		if ok {
			got = fmt.Sprint(before, " ", numbers)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestNumbersAlone(t *testing.T) {
	for text, want := range map[string]string{
		"3": "[3]", "03": "[3]", "3号": "[3]", "三": "[3]", "A": "[A]", "1-10幢": "[1 2 3 4 5 6 7 8 9 10]", "3-1": "[]", "1、2": "[1 2]",
		"": "[]", "世纪花园": "[]", "3单元": "[]", "12345": "[]",
	} {
		if got := fmt.Sprint(plan.BuildingNumbers(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// However a number is written, it is the same number; and a list in any order names the same buildings.
func TestANumberIsOneHoweverItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 999).Draw(t, "n")
		letter := rapid.SampledFrom([]string{"", "A", "东"}).Draw(t, "letter")
		zeros := strings.Repeat("0", rapid.IntRange(0, 1).Draw(t, "zeros"))
		suffix := rapid.SampledFrom([]string{"幢", "栋", "号楼", "#", "座", "#楼", "＃", " 号楼"}).Draw(t, "suffix")
		written := letter + zeros + fmt.Sprint(n)
		if rapid.Bool().Draw(t, "wide") {
			written = strings.Map(func(r rune) rune {
				if r < 0x7f {
					return r + 0xfee0
				}
				return r
			}, written)
		}
		want := []plan.BuildingNo{plan.BuildingNo(letter + fmt.Sprint(n))}
		before, numbers, ok := plan.SplitAddress("世纪花园" + written + suffix)
		if !ok || before != "世纪花园" || !slices.Equal(numbers, want) {
			t.Fatalf("%s%s: %q %v %v", written, suffix, before, numbers, ok)
		}
		if got := plan.BuildingNumbers(written + suffix); !slices.Equal(got, want) {
			t.Fatalf("%s%s alone: %v", written, suffix, got)
		}
		if again := plan.BuildingNumbers(string(want[0])); !slices.Equal(again, want) {
			t.Fatalf("%s is not itself: %v", want[0], again)
		}

		many := rapid.SliceOfN(rapid.IntRange(1, 40), 1, 6).Draw(t, "many")
		var texts []string
		for _, m := range many {
			texts = append(texts, fmt.Sprint(m))
		}
		slices.Sort(many)
		got := plan.BuildingNumbers(strings.Join(texts, "、") + suffix)
		if fmt.Sprint(got) != fmt.Sprint(slices.Compact(many)) {
			t.Fatalf("%v gave %v", texts, got)
		}
	})
}
