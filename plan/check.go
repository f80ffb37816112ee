package plan

import (
	"fmt"
	"strings"
	"time"

	"gridwright/plan/words"
)

// Waiver is that somebody takes a warning as it is, and why (豁免). It holds while what the warning is about stays as it was.
type Waiver struct {
	ID       int64
	Rule     string
	Subject  string // what the finding is about, as Subject says it
	Reason   string
	By       string
	Revision int64 // of the plan when it was given
	At       time.Time
}

// Checked is a finding with the waiver that holds for it, nil for none.
type Checked struct {
	Finding
	Waiver *Waiver
}

// Check returns every rule that the plan breaks, and with them whether it may be published: no finding of severity Err. Beside Findings
// it looks at codes: each grid has one, no two the same, and none that was another grid's in a division. lineage says which published
// grids the plan's grids continue, published the keys of the codes that were ever published.
func (s *Snapshot) Check(lineage *Lineage, published map[string]GridKey) []Finding {
	found := s.Findings()
	first := map[string]string{} // by code: the name of the first grid that has it
	for g := range s.Live() {
		problem := func(rule string, args words.Args) {
			found = append(found, Finding{Rule: rule, Severity: Err, Grid: g.No, Blocks: s.Blocks(g.No), At: s.place(g.Parent, s.Blocks(g.No)), Args: args})
		}
		key, was := published[g.Code]
		other, twice := first[g.Code]
		switch {
		case strings.TrimSpace(g.Code) == "":
			problem("code.none", words.Args{"grid": g.Name})
		case twice:
			problem("code.twice", words.Args{"grid": g.Code, "name": g.Name, "other": other})
		case was && key != lineage.Key(g.No):
			problem("code.reused", words.Args{"grid": g.Code})
		}
		first[g.Code] = g.Name
		for _, b := range s.Blocks(g.No) {
			if s.Ground.Blocks[b].Parent != g.Parent {
				problem("crossing", words.Args{"grid": g.Code, "parent": s.Ground.Parents[g.Parent].Code, "block": s.Ground.Blocks[b].Code})
				break
			}
		}
	}
	return found
}

// Subject names what a finding is about, for waivers: its grid by number, else the area it names, else its place.
func (f Finding) Subject() string {
	if f.Grid != 0 {
		return fmt.Sprintf("grid:%d", f.Grid)
	}
	if parent, ok := f.Args["parent"].(string); ok {
		return "area:" + parent
	}
	return fmt.Sprintf("at:%d,%d", f.At.Lon, f.At.Lat)
}

// Waive puts waivers to the warnings they are for, in the order of the findings. A waiver that was given before the grid last changed,
// or any grid of the area, no longer holds.
func (s *Snapshot) Waive(found []Finding, waivers []Waiver) []Checked {
	type of struct{ rule, subject string }
	given := map[of]*Waiver{}
	for i := range waivers {
		given[of{waivers[i].Rule, waivers[i].Subject}] = &waivers[i]
	}
	checked := make([]Checked, len(found))
	for i, f := range found {
		checked[i] = Checked{Finding: f}
		if w := given[of{f.Rule, f.Subject()}]; w != nil && f.Severity == Warning && s.changed(f) <= w.Revision {
			checked[i].Waiver = w
		}
	}
	return checked
}

// changed returns the revision at which what a finding is about last changed: its grid, else any grid of the plan.
func (s *Snapshot) changed(f Finding) (revision int64) {
	if f.Grid != 0 {
		return s.Grids[f.Grid-1].Revision
	}
	for i := range s.Grids {
		revision = max(revision, s.Grids[i].Revision)
	}
	return revision
}

// Severities counts findings; the errors among them keep a plan from being published.
func Severities(checked []Checked) (errors, warnings, notes int) {
	for _, c := range checked {
		switch c.Severity {
		case Err:
			errors++
		case Warning:
			warnings++
		default:
			notes++
		}
	}
	return errors, warnings, notes
}

// Blocked is why a plan is not published: what is wrong with it.
type Blocked struct {
	*Fault
	Findings []Checked
}

// NewBlocked refuses to publish a plan for its findings.
func NewBlocked(id ID, checked []Checked) *Blocked {
	errors, _, _ := Severities(checked)
	return &Blocked{Refuse(Wrong, "publish.blocked", words.Args{"plan": id.String(), "n": errors}), checked}
}

// Unwrap returns the fault.
func (b *Blocked) Unwrap() error { return b.Fault }
