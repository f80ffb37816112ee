package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/plan/words"
)

// Publication is how a plan is to be published.
type Publication struct {
	Effective plan.Day
	Revision  int64  // the one to publish; 0 for whichever it is at
	Name      string // empty: the plan's
	By, Basis string // who publishes it, and the document it rests on; may be empty
	Key       string // of idempotency; empty for none
}

// maxPublicationText is how many characters the texts of a publication may have.
const maxPublicationText = 200

// Outlook is what publishing a plan would change, and what stands in the way.
type Outlook struct {
	Snapshot *plan.Snapshot
	Lineage  *plan.Lineage
	Checked  []plan.Checked
	After    plan.Day // the latest day from which a division that it takes the place of is in force; a new one must be later. Empty for none
	standing []standing
}

// standing is an area of a division that no later one has taken the place of.
type standing struct {
	Division plan.DivisionID
	Parent   plan.AreaID
	Code     string // of the area
	Since    plan.Day
	Plan     plan.ID
	Whole    bool // all of it lies in the plan's areas
}

// Outlook returns what publishing a plan as it stands would change.
func (s *Store) Outlook(ctx context.Context, id plan.ID, snap *plan.Snapshot) (*Outlook, error) {
	var o *Outlook
	err := said(pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) (err error) {
		o, err = outlook(ctx, tx, id, snap)
		return err
	}))
	return o, err
}

// Checked returns what a check of a plan finds, each with the waiver that holds for it.
func (s *Store) Checked(ctx context.Context, id plan.ID, snap *plan.Snapshot) ([]plan.Checked, error) {
	o, err := s.Outlook(ctx, id, snap)
	if err != nil {
		return nil, err
	}
	return o.Checked, nil
}

// LineageOf returns how a plan's grids come out of those in force before, or of the large grids on paper.
func (s *Store) LineageOf(ctx context.Context, id plan.ID, snap *plan.Snapshot) (*plan.Lineage, error) {
	o, err := s.Outlook(ctx, id, snap)
	if err != nil {
		return nil, err
	}
	return o.Lineage, nil
}

func outlook(ctx context.Context, q querier, id plan.ID, snap *plan.Snapshot) (o *Outlook, err error) {
	o = &Outlook{Snapshot: snap}
	parents := make([]plan.AreaID, len(snap.Ground.Parents))
	for i, p := range snap.Ground.Parents {
		parents[i] = p.ID
	}
	if o.standing, err = collect(ctx, q, "DivisionsStanding", pgx.RowToStructByPos[standing], parents); err != nil {
		return nil, err
	}
	for _, st := range o.standing {
		o.After = max(o.After, st.Since)
	}
	former, of, err := formerGrids(ctx, q, snap, o.standing)
	if err != nil {
		return nil, err
	}
	o.Lineage = snap.LineageFrom(former, of)
	var codes []string
	for g := range snap.Live() {
		codes = append(codes, g.Code)
	}
	published, err := publishedCodes(ctx, q, codes)
	if err != nil {
		return nil, err
	}
	waivers, err := collect(ctx, q, "Waivers", pgx.RowToStructByPos[plan.Waiver], id)
	if err != nil {
		return nil, err
	}
	kept, err := keptBounds(ctx, q, id, nil)
	if err != nil {
		return nil, err
	}
	o.Checked = snap.Waive(append(snap.Check(o.Lineage, published), snap.BoundsMoved(kept)...), waivers)
	return o, nil
}

// PublishedCodes returns those of the codes that were ever published, with the keys of the grids whose they are for good.
func (s *Store) PublishedCodes(ctx context.Context, codes []string) (map[string]plan.GridKey, error) {
	return publishedCodes(ctx, s.pool, codes)
}

func publishedCodes(ctx context.Context, q querier, codes []string) (map[string]plan.GridKey, error) {
	keys := map[string]plan.GridKey{}
	_, err := collect(ctx, q, "PublishedCodes", func(r pgx.CollectableRow) (struct{}, error) {
		var code string
		var key plan.GridKey
		err := r.Scan(&code, &key)
		keys[code] = key
		return struct{}{}, err
	}, codes)
	return keys, err
}

// pairs are the divisions and areas of what stands, in columns.
func pairs(all []standing) (divisions []plan.DivisionID, areas []plan.AreaID) {
	for _, st := range all {
		divisions, areas = append(divisions, st.Division), append(areas, st.Parent)
	}
	return divisions, areas
}

// formerGrids returns the grids that a plan's take the place of, by code, and for each block the one it was in, -1 for none. They are
// those of divisions in force or to come; where none was published the large grids, as they are on paper. A block that was there
// then is in the grid it was in, a later one in the grid that has its label.
func formerGrids(ctx context.Context, q querier, snap *plan.Snapshot, all []standing) (former []plan.LineageGrid, of []int32, err error) {
	type key struct {
		division plan.DivisionID
		no       plan.GridNo
	}
	shared := plan.Measure("")
	if i := snap.Shared(); i >= 0 {
		shared = snap.Ground.Measures[i]
	}
	divisions, areas := pairs(all)
	index := map[key]int32{}
	var shapes []shape.MultiPolygon
	former, err = collect(ctx, q, "FormerGrids", func(r pgx.CollectableRow) (plan.LineageGrid, error) {
		var k key
		var g plan.LineageGrid
		var geom []byte
		err := r.Scan(&k.division, &k.no, &g.Key, &g.Code, &g.Name, &g.NameEn, &g.Parent, &g.Count, &geom)
		if err != nil {
			return g, err
		}
		index[k] = int32(len(index))
		polygons, err := decodeMultiPolygon(geom)
		shapes = append(shapes, polygons)
		return g, err
	}, divisions, areas, shared)
	if err != nil {
		return nil, nil, err
	}
	was := map[plan.BlockID]int32{}
	_, err = collect(ctx, q, "FormerBlocks", func(r pgx.CollectableRow) (struct{}, error) {
		var block plan.BlockID
		var k key
		err := r.Scan(&block, &k.division, &k.no)
		was[block] = index[k]
		return struct{}{}, err
	}, divisions, areas)
	if err != nil {
		return nil, nil, err
	}
	finder := topo.NewFinder(shapes)
	of = make([]int32, len(snap.Ground.Blocks))
	published := make([]bool, len(snap.Ground.Parents)) // some of it was in a division
	for b := range snap.Ground.Blocks {
		block := &snap.Ground.Blocks[b]
		i, known := was[block.ID]
		if !known {
			i = finder.Find(block.Label)
		}
		of[b] = i
		published[block.Parent] = published[block.Parent] || i >= 0
	}
	return paperGrids(ctx, q, snap, published, former, of)
}

// paperGrids adds the large grids of areas in which nothing was published.
func paperGrids(ctx context.Context, q querier, snap *plan.Snapshot, published []bool, former []plan.LineageGrid, of []int32) ([]plan.LineageGrid, []int32, error) {
	if !slices.Contains(published, false) {
		return former, of, nil
	}
	large, err := feedAreas(ctx, q, plan.LargeGrid)
	if err != nil {
		return nil, nil, err
	}
	shapes := make([]shape.MultiPolygon, len(large))
	at := map[plan.AreaID]int32{}
	for i, a := range large {
		shapes[i], at[a.ID] = a.Shape, int32(i)
	}
	finder := topo.NewFinder(shapes)
	index := make([]int32, len(large)) // into former, plus one
	shared := snap.Shared()
	for b := range snap.Ground.Blocks {
		block := &snap.Ground.Blocks[b]
		if of[b] >= 0 || published[block.Parent] {
			continue
		}
		i, own := at[snap.Ground.Parents[block.Parent].ID]
		if !own {
			if i = finder.Find(block.Label); i < 0 {
				continue
			}
		}
		if index[i] == 0 {
			a := large[i]
			former = append(former, plan.LineageGrid{Code: a.Code, Name: a.Name, NameEn: a.NameEn, Parent: a.Above})
			index[i] = int32(len(former))
		}
		of[b] = index[i] - 1
		if shared >= 0 {
			former[of[b]].Count += block.Counts[shared]
		}
	}
	return former, of, nil
}

// Published says what a plan was published as.
type Published struct {
	ID plan.DivisionID
	*Outlook
}

// Publish makes a division of a plan: all of it or nothing. It returns a *plan.Blocked where findings stand in the way, a Wrong fault
// where the day is not later than that of a division it would take the place of, and a Stale one where the plan is at another revision
// than the one to be published. The same key returns the division of the first time.
func (s *Store) Publish(ctx context.Context, id plan.ID, p Publication, at SnapshotAt) (plan.DivisionID, error) {
	for _, text := range []string{p.Name, p.By, p.Basis} {
		if utf8.RuneCountInString(text) > maxPublicationText {
			return 0, plan.Refuse(plan.Invalid, "publish.name", nil)
		}
	}
	var made plan.DivisionID
	err := s.changePlan(ctx, func(tx pgx.Tx) (err error) {
		made, err = s.publish(ctx, tx, id, p, at)
		return err
	})
	return made, err
}

func (s *Store) publish(ctx context.Context, tx pgx.Tx, id plan.ID, p Publication, at SnapshotAt) (plan.DivisionID, error) {
	_, revision, _, err := lockPlan(ctx, tx, id.String())
	if err != nil {
		return 0, err
	}
	if _, err := exec(ctx, tx, "PublishLock"); err != nil {
		return 0, err
	}
	if p.Key != "" {
		done, err := publishedBy(ctx, tx, id, p)
		if err != nil || done != 0 {
			return done, err
		}
	}
	if p.Revision != 0 && p.Revision != revision {
		return 0, plan.Refuse(plan.Stale, "publish.moved_on", words.Args{"base": p.Revision, "revision": revision})
	}
	snap, err := at(ctx, revision)
	if err != nil {
		return 0, err
	}
	o, err := outlook(ctx, tx, id, snap)
	if err != nil {
		return 0, err
	}
	if err := o.fits(ctx, tx, p.Effective); err != nil {
		return 0, err
	}
	if errors, _, _ := plan.Severities(o.Checked); errors > 0 {
		return 0, plan.NewBlocked(id, o.Checked)
	}
	return s.putDivision(ctx, tx, id, p, o)
}

// publishedBy returns the division published with a key, 0 for none yet.
func publishedBy(ctx context.Context, tx pgx.Tx, id plan.ID, p Publication) (done plan.DivisionID, err error) {
	var of plan.ID
	var revision int64
	var day plan.Day
	err = row(ctx, tx, "DivisionByKey", []any{p.Key}, &done, &of, &revision, &day)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return 0, nil
	case err != nil:
		return 0, err
	case of != id || day != p.Effective || p.Revision != 0 && p.Revision != revision:
		return 0, plan.Refuse(plan.Invalid, "edit.key_reused", words.Args{"key": p.Key})
	}
	return done, nil
}

// fits returns why a plan cannot take the place of what stands from a day on.
func (o *Outlook) fits(ctx context.Context, q querier, effective plan.Day) error {
	for _, st := range o.standing {
		if st.Since >= effective {
			return plan.Refuse(plan.Wrong, "publish.later", words.Args{"parent": st.Code, "division": st.Division, "since": string(st.Since)})
		}
		if st.Whole {
			continue
		}
		parts, err := collect(ctx, q, "ScopeParents", pgx.RowTo[plan.AreaID], st.Parent, o.Snapshot.Ground.Version)
		if err != nil {
			return err
		}
		for _, part := range parts {
			if !slices.ContainsFunc(o.Snapshot.Ground.Parents, func(a plan.Area) bool { return a.ID == part }) {
				return plan.Refuse(plan.Wrong, "publish.part", words.Args{"division": st.Division, "area": st.Code})
			}
		}
	}
	return nil
}

// putDivision writes the division with all that hangs on it.
func (s *Store) putDivision(ctx context.Context, tx pgx.Tx, id plan.ID, p Publication, o *Outlook) (plan.DivisionID, error) {
	snap := o.Snapshot
	d := &plan.Division{Name: strings.TrimSpace(p.Name), Plan: id, Revision: snap.Revision, Effective: p.Effective, By: strings.TrimSpace(p.By),
		Basis: strings.TrimSpace(p.Basis), GroundVersion: snap.Ground.Version, Measures: snap.Ground.Measures, Synthetic: snap.Ground.Synthetic,
		DataDate: snap.Ground.DataDate, Old: o.Lineage.Old, New: o.Lineage.New, Kinds: o.Lineage.Kinds}
	if d.Name == "" {
		if err := row(ctx, tx, "PlanName", []any{id}, &d.Name); err != nil {
			return 0, err
		}
	}
	var err error
	if d.SuppressBelow, err = suppressBelow(ctx, tx); err != nil {
		return 0, err
	}
	if err := giveKeys(ctx, tx, o); err != nil {
		return 0, err
	}
	grids, blocks, err := divisionGrids(ctx, tx, o)
	if err != nil {
		return 0, err
	}
	d.Digest = plan.DigestOf(d, grids, blocks)
	findings, err := json.Marshal(saidFindings(snap, o.Checked))
	if err != nil {
		return 0, err
	}
	var key *string
	if p.Key != "" {
		key = &p.Key
	}
	err = row(ctx, tx, "DivisionPut", []any{d.Name, d.Plan, d.Revision, d.Effective, d.By, d.Basis, d.GroundVersion, d.Measures, d.Synthetic, d.DataDate,
		d.Digest, d.Old, d.New, d.Kinds, o.Lineage.Measure, findings, key, d.SuppressBelow}, &d.ID, &d.PublishedAt)
	if err != nil {
		return 0, err
	}
	parents := make([]plan.AreaID, len(snap.Ground.Parents))
	for i, a := range snap.Ground.Parents {
		parents[i] = a.ID
	}
	divisions, areas := pairs(o.standing)
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"DivisionParentsPut", []any{d.ID, d.Effective, parents}},
		{"DivisionEndsPut", []any{d.ID, d.Effective, divisions, areas}},
	} {
		if _, err := exec(ctx, tx, step.query, step.args...); err != nil {
			return 0, err
		}
	}
	if err := putGrids(ctx, tx, d, grids, blocks); err != nil {
		return 0, err
	}
	if err := putLineage(ctx, tx, d.ID, o.Lineage); err != nil {
		return 0, err
	}
	if err := carryOver(ctx, tx, id, o.standing); err != nil {
		return 0, err
	}
	if err := tellPublished(ctx, tx, d, o); err != nil {
		return 0, err
	}
	return d.ID, takeEffect(ctx, tx, s.Today())
}

// carryOver takes the staff of the plans that were published before over to the one that takes their place.
func carryOver(ctx context.Context, tx pgx.Tx, id plan.ID, all []standing) error {
	done := map[plan.ID]bool{id: true}
	for _, st := range all {
		if !done[st.Plan] {
			done[st.Plan] = true
			if err := carryStaff(ctx, tx, st.Plan, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// feedSetting is the name of what an office has settled of what it tells others.
const feedSetting = "feeds"

// suppressBelow returns below which number counts of people are kept back from others.
func suppressBelow(ctx context.Context, q querier) (int64, error) {
	settled := struct {
		Below int64 `json:"suppress_below"`
	}{plan.SuppressUsually}
	_, err := setting(ctx, q, feedSetting, &settled)
	return settled.Below, err
}

// giveKeys gives the grids that continue none new keys, by number.
func giveKeys(ctx context.Context, tx pgx.Tx, o *Outlook) error {
	var fresh []plan.GridNo
	for g := range o.Snapshot.Live() {
		if o.Lineage.Key(g.No) == 0 {
			fresh = append(fresh, g.No)
		}
	}
	keys, err := collect(ctx, tx, "GridKeysTake", pgx.RowTo[plan.GridKey], len(fresh))
	if err != nil {
		return err
	}
	slices.Sort(keys)
	for i, no := range fresh {
		o.Lineage.Give(no, keys[i])
	}
	return nil
}

// divisionGrids returns a plan's grids by number, and its blocks by id, as they are published.
func divisionGrids(ctx context.Context, q querier, o *Outlook) ([]plan.DivisionGrid, []plan.DivisionBlock, error) {
	snap := o.Snapshot
	chains, err := chainsOf(ctx, q, snap.Ground)
	if err != nil {
		return nil, nil, err
	}
	var grids []plan.DivisionGrid
	for g := range snap.Live() {
		polygons := snap.Polygons(g.No)
		grid := plan.DivisionGrid{No: g.No, Key: o.Lineage.Key(g.No), Chain: chains[g.Parent], GridProps: g.GridProps, Colour: g.Colour,
			Blocks: len(snap.Blocks(g.No)), Area: snap.Area(g.No), Pieces: snap.Pieces(g.No), Loads: map[plan.Measure]int64{},
			Estimated: snap.Estimated(g.No), Shape: polygons, Label: topo.LabelPoint(polygons)}
		for m, load := range snap.Loads(g.No) {
			grid.Loads[snap.Ground.Measures[m]] = int64(load)
		}
		grids = append(grids, grid)
	}
	var blocks []plan.DivisionBlock
	for b := range snap.Ground.Blocks {
		if no := snap.At[b]; no != 0 {
			blocks = append(blocks, plan.DivisionBlock{ID: snap.Ground.Blocks[b].ID, Code: snap.Ground.Blocks[b].Code, Grid: no})
		}
	}
	slices.SortFunc(blocks, func(a, b plan.DivisionBlock) int { return int(a.ID - b.ID) })
	return grids, blocks, nil
}

// chainsOf returns for each parent of a ground the areas it lies in, highest first, down to itself.
func chainsOf(ctx context.Context, q querier, g *plan.Ground) ([][]plan.Area, error) {
	ids := make([]plan.AreaID, len(g.Parents))
	for i, p := range g.Parents {
		ids[i] = p.ID
	}
	all, err := collect(ctx, q, "Ancestors", scanArea, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[plan.AreaID]plan.Area, len(all))
	for _, a := range all {
		byID[a.ID] = a
	}
	chains := make([][]plan.Area, len(ids))
	for i, id := range ids {
		for at := id; at != 0 && len(chains[i]) < len(plan.Levels); at = byID[at].Parent {
			chains[i] = append(chains[i], byID[at])
		}
		slices.Reverse(chains[i])
	}
	return chains, nil
}

// areaName is an area as divisions and changes name it.
type areaName struct {
	Level  plan.Level `json:"level"`
	Code   string     `json:"code"`
	Name   string     `json:"name"`
	NameEn string     `json:"name_en"`
}

func nameArea(a plan.Area) areaName { return areaName{a.Level, a.Code, a.Name, a.NameEn} }

// saidFinding is a finding as it is kept with a division.
type saidFinding struct {
	Rule     string            `json:"rule"`
	Severity plan.Severity     `json:"severity"`
	Grid     string            `json:"grid,omitempty"`
	Words    map[string]string `json:"words"` // by language
	Waiver   *saidWaiver       `json:"waiver,omitempty"`
}

type saidWaiver struct {
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

func saidFindings(snap *plan.Snapshot, checked []plan.Checked) []saidFinding {
	all := make([]saidFinding, len(checked))
	for i, c := range checked {
		all[i] = saidFinding{Rule: c.Rule, Severity: c.Severity, Words: map[string]string{}}
		for _, l := range words.Langs {
			all[i].Words[l.String()] = c.In(l)
		}
		if c.Grid != 0 {
			all[i].Grid = snap.Grids[c.Grid-1].Code
		}
		if w := c.Waiver; w != nil {
			all[i].Waiver = &saidWaiver{w.Reason, w.By, w.At.UTC()}
		}
	}
	return all
}

// gridsAtOnce is how many grids one statement stores.
const gridsAtOnce = 2000

func putGrids(ctx context.Context, tx pgx.Tx, d *plan.Division, grids []plan.DivisionGrid, blocks []plan.DivisionBlock) error {
	for part := range slices.Chunk(grids, gridsAtOnce) {
		if err := putGridPart(ctx, tx, d, part); err != nil {
			return err
		}
	}
	ids, nos := make([]plan.BlockID, len(blocks)), make([]plan.GridNo, len(blocks))
	for i, b := range blocks {
		ids[i], nos[i] = b.ID, b.Grid
	}
	_, err := exec(ctx, tx, "DivisionBlocksPut", d.ID, ids, nos)
	return err
}

func putGridPart(ctx context.Context, tx pgx.Tx, d *plan.Division, grids []plan.DivisionGrid) error {
	n := len(grids)
	nos, keys, parents, codes := make([]plan.GridNo, n), make([]plan.GridKey, n), make([]plan.AreaID, n), make([]string, n)
	names, englishes, kinds, purposes := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	bodies, enclaves, chains := make([]string, n), make([]string, n), make([]string, n)
	colours, blocks, areas, pieces := make([]int16, n), make([]int, n), make([]float64, n), make([]int, n)
	estimated, geoms, labels := make([]bool, n), make([][]byte, n), make([][]byte, n)
	loads := make([]int64, 0, n*len(d.Measures))
	for i := range grids {
		g := &grids[i]
		var named []areaName
		for _, a := range g.Chain {
			named = append(named, nameArea(a))
		}
		chain, err := json.Marshal(named)
		if err != nil {
			return err
		}
		nos[i], keys[i], parents[i], codes[i], chains[i] = g.No, g.Key, g.Parent().ID, g.Code, string(chain)
		names[i], englishes[i], kinds[i], purposes[i], bodies[i], enclaves[i] = g.Name, g.NameEn, string(g.Kind), g.Purpose, g.Body, g.Enclave
		colours[i], blocks[i], areas[i], pieces[i], estimated[i] = int16(g.Colour), g.Blocks, float64(g.Area), g.Pieces, g.Estimated
		if geoms[i], err = multiPolygonEWKB(g.Shape); err != nil {
			return err
		}
		if labels[i], err = pointEWKB(g.Label); err != nil {
			return err
		}
		for _, m := range d.Measures {
			loads = append(loads, g.Loads[m])
		}
	}
	if _, err := exec(ctx, tx, "PublishedCodesPut", d.ID, codes, keys); err != nil {
		return err
	}
	_, err := exec(ctx, tx, "DivisionGridsPut", d.ID, nos, keys, parents, codes, names, englishes, kinds, purposes, bodies, enclaves, chains, colours,
		blocks, areas, pieces, estimated, geoms, labels, loads, len(d.Measures))
	return err
}

func putLineage(ctx context.Context, tx pgx.Tx, id plan.DivisionID, l *plan.Lineage) error {
	n := len(l.Rows)
	kinds, olds, news := make([]string, n), make([]*string, n), make([]*string, n)
	counts, oldShares, newShares := make([]int64, n), make([]*float64, n), make([]*float64, n)
	blocks, buildings := make([]int, n), make([]int64, n)
	grid := func(g *plan.LineageGrid) (*string, error) {
		if g == nil {
			return nil, nil
		}
		text, err := json.Marshal(g)
		said := string(text)
		return &said, err
	}
	for i, r := range l.Rows {
		kinds[i], counts[i], oldShares[i], newShares[i], blocks[i], buildings[i] = string(r.Kind), r.Count, r.OldShare, r.NewShare, r.Blocks, r.Buildings
		var err error
		if olds[i], err = grid(r.Old); err != nil {
			return err
		}
		if news[i], err = grid(r.New); err != nil {
			return err
		}
	}
	_, err := exec(ctx, tx, "LineagePut", id, kinds, olds, news, counts, oldShares, newShares, blocks, buildings)
	return err
}
