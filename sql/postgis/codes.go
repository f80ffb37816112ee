package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"slices"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
)

// codeSetting is the name of the setting that keeps code schemes.
const codeSetting = "codes"

// CodeSettings returns the code schemes of the office and their version, 0 for those that hold until it settles others.
func (s *Store) CodeSettings(ctx context.Context) (c plan.CodeSettings, version int64, err error) {
	return codeSettings(ctx, s.pool)
}

func codeSettings(ctx context.Context, q querier) (plan.CodeSettings, int64, error) {
	c := plan.DefaultCodeSettings()
	version, err := setting(ctx, q, codeSetting, &c)
	return c, version, err
}

// SetCodeSettings settles the code schemes, if they are still of the version, and returns the next. Otherwise it returns a Stale fault.
func (s *Store) SetCodeSettings(ctx context.Context, c plan.CodeSettings, version int64) (next int64, err error) {
	if err := c.Validate(); err != nil {
		return 0, err
	}
	return s.putSetting(ctx, codeSetting, c, version)
}

// takenCodes returns what reports whether a division has ever had a code.
func takenCodes(ctx context.Context, q querier) (func(code string) bool, error) {
	codes, err := collect(ctx, q, "CodesPublished", pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	taken := make(map[string]bool, len(codes))
	for _, code := range codes {
		taken[code] = true
	}
	return func(code string) bool { return taken[code] }, nil
}

// Recoding returns what codes a plan's grids would get by the scheme of a key, the current one for an empty key: (*plan.Snapshot).Coded.
func (s *Store) Recoding(ctx context.Context, snap *plan.Snapshot, key string, anew bool) (plan.CodeScheme, plan.Recoding, error) {
	return recoding(ctx, s.pool, snap, key, anew)
}

func recoding(ctx context.Context, q querier, snap *plan.Snapshot, key string, anew bool) (scheme plan.CodeScheme, r plan.Recoding, err error) {
	settings, _, err := codeSettings(ctx, q)
	if err != nil {
		return scheme, r, err
	}
	if scheme, err = settings.Scheme(key); err != nil {
		return scheme, r, err
	}
	taken, err := takenCodes(ctx, q)
	if err != nil {
		return scheme, r, err
	}
	r, err = snap.Coded(scheme, taken, anew)
	return scheme, r, err
}

// coder returns what gives a new grid beside another its code and names, by the office's schemes; given are codes to be given as well.
func (d *desk) coder() (func(like plan.GridNo, given map[string]bool) (plan.GridProps, error), error) {
	settings, _, err := codeSettings(d.ctx, d.tx)
	if err != nil {
		return nil, err
	}
	taken, err := takenCodes(d.ctx, d.tx)
	if err != nil {
		return nil, err
	}
	return func(like plan.GridNo, given map[string]bool) (p plan.GridProps, err error) {
		p.Code, p.Name, p.NameEn, err = d.now.NewCode(settings.All(), like, func(code string) bool { return given[code] || taken(code) })
		return p, err
	}, nil
}

// newCode is coder for one grid.
func (d *desk) newCode() (func(like plan.GridNo) (code, name, nameEn string, err error), error) {
	give, err := d.coder()
	if err != nil {
		return nil, err
	}
	return func(like plan.GridNo) (code, name, nameEn string, err error) {
		p, err := give(like, nil)
		return p.Code, p.Name, p.NameEn, err
	}, nil
}

// recode turns the wish that grids get codes by a scheme into an edit. It returns a Fault where all have such codes already.
func (d *desk) recode(w Wish) (plan.Edit, error) {
	var key string
	if len(w.Scheme) > 0 {
		if err := json.Unmarshal(w.Scheme, &key); err != nil {
			return plan.Edit{}, plan.Refuse(plan.Invalid, "scheme.unknown", words.Args{"scheme": string(w.Scheme)})
		}
	}
	_, r, err := recoding(d.ctx, d.tx, d.now, key, w.Anew)
	if err != nil {
		return plan.Edit{}, err
	}
	return d.now.Recoding(r.Changes)
}

// Bounds returns the four bounds of grids of a plan, of all that are there where none are named, by number; with what planners have written
// and what was found along their borders. Parent after parent is read, a few at a time, so that no more than their surroundings are in memory.
func (s *Store) Bounds(ctx context.Context, id plan.ID, snap *plan.Snapshot, nos ...plan.GridNo) ([]plan.Bounds, error) {
	wanted := make(map[plan.GridNo]bool, len(nos))
	for _, no := range nos {
		wanted[no] = true
	}
	byParent := make([][]plan.GridNo, len(snap.Ground.Parents))
	for g := range snap.Live() {
		if len(nos) == 0 || wanted[g.No] {
			byParent[g.Parent] = append(byParent[g.Parent], g.No)
		}
	}
	byParent = slices.DeleteFunc(byParent, func(grids []plan.GridNo) bool { return len(grids) == 0 })
	told := make([][]plan.Bounds, len(byParent))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, grids := range byParent {
		group.Go(func() error {
			things, err := s.boundThings(within, snap, grids)
			if err != nil {
				return err
			}
			for _, no := range grids {
				told[i] = append(told[i], plan.FourBounds(snap, no, things))
			}
			return within.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	all := slices.Concat(told...)
	slices.SortFunc(all, func(a, b plan.Bounds) int { return int(a.Grid - b.Grid) })
	return all, s.addKept(ctx, id, all, nos)
}

// boundThings reads what the bounds of some grids of one parent are told by.
func (s *Store) boundThings(ctx context.Context, snap *plan.Snapshot, nos []plan.GridNo) (*plan.BoundThings, error) {
	box := shape.EmptyBox
	var as, bs []plan.BlockID
	seen := map[[2]plan.BlockID]bool{}
	for _, no := range nos {
		for _, b := range snap.Blocks(no) {
			box = box.Union(snap.Ground.Blocks[b].Shape.Box())
		}
		for _, pair := range snap.Frontier(no) {
			if !seen[pair] {
				seen[pair] = true
				as, bs = append(as, pair[0]), append(bs, pair[1])
			}
		}
	}
	if box.IsEmpty() {
		return plan.NewBoundThings(nil, nil, nil), nil
	}
	const margin = 6_000 // steps: some 60 m, more than anything that is told of a border lies from it
	box = box.Add(crs.Point{Lon: box.Min.Lon - margin, Lat: box.Min.Lat - margin}).Add(crs.Point{Lon: box.Max.Lon + margin, Lat: box.Max.Lat + margin})
	around, err := boxEWKB(box)
	if err != nil {
		return nil, err
	}
	borders, err := collect(ctx, s.pool, "BoundLines", func(r pgx.CollectableRow) (plan.Border, error) {
		var lines []byte
		b, err := scanBorder(r, &lines)
		if err != nil {
			return b, err
		}
		g, err := decodeGeometry(lines)
		b.Lines = g.Lines
		return b, err
	}, as, bs, snap.Ground.Version)
	if err != nil {
		return nil, err
	}
	features, err := collect(ctx, s.pool, "BoundFeatures", scanFeature, around, snap.Ground.Version)
	if err != nil {
		return nil, err
	}
	areas, err := collect(ctx, s.pool, "BoundAreas", func(r pgx.CollectableRow) (plan.Area, error) {
		var a plan.Area
		var geom []byte
		if err := r.Scan(&a.ID, &a.Level, &a.Code, &a.Name, &a.NameEn, &a.Parent, &geom); err != nil {
			return a, err
		}
		g, err := decodeGeometry(geom)
		a.Shape = g.Shape
		return a, err
	}, around)
	if err != nil {
		return nil, err
	}
	return plan.NewBoundThings(borders, features, areas), nil
}

// addKept fills in what planners have written of bounds, and what was found along them.
func (s *Store) addKept(ctx context.Context, id plan.ID, all []plan.Bounds, nos []plan.GridNo) error {
	at := make(map[plan.GridNo]int, len(all))
	for i := range all {
		at[all[i].Grid] = i
	}
	kept, err := keptBounds(ctx, s.pool, id, nos)
	if err != nil {
		return err
	}
	for no, k := range kept {
		if i, ok := at[no]; ok {
			all[i].Kept = &k
		}
	}
	type line struct {
		grid plan.GridNo
		key  string
	}
	walked := map[line]*plan.WalkResult{}
	_, err = collect(ctx, s.pool, "Walks", func(r pgx.CollectableRow) (struct{}, error) {
		var l line
		var w plan.WalkResult
		err := r.Scan(&l.grid, &l.key, &w.Result, &w.Remark, &w.On, &w.By)
		walked[l] = &w
		return struct{}{}, err
	}, id, orAll(nos))
	for i := range all {
		for j := range all[i].Segments {
			g := &all[i].Segments[j]
			g.Walk = walked[line{all[i].Grid, g.Key}]
		}
	}
	return err
}

// orAll returns nil, which queries take for all, where nothing is named.
func orAll(nos []plan.GridNo) []plan.GridNo {
	if len(nos) == 0 {
		return nil
	}
	return nos
}

// keptBounds returns what planners have written of the bounds of grids, of all where none are named.
func keptBounds(ctx context.Context, q querier, id plan.ID, nos []plan.GridNo) (map[plan.GridNo]plan.KeptBounds, error) {
	kept := map[plan.GridNo]plan.KeptBounds{}
	_, err := collect(ctx, q, "BoundsKept", func(r pgx.CollectableRow) (struct{}, error) {
		var no plan.GridNo
		var zh, en []string
		var k plan.KeptBounds
		if err := r.Scan(&no, &zh, &en, &k.Source, &k.Version, &k.At, &k.By); err != nil {
			return struct{}{}, err
		}
		k.Zh, k.En = [4]string(zh), [4]string(en)
		kept[no] = k
		return struct{}{}, nil
	}, id, orAll(nos))
	return kept, err
}

// BoundsFindings returns a finding for each grid whose four bounds a planner has written for another border than it has now, by number.
func (s *Store) BoundsFindings(ctx context.Context, id plan.ID, snap *plan.Snapshot) ([]plan.Finding, error) {
	kept, err := keptBounds(ctx, s.pool, id, nil)
	if err != nil {
		return nil, err
	}
	return snap.BoundsMoved(kept), nil
}

// KeepBounds keeps what a planner has written of the bounds of a grid, if what is kept is still of the version (0: nothing), and returns the
// new version. Four empty sides in both languages keep nothing. It returns a Stale fault when somebody was faster.
func (s *Store) KeepBounds(ctx context.Context, id plan.ID, no plan.GridNo, k plan.KeptBounds, version int64) (next int64, err error) {
	if k.Zh == [4]string{} && k.En == [4]string{} {
		if version == 0 {
			return 0, nil
		}
		err = row(ctx, s.pool, "BoundsDrop", []any{id, no, version}, &no)
	} else {
		err = row(ctx, s.pool, "BoundsPut", []any{id, no, k.Zh[:], k.En[:], k.Source, k.By, version}, &next)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		err = plan.Refuse(plan.Stale, "bounds.changed", nil)
	}
	return next, err
}

// NoteWalk keeps what was found along segments of a grid's border, by number; a segment without a result has not been walked. All or none.
func (s *Store) NoteWalk(ctx context.Context, id plan.ID, b *plan.Bounds, results map[int]plan.WalkResult) error {
	var put struct {
		lines, results, remarks, on, by []string
		numbers                         []int
	}
	var gone []string
	for i := range b.Segments {
		g := &b.Segments[i]
		switch w, noted := results[g.Number]; {
		case noted && w.Result == "":
			gone = append(gone, g.Key)
		case noted:
			put.lines, put.numbers = append(put.lines, g.Key), append(put.numbers, g.Number)
			put.results, put.remarks = append(put.results, w.Result), append(put.remarks, w.Remark)
			put.on, put.by = append(put.on, w.On), append(put.by, w.By)
		}
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := exec(ctx, tx, "WalkDrop", id, b.Grid, gone); err != nil {
			return err
		}
		_, err := exec(ctx, tx, "WalkPut", id, b.Grid, put.lines, put.numbers, put.results, put.remarks, put.on, put.by)
		return err
	})
}
