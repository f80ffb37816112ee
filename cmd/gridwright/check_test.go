package main

import (
	"bytes"
	"strings"
	"testing"

	"gridwright/plan"
	"gridwright/plan/words"
)

// Findings that stand in the way have an exit code of their own, in whatever they are wrapped.
func TestBlockedPlansExitWithThree(t *testing.T) {
	var talk bytes.Buffer
	std := &streams{err: &talk, lang: words.En}
	blocked := plan.NewBlocked(7, []plan.Checked{{Finding: plan.Finding{Severity: plan.Err}}, {Finding: plan.Finding{Severity: plan.Warning}}})
	if code := std.report(blocked); code != exitBlocked || !strings.Contains(talk.String(), "plan 7 cannot be published: 1 findings") {
		t.Errorf("exit %d, %q", code, talk.String())
	}
	if code := std.report(plan.Refuse(plan.Wrong, "publish.later", nil)); code != exitFailed {
		t.Errorf("a day that is taken: exit %d", code)
	}
}
