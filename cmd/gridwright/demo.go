package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"gridwright/importers/democity"
	"gridwright/importers/groundwork"
	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

type demoCmd struct {
	dataFlags
	listenFlags
	CitySeed *uint64 `help:"${help_demo_seed}" placeholder:"1"`
	Region   bool    `help:"${help_demo_region}"`
}

// Run makes the demonstration city where there is none yet, proposes its split, and serves both.
func (c *demoCmd) Run(ctx context.Context, std *streams) error {
	if _, err := c.check(std); err != nil {
		return err
	}
	if c.Data == "" && c.Database == "" {
		var err error
		if c.Data, err = homeDirectory(); err != nil {
			return err
		}
	}
	return c.with(ctx, std, func(h *home) error {
		if err := c.furnish(ctx, std, h); err != nil {
			return err
		}
		return c.serve(ctx, std, h, func(url string) { std.say("serving", words.Args{"url": url}) })
	})
}

// furnish makes the city and its plan, each only if it is not there, so that a demonstration goes on where it was left.
func (c *demoCmd) furnish(ctx context.Context, std *streams, h *home) error {
	status, err := h.Status(ctx)
	if err != nil {
		return err
	}
	if status.Blocks > 0 && !status.Synthetic {
		return usageError{sentences.Say(std.lang, "demo_real_data", words.Args{"dir": c.Data + c.Database})}
	}
	if status.Blocks > 0 && c.CitySeed != nil {
		std.say("demo_seed_kept", words.Args{"dir": c.Data + c.Database})
	}
	if status.Blocks == 0 && c.Region {
		return c.furnishRegion(ctx, std, h)
	}
	if status.Blocks == 0 {
		std.say("demo_making", nil)
		seed := uint64(1)
		if c.CitySeed != nil {
			seed = *c.CitySeed
		}
		city := democity.Generate(seed)
		if err := importCity(ctx, std, h, city); err != nil {
			return err
		}
		blocks, err := buildCity(ctx, std, h)
		if err != nil {
			return err
		}
		std.say("demo_city", words.Args{"city": cityName(std.lang), "areas": counted{len(city.AreasOf(democity.LargeGridLevel)), "large grid"},
			"blocks": counted{blocks, "block"}, "households": counted{democity.Households, "household"}})
	}
	plans, err := h.Plans(ctx)
	if err != nil || len(plans) > 0 {
		return err
	}
	id, err := h.CreatePlan(ctx, sentences.Say(std.lang, "demo_plan", words.Args{"parents": democity.LargeGrids, "grids": democity.Grids}), demoRecipe, "")
	if err != nil {
		return err
	}
	if err := h.await(ctx, std, id); err != nil {
		return err
	}
	if err := staffCity(ctx, h, id); err != nil {
		return err
	}
	out, err := h.outcome(ctx, id, std.lang)
	if err != nil {
		return err
	}
	std.tellOutcome(out)
	return nil
}

// demoRecipe is the split the demonstration city was made for.
var demoRecipe = plan.Recipe{
	Scope: "all", Grids: democity.Grids, Tolerance: plan.DefaultTolerance, Seed: plan.DefaultSeed,
	Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}, {Measure: plan.Residents, Weight: 1}},
}

func cityName(l words.Lang) string {
	if l == words.En {
		return democity.NameEn
	}
	return democity.Name
}

// importCity puts the city through the importer, as files like anybody's.
func importCity(ctx context.Context, std *streams, h *home, city *democity.City) error {
	dir, err := os.MkdirTemp("", "gridwright-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, layer := range city.Layers() {
		if err := importLayer(ctx, std, h, dir, layer); err != nil {
			return err
		}
	}
	return nil
}

func importLayer(ctx context.Context, std *streams, h *home, dir string, layer democity.Layer) error {
	name := filepath.Join(dir, layer.File)
	if err := std.writeFile(name, func(f *os.File) error { return layer.Write(f) }); err != nil {
		return err
	}
	bar := std.bar()
	defer bar.end()
	r, err := intake.Run(ctx, h.Store, intake.Order{File: name, Layer: layer.Name, Synthetic: true, Lang: std.lang,
		Progress: func(stage string, done, total int) { bar.show("import."+stage, done, total) }})
	if err != nil && r != nil && len(r.Refused) > 0 {
		return fmt.Errorf("%w: %s: %s", err, r.Refused[0].Place, r.Refused[0].Words)
	}
	return err
}

// buildCity builds the blocks of the city and says how many there are.
func buildCity(ctx context.Context, std *streams, h *home) (blocks int, err error) {
	bar := std.bar()
	defer bar.end()
	r, err := groundwork.Run(ctx, h.Store, groundwork.Order{Scope: postgis.ScopeAll, Lang: std.lang,
		Progress: bar.ground})
	if err != nil {
		return 0, err
	}
	return r.Blocks.Total, nil
}
