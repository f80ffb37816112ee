package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
)

// BasebookRow is what the base book (底册) has of one community, or of the lowest area there is.
type BasebookRow struct {
	plan.Area             // without its shape
	Drawn     bool        // it has a shape of its own
	Pieces    bool        // it has one, or its large grids have
	SquareM   float64     // of the pieces
	Grids     int         // large grids in it
	Box       [4]*float64 // west, south, east, north; nil where nothing is drawn

	Built     ImportID // the newest build of its ground; 0 for none
	BuiltAt   *time.Time
	Changed   ImportID // the newest import that changed what its ground is built from
	ChangedAt *time.Time

	Sent, Returned *time.Time // its newest fill-in sheet
	Unmatched      int        // rows of that sheet that found no building

	Things                    map[plan.Layer]PlacedThings // buildings, compounds, organisations
	Counts                    []PlacedCount               // by measure as plan.SortMeasures orders them, then kind
	Roads, BackLanes, WaterM2 float64                     // metres, of these back lanes; square metres drawn as areas
}

// PlacedThings is how many things of a layer lie in a row.
type PlacedThings struct {
	All       int
	Unplaced  int // in no block
	ThreeNo   int // of compounds: those with all three noes
	NewOrgs   int // of organisations
	Uncounted int // of buildings: without households, or without residents where no building has households
}

// PlacedCount is what the buildings and compounds of a row count of one measure and kind.
type PlacedCount struct {
	Measure        plan.Measure
	Kind           plan.CountKind
	Sum            int64
	Things         int
	Taken          int64 // of those for which a build takes this kind
	TakenThings    int
	Oldest, Newest string // days, YYYY-MM-DD; empty where none is said
}

// Basebook returns the rows of the base book under an area's code, or ScopeAll, by code and level.
func (s *Store) Basebook(ctx context.Context, scope string) ([]BasebookRow, error) {
	top, err := scopeArea(ctx, s.pool, scope)
	if err != nil {
		return nil, err
	}
	if _, err := exec(ctx, s.pool, "BasebookAnalyze"); err != nil {
		return nil, err
	}
	rows, err := collect(ctx, s.pool, "BasebookRows", func(r pgx.CollectableRow) (b BasebookRow, err error) {
		err = r.Scan(&b.ID, &b.Level, &b.Code, &b.Name, &b.NameEn, &b.Parent, &b.Drawn, &b.Pieces, &b.SquareM, &b.Grids,
			&b.Box[0], &b.Box[1], &b.Box[2], &b.Box[3], &b.Built, &b.BuiltAt, &b.Changed, &b.ChangedAt, &b.Sent, &b.Returned, &b.Unmatched)
		b.Things = map[plan.Layer]PlacedThings{}
		return b, err
	}, top)
	if err != nil {
		return nil, err
	}
	ids := make([]plan.AreaID, len(rows))
	at := map[plan.AreaID]*BasebookRow{}
	for i := range rows {
		ids[i], at[rows[i].ID] = rows[i].ID, &rows[i]
	}
	none := func(r pgx.CollectableRow, into func(*BasebookRow), columns ...any) (struct{}, error) {
		var id plan.AreaID
		err := r.Scan(append([]any{&id}, columns...)...)
		if err == nil {
			into(at[id])
		}
		return struct{}{}, err
	}
	_, err = collect(ctx, s.pool, "BasebookThings", func(r pgx.CollectableRow) (struct{}, error) {
		var layer plan.Layer
		var n PlacedThings
		return none(r, func(b *BasebookRow) { b.Things[layer] = n }, &layer, &n.All, &n.Unplaced, &n.ThreeNo, &n.NewOrgs, &n.Uncounted)
	}, ids)
	if err != nil {
		return nil, err
	}
	_, err = collect(ctx, s.pool, "BasebookCounts", func(r pgx.CollectableRow) (struct{}, error) {
		var c PlacedCount
		return none(r, func(b *BasebookRow) { b.Counts = append(b.Counts, c) },
			&c.Measure, &c.Kind, &c.Sum, &c.Things, &c.Taken, &c.TakenThings, &c.Oldest, &c.Newest)
	}, ids)
	if err != nil {
		return nil, err
	}
	_, err = collect(ctx, s.pool, "BasebookLines", func(r pgx.CollectableRow) (struct{}, error) {
		var roads, lanes, water float64
		return none(r, func(b *BasebookRow) { b.Roads, b.BackLanes, b.WaterM2 = roads, lanes, water }, &roads, &lanes, &water)
	}, ids)
	return rows, err
}

// scopeArea returns the area with a code as a parameter, nil for ScopeAll.
func scopeArea(ctx context.Context, q querier, scope string) (*plan.AreaID, error) {
	if scope == ScopeAll {
		return nil, nil
	}
	id, err := areaByCode(ctx, q, scope)
	return &id, err
}

// PlacedAll returns how many buildings, compounds and organisations there are, be they in a row of the base book or not.
func (s *Store) PlacedAll(ctx context.Context) (map[plan.Layer]int, error) {
	all := map[plan.Layer]int{}
	_, err := collect(ctx, s.pool, "BasebookAll", func(r pgx.CollectableRow) (struct{}, error) {
		var layer plan.Layer
		var n int
		err := r.Scan(&layer, &n)
		all[layer] = n
		return struct{}{}, err
	})
	return all, err
}

// BasebookStamp returns a text that is another whenever something the base book tells of may have changed.
func (s *Store) BasebookStamp(ctx context.Context) (stamp string, err error) {
	err = row(ctx, s.pool, "BasebookStamp", nil, &stamp)
	return stamp, err
}

// FeatureFilter says which features are looked for. Its zero value but for the layer looks for all of them.
type FeatureFilter struct {
	Layer                                   plan.Layer
	Scope                                   string // defaults to ScopeAll
	Text                                    string // in the name, the code or the building number
	Code                                    string
	Kinds                                   []string // words of kinds or classes; any fits
	Compound                                string
	NoPropertyMgmt, NoSecurity, NoEnclosure string // yes, no, unknown
	NewOrg                                  string
	ThreeNo                                 string // yes, no
	FloorsMin, FloorsMax                    *int
	Measure                                 plan.Measure // that the next ones speak of; defaults to households
	CountMin, CountMax                      *int64
	CountKind                               string // of plan.CountKinds, or "unsaid"
	Counted                                 string // yes, no
	CountedBefore                           string // a day
	Placed                                  string // yes, no: in a block
	Geometry                                bool
	After                                   string // code of the last one of the page before
	Limit                                   int
}

// FoundFeature is a feature as readers see it.
type FoundFeature struct {
	Code, Name, Class                           string
	Row                                         *plan.Area // of the base book, without its id; nil for none
	Compound, Number                            string
	Floors                                      int
	NoPropertyMgmt, NoSecurity, NoEnclosure     *bool // nil where it is not known
	NewOrg                                      *bool
	Committee, OwnersCommittee, PropertyCompany string
	Bridge, Tunnel                              bool
	Level                                       int
	Tallies                                     []FoundTally
	At                                          crs.Point // inside it
	Since                                       time.Time
	Source                                      string          // of the correction or file it is from
	Geometry                                    json.RawMessage // GeoJSON; nil where it was not asked for
}

// FoundTally is a count with where it is from.
type FoundTally struct {
	Measure plan.Measure   `json:"measure"`
	Kind    plan.CountKind `json:"kind"`
	On      *string        `json:"counted_on"`
	Count   int64          `json:"count"`
	Source  string         `json:"source"`
}

// FoundFeatures is a page of features and what all that fit come to.
type FoundFeatures struct {
	Features []FoundFeature
	Total    int
	Sums     []FoundSum
	Metres   float64 // of lines
}

// FoundSum is the sum of a measure over features, each by the kind that a build of the ground takes.
type FoundSum struct {
	Measure  plan.Measure `json:"measure"`
	Count    int64        `json:"count"`
	Features int          `json:"features"`
}

// columns returns where the columns of a feature are read into, from its code on; done completes it once they are.
func (f *FoundFeature) columns() (into []any, done func()) {
	var level, code, name, nameEn *string
	var lon, lat float64
	var since *time.Time
	var geometry *string
	return []any{&f.Code, &f.Name, &f.Class, &level, &code, &name, &nameEn, &f.Compound, &f.Number, &f.Floors,
			&f.NoPropertyMgmt, &f.NoSecurity, &f.NoEnclosure, &f.NewOrg, &f.Committee, &f.OwnersCommittee, &f.PropertyCompany,
			&f.Bridge, &f.Tunnel, &f.Level, &f.Tallies, &lon, &lat, &since, &f.Source, &geometry}, func() {
			if code != nil {
				f.Row = &plan.Area{Level: plan.Level(*level), Code: *code, Name: *name, NameEn: *nameEn}
			}
			f.At = gridPoint(lon, lat)
			if since != nil {
				f.Since = *since
			}
			if geometry != nil {
				f.Geometry = json.RawMessage(*geometry)
			}
		}
}

// FindFeatures returns the features that fit, by code.
func (s *Store) FindFeatures(ctx context.Context, f FeatureFilter) (FoundFeatures, error) {
	var all FoundFeatures
	if f.Scope == "" {
		f.Scope = ScopeAll
	}
	if f.Measure == "" {
		f.Measure = plan.Households
	}
	top, err := scopeArea(ctx, s.pool, f.Scope)
	if err != nil {
		return all, err
	}
	_, err = collect(ctx, s.pool, "FeaturesFound", func(r pgx.CollectableRow) (struct{}, error) {
		var found FoundFeature
		var there bool
		columns, done := found.columns()
		err := r.Scan(append([]any{&all.Total, &all.Sums, &all.Metres, &there}, columns...)...)
		if err == nil && there {
			done()
			all.Features = append(all.Features, found)
		}
		return struct{}{}, err
	}, f.Layer, f.After, f.Limit, top, f.Text, f.Code, f.Kinds, f.Compound, f.NoPropertyMgmt, f.NoSecurity, f.NoEnclosure, f.NewOrg, f.ThreeNo,
		f.FloorsMin, f.FloorsMax, f.Measure, f.CountMin, f.CountMax, f.CountKind, f.Counted, f.CountedBefore, f.Placed, f.Geometry)
	return all, err
}

// FeatureAt returns a feature as it was after an import, nil when it was not there.
func (s *Store) FeatureAt(ctx context.Context, layer plan.Layer, code string, after ImportID) (*FoundFeature, error) {
	found, err := collect(ctx, s.pool, "FeatureAt", func(r pgx.CollectableRow) (f FoundFeature, err error) {
		columns, done := f.columns()
		if err = r.Scan(columns...); err == nil {
			done()
		}
		return f, err
	}, layer, code, after)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// CorrectionID is the key of a correction of the base book.
type CorrectionID int64

// CorrectionKind says what a correction does.
type CorrectionKind string

// The kinds of corrections.
const (
	CorrectCount      CorrectionKind = "count"
	CorrectAdd        CorrectionKind = "add"
	CorrectMove       CorrectionKind = "move"
	CorrectRemove     CorrectionKind = "remove"
	CorrectAttributes CorrectionKind = "attributes"
	CorrectBorder     CorrectionKind = "border"
	CorrectUndo       CorrectionKind = "undo"
)

// Correction is a correction of the base book as it is stored.
type Correction struct {
	ID        CorrectionID
	Import    ImportID
	Kind      CorrectionKind
	Layer     string // of the thing; of a border the level of the areas
	Code      string
	Name      string
	Neighbour string // of a border
	Source    string
	Dated     string // YYYY-MM-DD
	By        string
	Notes     map[string][]string // by language
	Rows      []string            // codes of the rows of the base book it concerns
	Undoes    CorrectionID        // 0 for none
	Build     BuildID             // that was asked for; 0 for none
	MadeAt    time.Time
	UndoneBy  CorrectionID // 0 for none
	Stands    bool         // what it changed has not been changed since
}

// CorrectionsWanted says which corrections are asked for.
type CorrectionsWanted struct {
	Scope       string       // defaults to ScopeAll
	Layer, Code string       // of one thing; empty for any
	Before      CorrectionID // only older ones; 0 for all
	Limit       int
}

// Corrections returns corrections, newest first.
func (s *Store) Corrections(ctx context.Context, w CorrectionsWanted) ([]Correction, error) {
	if w.Scope == "" {
		w.Scope = ScopeAll
	}
	top, err := scopeArea(ctx, s.pool, w.Scope)
	if err != nil {
		return nil, err
	}
	return collect(ctx, s.pool, "Changes", pgx.RowToStructByPos[Correction], top, w.Layer, w.Code, orNil(w.Before), w.Limit, nil)
}

// Correction returns one correction, a NotFound fault when there is none.
func (s *Store) Correction(ctx context.Context, id CorrectionID) (Correction, error) {
	return correctionByID(ctx, s.pool, id)
}

// Correction returns one correction as this import sees it.
func (im *Importing) Correction(ctx context.Context, id CorrectionID) (Correction, error) {
	return correctionByID(ctx, im.tx, id)
}

func correctionByID(ctx context.Context, q querier, id CorrectionID) (Correction, error) {
	found, err := collect(ctx, q, "Changes", pgx.RowToStructByPos[Correction], nil, "", "", nil, 1, id)
	if err == nil && len(found) == 0 {
		err = plan.Refuse(plan.NotFound, "change.unknown", words.Args{"change": strconv.FormatInt(int64(id), 10)})
	}
	if err != nil {
		return Correction{}, err
	}
	return found[0], nil
}

// orNil returns a key as a parameter, nil for 0.
func orNil[ID ~int64](id ID) *ID {
	if id == 0 {
		return nil
	}
	return &id
}

// NextCorrection returns the key of a correction that is about to be made.
func (s *Store) NextCorrection(ctx context.Context) (id CorrectionID, err error) {
	err = row(ctx, s.pool, "ChangeNumber", nil, &id)
	return id, err
}

// PutCorrection records a correction, finds the rows of the base book it concerns where they are not given, and asks for the ground of those
// to be built again where it was built. It fills in what it finds.
func (im *Importing) PutCorrection(ctx context.Context, s *Store, c *Correction) error {
	var err error
	if c.Rows == nil {
		if c.Rows, err = collect(ctx, im.tx, "BasebookRowsAt", pgx.RowTo[string], c.Layer, c.Code, c.Import); err != nil {
			return err
		}
	}
	if c.Build, err = im.rebuild(ctx, s, c.Rows); err != nil {
		return err
	}
	notes := c.Notes
	if notes == nil {
		notes = map[string][]string{}
	}
	rows := c.Rows
	if rows == nil {
		rows = []string{}
	}
	_, err = exec(ctx, im.tx, "ChangePut", c.ID, c.Import, c.Kind, c.Layer, c.Code, c.Name, c.Neighbour, c.Source, c.Dated, c.By, notes, rows,
		orNil(c.Undoes), orNil(c.Build))
	return err
}

// rebuildAfter is how long a build waits that follows from a correction, so that several in a row are built at once.
const rebuildAfter = 3 * time.Second

// rebuild asks for the ground of rows of the base book to be built again, unless none of them has blocks. A build that waits already
// and has all of them in its scope does for this one, too.
func (im *Importing) rebuild(ctx context.Context, s *Store, rows []string) (id BuildID, err error) {
	if len(rows) == 0 {
		return 0, nil
	}
	var built bool
	if err := row(ctx, im.tx, "RowsBuilt", []any{rows}, &built); err != nil || !built {
		return 0, err
	}
	scope := ScopeAll
	err = row(ctx, im.tx, "CommonScope", []any{rows}, &scope)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, err
	}
	err = row(ctx, im.tx, "BuildWaiting", []any{scope}, &id)
	if !errors.Is(err, pgx.ErrNoRows) {
		return id, err
	}
	return s.queueBuild(ctx, im.tx, scope, false, &river.InsertOpts{ScheduledAt: time.Now().Add(rebuildAfter)})
}

// RetireFeature ends the live feature with a code and its counts, and returns its name; a NotFound fault when there is none.
func (im *Importing) RetireFeature(ctx context.Context, layer plan.Layer, code string, from ImportID) (name string, err error) {
	err = row(ctx, im.tx, "FeatureRetireByCode", []any{layer, code, from}, &name)
	if errors.Is(err, pgx.ErrNoRows) {
		err = plan.Refuse(plan.NotFound, "change.no_thing", words.Args{"code": code})
	}
	return name, err
}

// TakeBack undoes what a correction did to its thing, as part of an import: what it brought ends, what it ended comes again.
func (im *Importing) TakeBack(ctx context.Context, undone *Correction, from ImportID) error {
	for _, query := range []string{"FeaturesOff", "TalliesOff", "FeaturesBack", "TalliesBack"} {
		if _, err := exec(ctx, im.tx, query, undone.Import, from, undone.Layer, undone.Code); err != nil {
			return err
		}
	}
	return nil
}

// MovedArea is an area whose shape a correction of a border changed.
type MovedArea struct {
	plan.Area
	Before, After         shape.MultiPolygon
	BeforeJSON, AfterJSON json.RawMessage // GeoJSON
}

// PutBorder records the shapes that a correction of a border changed, and stores the new ones.
func (im *Importing) PutBorder(ctx context.Context, change CorrectionID, moved []MovedArea, from ImportID) error {
	for _, m := range moved {
		before, err := multiPolygonEWKB(m.Before)
		if err != nil {
			return err
		}
		after, err := multiPolygonEWKB(m.After)
		if err != nil {
			return err
		}
		if _, err := exec(ctx, im.tx, "BorderPut", change, m.ID, before, after); err != nil {
			return err
		}
		area := m.Area
		area.Name, area.NameEn, area.Parent, area.Shape = "", "", 0, m.After
		if _, _, err := im.PutArea(ctx, area, from); err != nil {
			return err
		}
	}
	return nil
}

// MovedAreas returns the areas whose shapes a correction of a border changed, by code.
func (s *Store) MovedAreas(ctx context.Context, change CorrectionID) ([]MovedArea, error) {
	return movedAreas(ctx, s.pool, change)
}

// MovedAreas returns them as this import sees them.
func (im *Importing) MovedAreas(ctx context.Context, change CorrectionID) ([]MovedArea, error) {
	return movedAreas(ctx, im.tx, change)
}

func movedAreas(ctx context.Context, q querier, change CorrectionID) ([]MovedArea, error) {
	return collect(ctx, q, "BorderOf", func(r pgx.CollectableRow) (m MovedArea, err error) {
		var before, after []byte
		var beforeJSON, afterJSON string
		if err = r.Scan(&m.ID, &m.Level, &m.Code, &m.Name, &before, &after, &beforeJSON, &afterJSON); err != nil {
			return m, err
		}
		m.BeforeJSON, m.AfterJSON = json.RawMessage(beforeJSON), json.RawMessage(afterJSON)
		if m.Before, err = decodeMultiPolygon(before); err != nil {
			return m, err
		}
		m.After, err = decodeMultiPolygon(after)
		return m, err
	}, change)
}

// AreasNear returns the areas of a level whose shapes meet a box, with their shapes, by code.
func (im *Importing) AreasNear(ctx context.Context, level plan.Level, box shape.Box) ([]plan.Area, error) {
	within, err := boxEWKB(box)
	if err != nil {
		return nil, err
	}
	return collect(ctx, im.tx, "AreasNear", func(r pgx.CollectableRow) (a plan.Area, err error) {
		var geom []byte
		if err = r.Scan(&a.ID, &a.Level, &a.Code, &a.Name, &a.NameEn, &a.Parent, &geom); err != nil {
			return a, err
		}
		a.Shape, err = decodeMultiPolygon(geom)
		return a, err
	}, level, within)
}

// FillInID is the number of a fill-in sheet.
type FillInID int64

// FillIn is a row of the base book with its newest fill-in sheet.
type FillIn struct {
	Level              plan.Level
	Code, Name, NameEn string
	Sheet              FillInID // 0 for none: the other columns say nothing then
	Sent, Returned     *time.Time
	Things, Filled     int
	Unmatched          []Unmatched
	Source, Dated      string // of what came back
}

// Unmatched is a row of a returned sheet whose building or compound is there no more.
type Unmatched struct {
	File  string     `json:"file"`
	Cell  string     `json:"cell"`
	Layer plan.Layer `json:"layer"`
	Key   string     `json:"key"` // its code
	Name  string     `json:"name"`
}

// FillIns returns the rows of the base book under a scope, by code and level, each with its newest sheet.
func (s *Store) FillIns(ctx context.Context, scope string) ([]FillIn, error) {
	top, err := scopeArea(ctx, s.pool, scope)
	if err != nil {
		return nil, err
	}
	return collect(ctx, s.pool, "FillIns", pgx.RowToStructByPos[FillIn], top)
}

// SendFillIn records that a sheet of so many things is sent, and returns its number and the newest import.
func (s *Store) SendFillIn(ctx context.Context, of plan.AreaID, things int) (id FillInID, newest ImportID, err error) {
	err = row(ctx, s.pool, "FillInPut", []any{of, things}, &id, &newest)
	return id, newest, err
}

// FillInRow returns the code of the row of the base book that a sheet is of, "" when there is no such sheet.
func (s *Store) FillInRow(ctx context.Context, id FillInID) (code string, err error) {
	err = row(ctx, s.pool, "FillInByID", []any{id}, &code)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return code, err
}

// ReturnFillIn records that a sheet came back: how many counts were taken from it by which import, 0 for none, and what found no building.
func (im *Importing) ReturnFillIn(ctx context.Context, id FillInID, filled int, unmatched []Unmatched, from ImportID, source, dated string) error {
	if unmatched == nil {
		unmatched = []Unmatched{}
	}
	_, err := exec(ctx, im.tx, "FillInReturn", id, filled, unmatched, orNil(from), source, dated)
	return err
}

// Rebuild asks for the ground of rows of the base book to be built again, by their codes; 0 where none of them has blocks.
func (im *Importing) Rebuild(ctx context.Context, s *Store, rows []string) (BuildID, error) {
	return im.rebuild(ctx, s, rows)
}

// FeatureCodes returns those of the codes that live features of a layer have, in order.
func (s *Store) FeatureCodes(ctx context.Context, layer plan.Layer, codes []string) ([]string, error) {
	return collect(ctx, s.pool, "FeatureCodes", pgx.RowTo[string], layer, codes)
}

// LiveTallies returns the counts of buildings or compounds by their codes, each by measure and kind.
func (s *Store) LiveTallies(ctx context.Context, layer plan.Layer, codes []string) (map[string][]plan.Tally, error) {
	byCode := map[string][]plan.Tally{}
	_, err := collect(ctx, s.pool, "TalliesByCode", func(r pgx.CollectableRow) (struct{}, error) {
		var t StoredTally
		err := r.Scan(&t.ID, &t.Layer, &t.Code, &t.Measure, &t.Kind, &t.On, &t.Count)
		byCode[t.Code] = append(byCode[t.Code], t.Tally)
		return struct{}{}, err
	}, layer, codes)
	return byCode, err
}

// BasebookAreas returns the areas that have a row in the base book under a scope, without shapes, by code and level.
func (s *Store) BasebookAreas(ctx context.Context, scope string) ([]plan.Area, error) {
	top, err := scopeArea(ctx, s.pool, scope)
	if err != nil {
		return nil, err
	}
	return collect(ctx, s.pool, "BasebookAreas", scanArea, top)
}
