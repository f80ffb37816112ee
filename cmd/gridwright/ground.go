package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"gridwright/geo/ground"
	"gridwright/importers/groundwork"
	"gridwright/plan/words"
)

type groundCmd struct {
	Build groundBuildCmd `cmd:"" help:"${help_ground_build}"`
}

type groundBuildCmd struct {
	dataFlags
	Scope  string `help:"${help_ground_scope}" required:"" placeholder:"CODE|all"`
	Target int64  `help:"${help_ground_target}" name:"grid-target" placeholder:"400"`
	DryRun bool   `help:"${help_ground_dry_run}"`
	JSON   bool   `help:"${help_json}" name:"json"`
}

// groundBuilt is what a build came to, the JSON of `ground build --json`.
type groundBuilt struct {
	*groundwork.Report
	ElapsedS float64 `json:"elapsed_s"`
}

// Run builds the blocks of a scope and prints what came of it: as JSON to stdout, or in words to the talk.
func (c *groundBuildCmd) Run(ctx context.Context, std *streams) error {
	return c.with(ctx, std, func(h *home) error {
		bar := std.bar()
		began := time.Now()
		order := groundwork.Order{Scope: c.Scope, Options: ground.Options{GridTarget: c.Target}, DryRun: c.DryRun, Lang: std.lang,
			Progress: bar.ground}
		report, err := groundwork.Run(ctx, h.Store, order)
		bar.end()
		if err != nil {
			return err
		}
		built := groundBuilt{report, math.Round(time.Since(began).Seconds()*1000) / 1000}
		if c.JSON {
			return std.printJSON(built)
		}
		std.tellGround(built)
		return nil
	})
}

// mostTold is how many findings are told of at the terminal; --json has them all.
const mostTold = 50

// tellGround says a build in words.
func (s *streams) tellGround(r groundBuilt) {
	for _, f := range r.Findings[:min(len(r.Findings), mostTold)] {
		fmt.Fprintf(s.err, "  %s\n", f.Words)
	}
	if more := len(r.Findings) - mostTold; more > 0 {
		s.say("ground_more_findings", words.Args{"n": more})
	}
	for _, p := range r.Plans {
		fmt.Fprintf(s.err, "  %s\n", p.Words)
	}
	for _, note := range r.Notes {
		fmt.Fprintf(s.err, "  %s\n", note)
	}
	b, done := r.Blocks, "ground_done"
	if r.DryRun {
		done = "ground_would"
	}
	s.say(done, words.Args{"scope": r.Scope, "parents": r.Parents, "blocks": b.Total, "new": b.New, "changed": b.Changed,
		"unchanged": b.Unchanged, "retired": b.Retired, "seconds": r.ElapsedS})
	s.say("ground_buildings", words.Args{"buildings": r.Buildings, "cut": r.CutBuildings, "across": r.AcrossParents, "repairs": len(r.Repairs)})
	for _, sum := range r.SumsInOrder() {
		s.say("import_sum", words.Args{"measure": sum.Measure, "sum": sum.Sum})
	}
	for _, lost := range r.OutsideInOrder() {
		s.say("ground_outside", words.Args{"measure": lost.Measure, "sum": lost.Sum})
	}
}

// buildGround is how a worker builds the ground.
func (h *home) buildGround(ctx context.Context, scope string, dryRun bool, progress func(stage string, done, total int)) (map[string]json.RawMessage, error) {
	report, err := groundwork.Run(ctx, h.Store, groundwork.Order{Scope: scope, DryRun: dryRun, Progress: progress})
	if err != nil {
		return nil, err
	}
	return report.InAll()
}
