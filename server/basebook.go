package server

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/mux"

	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

func nameOf(a plan.Area) areaName { return areaName{a.Level, a.Code, a.Name, a.NameEn} }

// bookSums are what rows of the base book add up to.
type bookSums struct {
	AreaKM2       float64         `json:"area_km2"`
	LargeGrids    int             `json:"large_grids"`
	Buildings     buildingsView   `json:"buildings"`
	Compounds     int             `json:"compounds"`
	ThreeNo       int             `json:"three_no"`
	RoadsKM       float64         `json:"roads_km"`
	BackLanesKM   float64         `json:"back_lanes_km"`
	WaterKM2      float64         `json:"water_km2"`
	Organisations int             `json:"organisations"`
	NewOrgs       int             `json:"new_orgs"`
	Counts        []bookCountView `json:"counts"`
	Unmatched     int             `json:"unmatched"`
}

type buildingsView struct {
	Drawn     int `json:"drawn"`
	Uncounted int `json:"uncounted"`
	Unplaced  int `json:"unplaced"`
}

type bookCountView struct {
	Measure  plan.Measure   `json:"measure"`
	Label    string         `json:"label"`
	Count    int64          `json:"count"`
	Features int            `json:"features"`
	Kinds    []bookKindView `json:"kinds"`
	Newest   *string        `json:"newest"`
	Oldest   *string        `json:"oldest"`
}

type bookKindView struct {
	Kind     plan.CountKind `json:"kind"`
	Count    int64          `json:"count"`
	Features int            `json:"features"`
}

// bookRow is a row of the base book.
type bookRow struct {
	Key string `json:"key"`
	areaName
	Kind     string     `json:"kind"`
	Path     []areaName `json:"path"`
	Boundary string     `json:"boundary"`
	bookSums
	Ground     string      `json:"ground"`
	BuiltAt    *time.Time  `json:"built_at"`
	ChangedAt  *time.Time  `json:"changed_at"`
	Sheet      string      `json:"sheet"`
	SentOn     *time.Time  `json:"sent_on"`
	ReturnedOn *time.Time  `json:"returned_on"`
	Box        *[4]float64 `json:"bbox"`
}

// bookTotal is what the rows under an area add up to.
type bookTotal struct {
	areaName
	Rows              int `json:"rows"`
	BoundariesMissing int `json:"boundaries_missing"`
	GroundNone        int `json:"ground_none"`
	GroundBehind      int `json:"ground_behind"`
	SheetsSent        int `json:"sheets_sent"`
	SheetsReturned    int `json:"sheets_returned"`
	bookSums
}

// maxBookRows is the longest page of the base book.
const maxBookRows = 1000

// basebook answers with what is there of each community, and the sums up the tree.
func (s *Server) basebook(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	scope := cmp.Or(q.Get("scope"), postgis.ScopeAll)
	limit, err := wholeQuery(r, "limit", maxBookRows, 1, maxBookRows)
	if err != nil {
		return err
	}
	rows, above, err := s.book(r.Context(), scope)
	if err != nil {
		return err
	}
	l := language(r)
	views := make([]bookRow, len(rows))
	total, totals := newBookTotals(rows, views, above, l)
	outside := map[plan.Layer]int{}
	if scope == postgis.ScopeAll {
		if outside, err = s.Store.PlacedAll(r.Context()); err != nil {
			return err
		}
		for _, row := range rows {
			for layer, n := range row.Things {
				outside[layer] -= n.All
			}
		}
	}
	page := views
	if after := q.Get("after"); after != "" {
		page = page[1+slices.IndexFunc(page, func(v bookRow) bool { return v.Key == after }):]
	}
	var next *string
	if len(page) > limit {
		page = page[:limit]
		next = &page[limit-1].Key
	}
	return writeKept(w, r, map[string]any{"scope": scope, "rows": page, "next": next, "total": total, "totals": totals,
		"outside": map[string]int{"buildings": outside[plan.BuildingLayer], "compounds": outside[plan.CompoundLayer], "organisations": outside[plan.OrganisationLayer]}})
}

// books keep the base book in memory by scope, as it was at a stamp of the database's.
type books struct {
	mu    sync.Mutex
	stamp string
	rows  map[string][]postgis.BasebookRow
}

// book returns the rows of the base book with all areas above them.
func (s *Server) book(ctx context.Context, scope string) ([]postgis.BasebookRow, map[plan.AreaID]plan.Area, error) {
	s.books.mu.Lock() // many ask at once when something has changed: one of them reads
	defer s.books.mu.Unlock()
	stamp, err := s.Store.BasebookStamp(ctx)
	if err != nil {
		return nil, nil, err
	}
	if s.books.rows == nil || s.books.stamp != stamp { // of an empty database the stamp is empty
		s.books.stamp, s.books.rows = stamp, map[string][]postgis.BasebookRow{}
	}
	rows, kept := s.books.rows[scope]
	if !kept {
		if rows, err = s.Store.Basebook(ctx, scope); err != nil {
			return nil, nil, err
		}
		s.books.rows[scope] = rows
	}
	ids := make([]plan.AreaID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	above, err := s.Store.Ancestors(ctx, ids)
	return rows, above, err
}

// newBookTotals fills in the views of rows, and adds them up: all of them, and those under each area above.
func newBookTotals(rows []postgis.BasebookRow, views []bookRow, above map[plan.AreaID]plan.Area, l words.Lang) (all *bookTotal, totals []*bookTotal) {
	all = &bookTotal{bookSums: newBookSums(postgis.BasebookRow{}, l)}
	under := map[plan.AreaID]*bookTotal{}
	for i, row := range rows {
		views[i] = newBookRow(row, l)
		all.add(&views[i])
		for id := row.Parent; id != 0; id = above[id].Parent {
			a := above[id]
			views[i].Path = append([]areaName{nameOf(a)}, views[i].Path...)
			if under[id] == nil {
				under[id] = &bookTotal{areaName: nameOf(a), bookSums: newBookSums(postgis.BasebookRow{}, l)}
				totals = append(totals, under[id])
			}
			under[id].add(&views[i])
		}
	}
	slices.SortFunc(totals, func(a, b *bookTotal) int {
		return cmp.Or(cmp.Compare(a.Level.Rank(), b.Level.Rank()), cmp.Compare(a.Code, b.Code))
	})
	for _, t := range append(totals, all) {
		t.round()
	}
	for i := range views {
		views[i].round()
	}
	if totals == nil {
		totals = []*bookTotal{}
	}
	return all, totals
}

func newBookRow(row postgis.BasebookRow, l words.Lang) bookRow {
	v := bookRow{Key: row.Code + " " + string(row.Level), areaName: nameOf(row.Area), Path: []areaName{}, Boundary: "missing", bookSums: newBookSums(row, l),
		Ground: "none", BuiltAt: row.BuiltAt, ChangedAt: row.ChangedAt, Sheet: "none", SentOn: row.Sent, ReturnedOn: row.Returned, Box: extentView(row.Box)}
	if row.Level == plan.Community {
		v.Kind = string(plan.CommitteeOf(row.Code))
	}
	switch {
	case row.Drawn:
		v.Boundary = "drawn"
	case row.Pieces:
		v.Boundary = "from_large_grids"
	}
	switch {
	case row.Built != 0 && row.Changed > row.Built:
		v.Ground = "behind"
	case row.Built != 0:
		v.Ground = "current"
	}
	switch {
	case row.Returned != nil:
		v.Sheet = "returned"
	case row.Sent != nil:
		v.Sheet = "sent"
	}
	return v
}

func newBookSums(row postgis.BasebookRow, l words.Lang) bookSums {
	buildings, compounds, orgs := row.Things[plan.BuildingLayer], row.Things[plan.CompoundLayer], row.Things[plan.OrganisationLayer]
	sums := bookSums{AreaKM2: row.SquareM / 1e6, LargeGrids: row.Grids, Buildings: buildingsView{buildings.All, buildings.Uncounted, buildings.Unplaced},
		Compounds: compounds.All, ThreeNo: compounds.ThreeNo, RoadsKM: row.Roads / 1e3, BackLanesKM: row.BackLanes / 1e3, WaterKM2: row.WaterM2 / 1e6,
		Organisations: orgs.All, NewOrgs: orgs.NewOrgs, Counts: []bookCountView{}, Unmatched: row.Unmatched}
	for _, c := range row.Counts {
		sums.addCount(bookCountView{c.Measure, c.Measure.In(l), c.Taken, c.TakenThings, []bookKindView{{c.Kind, c.Sum, c.Things}}, orNull(c.Newest), orNull(c.Oldest)})
	}
	return sums
}

// addCount adds a count to those of its measure.
func (b *bookSums) addCount(c bookCountView) {
	i := slices.IndexFunc(b.Counts, func(have bookCountView) bool { return have.Measure == c.Measure })
	if i < 0 {
		c.Kinds = slices.Clone(c.Kinds)
		b.Counts = append(b.Counts, c)
		slices.SortFunc(b.Counts, func(x, y bookCountView) int {
			pair := []plan.Measure{x.Measure, y.Measure}
			if plan.SortMeasures(pair); pair[0] == x.Measure {
				return -1
			}
			return 1
		})
		return
	}
	have := &b.Counts[i]
	have.Count, have.Features = have.Count+c.Count, have.Features+c.Features
	if c.Newest != nil && (have.Newest == nil || *c.Newest > *have.Newest) {
		have.Newest = c.Newest
	}
	if c.Oldest != nil && (have.Oldest == nil || *c.Oldest < *have.Oldest) {
		have.Oldest = c.Oldest
	}
	for _, k := range c.Kinds {
		if at := slices.IndexFunc(have.Kinds, func(h bookKindView) bool { return h.Kind == k.Kind }); at >= 0 {
			have.Kinds[at].Count, have.Kinds[at].Features = have.Kinds[at].Count+k.Count, have.Kinds[at].Features+k.Features
		} else {
			have.Kinds = append(have.Kinds, k)
		}
	}
}

func (b *bookSums) addAll(c *bookSums) {
	b.AreaKM2, b.LargeGrids = b.AreaKM2+c.AreaKM2, b.LargeGrids+c.LargeGrids
	b.Buildings = buildingsView{b.Buildings.Drawn + c.Buildings.Drawn, b.Buildings.Uncounted + c.Buildings.Uncounted, b.Buildings.Unplaced + c.Buildings.Unplaced}
	b.Compounds, b.ThreeNo = b.Compounds+c.Compounds, b.ThreeNo+c.ThreeNo
	b.RoadsKM, b.BackLanesKM, b.WaterKM2 = b.RoadsKM+c.RoadsKM, b.BackLanesKM+c.BackLanesKM, b.WaterKM2+c.WaterKM2
	b.Organisations, b.NewOrgs, b.Unmatched = b.Organisations+c.Organisations, b.NewOrgs+c.NewOrgs, b.Unmatched+c.Unmatched
	for _, count := range c.Counts {
		b.addCount(count)
	}
}

// round leaves of lengths metres and of areas the square metres of a hundred.
func (b *bookSums) round() {
	b.AreaKM2, b.WaterKM2 = math.Round(b.AreaKM2*1e4)/1e4, math.Round(b.WaterKM2*1e4)/1e4
	b.RoadsKM, b.BackLanesKM = math.Round(b.RoadsKM*1e3)/1e3, math.Round(b.BackLanesKM*1e3)/1e3
}

func (t *bookTotal) add(v *bookRow) {
	one := func(is bool) int {
		if is {
			return 1
		}
		return 0
	}
	t.Rows++
	t.BoundariesMissing += one(v.Boundary == "missing")
	t.GroundNone, t.GroundBehind = t.GroundNone+one(v.Ground == "none"), t.GroundBehind+one(v.Ground == "behind")
	t.SheetsSent, t.SheetsReturned = t.SheetsSent+one(v.Sheet == "sent"), t.SheetsReturned+one(v.Sheet == "returned")
	t.addAll(&v.bookSums)
}

// basebookKinds answers with the words forms offer.
func (s *Server) basebookKinds(w http.ResponseWriter, r *http.Request) error {
	type kind struct {
		Name  string `json:"name"`
		Label string `json:"label"`
	}
	l := language(r)
	kinds := map[plan.Layer][]kind{}
	for _, k := range plan.ThingKinds {
		kinds[k.Layer] = append(kinds[k.Layer], kind{k.Name, k.In(l)})
	}
	for _, c := range plan.Classes {
		kinds[c.Layer] = append(kinds[c.Layer], kind{c.Name, plan.KindLabel(c.Layer, c.Name, l)})
	}
	return writeKept(w, r, kinds)
}

// thingView is a thing of the raw ground.
type thingView struct {
	Layer           plan.Layer      `json:"layer"`
	Code            string          `json:"code"`
	Name            string          `json:"name"`
	Kind            string          `json:"kind"`
	KindLabel       string          `json:"kind_label"`
	Community       *areaName       `json:"community"`
	Compound        string          `json:"compound"`
	BuildingNo      string          `json:"building_no"`
	Floors          int             `json:"floors"`
	NoPropertyMgmt  *bool           `json:"no_property_mgmt"`
	NoSecurity      *bool           `json:"no_security"`
	NoEnclosure     *bool           `json:"no_enclosure"`
	NewOrg          *bool           `json:"new_org"`
	Committee       string          `json:"committee"`
	OwnersCommittee string          `json:"owners_committee"`
	PropertyCompany string          `json:"property_company"`
	Bridge          bool            `json:"bridge"`
	Tunnel          bool            `json:"tunnel"`
	Level           int             `json:"level"`
	Tallies         []thingTally    `json:"tallies"`
	At              [2]float64      `json:"at"` // lon lat
	Since           time.Time       `json:"since"`
	Source          string          `json:"source"`
	Geometry        json.RawMessage `json:"geometry,omitempty"`
}

type thingTally struct {
	postgis.FoundTally
	Label string `json:"label"`
}

func newThingView(layer plan.Layer, f postgis.FoundFeature, l words.Lang) thingView {
	v := thingView{Layer: layer, Code: f.Code, Name: f.Name, Kind: f.Class, KindLabel: plan.KindLabel(layer, f.Class, l),
		Compound: f.Compound, BuildingNo: f.Number, Floors: f.Floors,
		NoPropertyMgmt: f.NoPropertyMgmt, NoSecurity: f.NoSecurity, NoEnclosure: f.NoEnclosure, NewOrg: f.NewOrg,
		Committee: f.Committee, OwnersCommittee: f.OwnersCommittee, PropertyCompany: f.PropertyCompany,
		Bridge: f.Bridge, Tunnel: f.Tunnel, Level: f.Level, Tallies: []thingTally{},
		At: [2]float64{f.At.Lon.Degrees(), f.At.Lat.Degrees()}, Since: f.Since, Source: f.Source, Geometry: f.Geometry}
	if f.Row != nil {
		name := nameOf(*f.Row)
		v.Community = &name
	}
	for _, t := range f.Tallies {
		v.Tallies = append(v.Tallies, thingTally{t, t.Measure.In(l)})
	}
	return v
}

// findFeatures answers with the things of a layer that fit the filters, and what they come to.
func (s *Server) findFeatures(w http.ResponseWriter, r *http.Request) error {
	f, err := featureFilter(r)
	if err != nil {
		return err
	}
	limit := f.Limit
	f.Limit++ // one more says whether there is a next page
	found, err := s.Store.FindFeatures(r.Context(), f)
	if err != nil {
		return err
	}
	l := language(r)
	var next *string
	if len(found.Features) > limit {
		found.Features = found.Features[:limit]
		next = &found.Features[limit-1].Code
	}
	things := make([]thingView, len(found.Features))
	for i, feature := range found.Features {
		things[i] = newThingView(f.Layer, feature, l)
	}
	type sum struct {
		postgis.FoundSum
		Label string `json:"label"`
	}
	sums := []sum{}
	for _, m := range found.Sums {
		sums = append(sums, sum{m, m.Measure.In(l)})
	}
	return writeKept(w, r, map[string]any{"layer": f.Layer, "total": found.Total, "sums": sums, "length_km": math.Round(found.Metres) / 1e3,
		"features": things, "next": next})
}

// maxFeatures is the longest page of things.
const maxFeatures = 1000

// featureFilter reads the filters of a query. A parameter nobody knows would be a filter that does not filter, so it is refused.
func featureFilter(r *http.Request) (postgis.FeatureFilter, error) {
	layer, q := plan.Layer(mux.Vars(r)["layer"]), r.URL.Query()
	f := postgis.FeatureFilter{Layer: layer}
	if layer.Rank() < 0 {
		return f, refuse(http.StatusNotFound, "tile.layer", words.Args{"layer": string(layer)})
	}
	texts := map[string]*string{"scope": &f.Scope, "q": &f.Text, "code": &f.Code, "compound": &f.Compound, "after": &f.After}
	choices := map[string]struct {
		into  *string
		among []string
	}{
		"no_property_mgmt": {&f.NoPropertyMgmt, threeWays}, "no_security": {&f.NoSecurity, threeWays}, "no_enclosure": {&f.NoEnclosure, threeWays},
		"new_org": {&f.NewOrg, threeWays}, "three_no": {&f.ThreeNo, threeWays[:2]}, "counted": {&f.Counted, threeWays[:2]}, "placed": {&f.Placed, threeWays[:2]},
		"count_kind": {&f.CountKind, []string{"registered", "resident", "occupied", "unsaid"}},
	}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		value := q.Get(name)
		wrong := refuse(http.StatusBadRequest, "query.value", words.Args{"name": name, "value": value})
		if err := legible(name, value); err != nil {
			return f, err
		}
		if into, is := texts[name]; is {
			*into = value
			continue
		}
		if choice, is := choices[name]; is {
			if value != "" && !slices.Contains(choice.among, value) {
				return f, wrong
			}
			*choice.into = value
			continue
		}
		var n int64
		var err error
		switch name {
		case "floors_min", "floors_max", "count_min", "count_max":
			if n, err = strconv.ParseInt(value, 10, 32); err != nil {
				return f, wrong
			}
		}
		floors := int(n)
		switch name {
		case "lang", "limit":
		case "kind":
			for word := range strings.SplitSeq(value, ",") {
				f.Kinds = append(f.Kinds, plan.KindWords(layer, word)...)
			}
		case "floors_min":
			f.FloorsMin = &floors
		case "floors_max":
			f.FloorsMax = &floors
		case "count_min":
			f.CountMin = &n
		case "count_max":
			f.CountMax = &n
		case "measure":
			if f.Measure = plan.Measure(value); !plan.IsMeasureName(value) {
				return f, wrong
			}
		case "counted_before":
			if _, err := time.Parse(time.DateOnly, value); err != nil {
				return f, wrong
			}
			f.CountedBefore = value
		case "geometry":
			f.Geometry = value == "yes"
		default:
			return f, refuse(http.StatusBadRequest, "query.unknown", words.Args{"name": name})
		}
	}
	var err error
	f.Limit, err = wholeQuery(r, "limit", 100, 1, maxFeatures)
	return f, err
}

var threeWays = []string{"yes", "no", "unknown"}

// changeView is a correction.
type changeView struct {
	ID          int64        `json:"id"`
	Kind        string       `json:"kind"`
	Layer       string       `json:"layer"`
	Code        string       `json:"code"`
	Name        string       `json:"name"`
	Neighbour   string       `json:"neighbour"`
	Words       string       `json:"words"`
	Source      string       `json:"source"`
	Dated       string       `json:"dated"`
	By          string       `json:"by"`
	MadeAt      time.Time    `json:"made_at"`
	Import      int64        `json:"import"`
	Communities []string     `json:"communities"`
	Undoes      *int64       `json:"undoes"`
	UndoneBy    *int64       `json:"undone_by"`
	CanUndo     bool         `json:"can_undo"`
	Before      *changeState `json:"before"`
	After       *changeState `json:"after"`
	Build       *int64       `json:"build"`
	Notes       []string     `json:"notes"`
}

// changeState is what was, or is, of a correction.
type changeState struct {
	Feature    *thingView        `json:"feature"`
	Geometries []json.RawMessage `json:"geometries,omitempty"` // of a border
}

func idOrNull[ID ~int64](id ID) *int64 {
	if id == 0 {
		return nil
	}
	n := int64(id)
	return &n
}

// newChangeView returns a correction with what was and what is.
func (s *Server) newChangeView(ctx context.Context, c postgis.Correction, l words.Lang, geometry bool) (changeView, error) {
	v := changeView{ID: int64(c.ID), Kind: string(c.Kind), Layer: c.Layer, Code: c.Code, Name: c.Name, Neighbour: c.Neighbour, Source: c.Source, Dated: c.Dated, By: c.By,
		MadeAt: c.MadeAt, Import: int64(c.Import), Communities: c.Rows, Undoes: idOrNull(c.Undoes), UndoneBy: idOrNull(c.UndoneBy),
		CanUndo: c.Stands && c.UndoneBy == 0, Build: idOrNull(c.Build), Notes: append([]string{}, c.Notes[l.String()]...)}
	v.Words = sentences.Say(l, "change."+string(c.Kind), words.Args{"thing": changedThing(c, l), "neighbour": c.Neighbour, "undone": int64(c.Undoes)})
	if plan.Level(c.Layer).Rank() >= 0 {
		if !geometry {
			return v, nil
		}
		moved, err := s.Store.MovedAreas(ctx, c.ID)
		if err != nil {
			return v, err
		}
		v.Before, v.After = &changeState{}, &changeState{}
		for _, m := range moved {
			v.Before.Geometries, v.After.Geometries = append(v.Before.Geometries, m.BeforeJSON), append(v.After.Geometries, m.AfterJSON)
		}
		return v, nil
	}
	for at, into := range map[postgis.ImportID]**changeState{c.Import - 1: &v.Before, c.Import: &v.After} {
		f, err := s.Store.FeatureAt(ctx, plan.Layer(c.Layer), c.Code, at)
		if err != nil {
			return v, err
		}
		if f != nil {
			if !geometry {
				f.Geometry = nil
			}
			thing := newThingView(plan.Layer(c.Layer), *f, l)
			*into = &changeState{Feature: &thing}
		}
	}
	return v, nil
}

// changedThing names what a correction changed.
func changedThing(c postgis.Correction, l words.Lang) string {
	key := "ogc." + c.Layer
	if level := plan.Level(c.Layer); level.Rank() >= 0 {
		return level.In(l) + " " + c.Code
	}
	return strings.TrimSpace(sentences.Say(l, key, nil) + " " + cmp.Or(c.Name, c.Code))
}

// changes answers with corrections, newest first.
func (s *Server) changes(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	limit, err := wholeQuery(r, "limit", 100, 1, 500)
	if err != nil {
		return err
	}
	before, err := wholeQuery(r, "after", 0, 1, math.MaxInt)
	if err != nil {
		return err
	}
	for _, name := range []string{"scope", "layer", "code"} {
		if err := legible(name, q.Get(name)); err != nil {
			return err
		}
	}
	found, err := s.Store.Corrections(r.Context(), postgis.CorrectionsWanted{Scope: q.Get("scope"), Layer: q.Get("layer"), Code: q.Get("code"),
		Before: postgis.CorrectionID(before), Limit: limit + 1})
	if err != nil {
		return err
	}
	var next *int64
	if len(found) > limit {
		found = found[:limit]
		next = idOrNull(found[limit-1].ID)
	}
	views := make([]changeView, len(found))
	for i, c := range found {
		if views[i], err = s.newChangeView(r.Context(), c, language(r), false); err != nil {
			return err
		}
	}
	return writeKept(w, r, map[string]any{"changes": views, "next": next})
}

// makeChange carries out a correction.
func (s *Server) makeChange(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Kind      postgis.CorrectionKind     `json:"kind"`
		Layer     string                     `json:"layer"`
		Code      string                     `json:"code"`
		Neighbour string                     `json:"neighbour"`
		Geometry  json.RawMessage            `json:"geometry"`
		Values    map[string]json.RawMessage `json:"values"`
		Source    string                     `json:"source"`
		Dated     string                     `json:"dated"`
		By        string                     `json:"by"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	if string(wish.Geometry) == "null" {
		wish.Geometry = nil
	}
	made, err := intake.Correct(r.Context(), s.Store, intake.Correction(wish))
	if err != nil {
		return err
	}
	return s.writeChange(w, r, http.StatusCreated, made.ID)
}

// undoChange takes a correction back.
func (s *Server) undoChange(w http.ResponseWriter, r *http.Request) error {
	made, err := intake.TakeBack(r.Context(), s.Store, changeID(r))
	if err != nil {
		return err
	}
	return s.writeChange(w, r, http.StatusCreated, made.ID)
}

func (s *Server) change(w http.ResponseWriter, r *http.Request) error {
	return s.writeChange(w, r, http.StatusOK, changeID(r))
}

func changeID(r *http.Request) postgis.CorrectionID {
	return postgis.CorrectionID(numberIn(r))
}

func (s *Server) writeChange(w http.ResponseWriter, r *http.Request, status int, id postgis.CorrectionID) error {
	c, err := s.Store.Correction(r.Context(), id)
	if err != nil {
		return err
	}
	v, err := s.newChangeView(r.Context(), c, language(r), true)
	if err != nil {
		return err
	}
	if status == http.StatusCreated {
		w.Header().Set("Location", s.Base+"/api/v1/basebook/changes/"+strconv.FormatInt(v.ID, 10))
	}
	return writeJSON(w, status, v)
}
