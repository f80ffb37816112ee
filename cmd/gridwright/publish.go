package main

import (
	"context"
	"errors"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

type publishCmd struct {
	dataFlags
	Plan      string `help:"${help_plan}" required:"" placeholder:"ID"`
	Effective string `help:"${help_publish_effective}" required:"" placeholder:"2027-01-31"`
	Name      string `help:"${help_publish_name}" placeholder:"NAME"`
	By        string `help:"${help_publish_by}" placeholder:"NAME"`
	Basis     string `help:"${help_publish_basis}" placeholder:"TEXT"`
	JSON      bool   `help:"${help_json}" name:"json"`
}

// publication is what a plan was published as, the JSON of `publish --json`.
type publication struct {
	Division  plan.DivisionID         `json:"division"`
	Name      string                  `json:"name"`
	Plan      string                  `json:"plan"`
	Revision  int64                   `json:"revision"`
	Effective plan.Day                `json:"effective"`
	State     plan.DivisionState      `json:"state"`
	Digest    string                  `json:"digest"`
	OldGrids  int                     `json:"old_grids"`
	NewGrids  int                     `json:"new_grids"`
	Kinds     map[plan.ChangeKind]int `json:"kinds"`
}

// Run publishes a plan. Findings that stand in the way end it with exit code 3.
func (c *publishCmd) Run(ctx context.Context, std *streams) error {
	day, err := plan.ParseDay(c.Effective)
	if err != nil {
		return usageError{wording(err, std.lang)}
	}
	return c.with(ctx, std, func(h *home) error {
		id, err := plan.ParseID(c.Plan)
		if err != nil {
			return err
		}
		made, err := h.Publish(ctx, id, postgis.Publication{Effective: day, Name: c.Name, By: c.By, Basis: c.Basis},
			func(ctx context.Context, _ int64) (*plan.Snapshot, error) { return h.Snapshot(ctx, id) })
		if blocked, ok := errors.AsType[*plan.Blocked](err); ok {
			for _, f := range blocked.Findings {
				if f.Severity == plan.Err {
					std.say("check_finding", words.Args{"severity": sentences.Say(std.lang, "severity."+string(f.Severity), nil), "words": f, "reason": ""})
				}
			}
		}
		if err != nil {
			return err
		}
		d, err := h.Division(ctx, made)
		if err != nil {
			return err
		}
		out := publication{d.ID, d.Name, id.String(), d.Revision, d.Effective, d.State, d.Digest, d.Old, d.New, d.Kinds}
		if c.JSON {
			return std.printJSON(out)
		}
		std.say("publish_done", words.Args{"plan": out.Plan, "division": int64(out.Division), "day": string(out.Effective), "old": out.OldGrids, "new": out.NewGrids})
		for _, kind := range plan.ChangeKinds {
			if n := out.Kinds[kind]; n > 0 {
				std.say("publish_kind", words.Args{"kind": kind, "n": n})
			}
		}
		return nil
	})
}
