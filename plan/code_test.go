package plan_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gridwright/plan"
)

// The codes above a code are its beginnings, nearest first, written long where it is.
func TestParentCodes(t *testing.T) {
	lengths := []int{2, 4, 6, 9, 12}
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[0-9]{12}`).Draw(t, "digits")
		rank := rapid.IntRange(0, 4).Draw(t, "level")
		level, code := plan.Levels[rank], digits[:lengths[rank]]
		above := plan.ParentCodes(level, code)
		for r := range rank {
			if !slices.Contains(above, digits[:lengths[r]]) {
				t.Fatalf("%s %s is not told to lie in %s: %v", level, code, digits[:lengths[r]], above)
			}
		}
		for i, a := range above {
			if !strings.HasPrefix(code, strings.TrimRight(a, "0")) || i > 0 && len(strings.TrimRight(a, "0")) > len(strings.TrimRight(above[i-1], "0")) {
				t.Fatalf("%s %s is told to lie in %v", level, code, above)
			}
		}
		if long := code + strings.Repeat("0", 12-len(code)); rank > 0 && rank < 4 && !slices.Contains(plan.ParentCodes(level, long), digits[:lengths[rank-1]]) {
			t.Fatalf("%s %s: %v", level, long, plan.ParentCodes(level, long))
		}
	})
	for _, strange := range []string{"", "A", "64050210000", "64050210000x", "B12"} {
		if above := plan.ParentCodes(plan.Community, strange); above != nil {
			t.Errorf("%q is told to lie in %v", strange, above)
		}
	}
}

// Whose committee a community has, its code says and not its name.
func TestCommitteeOf(t *testing.T) {
	for code, want := range map[string]plan.Committee{
		"640502100002": plan.ResidentsCommittee, "640502100199": plan.ResidentsCommittee, "640502100200": plan.VillagersCommittee,
		"640502100399": plan.VillagersCommittee, "640502100400": plan.UnsaidCommittee, "640502100000": plan.UnsaidCommittee, "A": plan.UnsaidCommittee,
	} {
		if got := plan.CommitteeOf(code); got != want {
			t.Errorf("%s has %q, want %q", code, got, want)
		}
	}
}
