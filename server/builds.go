package server

import (
	"cmp"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"

	"gridwright/importers/groundwork"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// buildView is a build of the ground.
type buildView struct {
	ID       int64              `json:"id"`
	Scope    string             `json:"scope"`
	DryRun   bool               `json:"dry_run"`
	State    postgis.BuildState `json:"state"`
	MadeAt   time.Time          `json:"made_at"`
	EndedAt  *time.Time         `json:"ended_at"`
	Progress *buildProgress     `json:"progress"` // while it is under way
	Failure  *string            `json:"failure"`
	Report   json.RawMessage    `json:"report,omitempty"` // of one build, once it is done
}

type buildProgress struct {
	Stage string `json:"stage"`
	Done  int    `json:"done"`
	Total int    `json:"total"`
	Words string `json:"words"`
}

func newBuildView(b postgis.BuildRow, l words.Lang) buildView {
	v := buildView{ID: int64(b.ID), Scope: b.Scope, DryRun: b.DryRun, State: b.State, MadeAt: b.MadeAt, EndedAt: b.EndedAt}
	switch b.State {
	case postgis.BuildQueued:
		v.Progress = &buildProgress{Words: sentences.Say(l, "build.queued", nil)}
	case postgis.BuildRunning:
		v.Progress = &buildProgress{b.Stage, b.Done, b.Total, groundwork.Stage(l, cmp.Or(b.Stage, "read"), b.Done, b.Total)} // it begins by reading
	case postgis.BuildFailed:
		why := b.Failure[l.String()]
		v.Failure = &why
	}
	return v
}

func buildID(r *http.Request) postgis.BuildID {
	return postgis.BuildID(numberIn(r))
}

func (s *Server) builds(w http.ResponseWriter, r *http.Request) error {
	rows, err := s.Store.Builds(r.Context())
	if err != nil {
		return err
	}
	out := make([]buildView, len(rows))
	for i, b := range rows {
		out[i] = newBuildView(b, language(r))
	}
	return writeJSON(w, http.StatusOK, map[string]any{"builds": out})
}

func (s *Server) requestBuild(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Scope  string `json:"scope"`
		DryRun bool   `json:"dry_run"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	if wish.Scope == "" {
		return plan.Refuse(plan.Invalid, "recipe.no_scope", nil)
	}
	if err := legible("scope", wish.Scope); err != nil {
		return err
	}
	id, err := s.Store.RequestBuild(r.Context(), wish.Scope, wish.DryRun)
	if err != nil {
		return err
	}
	w.Header().Set("Location", s.Base+"/api/v1/ground/builds/"+strconv.FormatInt(int64(id), 10))
	return s.writeBuild(w, r, http.StatusAccepted, id)
}

func (s *Server) build(w http.ResponseWriter, r *http.Request) error {
	return s.writeBuild(w, r, http.StatusOK, buildID(r))
}

func (s *Server) cancelBuild(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.CancelBuild(r.Context(), buildID(r)); err != nil {
		return err
	}
	return s.writeBuild(w, r, http.StatusAccepted, buildID(r))
}

func (s *Server) writeBuild(w http.ResponseWriter, r *http.Request, status int, id postgis.BuildID) error {
	b, err := s.Store.Build(r.Context(), id)
	if err != nil {
		return err
	}
	v := newBuildView(b, language(r))
	v.Report = b.Report[language(r).String()]
	return writeJSON(w, status, v)
}

// groundFindingView is what a build of the ground found or mended, and what a planner may decide on it.
type groundFindingView struct {
	ID       int64         `json:"id"`
	Kind     string        `json:"kind"`
	Rule     string        `json:"rule"`
	Severity plan.Severity `json:"severity"`
	Place    [2]float64    `json:"place"` // lon lat
	AreaM2   float64       `json:"area_m2"`
	Codes    []string      `json:"codes"`
	Blocks   []string      `json:"blocks"`
	Words    string        `json:"words"`
	Choices  []choiceView  `json:"choices"` // none where there is nothing to decide
	Ruled    *string       `json:"ruled"`   // code of the choice that was decided on
}

type choiceView struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

func (s *Server) groundFindings(w http.ResponseWriter, r *http.Request) error {
	found, err := s.Store.GroundFindings(r.Context())
	if err != nil {
		return err
	}
	out := make([]groundFindingView, len(found))
	for i, f := range found {
		out[i] = groundFindingView{ID: f.ID, Kind: f.Kind, Rule: f.Rule, Severity: f.Severity, Place: [2]float64{f.At.Lon.Degrees(), f.At.Lat.Degrees()},
			AreaM2: math.Round(f.AreaM2*10) / 10, Codes: f.Codes, Blocks: f.Blocks, Words: f.Words[language(r)], Choices: []choiceView{}, Ruled: orNull(f.Ruled)}
		for c, code := range f.Choices {
			out[i].Choices = append(out[i].Choices, choiceView{code, f.ChoiceNames[c]})
		}
	}
	return writeKept(w, r, map[string]any{"findings": out})
}

// rule records what a planner has decided on a finding of the ground. The next build goes by it.
func (s *Server) rule(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		To string `json:"to"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	if err := legible("to", wish.To); err != nil {
		return err
	}
	return s.decide(w, r, wish.To)
}

// unrule takes back what was decided.
func (s *Server) unrule(w http.ResponseWriter, r *http.Request) error { return s.decide(w, r, "") }

func (s *Server) decide(w http.ResponseWriter, r *http.Request, to string) error {
	id := numberIn(r)
	if r.Method == http.MethodPut && to == "" {
		return plan.Refuse(plan.Invalid, "ruling.no_choice", words.Args{"finding": id, "area": to})
	}
	if err := s.Store.Rule(r.Context(), id, to); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
