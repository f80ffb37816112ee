package main

import (
	"context"
	"errors"

	"gridwright/plan"
	"gridwright/plan/words"
)

type checkCmd struct {
	dataFlags
	Plan string `help:"${help_plan}" required:"" placeholder:"ID"`
	JSON bool   `help:"${help_json}" name:"json"`
}

// checked is what a check found, the JSON of `check --json`.
type checked struct {
	Plan     string           `json:"plan"`
	Revision int64            `json:"revision"`
	Blocked  bool             `json:"blocked"`
	Errors   int              `json:"errors"`
	Warnings int              `json:"warnings"`
	Notes    int              `json:"notes"`
	Findings []checkedFinding `json:"findings"`
}

type checkedFinding struct {
	Rule     string        `json:"rule"`
	Severity plan.Severity `json:"severity"`
	Words    string        `json:"words"`
	Grid     string        `json:"grid,omitempty"`
	Blocks   []string      `json:"blocks"`
	At       [2]float64    `json:"at"`     // lon, lat
	Waived   string        `json:"waived"` // the reason; empty where nobody has waived it
}

// Run tells every rule a plan breaks. Those that keep it from being published end it with exit code 3.
func (c *checkCmd) Run(ctx context.Context, std *streams) error {
	return c.with(ctx, std, func(h *home) error {
		id, snap, err := h.divided(ctx, c.Plan)
		if err != nil {
			return err
		}
		found, err := h.Checked(ctx, id, snap)
		if err != nil {
			return err
		}
		out := newChecked(id, snap, found, std.lang)
		if c.JSON {
			if err := std.printJSON(out); err != nil {
				return err
			}
		} else {
			std.tellFindings(out)
			std.say("check_done", words.Args{"plan": out.Plan, "revision": out.Revision, "errors": out.Errors, "warnings": out.Warnings, "notes": out.Notes})
		}
		if out.Blocked {
			return plan.NewBlocked(id, found)
		}
		return nil
	})
}

func newChecked(id plan.ID, snap *plan.Snapshot, found []plan.Checked, lang words.Lang) *checked {
	out := &checked{Plan: id.String(), Revision: snap.Revision, Findings: []checkedFinding{}}
	for _, f := range found {
		one := checkedFinding{Rule: f.Rule, Severity: f.Severity, Words: f.In(lang), Blocks: []string{}, At: [2]float64{f.At.Lon.Degrees(), f.At.Lat.Degrees()}}
		if f.Grid != 0 {
			one.Grid = snap.Grids[f.Grid-1].Code
		}
		for _, b := range f.Blocks {
			one.Blocks = append(one.Blocks, snap.Ground.Blocks[b].Code)
		}
		if f.Waiver != nil {
			one.Waived = f.Waiver.Reason
		}
		out.Findings = append(out.Findings, one)
	}
	out.Errors, out.Warnings, out.Notes = plan.Severities(found)
	out.Blocked = out.Errors > 0
	return out
}

// tellFindings prints the findings, a line each.
func (s *streams) tellFindings(c *checked) {
	for _, f := range c.Findings {
		key := "check_finding"
		if f.Waived != "" {
			key = "check_waived"
		}
		s.say(key, words.Args{"severity": sentences.Say(s.lang, "severity."+string(f.Severity), nil), "words": f.Words, "reason": f.Waived})
	}
}

// isBlocked reports whether findings keep a plan from being published.
func isBlocked(err error) bool {
	_, ok := errors.AsType[*plan.Blocked](err)
	return ok
}
