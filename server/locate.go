package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gridwright/geo/crs"
	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// maxPoints is how many points may be asked for at once.
const maxPoints = 100_000

// locator says where points lie: in the published grids of a day, or in one plan at one revision.
type locator struct {
	whereabouts
	head  locatedHead
	datum crs.Datum
}

// whereabouts say where a point of the ground lies.
type whereabouts interface {
	place(p crs.Point) placeView
}

// planned are the whereabouts in a plan.
type planned struct {
	*view
	id    plan.ID
	areas []json.RawMessage // by index into the ground's parents: the chain of areas down to it
}

// placeView is where a point lies. Its numbers are of the ground's own system, whatever it was asked for in.
type placeView struct {
	ID      json.RawMessage `json:"id,omitempty"`
	Lon     float64         `json:"lon"`
	Lat     float64         `json:"lat"`
	Areas   json.RawMessage `json:"areas"`
	Block   *string         `json:"block"`
	Grid    *gridName       `json:"grid"`
	BorderM *float64        `json:"border_m"`
	Nearest *nearestView    `json:"nearest"`
	Posts   *[]placedPost   `json:"posts,omitempty"` // of the grid; nil where they are not looked up: in answers of many points

	area *areaName // the last of Areas; nil for none
	plan plan.ID   // of the grid
}

// placedPost is a post that is responsible at a place, and who holds it.
type placedPost struct {
	Kind      plan.PostKind `json:"kind"`
	Label     string        `json:"label"`
	FullTime  bool          `json:"full_time"`
	Building  string        `json:"building"`
	StairUnit string        `json:"stair_unit"`
	Lane      string        `json:"lane"`
	Name      string        `json:"name"` // empty: vacant
	Phone     string        `json:"phone"`
}

// responsible looks up the posts responsible at places, on the day asked about or today; building says for each of them the building it is, empty
// for none.
func (s *Server) responsible(r *http.Request, l *locator, places []*placeView, building func(i int) string) error {
	day := s.Store.Today()
	if l.head.At != nil {
		day = *l.head.At
	}
	rules, _, err := s.Store.StaffRules(r.Context())
	if err != nil {
		return err
	}
	for i, v := range places {
		posts := []placedPost{}
		v.Posts = &posts
		if v.Grid == nil {
			continue
		}
		found, err := s.Store.PostsAt(r.Context(), v.plan, v.Grid.No, day, building(i))
		if err != nil {
			return err
		}
		for _, p := range found {
			post := placedPost{Kind: p.Kind, Label: postLabel(rules, p, language(r)), FullTime: p.FullTime, Building: p.Building, StairUnit: p.StairUnit, Lane: p.Lane}
			if p.Holder != nil {
				post.Name, post.Phone = p.Holder.Name, s.phone(p.Holder.Phone)
			}
			posts = append(posts, post)
		}
	}
	return nil
}

type areaName struct {
	Level  plan.Level `json:"level"`
	Code   string     `json:"code"`
	Name   string     `json:"name"`
	NameEn string     `json:"name_en"`
}

type gridName struct {
	No       plan.GridNo     `json:"no"`
	Code     string          `json:"code"`
	Name     string          `json:"name"`
	NameEn   string          `json:"name_en"`
	Key      plan.GridKey    `json:"key,omitempty"`      // of a published grid
	Division plan.DivisionID `json:"division,omitempty"` // that it is of
}

// nearestView is the grid nearest to a point that lies in none.
type nearestView struct {
	Grid      gridName `json:"grid"`
	DistanceM float64  `json:"distance_m"`
}

// locator reads the parameters both doors share and gets ready what points are looked for in: the published grids of the day asked about,
// the plan asked about; where nothing is asked the published grids of today, and where there are none the newest plan.
func (s *Server) locator(r *http.Request) (*locator, error) {
	q := r.URL.Query()
	l := &locator{datum: crs.WGS84}
	if text := q.Get("crs"); text != "" {
		l.datum = crs.Datum(text)
	}
	if !slices.Contains(crs.Datums, l.datum) {
		return nil, refuse(http.StatusBadRequest, "query.value", words.Args{"name": "crs", "value": string(l.datum)})
	}
	if q.Get("plan") != "" && q.Has("at") {
		return nil, refuse(http.StatusBadRequest, "locate.at", nil)
	}
	if q.Get("plan") == "" {
		day, err := s.dayAsked(r)
		if err != nil {
			return nil, err
		}
		d, err := s.inForce(r.Context(), day)
		if err == nil {
			l.whereabouts, l.head = d, locatedHead{Chosen: "division", At: &day, CRS: l.datum}
			return l, nil
		}
		if q.Has("at") || plan.KindOf(err) != plan.NotFound {
			return nil, err
		}
	}
	return l, s.locateInPlan(r.Context(), l, q.Get("plan"))
}

// locateInPlan makes a locator look in a plan, the newest with a result where none is asked for.
func (s *Server) locateInPlan(ctx context.Context, l *locator, asked string) error {
	row, err := s.planToLocate(ctx, asked)
	if err != nil {
		return err
	}
	in := &planned{id: row.ID}
	if in.view, err = s.rooms.now(ctx, row.ID); err != nil {
		return err
	}
	id := row.ID.String()
	l.whereabouts, l.head = in, locatedHead{Plan: &id, PlanName: &row.Name, Revision: &in.Revision, Chosen: "newest", CRS: l.datum}
	if asked != "" {
		l.head.Chosen = "asked"
	}
	return s.chains(ctx, in)
}

// planToLocate returns the plan asked for, the newest with a result where none is.
func (s *Server) planToLocate(ctx context.Context, asked string) (postgis.PlanRow, error) {
	if asked != "" {
		id, err := plan.ParseID(asked)
		if err != nil {
			return postgis.PlanRow{}, err
		}
		return s.Store.Plan(ctx, id)
	}
	rows, err := s.Store.Plans(ctx)
	if err != nil {
		return postgis.PlanRow{}, err
	}
	for _, row := range rows {
		if row.State == plan.Draft {
			return row, nil
		}
	}
	return postgis.PlanRow{}, refuse(http.StatusNotFound, "locate.no_plan", nil)
}

// chains writes the areas above each parent, highest first, once for all points.
func (s *Server) chains(ctx context.Context, l *planned) error {
	ids := make([]plan.AreaID, len(l.Ground.Parents))
	for i, p := range l.Ground.Parents {
		ids[i] = p.ID
	}
	above, err := s.Store.Ancestors(ctx, ids)
	if err != nil {
		return err
	}
	l.areas = make([]json.RawMessage, len(ids))
	for i, id := range ids {
		var chain []areaName
		for at := id; at != 0 && len(chain) < len(plan.Levels); at = above[at].Parent {
			a := above[at]
			chain = append(chain, areaName{a.Level, a.Code, a.Name, a.NameEn})
		}
		slices.Reverse(chain)
		if l.areas[i], err = json.Marshal(chain); err != nil {
			return err
		}
	}
	return nil
}

// point returns a position in the datum asked for as a point of the ground.
func (l *locator) point(lon, lat float64) (crs.Point, error) {
	if _, err := crs.FromDegrees(lon, lat); err != nil {
		return crs.Point{}, err
	}
	return crs.FromDegrees(l.datum.ToGround(lon, lat))
}

// place says where a point lies in the plan. A point on a border lies where topo.Finder says.
func (l *planned) place(p crs.Point) placeView {
	v := newPlace(p)
	if b := l.ground.finder().Find(p); b >= 0 {
		block := &l.Ground.Blocks[b]
		parent := l.Ground.Parents[block.Parent]
		v.Block, v.Areas, v.area = &block.Code, l.areas[block.Parent], &areaName{parent.Level, parent.Code, parent.Name, parent.NameEn}
		if no := l.At[b]; no != 0 {
			grid, border := l.gridName(no), decimetres(l.finder().BorderDistance(p, int32(no-1)))
			v.Grid, v.BorderM, v.plan = &grid, &border, l.id
			return v
		}
	}
	if i, away := l.finder().Nearest(p); i >= 0 {
		v.Nearest = &nearestView{l.gridName(plan.GridNo(i + 1)), decimetres(away)}
	}
	return v
}

func (l *planned) gridName(no plan.GridNo) gridName {
	g := l.Grids[no-1]
	return gridName{No: g.No, Code: g.Code, Name: g.Name, NameEn: g.NameEn}
}

// place says where a point lies in published grids: with the areas as they were called when the grid was published, and no block.
func (d *divided) place(p crs.Point) placeView {
	v := newPlace(p)
	if i := d.finder().Find(p); i >= 0 {
		last := d.grids[i].Parent()
		grid, border := d.gridName(i), decimetres(d.finder().BorderDistance(p, i))
		v.Areas, v.area = d.chains()[i], &areaName{last.Level, last.Code, last.Name, last.NameEn}
		v.Grid, v.BorderM, v.plan = &grid, &border, d.grids[i].Plan
	} else if i, away := d.finder().Nearest(p); i >= 0 {
		v.Nearest = &nearestView{d.gridName(i), decimetres(away)}
	}
	return v
}

func (d *divided) gridName(i int32) gridName {
	g := &d.grids[i]
	return gridName{g.No, g.Code, g.Name, g.NameEn, g.Key, g.Division}
}

func newPlace(p crs.Point) placeView {
	return placeView{Lon: p.Lon.Degrees(), Lat: p.Lat.Degrees(), Areas: json.RawMessage("[]")}
}

func decimetres(m crs.Metres) float64 { return math.Round(float64(m)*10) / 10 }

// locatedHead says what points were looked for in: a plan at a revision, or the published grids of a day.
type locatedHead struct {
	Plan     *string   `json:"plan"`
	PlanName *string   `json:"plan_name"`
	Revision *int64    `json:"revision"`
	At       *plan.Day `json:"at"`
	Chosen   string    `json:"chosen"` // "asked", "newest" or "division"
	CRS      crs.Datum `json:"crs"`
}

// locateOne answers where one point lies: ?lon=&lat=[&crs=][&plan=|&at=], or what has an address: ?address=[&plan=|&at=].
func (s *Server) locateOne(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if q.Has("address") {
		return s.locateAddress(w, r)
	}
	var at [2]float64
	for i, name := range []string{"lon", "lat"} {
		n, err := strconv.ParseFloat(q.Get(name), 64)
		if err != nil {
			return refuse(http.StatusBadRequest, "query.value", words.Args{"name": name, "value": q.Get(name)})
		}
		at[i] = n
	}
	l, err := s.locator(r)
	if err != nil {
		return err
	}
	p, err := l.point(at[0], at[1])
	if err != nil {
		return refuse(http.StatusBadRequest, "locate.point", words.Args{"row": 1, "lon": q.Get("lon"), "lat": q.Get("lat")})
	}
	v := l.place(p)
	if err := s.responsible(r, l, []*placeView{&v}, func(int) string { return "" }); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, struct {
		locatedHead
		placeView
	}{l.head, v})
}

// maxAddress is how many characters an address may have.
const maxAddress = 200

// candidateView is a building or compound that an address may mean, and where it lies.
type candidateView struct {
	Kind plan.Layer `json:"kind"`
	Code string     `json:"code"`
	Name string     `json:"name"`
	placeView
}

// locateAddress answers with what an address may mean. Which of several it is, the asker decides.
func (s *Server) locateAddress(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	for _, other := range []string{"lon", "lat", "crs"} {
		if q.Has(other) {
			return refuse(http.StatusBadRequest, "locate.both", nil)
		}
	}
	address := q.Get("address")
	if strings.TrimSpace(address) == "" || utf8.RuneCountInString(address) > maxAddress || !utf8.ValidString(address) {
		return refuse(http.StatusBadRequest, "locate.address", words.Args{"most": maxAddress})
	}
	l, err := s.locator(r)
	if err != nil {
		return err
	}
	found, total, err := s.addresses.Find(r.Context(), s.Store, address)
	if err != nil {
		return err
	}
	views, places := make([]candidateView, len(found)), make([]*placeView, len(found))
	for i, c := range found {
		views[i] = candidateView{c.Layer, c.Code, c.Name, l.place(c.At)}
		places[i] = &views[i].placeView
	}
	err = s.responsible(r, l, places, func(i int) string {
		if views[i].Kind != plan.BuildingLayer {
			return ""
		}
		return views[i].Code
	})
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, struct {
		locatedHead
		Address    string          `json:"address"`
		Total      int             `json:"total"`
		Words      string          `json:"words"`
		Candidates []candidateView `json:"candidates"`
	}{l.head, address, total, intake.SayMeant(address, found, total, language(r)), views})
}

// locateMany answers where many points lie, in the order and the form they come in: JSON for JSON, CSV for CSV. All of them are
// read and checked before the first is answered; the answer is written as it is found.
func (s *Server) locateMany(w http.ResponseWriter, r *http.Request) error {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	answer := map[string]func(http.ResponseWriter, *http.Request, *locator) error{"application/json": locateJSON, "text/csv": locateCSV}[kind]
	if answer == nil {
		return refuse(http.StatusUnsupportedMediaType, "locate.type", nil)
	}
	l, err := s.locator(r)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return answer(w, r, l)
}

// asked is a point as it is sent in JSON. Its id, any value, comes back as it is.
type asked struct {
	ID  json.RawMessage `json:"id"`
	Lon *float64        `json:"lon"`
	Lat *float64        `json:"lat"`
}

func locateJSON(w http.ResponseWriter, r *http.Request, l *locator) error {
	var sent []asked
	if err := readJSON(r, &sent); err != nil {
		return err
	}
	points := make([]crs.Point, len(sent))
	if len(sent) > maxPoints {
		return tooMany()
	}
	for i, a := range sent {
		if a.Lon == nil || a.Lat == nil {
			return refuse(http.StatusUnprocessableEntity, "locate.absent", words.Args{"row": i + 1})
		}
		p, err := l.point(*a.Lon, *a.Lat)
		if err != nil {
			return refuse(http.StatusUnprocessableEntity, "locate.point", words.Args{"row": i + 1, "lon": *a.Lon, "lat": *a.Lat})
		}
		points[i] = p
	}
	head, err := json.Marshal(l.head)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	out := bufio.NewWriterSize(w, 64<<10) // it keeps its first error until Flush
	out.Write(head[:len(head)-1])
	out.WriteString(`,"places":[`)
	for i, p := range points {
		if i > 0 {
			out.WriteByte(',')
		}
		v := l.place(p)
		v.ID = sent[i].ID
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		out.WriteByte('\n')
		out.Write(text)
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

func tooMany() error {
	return refuse(http.StatusRequestEntityTooLarge, "locate.many", words.Args{"limit": maxPoints})
}

// located are the columns that are put behind those that were sent.
var located = []string{"area_code", "area_name", "block_code", "grid_code", "grid_name", "border_m", "nearest_grid", "nearest_m", "plan", "revision", "division"}

func locateCSV(w http.ResponseWriter, r *http.Request, l *locator) error {
	rows, err := readCSV(r)
	if err != nil {
		return err
	}
	head := rows[0]
	lonAt, latAt := slices.Index(head, "lon"), slices.Index(head, "lat")
	if lonAt < 0 || latAt < 0 || slices.Contains(head[lonAt+1:], "lon") || slices.Contains(head[latAt+1:], "lat") {
		return refuse(http.StatusUnprocessableEntity, "locate.columns", nil)
	}
	for _, name := range located {
		if slices.Contains(head, name) {
			return refuse(http.StatusUnprocessableEntity, "locate.taken", words.Args{"column": name})
		}
	}
	points, err := l.points(rows[1:], lonAt, latAt)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	out := csv.NewWriter(w) // it keeps its first error until Flush
	out.Write(slices.Concat(head, located))
	for i, p := range points {
		out.Write(append(slices.Clone(rows[i+1]), l.cells(l.place(p))...))
	}
	out.Flush()
	return out.Error()
}

// readCSV reads the rows of a body, the names of the columns first.
func readCSV(r *http.Request) ([][]string, error) {
	text, err := io.ReadAll(r.Body)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, refuse(http.StatusRequestEntityTooLarge, "body.size", words.Args{"limit": maxBody >> 20})
	}
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		return nil, refuse(http.StatusUnprocessableEntity, "locate.text", nil)
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF"))))
	rows, err := in.ReadAll()
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		return nil, refuse(http.StatusUnprocessableEntity, "locate.csv", words.Args{"line": wrong.Line})
	}
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, refuse(http.StatusUnprocessableEntity, "locate.columns", nil)
	}
	if len(rows)-1 > maxPoints {
		return nil, tooMany()
	}
	return rows, nil
}

// points reads the points of rows.
func (l *locator) points(rows [][]string, lonAt, latAt int) ([]crs.Point, error) {
	points := make([]crs.Point, len(rows))
	for i, row := range rows {
		var at [2]float64
		for j, text := range []string{row[lonAt], row[latAt]} {
			text = strings.TrimSpace(text)
			if text == "" {
				return nil, refuse(http.StatusUnprocessableEntity, "locate.absent", words.Args{"row": i + 1})
			}
			n, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return nil, refuse(http.StatusUnprocessableEntity, "locate.number", words.Args{"row": i + 1, "text": text})
			}
			at[j] = n
		}
		p, err := l.point(at[0], at[1])
		if err != nil {
			return nil, refuse(http.StatusUnprocessableEntity, "locate.point", words.Args{"row": i + 1, "lon": row[lonAt], "lat": row[latAt]})
		}
		points[i] = p
	}
	return points, nil
}

// cells writes a place in the columns of located.
func (l *locator) cells(v placeView) []string {
	cells := make([]string, len(located))
	if v.area != nil {
		cells[0], cells[1] = v.area.Code, v.area.Name
	}
	if v.Block != nil {
		cells[2] = *v.Block
	}
	if v.Grid != nil {
		cells[3], cells[4], cells[5] = v.Grid.Code, v.Grid.Name, strconv.FormatFloat(*v.BorderM, 'f', 1, 64)
	}
	if v.Nearest != nil {
		cells[6], cells[7] = v.Nearest.Grid.Code, strconv.FormatFloat(v.Nearest.DistanceM, 'f', 1, 64)
	}
	if l.head.Plan != nil {
		cells[8], cells[9] = *l.head.Plan, strconv.FormatInt(*l.head.Revision, 10)
	} else if v.Grid != nil {
		cells[10] = strconv.FormatInt(int64(v.Grid.Division), 10)
	}
	return cells
}
