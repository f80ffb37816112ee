package main

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

type splitCmd struct {
	dataFlags
	Scope     string        `help:"${help_split_scope}" required:"" placeholder:"CODE|all"`
	Grids     *int          `help:"${help_split_grids}" placeholder:"N"`
	Band      string        `help:"${help_split_band}" placeholder:"MEASURE=MIN:MAX"`
	Balance   string        `help:"${help_split_balance}" required:"" placeholder:"MEASURE[:WEIGHT],..."`
	Tolerance float64       `help:"${help_split_tolerance}" default:"0.05" placeholder:"0.05"`
	Seed      uint64        `help:"${help_split_seed}" default:"1" placeholder:"1"`
	Effort    int           `help:"${help_split_effort}" placeholder:"N"`
	Time      time.Duration `help:"${help_split_time}" placeholder:"10s"`
	Base      string        `help:"${help_split_base}" placeholder:"PLAN"`
	MaxChange *float64      `help:"${help_split_max_change}" placeholder:"0.05"`
	Number    []string      `help:"${help_split_number}" placeholder:"AREA=N|MIN:MAX" sep:"none"`
	Equal     bool          `help:"${help_split_equal}"`
	Reshare   float64       `help:"${help_split_reshare}" placeholder:"0.2"`
	Lock      []string      `help:"${help_split_lock}" placeholder:"GRID,..."`
	LockBlock []string      `help:"${help_split_lock_block}" placeholder:"BLOCK,..."`
	Together  []string      `help:"${help_split_together}" placeholder:"BLOCK,BLOCK" sep:"none"`
	Apart     []string      `help:"${help_split_apart}" placeholder:"BLOCK,BLOCK" sep:"none"`
	Dedicated []string      `help:"${help_split_dedicated}" placeholder:"BLOCK,..." sep:"none"`
	Plans     int           `help:"${help_split_plans}" placeholder:"N"`
	Name      string        `help:"${help_split_name}" placeholder:"NAME"`
	JSON      bool          `help:"${help_json}" name:"json"`
}

// Run makes a plan, waits for its split and tells how good it is.
func (c *splitCmd) Run(ctx context.Context, std *streams) error {
	recipe, err := c.recipe(std)
	if err != nil {
		return err
	}
	return c.with(ctx, std, func(h *home) error {
		name := strings.TrimSpace(c.Name)
		if name == "" {
			name = plan.DefaultName(recipe, std.lang)
		}
		id, err := h.CreatePlan(ctx, name, recipe, "")
		if err != nil {
			return err
		}
		if err := h.await(ctx, std, id); err != nil {
			return err
		}
		out, err := h.outcome(ctx, id, std.lang)
		if err != nil {
			return err
		}
		if c.JSON {
			return std.printJSON(out)
		}
		std.tellOutcome(out)
		return nil
	})
}

// recipe reads the flags. What no map could make right is a misuse, as it is in partition; a number of grids is not, whatever
// it is: whether it can be is a matter of the map.
func (c *splitCmd) recipe(std *streams) (plan.Recipe, error) {
	r := plan.Recipe{Scope: c.Scope, Tolerance: c.Tolerance, Seed: c.Seed, Effort: c.Effort, TimeMS: c.Time.Milliseconds()}
	if r.Base = c.Base; r.Base != "" {
		r.MaxChange = plan.DefaultMaxChange
	}
	if c.MaxChange != nil {
		r.MaxChange = *c.MaxChange
	}
	var err error
	if r.Balance, err = readBalance(std, c.Balance); err != nil {
		return r, err
	}
	if c.Band != "" {
		if r.Band, err = readBand(std, c.Band); err != nil {
			return r, err
		}
	}
	if err := c.wishes(std, &r); err != nil {
		return r, err
	}
	switch {
	case c.Grids != nil:
		r.Grids = *c.Grids
	case c.Band == "":
		return r, std.misuse("split_grids", nil)
	}
	err = r.Validate()
	if fault, ok := errors.AsType[*plan.Fault](err); ok && fault.Key != "recipe.grids" {
		return r, usageError{wording(err, std.lang)}
	}
	return r, err
}

// wishes reads what a planner adds: numbers of grids, locks, sets of blocks, more plans.
func (c *splitCmd) wishes(std *streams, r *plan.Recipe) error {
	r.Alternatives, r.Reshare = c.Plans, c.Reshare
	if c.Equal {
		r.Method = plan.Equal
	}
	for _, text := range c.Number {
		n, ok := readNumber(text)
		if !ok {
			return std.misuse("split_number", words.Args{"text": text})
		}
		r.Numbers = append(r.Numbers, n)
	}
	rules := plan.Rules{LockedGrids: c.Lock, LockedBlocks: c.LockBlock}
	for _, text := range c.Together {
		rules.Together = append(rules.Together, strings.Split(text, ","))
	}
	for _, text := range c.Dedicated {
		rules.Dedicated = append(rules.Dedicated, strings.Split(text, ","))
	}
	for _, text := range c.Apart {
		pair := strings.Split(text, ",")
		if len(pair) != 2 {
			return std.misuse("split_apart", words.Args{"text": text})
		}
		rules.Apart = append(rules.Apart, [2]string(pair))
	}
	if len(c.Lock)+len(c.LockBlock)+len(c.Together)+len(c.Apart)+len(c.Dedicated) > 0 {
		r.Rules = &rules
	}
	return nil
}

// readNumber reads "640502001001=3", "640502001001=2:4", and with one end left out "640502001001=:4".
func readNumber(text string) (n plan.Number, ok bool) {
	area, ends, ok := strings.Cut(text, "=")
	low, high, bounds := strings.Cut(ends, ":")
	if !bounds {
		high = low
	}
	n = plan.Number{Area: area}
	for end, into := range map[string]*int{low: &n.Min, high: &n.Max} {
		if end == "" && bounds {
			continue
		}
		var err error
		if *into, err = strconv.Atoi(end); err != nil {
			return n, false
		}
	}
	if low == high {
		n.Max = n.Min
	}
	return n, ok && area != ""
}

// readBalance reads "residents,dwellings:2".
func readBalance(std *streams, text string) ([]plan.Balance, error) {
	var all []plan.Balance
	for part := range strings.SplitSeq(text, ",") {
		name, weight, weighted := strings.Cut(strings.TrimSpace(part), ":")
		b := plan.Balance{Measure: plan.Measure(name), Weight: 1}
		if weighted {
			var err error
			if b.Weight, err = strconv.ParseFloat(weight, 64); err != nil {
				return nil, std.misuse("balance_weight", words.Args{"text": part})
			}
		}
		all = append(all, b)
	}
	return all, nil
}

// readBand reads "households=300:500".
func readBand(std *streams, text string) (*plan.Band, error) {
	name, ends, ok := strings.Cut(text, "=")
	low, high, ok2 := strings.Cut(ends, ":")
	from, err1 := strconv.ParseFloat(low, 64)
	to, err2 := strconv.ParseFloat(high, 64)
	if !ok || !ok2 || err1 != nil || err2 != nil {
		return nil, std.misuse("band", words.Args{"text": text})
	}
	return &plan.Band{Measure: plan.Measure(name), Min: from, Max: to}, nil
}

// await waits until a plan's split has ended, working the queue itself while no other process does. An interrupt
// cancels the split.
func (h *home) await(ctx context.Context, std *streams, id plan.ID) (err error) {
	bar := std.bar()
	defer bar.end()
	var own *postgis.Worker
	defer func() {
		if own != nil {
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			err = errors.Join(err, own.Stop(stop))
		}
	}()
	changed := make(chan struct{}, 1)
	listen, stopListening := context.WithCancel(ctx)
	defer stopListening()
	go h.Listen(listen, func() {}, func(postgis.Change) { // when it fails, the tick below still looks
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		p, err := h.Plan(ctx, id)
		if err != nil {
			return errors.Join(err, h.cancelled(ctx, id))
		}
		switch p.State {
		case plan.Draft:
			return nil
		case plan.Failed:
			return &plan.Fault{Kind: plan.Invalid, Key: p.Failure.Key, Args: p.Failure.Args}
		case plan.Cancelled:
			return context.Canceled
		}
		bar.draw(sentences.Say(std.lang, "splitting", words.Args{"done": p.Done, "total": p.Total, "worst": words.Percent(p.Worst)}), p.Done, p.Total)
		if own == nil {
			alive, err := h.WorkersAlive(ctx)
			if err == nil && !alive {
				own, err = h.Work(ctx, std.quiet(), postgis.Trades{})
			}
			if err != nil {
				return errors.Join(err, h.cancelled(ctx, id))
			}
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), h.cancelled(ctx, id))
		case <-changed:
		case <-tick.C:
		}
	}
}

// cancelled cancels the split after ctx has ended, so that an interrupt leaves no job behind.
func (h *home) cancelled(ctx context.Context, id plan.ID) error {
	if ctx.Err() == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := h.Cancel(ctx, id); plan.KindOf(err) != plan.Wrong { // Wrong: it has ended by itself
		return err
	}
	return nil
}
