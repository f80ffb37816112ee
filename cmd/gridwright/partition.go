package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"gridwright/geo/apportion"
	"gridwright/geo/partition"
	"gridwright/importers/graphfile"
	"gridwright/plan/words"
)

type partitionCmd struct {
	Nodes     string        `help:"${help_partition_nodes}" required:"" placeholder:"FILE"`
	Edges     string        `help:"${help_partition_edges}" required:"" placeholder:"FILE"`
	Start     string        `help:"${help_partition_start}" placeholder:"FILE"`
	Grids     int           `help:"${help_partition_grids}" placeholder:"N"`
	Band      string        `help:"${help_partition_band}" placeholder:"MEASURE=MIN:MAX"`
	Balance   string        `help:"${help_partition_balance}" required:"" placeholder:"MEASURE[:WEIGHT],..."`
	Tolerance float64       `help:"${help_partition_tolerance}" default:"0.05" placeholder:"0.05"`
	Border    string        `help:"${help_partition_border}" enum:",perimeter,edges" default:"" placeholder:"perimeter|edges"`
	Seed      uint64        `help:"${help_partition_seed}" default:"1" placeholder:"1"`
	Effort    int           `help:"${help_partition_effort}" placeholder:"N"`
	Time      time.Duration `help:"${help_partition_time}" placeholder:"10s"`
	Out       string        `help:"${help_partition_out}" required:"" placeholder:"FILE"`
	JSON      bool          `help:"${help_json}" name:"json"`
}

// Run splits a graph from files and tells how good the split is.
func (c *partitionCmd) Run(ctx context.Context, std *streams) error {
	balance, err := c.balance(std)
	if err != nil {
		return err
	}
	band, err := c.band(std, balance)
	if err != nil {
		return err
	}
	if err := errors.Join(c.misuse(std), std.writable(c.Out)); err != nil {
		return err
	}
	began := time.Now()
	files, start, err := c.read(balance)
	if err != nil {
		return err
	}
	if c.Border == "perimeter" && !files.Lengths {
		return refused("partition_no_lengths", words.Args{"file": filepath.Base(c.Edges)})
	}
	shares, err := c.apportion(parentsOf(files), balance, band)
	if err != nil {
		return apportionRefusal(err)
	}
	bar := std.bar()
	problem := partition.Problem{Graph: files.Blocks, Parent: files.Parent, Grids: shares.Grids, Balance: balance.indexes(), Band: band,
		Base: start, Freely: true, Tolerance: c.Tolerance, Seed: c.Seed, Effort: c.Effort, Time: c.Time, CountEdges: c.Border == "edges" || !files.Lengths,
		Progress: func(done, total int, worst float64) {
			bar.draw(sentences.Say(std.lang, "splitting", words.Args{"done": done, "total": total, "worst": words.Percent(worst)}), done, total)
		}}
	if band != nil && band.From == 0 {
		partition.NewParents(&problem).Raise(shares.Grids)
	}
	solution, stopped := partition.SplitAll(ctx, problem)
	bar.end()
	if solution == nil { // an interrupt leaves the best plan so far, once there is one
		return stopped
	}
	err = std.writeFile(c.Out, func(f *os.File) error { return files.WriteAssignment(f, solution.At, shares.Grids) })
	if err != nil {
		return err
	}
	sum := summarise(files, &problem, solution)
	sum.ElapsedS = time.Since(began).Seconds()
	sum.tell(std, balance.measures, namesOf(files, shares.Full))
	if c.JSON {
		return errors.Join(stopped, std.printJSON(sum))
	}
	return stopped
}

// misuse returns the first flag that makes no sense.
func (c *partitionCmd) misuse(std *streams) error {
	switch {
	case c.Band != "" && c.Grids != 0:
		return std.misuse("partition_grids_and_band", nil)
	case c.Band == "" && c.Grids < 1:
		return std.misuse("partition_grids", nil)
	case !(c.Tolerance >= 0 && c.Tolerance <= 10):
		return std.misuse("partition_tolerance", nil)
	case c.Effort < 0 || c.Time < 0:
		return std.misuse("partition_budget", nil)
	case c.Out == "-" && c.JSON:
		return std.misuse("partition_out", nil)
	}
	return nil
}

// partitionBalance is what --balance says.
type partitionBalance struct {
	measures []string
	weights  []float64
}

// indexes returns the position of each measure in the graph, which has no others.
func (b partitionBalance) indexes() []int {
	all := make([]int, len(b.measures))
	for i := range all {
		all[i] = i
	}
	return all
}

// balance reads "pop,units:0.5". The weight stands after the last colon.
func (c *partitionCmd) balance(std *streams) (b partitionBalance, err error) {
	seen := map[string]bool{}
	for part := range strings.SplitSeq(c.Balance, ",") {
		name, weight := strings.TrimSpace(part), 1.0
		if i := strings.LastIndexByte(name, ':'); i >= 0 {
			weight, err = strconv.ParseFloat(name[i+1:], 64)
			name = strings.TrimSpace(name[:i])
		}
		if err != nil || name == "" || !(weight > 0 && weight <= 1e6) {
			return b, std.misuse("partition_balance", words.Args{"text": part})
		}
		if seen[name] {
			return b, std.misuse("partition_balance_twice", words.Args{"measure": name})
		}
		seen[name] = true
		b.measures = append(b.measures, name)
		b.weights = append(b.weights, weight)
	}
	return b, nil
}

// band reads --band, whose measure is one of those to balance; nil without.
func (c *partitionCmd) band(std *streams, b partitionBalance) (*partition.Band, error) {
	if c.Band == "" {
		return nil, nil
	}
	band, err := readBand(std, c.Band)
	if err != nil {
		return nil, err
	}
	m := slices.Index(b.measures, string(band.Measure))
	switch {
	case m < 0:
		return nil, std.misuse("partition_band_measure", words.Args{"measure": string(band.Measure), "have": b.measures})
	case !(band.Min >= 0 && band.Max > 0 && band.Min <= band.Max && band.Max <= 1e12):
		return nil, std.misuse("band", words.Args{"text": c.Band})
	}
	return &partition.Band{Measure: m, From: band.Min, To: band.Max}, nil
}

// apportion gives each parent its number of grids.
func (c *partitionCmd) apportion(parents []apportion.Parent, b partitionBalance, band *partition.Band) (*apportion.Shares, error) {
	if band != nil {
		if band.From == 0 { // a limit: as few grids as do
			return apportion.AtMost(parents, band.Measure, band.To)
		}
		return apportion.Band(parents, band.Measure, band.From, band.To)
	}
	return apportion.Number(parents, b.weights, c.Grids, apportion.Adams)
}

// read reads the graph and, where there is one, the division to begin with.
func (c *partitionCmd) read(balance partitionBalance) (g *graphfile.Graph, start []int32, err error) {
	nodes, err := os.Open(c.Nodes)
	if err != nil {
		return nil, nil, err
	}
	defer nodes.Close()
	edges, err := os.Open(c.Edges)
	if err != nil {
		return nil, nil, err
	}
	defer edges.Close()
	source := func(f io.Reader, name string) graphfile.Source {
		return graphfile.Source{Name: filepath.Base(name), Data: f}
	}
	g, err = graphfile.Read(source(nodes, c.Nodes), source(edges, c.Edges), balance.measures)
	if err != nil || c.Start == "" {
		return g, nil, err
	}
	division, err := os.Open(c.Start)
	if err != nil {
		return nil, nil, err
	}
	defer division.Close()
	start, err = g.ReadDivision(source(division, c.Start))
	return g, start, err
}

// parentsOf sums the graph up for the apportionment: one parent where the file has none.
func parentsOf(g *graphfile.Graph) []apportion.Parent {
	all := make([]apportion.Parent, max(1, len(g.Parents)))
	for p := range all {
		all[p].Loads = make([]float64, len(g.Measures))
	}
	piece, count := g.Blocks.Pieces(g.Parent)
	counted := make([]bool, count)
	for b := range g.IDs {
		p := &all[parentOf(g.Parent, b)]
		p.Blocks++
		if !counted[piece[b]] {
			counted[piece[b]] = true
			p.Pieces++
		}
		for m := range g.Measures {
			p.Loads[m] += g.Blocks.Loads[m][b]
		}
	}
	return all
}

// parentOf returns a block's parent; without parents there is one for all.
func parentOf(parent []int32, block int) int {
	if parent == nil {
		return 0
	}
	return int(parent[block])
}

// refusal is an error about what a file holds that a command finds, in both languages.
type refusal struct {
	key  string
	args words.Args
}

func refused(key string, args words.Args) error { return &refusal{key, args} }

// Error returns the English sentence.
func (r *refusal) Error() string { return r.In(words.En) }

// In returns the sentence a user reads.
func (r *refusal) In(l words.Lang) string { return sentences.Say(l, r.key, r.args) }

func apportionRefusal(err error) error {
	if e, ok := errors.AsType[*apportion.TooFewError](err); ok {
		return refused("partition_too_few", words.Args{"grids": e.Grids, "least": e.Least})
	}
	if e, ok := errors.AsType[*apportion.TooManyError](err); ok {
		return refused("partition_too_many", words.Args{"grids": e.Grids, "most": e.Most})
	}
	return err
}
