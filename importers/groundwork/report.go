package groundwork

import (
	"cmp"
	"encoding/json"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/importers"
	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Report is what came of a build. Equal areas and layers on equal databases give equal reports: it holds no time.
type Report struct {
	Scope         string                          `json:"scope"`
	Parents       int                             `json:"parents"`
	Blocks        Blocks                          `json:"blocks"`
	Buildings     int                             `json:"buildings"`                // counted in blocks of the scope
	CutBuildings  int                             `json:"cut_buildings"`            // of them those that could not be kept in one block
	AcrossParents int                             `json:"buildings_across_parents"` // of them those that stand across a parent's border
	Sums          map[plan.Measure]int64          `json:"sums"`                     // over the blocks of the scope
	Outside       map[plan.Measure]int64          `json:"outside"`                  // what lies in no area, and is not among Sums
	Kinds         map[plan.Measure]map[string]int `json:"kinds"`                    // how many buildings and compounds a measure was taken from, by kind of count
	Repairs       []Repair                        `json:"repairs"`
	Findings      []Finding                       `json:"findings"` // gravest first
	Notes         []string                        `json:"notes"`
	Plans         []Losing                        `json:"plans"` // drafts that rest on blocks that end
	DryRun        bool                            `json:"dry_run"`
	Stats         Stats                           `json:"stats"`
	Synthetic     bool                            `json:"synthetic"`

	notes  []said
	stored []string // notes of storing the blocks
	losing []postgis.LosingPlan
}

// Losing is a plan of whose blocks some end with the build. It stays on the ground it was made on.
type Losing struct {
	Plan   string `json:"plan"`
	Name   string `json:"name"`
	Blocks int    `json:"blocks"`
	Words  string `json:"words"`
}

// said is a sentence until somebody reads it.
type said struct {
	key  string
	args words.Args
}

func (s said) in(l words.Lang) string { return Sentences.Say(l, s.key, s.args) }

func (s said) inBoth() (both [2]string) {
	for i, l := range words.Langs {
		both[i] = s.in(l)
	}
	return both
}

// speak words the report.
func (r *Report) speak(l words.Lang) {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.said.key != "" { // what storing the blocks found is worded already
			f.Words = f.said.in(l)
		}
	}
	for i := range r.Repairs {
		r.Repairs[i].Words = r.Repairs[i].said.in(l)
	}
	r.Notes = slices.Clone(r.stored)
	for _, n := range r.notes {
		r.Notes = append(r.Notes, n.in(l))
	}
	r.Plans = []Losing{}
	for _, p := range r.losing {
		told := said{"note.plan", words.Args{"name": p.Name, "plan": p.ID.String(), "n": p.Blocks}}
		r.Plans = append(r.Plans, Losing{p.ID.String(), p.Name, p.Blocks, told.in(l)})
	}
}

// InAll returns the report as JSON in every language.
func (r *Report) InAll() (map[string]json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	for _, l := range words.Langs {
		r.speak(l)
		text, err := json.Marshal(r)
		if err != nil {
			return nil, err
		}
		all[l.String()] = text
	}
	return all, nil
}

// Blocks says how many blocks there are and what became of those that were.
type Blocks struct {
	Total     int `json:"total"`
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Retired   int `json:"retired"`
}

// Repair is ground that changed hands between areas without asking.
type Repair struct {
	Rule   string     `json:"rule"`  // one of ground's kinds of repairs
	Place  [2]float64 `json:"place"` // lon lat
	AreaM2 float64    `json:"area_m2"`
	From   []string   `json:"from"` // codes of areas; none for a gap
	To     string     `json:"to"`
	Object string     `json:"object,omitempty"` // code of the building the border now goes round
	Words  string     `json:"words"`

	at     crs.Point
	beside []string // codes of the areas round a gap
	said   said
}

// Finding is something somebody should look at.
type Finding struct {
	Rule     string        `json:"rule"`
	Severity plan.Severity `json:"severity"`
	Place    [2]float64    `json:"place"` // lon lat
	AreaM2   float64       `json:"area_m2"`
	Codes    []string      `json:"codes"`  // of areas and features
	Blocks   []string      `json:"blocks"` // codes
	Words    string        `json:"words"`

	at   crs.Point
	said said
}

// Stats are figures of the build; those of lines and faces count what was built along beside the scope.
type Stats struct {
	Segments   int     `json:"segments"`
	Faces      int     `json:"faces"`
	OnBarriers float64 `json:"on_barriers"` // share of the borders between blocks that runs along a road, a river and so on
	LargestM2  float64 `json:"largest_m2"`
	Straddlers int     `json:"straddlers"` // buildings that met a line or a border
	Sectors    int     `json:"sectors"`
}

// severities says how much each rule of a finding weighs.
var severities = map[string]plan.Severity{
	string(ground.Gap): plan.Warning, string(ground.Overlap): plan.Warning, string(ground.Vanished): plan.Err,
	string(ground.Crosses): plan.Warning, string(ground.Straddler): plan.Warning, string(ground.Outside): plan.Warning,
	string(ground.Duplicate): plan.Warning, string(ground.Oversized): plan.Note, string(ground.Sliver): plan.Note,
	string(ground.Apart): plan.Note, string(ground.CompoundCut): plan.Note, string(ground.NoLines): plan.Warning,
	string(ground.NoGround): plan.Warning, string(ground.BuildingCut): plan.Err, string(ground.ScopeTooLarge): plan.Err,
	string(ground.Tangled): plan.Err, string(ground.UnknownAbove): plan.Warning, string(ground.UnknownMove): plan.Warning,
	string(ground.UnknownCompound): plan.Note,
	undrawn:                        plan.Warning, countedBoth: plan.Warning, orgOutside: plan.Warning,
}

// The rules of this package's own findings.
const (
	undrawn     = "undrawn"              // an area without a boundary: it gets no blocks
	countedBoth = "counted_twice"        // a compound and its buildings that have one measure: both are added up
	orgOutside  = "organisation_outside" // an organisation in no area
)

// compile makes the report, but for what became of the blocks.
func (b *build) compile() {
	g := b.ground
	r := &Report{Scope: b.Scope, Sums: map[plan.Measure]int64{}, Outside: map[plan.Measure]int64{}, Kinds: map[plan.Measure]map[string]int{},
		Repairs: []Repair{}, Findings: []Finding{}, Notes: []string{}, Plans: []Losing{}, DryRun: b.DryRun, Blocks: Blocks{Total: len(b.made)},
		Stats: Stats{Segments: g.Stats.Segments, Faces: g.Stats.Faces, OnBarriers: g.Stats.OnBarriers,
			LargestM2: b.largest(), Straddlers: g.Stats.Straddlers, Sectors: g.Stats.Sectors}}
	b.report = r
	for key := range b.areas {
		if b.inScope(key) {
			r.Parents++
		}
	}
	b.sum()
	b.tellRepairs()
	for _, f := range g.Findings {
		b.tell(f)
	}
	b.tellOwn()
	b.countBuildings()
	slices.SortStableFunc(r.Findings, func(x, y Finding) int {
		order := []plan.Severity{plan.Err, plan.Warning, plan.Note}
		return cmp.Compare(slices.Index(order, x.Severity), slices.Index(order, y.Severity))
	})
}

// countBuildings counts the buildings of the scope, and what is counted of those and of the compounds that lie in no area.
// Those that are cut were told of.
func (b *build) countBuildings() {
	r := b.report
	for i, m := range b.ground.Members {
		switch {
		case m.Block < 0 && b.isNear(b.raw.places[i]):
			b.lose(m.Counts)
		case m.Block >= 0 && b.number[m.Block] >= 0:
			r.Buildings++
			if m.Across {
				r.AcrossParents++
			}
		}
	}
	for _, f := range b.ground.Findings {
		if f.Rule == ground.NoGround && b.isNear(f.At) {
			b.lose(b.raw.compounds[f.Codes[0]])
		}
	}
	for _, f := range r.Findings {
		if f.Rule == string(ground.BuildingCut) {
			r.CutBuildings++
		}
	}
	r.AcrossParents -= r.CutBuildings
}

// lose adds counts to those that lie in no area.
func (b *build) lose(counts []int64) {
	for m, n := range counts {
		if n != 0 {
			b.report.Outside[b.raw.measures[m]] += n
		}
	}
}

func (b *build) largest() (most float64) {
	for _, i := range b.blocks {
		most = max(most, float64(b.ground.Blocks[i].Area))
	}
	return most
}

// sum adds up the measures, in the blocks and outside.
func (b *build) sum() {
	for _, block := range b.made {
		for m, n := range block.Counts {
			b.report.Sums[m] += n
		}
	}
	for m, byKind := range b.raw.kinds {
		b.report.Kinds[m] = map[string]int{}
		for kind, n := range byKind {
			b.report.Kinds[m][cmp.Or(string(kind), "unstated")] = n
		}
		if len(byKind) > 1 {
			b.report.notes = append(b.report.notes, said{"note.kinds", words.Args{"measure": m, "n": len(byKind)}})
		}
	}
	slices.SortFunc(b.report.notes, func(x, y said) int { return cmp.Compare(x.in(words.Zh), y.in(words.Zh)) })
}

func (b *build) tellRepairs() {
	for _, repair := range b.ground.Repairs {
		if !b.concerns(append(slices.Clone(repair.From), repair.To)) {
			continue
		}
		args := words.Args{"at": repair.At.String(), "area": words.Number(float64(repair.Area)), "from": excerpts(repair.From),
			"to": importers.Excerpt(repair.To), "building": importers.Excerpt(repair.Object)}
		key := "repair." + repair.Kind
		if repair.Kind == ground.RepairGrazed && len(repair.From) == 0 {
			key += ".edge"
		}
		if repair.Kind == ground.RepairAccepted && repair.Object == "" {
			key = "repair.ruled"
		}
		b.report.Repairs = append(b.report.Repairs, Repair{Rule: repair.Kind, Place: degrees(repair.At), AreaM2: float64(repair.Area),
			From: append([]string{}, repair.From...), To: repair.To, Object: repair.Object, at: repair.At, beside: repair.Beside, said: said{key, args}})
	}
}

// concerns reports whether any of the codes is that of a parent of the scope.
func (b *build) concerns(codes []string) bool { return slices.ContainsFunc(codes, b.inScope) }

// ofAreas are the rules that are about areas; the others are about blocks and what stands on them.
var ofAreas = []ground.Rule{ground.Gap, ground.Overlap, ground.Vanished, ground.Crosses, ground.UnknownAbove}

// tell adds a finding of the build, if it is about the scope: about a parent or a block of it, or about something that
// stands in no parent beside it.
func (b *build) tell(f ground.Finding) {
	var blocks []string
	for _, i := range f.Blocks {
		if n := b.number[i]; n >= 0 {
			blocks = append(blocks, b.made[n].Code)
		}
	}
	beside := len(f.Blocks) > 0 || slices.Contains(ofAreas, f.Rule) || !b.isNear(f.At) || b.isBeside(f.At)
	if len(blocks) == 0 && beside && !b.concerns(f.Codes) {
		return
	}
	var args words.Args
	if f.Rule == ground.Oversized {
		args = b.load(f.Blocks[0])
	}
	b.find(Finding{Rule: string(f.Rule), Codes: f.Codes, Blocks: blocks, AreaM2: float64(f.Area)}, f.At, args)
}

// load says what stands on a block of the ground and how much of the first measure it has.
func (b *build) load(block int32) words.Args {
	on := &b.ground.Blocks[block]
	// There is a measure: a block is oversized by it, or by buildings, which are one.
	return words.Args{"buildings": len(on.Buildings), "load": plan.Quantity{Measure: b.raw.measures[0], Count: float64(on.Counts[0])}}
}

// tellOwn adds the findings of this package.
func (b *build) tellOwn() {
	for _, code := range b.undrawn {
		b.find(Finding{Rule: undrawn, Codes: []string{code}}, b.box.Min, nil)
	}
	for _, t := range b.raw.twice {
		if b.isNear(t.at) && !b.isBeside(t.at) {
			b.find(Finding{Rule: countedBoth, Codes: []string{t.compound}}, t.at, words.Args{"measure": t.measure})
		}
	}
	for i := range b.orgs.outside {
		if f := &b.orgs.outside[i]; b.isNear(f.First()) {
			b.find(Finding{Rule: orgOutside, Codes: []string{f.Code}}, f.First(), nil)
			b.report.Outside[plan.ResidentOrgs]++
		}
	}
}

// find completes a finding and adds it.
func (b *build) find(f Finding, at crs.Point, args words.Args) {
	all := words.Args{"at": at.String(), "area": words.Number(f.AreaM2), "codes": excerpts(f.Codes), "n": len(f.Blocks), "others": []string{}}
	for i, code := range excerpts(f.Codes) { // what each is depends on the rule
		switch i {
		case 0:
			all["first"] = code
		case 1:
			all["second"] = code
		default:
			all["others"] = append(all["others"].([]string), code)
		}
	}
	for name, value := range args {
		all[name] = value
	}
	f.Severity, f.Place = severities[f.Rule], degrees(at)
	f.Codes, f.Blocks = append([]string{}, f.Codes...), append([]string{}, f.Blocks...)
	key := "finding." + f.Rule
	if f.Rule == string(ground.Straddler) && len(f.Codes) == 2 { // it stands half outside, on nobody's ground
		key += ".edge"
	}
	if f.Rule == string(ground.Oversized) {
		all["block"] = f.Blocks[0]
	}
	f.at, f.said = at, said{key, all}
	b.report.Findings = append(b.report.Findings, f)
}

// add takes over what storing the blocks came to.
func (r *Report) add(stored *intake.Report) {
	r.Blocks.New, r.Blocks.Changed, r.Blocks.Unchanged, r.Blocks.Retired = stored.New, stored.Changed, stored.Unchanged, stored.Retired
	r.stored = stored.Notes
	for _, f := range stored.Findings {
		r.Findings = append(r.Findings, Finding{Rule: f.Kind, Severity: f.Severity, Place: f.At, AreaM2: f.AreaM2,
			Codes: []string{}, Blocks: f.Blocks, Words: f.Words})
	}
}

// SumsInOrder returns the sums as plan.SortMeasures orders the measures.
func (r *Report) SumsInOrder() []intake.Sum { return intake.InOrder(r.Sums) }

// OutsideInOrder returns what lies in no area in the same order.
func (r *Report) OutsideInOrder() []intake.Sum { return intake.InOrder(r.Outside) }

func excerpts(codes []string) []string {
	short := make([]string, len(codes))
	for i, code := range codes {
		short[i] = importers.Excerpt(code)
	}
	return short
}

func degrees(p crs.Point) [2]float64 { return [2]float64{p.Lon.Degrees(), p.Lat.Degrees()} }
