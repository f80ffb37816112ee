package plan_test

import (
	"fmt"
	"slices"
	"testing"

	"gridwright/plan"
	"gridwright/plan/words"
)

// Gaps are said grid by grid, and only once anybody is placed in the plan at all.
func TestGapsOfStaff(t *testing.T) {
	s := proposed(t)
	worker := func(no plan.GridNo, holder *plan.Holder) *plan.Post {
		return &plan.Post{ID: plan.PostID(no), Kind: plan.GridWorker, FullTime: true, Grids: []plan.GridNo{no}, Holder: holder}
	}
	gaps := func(posts ...*plan.Post) (said []string) {
		for _, f := range plan.NewStaff(s, plan.DefaultStaffRules(), posts, nil).Gaps() {
			said = append(said, fmt.Sprintf("%s %d", f.Rule, f.Grid))
			if f.In(words.Zh) == "" || f.In(words.En) == "" || len(f.Blocks) == 0 {
				t.Errorf("%+v", f)
			}
		}
		return said
	}
	if got := gaps(); got != nil {
		t.Errorf("nobody is placed, and there are gaps: %v", got)
	}
	want := []string{"no_worker 2", "vacant_worker 3"}
	for no := 4; no <= len(s.Grids); no++ {
		want = append(want, fmt.Sprintf("no_worker %d", no))
	}
	if got := gaps(worker(1, &plan.Holder{Name: "李"}), worker(3, nil)); !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}
