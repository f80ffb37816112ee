package postgis

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/words"
)

// ScopeAll is the scope of everything.
const ScopeAll = "all"

// newestGround returns the newest version of the ground, or a Fault when nothing was imported yet.
func newestGround(ctx context.Context, q querier) (int64, error) {
	var version int64
	err := row(ctx, q, "GroundNewest", nil, &version)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, plan.Refuse(plan.Invalid, "split.no_blocks", nil)
	}
	return version, err
}

// scopeParents returns the parents under an area's code ("all" for every one) that hold blocks at a version.
func scopeParents(ctx context.Context, q querier, scope string, version int64) ([]plan.AreaID, error) {
	var top any // null: all
	if scope != ScopeAll {
		area, err := areaByCode(ctx, q, scope)
		if err != nil {
			return nil, err
		}
		top = area
	}
	parents, err := collect(ctx, q, "ScopeParents", pgx.RowTo[plan.AreaID], top, version)
	if err == nil && len(parents) == 0 {
		err = plan.Refuse(plan.Invalid, "split.empty_scope", words.Args{"scope": scope})
	}
	return parents, err
}

func areaByCode(ctx context.Context, q querier, code string) (plan.AreaID, error) {
	type found struct {
		ID    plan.AreaID
		Level plan.Level
	}
	areas, err := collect(ctx, q, "ScopeAreas", pgx.RowToStructByPos[found], code)
	switch {
	case err != nil:
		return 0, err
	case len(areas) == 0:
		return 0, plan.Refuse(plan.Invalid, "split.unknown_scope", words.Args{"scope": code})
	case len(areas) > 1:
		levels := make([]string, len(areas))
		for i, a := range areas {
			levels[i] = string(a.Level)
		}
		return 0, plan.Refuse(plan.Invalid, "split.ambiguous_scope", words.Args{"scope": code, "levels": levels})
	}
	return areas[0].ID, nil
}

// loadGround returns the blocks of the parents at a version.
func loadGround(ctx context.Context, q querier, version int64, parents []plan.AreaID) (*plan.Ground, error) {
	g := plan.Ground{Version: version}
	var err error
	if g.Parents, err = collect(ctx, q, "GroundParents", scanArea, parents); err != nil {
		return nil, err
	}
	if g.Above, err = ancestors(ctx, q, parents); err != nil {
		return nil, err
	}
	index := make(map[plan.AreaID]int32, len(g.Parents))
	for i, p := range g.Parents {
		index[p.ID] = int32(i)
	}
	g.Blocks, err = collect(ctx, q, "GroundBlocks", func(r pgx.CollectableRow) (plan.Block, error) {
		b, parent, err := scanBlock(r)
		b.Parent = index[parent]
		return b, err
	}, parents, version)
	if err != nil {
		return nil, err
	}
	if err := loadCounts(ctx, q, &g, parents); err != nil {
		return nil, err
	}
	borders, err := collect(ctx, q, "GroundBorders", func(r pgx.CollectableRow) (plan.Border, error) {
		var at []byte
		b, err := scanBorder(r, &at)
		if err != nil || at == nil {
			return b, err
		}
		p, err := decodePoint(at)
		b.At = &p
		return b, err
	}, parents, version)
	if err != nil {
		return nil, err
	}
	if g.Links, err = collect(ctx, q, "GroundLinks", pgx.RowToStructByPos[plan.Link], parents, version); err != nil {
		return nil, err
	}
	if err := nameCompounds(ctx, q, &g); err != nil {
		return nil, err
	}
	if err := row(ctx, q, "GroundSource", []any{parents, version}, &g.Synthetic, &g.DataDate); err != nil {
		return nil, err
	}
	return plan.NewGround(g, borders)
}

// nameCompounds fills Names.
func nameCompounds(ctx context.Context, q querier, g *plan.Ground) error {
	var codes []string
	for i := range g.Blocks {
		codes = append(codes, g.Blocks[i].Compounds...)
	}
	slices.Sort(codes)
	g.Names = map[string]string{}
	_, err := collect(ctx, q, "CompoundNames", func(r pgx.CollectableRow) (struct{}, error) {
		var code, name string
		err := r.Scan(&code, &name)
		g.Names[code] = name
		return struct{}{}, err
	}, slices.Compact(codes), g.Version)
	return err
}

// loadCounts fills Measures and every block's Counts.
func loadCounts(ctx context.Context, q querier, g *plan.Ground, parents []plan.AreaID) error {
	type count struct {
		Block   plan.BlockID
		Measure plan.Measure
		Count   int64
	}
	counts, err := collect(ctx, q, "GroundCounts", pgx.RowToStructByPos[count], parents, g.Version)
	if err != nil {
		return err
	}
	have := map[plan.Measure]bool{}
	for _, c := range counts {
		have[c.Measure] = true
	}
	for m := range have {
		g.Measures = append(g.Measures, m)
	}
	plan.SortMeasures(g.Measures)
	// Blocks come by id here, and so do their counts.
	at := 0
	for i := range g.Blocks {
		b := &g.Blocks[i]
		b.Counts = make([]int64, len(g.Measures))
		for ; at < len(counts) && counts[at].Block == b.ID; at++ {
			b.Counts[slices.Index(g.Measures, counts[at].Measure)] = counts[at].Count
		}
	}
	return nil
}

func scanArea(r pgx.CollectableRow) (plan.Area, error) {
	var a plan.Area
	err := r.Scan(&a.ID, &a.Level, &a.Code, &a.Name, &a.NameEn, &a.Parent)
	return a, err
}

func scanBlock(r pgx.CollectableRow) (plan.Block, plan.AreaID, error) {
	var b plan.Block
	var parent plan.AreaID
	var polygon, label []byte
	err := r.Scan(&b.ID, &b.Code, &parent, &b.Kind, &polygon, &label, (*float64)(&b.Area), &b.Estimated, &b.Compounds)
	if err != nil {
		return b, 0, err
	}
	if b.Shape, err = decodeMultiPolygon(polygon); err != nil {
		return b, 0, err
	}
	b.Label, err = decodePoint(label)
	return b, parent, err
}

// scanBorder reads a border, and what its row has more.
func scanBorder(r pgx.CollectableRow, more ...any) (b plan.Border, err error) {
	err = r.Scan(append([]any{&b.A, &b.B, &b.Barrier, &b.Name, &b.Walk, (*float64)(&b.Length)}, more...)...)
	return b, err
}

// Ancestors returns the given areas and everything above them, by id.
func (s *Store) Ancestors(ctx context.Context, areas []plan.AreaID) (map[plan.AreaID]plan.Area, error) {
	return ancestors(ctx, s.pool, areas)
}

func ancestors(ctx context.Context, q querier, areas []plan.AreaID) (map[plan.AreaID]plan.Area, error) {
	all, err := collect(ctx, q, "Ancestors", scanArea, areas)
	if err != nil {
		return nil, err
	}
	byID := make(map[plan.AreaID]plan.Area, len(all))
	for _, a := range all {
		byID[a.ID] = a
	}
	return byID, nil
}

// AreaSummary is an area with what lies under it now.
type AreaSummary struct {
	Code, Name, NameEn, Parent string
	Blocks                     int
	Loads                      map[plan.Measure]float64
	West, South, East, North   *float64 // null where it holds no blocks
}

// Areas returns the areas of a level, by code.
func (s *Store) Areas(ctx context.Context, level plan.Level) ([]AreaSummary, error) {
	return collect(ctx, s.pool, "AreasOfLevel", pgx.RowToStructByPos[AreaSummary], level)
}

// Status is what the database holds now.
type Status struct {
	Areas     map[plan.Level]int
	Blocks    int
	Box       [4]*float64 // west, south, east, north; nulls when there are no blocks
	Synthetic bool
	Measures  []plan.Measure
	Totals    []int64 // one entry a measure
}

// Status returns what the database holds now.
func (s *Store) Status(ctx context.Context) (Status, error) {
	st := Status{Areas: map[plan.Level]int{}}
	type levelCount struct {
		Level plan.Level
		Count int
	}
	levels, err := collect(ctx, s.pool, "StatusAreas", pgx.RowToStructByPos[levelCount])
	if err != nil {
		return st, err
	}
	for _, l := range levels {
		st.Areas[l.Level] = l.Count
	}
	if err := row(ctx, s.pool, "StatusBlocks", nil, &st.Blocks, &st.Box[0], &st.Box[1], &st.Box[2], &st.Box[3], &st.Synthetic); err != nil {
		return st, err
	}
	type sum struct {
		Measure plan.Measure
		Sum     int64
	}
	sums, err := collect(ctx, s.pool, "StatusMeasures", pgx.RowToStructByPos[sum])
	if err != nil {
		return st, err
	}
	total := map[plan.Measure]int64{}
	for _, m := range sums {
		st.Measures = append(st.Measures, m.Measure)
		total[m.Measure] = m.Sum
	}
	plan.SortMeasures(st.Measures)
	for _, m := range st.Measures {
		st.Totals = append(st.Totals, total[m])
	}
	return st, nil
}

// Point is a place with a count.
type Point struct {
	At    crs.Point
	Count int64
}

// DensityPoints returns the label and count of every live block that has one, by id.
func (s *Store) DensityPoints(ctx context.Context, m plan.Measure) ([]Point, error) {
	return collect(ctx, s.pool, "DensityPoints", func(r pgx.CollectableRow) (Point, error) {
		var lon, lat float64
		var p Point
		err := r.Scan(&lon, &lat, &p.Count)
		p.At = gridPoint(lon, lat)
		return p, err
	}, m)
}

// AreaTile returns a Mapbox vector tile with the areas of a level, empty when none lies there.
func (s *Store) AreaTile(ctx context.Context, level plan.Level, z, x, y int) ([]byte, error) {
	var tile []byte
	err := row(ctx, s.pool, "AreaTile", []any{level, z, x, y}, &tile)
	return tile, err
}

// BlockTile returns a Mapbox vector tile with the live blocks, empty when none lies there.
func (s *Store) BlockTile(ctx context.Context, z, x, y int) ([]byte, error) {
	var tile []byte
	err := row(ctx, s.pool, "BlockTile", []any{z, x, y}, &tile)
	return tile, err
}

// BorderTile returns a Mapbox vector tile with what runs along the borders of live blocks, empty when nothing lies there.
func (s *Store) BorderTile(ctx context.Context, z, x, y int) ([]byte, error) {
	var tile []byte
	err := row(ctx, s.pool, "BorderTile", []any{z, x, y}, &tile)
	return tile, err
}

// FeatureTile returns a Mapbox vector tile with the raw ground of a layer, empty when none lies there. What is too small to be seen at a
// zoom is left out.
func (s *Store) FeatureTile(ctx context.Context, layer plan.Layer, z, x, y int) ([]byte, error) {
	var tile []byte
	err := row(ctx, s.pool, "FeatureTile", []any{layer, z, x, y}, &tile)
	return tile, err
}

// FeatureExtent returns west, south, east and north of the raw ground of a layer; nulls when there is none.
func (s *Store) FeatureExtent(ctx context.Context, layer plan.Layer) (box [4]*float64, err error) {
	err = row(ctx, s.pool, "FeatureExtent", []any{layer}, &box[0], &box[1], &box[2], &box[3])
	return box, err
}

// AreaExtent returns west, south, east and north of the areas of a level; nulls when none is drawn.
func (s *Store) AreaExtent(ctx context.Context, level plan.Level) (box [4]*float64, err error) {
	err = row(ctx, s.pool, "AreaExtent", []any{level}, &box[0], &box[1], &box[2], &box[3])
	return box, err
}
