// Package groundwork builds the ground: it takes the raw layers that were imported to geo/ground and stores the blocks
// that come back. It draws nothing itself.
//
// A build runs in these steps, each in a file of its own, all in one transaction that keeps imports waiting:
//
//  1. site.go chooses the areas that are divided into blocks, and those beside them.
//  2. raw.go turns roads, water, buildings and so on into what geo/ground reads; tallies.go chooses which counts count.
//  3. geo/ground builds and checks.
//  4. codes.go gives the blocks their codes: a block that is still there keeps the one it has.
//  5. intake stores the blocks as it stores those of a file, so that plans, tiles and servers see no difference.
//
// Either the whole ground of the scope is stored or nothing. What should be looked at is a finding of the report.
package groundwork

import (
	"context"
	"encoding/json"
	"errors"

	"gridwright/geo/ground"
	"gridwright/geo/shape"
	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Layer is what a build is called among the imports.
const Layer = "ground"

// Order is what to build and how.
type Order struct {
	Scope   string         // code of an area, or "all"
	Options ground.Options // the zero value is the default of everything
	DryRun  bool           // do everything and keep nothing
	Lang    words.Lang     // of the report

	// Progress is told how far each stage is: "read", those of ground.Stage, "store". Defaults to nobody.
	Progress func(stage string, done, total int)
}

// Stage says what a build is at, in words, by what Order.Progress is told.
func Stage(l words.Lang, stage string, done, total int) string {
	return Sentences.Say(l, "stage."+stage, words.Args{"done": done, "total": total})
}

// Fault is why a ground cannot be built: a sentence in both languages and the cause for the operator.
type Fault struct {
	Key   string
	Args  words.Args
	Cause error
}

// In returns the sentence.
func (f *Fault) In(l words.Lang) string { return Sentences.Say(l, f.Key, f.Args) }

// Error returns the English sentence.
func (f *Fault) Error() string { return f.In(words.En) }

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// Run builds the ground of a scope and stores it. The error is a *Fault or a *plan.Fault for what a user can mend, and
// ctx's when it was cancelled; then nothing was stored.
func Run(ctx context.Context, store *postgis.Store, o Order) (*Report, error) {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	b := &build{Order: o}
	err := store.Import(ctx, func(im *postgis.Importing) error { return b.run(ctx, im) })
	if errors.Is(err, errDryRun) {
		err = nil
	}
	if fault, ok := errors.AsType[*Fault](err); ok {
		return nil, fault // as it was before the transaction gave it a kind
	}
	if err != nil {
		return nil, err
	}
	return b.report, nil
}

// errDryRun ends the transaction of a dry run.
var errDryRun = errors.New("dry run")

// build is one build under way.
type build struct {
	Order
	*site
	raw    *raw
	ground *ground.Ground
	orgs   *organisations
	blocks []int32            // into ground.Blocks: those of the scope, rising
	number []int32            // by block of the ground: its place in blocks, -1 outside the scope
	made   []intake.MadeBlock // one a block of the scope
	report *Report
}

func (b *build) run(ctx context.Context, im *postgis.Importing) error {
	if err := b.read(ctx, im); err != nil {
		return err
	}
	if err := b.follow(ctx, im); err != nil {
		return err
	}
	options := b.Options
	options.Latitude = b.latitude
	if options.GridTarget == 0 {
		options.GridTarget = b.gridTarget()
	}
	if options.OversizePercent == 0 {
		options.OversizePercent = mostOfGrid
	}
	var err error
	b.ground, err = ground.Build(ctx, b.raw.in, options, func(stage ground.Stage, done, total int) {
		b.Progress(string(stage), done, total)
	})
	if err != nil {
		return b.refused(err)
	}
	b.pick()
	if len(b.blocks) == 0 {
		return &Fault{Key: "nothing_left", Args: words.Args{"scope": b.Scope}}
	}
	b.orgs = b.house(b.raw.organisations)
	if err := b.makeBlocks(ctx, im); err != nil {
		return err
	}
	b.compile()
	if err := b.store(ctx, im); err != nil {
		return err
	}
	if b.DryRun {
		return errDryRun
	}
	return nil
}

// read reads the areas and the raw layers of the scope.
func (b *build) read(ctx context.Context, im *postgis.Importing) error {
	b.Progress("read", 0, 0)
	areas, err := im.BuildAreas(ctx, b.Scope)
	if err != nil {
		return err
	}
	if b.site, err = chooseSite(areas, b.Scope); err != nil {
		return err
	}
	lines, err := im.Features(ctx, postgis.FeaturesWanted{Layers: linear, Box: &b.reach})
	if err != nil {
		return err
	}
	wanted := postgis.FeaturesWanted{Layers: counted}
	if !b.all { // else what is counted far from every area must be told of, too
		wanted.Box = &b.reach
	}
	things, err := im.Features(ctx, wanted)
	if err != nil {
		return err
	}
	if len(lines)+len(things) == 0 {
		return &Fault{Key: "no_raw", Args: words.Args{"scope": b.Scope, "at": b.box.Min.String()}}
	}
	b.addBeside(b.reach.Union(extent(things))) // what then stands in none of the parents stands in no area at all
	b.raw = translate(b.site, append(lines, things...))
	return ctx.Err()
}

// extent returns the box round features.
func extent(features []plan.Feature) shape.Box {
	box := shape.EmptyBox
	for i := range features {
		box = box.Union(features[i].Box())
	}
	return box
}

// refused turns the refusal of a build into a fault that names the place.
func (b *build) refused(err error) error {
	refusal, ok := errors.AsType[*ground.Refusal](err)
	if !ok {
		return err
	}
	return &Fault{Key: "refused." + string(refusal.Rule), Cause: err,
		Args: words.Args{"scope": b.Scope, "at": refusal.At.String(), "codes": refusal.Codes}}
}

// usualGrids is what a grid usually holds of the measures that planners go by: 300 to 500 households, about 1,000 people. A block must be
// well below it, or no split can be even.
var usualGrids = map[plan.Measure]int64{plan.Households: 400, plan.Residents: 1000, plan.Dwellings: 400}

// mostOfGrid is how much of a grid a block may hold, in percent: a little over a fifth, so that some blocks make a grid and it can be
// balanced, and two six-storey buildings may still stay together. A compound above it is divided, and kept together by the split where
// that costs little.
const mostOfGrid = 22

// gridTarget is what a grid usually holds of the measure that oversized blocks are told by; 0 where nobody knows.
func (b *build) gridTarget() int64 {
	if len(b.raw.measures) == 0 {
		return 0
	}
	return usualGrids[b.raw.measures[0]]
}

// pick finds the blocks of the scope among those that were built.
func (b *build) pick() {
	b.number = make([]int32, len(b.ground.Blocks))
	for i, block := range b.ground.Blocks {
		b.number[i] = -1
		if b.inScope(b.ground.Parents[block.Parent].Code) {
			b.number[i] = int32(len(b.blocks))
			b.blocks = append(b.blocks, int32(i))
		}
	}
}

// makeBlocks makes the blocks of the scope ready to be stored.
func (b *build) makeBlocks(ctx context.Context, im *postgis.Importing) error {
	for n, i := range b.blocks {
		block := &b.ground.Blocks[i]
		counts := make(map[plan.Measure]int64, len(b.raw.measures))
		for m, measure := range b.raw.measures {
			counts[measure] = block.Counts[m]
		}
		if b.orgs.counts {
			counts[plan.ResidentOrgs] = b.orgs.at[n]
		}
		b.made = append(b.made, intake.MadeBlock{Parent: b.areas[b.ground.Parents[block.Parent].Code].ID,
			Kind: string(block.Kind), Shape: block.Shape, Counts: counts, Estimated: block.Estimated, Compounds: block.Compounds})
	}
	return b.giveCodes(ctx, im)
}

// store saves the build among the imports, stores the blocks and completes the report.
func (b *build) store(ctx context.Context, im *postgis.Importing) error {
	var err error
	if b.report.Synthetic, err = im.RawSynthetic(ctx); err != nil {
		return err
	}
	id, err := im.Save(ctx, Layer, "", "", b.report.Synthetic, []byte(`{}`))
	if err != nil {
		return err
	}
	b.Progress("store", 0, len(b.made))
	made := intake.Made{Blocks: b.made, Along: b.alongs(), Covers: b.covers(), Replaces: b.replaces, Lang: b.Lang,
		Progress: func(done, total int) { b.Progress("store", done, total) }}
	stored, err := made.Store(ctx, im, id)
	if err != nil {
		return err
	}
	if stored.RefusedTotal > 0 {
		return &Fault{Key: "does_not_fit", Args: words.Args{"scope": b.Scope, "n": stored.RefusedTotal, "why": stored.Refused[0].Words}}
	}
	b.report.add(stored)
	if b.report.losing, err = im.PlansLosing(ctx, id); err != nil {
		return err
	}
	b.report.speak(b.Lang)
	said, err := json.Marshal(b.report)
	if err != nil {
		return err
	}
	if err := im.Report(ctx, id, said); err != nil {
		return err
	}
	return im.PutGroundFindings(ctx, id, b.replaces, b.within(), b.found())
}

// covers returns the ground of the areas of the scope.
func (b *build) covers() map[plan.AreaID]shape.MultiPolygon {
	covers := map[plan.AreaID]shape.MultiPolygon{}
	for _, p := range b.ground.Parents {
		if b.inScope(p.Code) && len(p.Shape) > 0 {
			covers[b.areas[p.Code].ID] = p.Shape
		}
	}
	return covers
}
