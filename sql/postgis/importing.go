package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/shape"
	"gridwright/plan"
)

// Importing is one import under way: a transaction in which the ground is read, compared and changed. Imports queue
// behind each other; readers go on with what was there before.
type Importing struct {
	tx pgx.Tx
}

// Import runs f in one transaction. When f returns an error nothing of the import remains.
func (s *Store) Import(ctx context.Context, f func(*Importing) error) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := exec(ctx, tx, "ImportLock"); err != nil {
			return err
		}
		return f(&Importing{tx})
	})
}

// ImportID is an import's key in the database.
type ImportID int64

// Save records the import: its layer, the file's base name and SHA-256, whether its data are invented, its report as JSON.
func (im *Importing) Save(ctx context.Context, layer, file, sha256 string, synthetic bool, report []byte) (id ImportID, err error) {
	err = row(ctx, im.tx, "ImportSave", []any{layer, file, sha256, synthetic, report}, &id)
	return id, err
}

// Report replaces the report of an import.
func (im *Importing) Report(ctx context.Context, id ImportID, report []byte) error {
	_, err := exec(ctx, im.tx, "ImportReport", id, report)
	return err
}

// AreasByCode returns every area that has one of the codes, whatever its level, without its shape.
func (im *Importing) AreasByCode(ctx context.Context, codes []string) ([]plan.Area, error) {
	return collect(ctx, im.tx, "AreasByCode", func(r pgx.CollectableRow) (plan.Area, error) {
		var a plan.Area
		err := r.Scan(&a.ID, &a.Level, &a.Code, &a.Parent)
		return a, err
	}, codes)
}

// PutArea stores an area or updates the one that has its level and code; what it leaves empty stays as it was. It
// returns its id and whether it is new.
func (im *Importing) PutArea(ctx context.Context, a plan.Area, from ImportID) (id plan.AreaID, isNew bool, err error) {
	geom, err := multiPolygonEWKB(a.Shape)
	if err != nil {
		return 0, false, err
	}
	var parent *plan.AreaID
	if a.Parent != 0 {
		parent = &a.Parent
	}
	err = row(ctx, im.tx, "AreaPut", []any{a.Level, a.Code, a.Name, a.NameEn, parent, geom, from}, &id, &isNew)
	return id, isNew, err
}

// ParentShapes returns the drawn shapes of areas, nil where one is not drawn, by area.
func (im *Importing) ParentShapes(ctx context.Context, areas []plan.AreaID) (map[plan.AreaID]shape.MultiPolygon, error) {
	shapes := make(map[plan.AreaID]shape.MultiPolygon, len(areas))
	_, err := collect(ctx, im.tx, "ParentShapes", func(r pgx.CollectableRow) (struct{}, error) {
		var id plan.AreaID
		var geom []byte
		err := r.Scan(&id, &geom)
		if err == nil {
			shapes[id], err = decodeMultiPolygon(geom)
		}
		return struct{}{}, err
	}, areas)
	return shapes, err
}

// LiveBlock is a block as it stands in the ground, with its parent's key.
type LiveBlock struct {
	plan.Block // Parent is not set
	ParentID   plan.AreaID
	ByMeasure  map[plan.Measure]int64
}

// BlocksNear returns the live blocks that meet the box or lie in one of the parents, by code.
func (im *Importing) BlocksNear(ctx context.Context, box shape.Box, parents []plan.AreaID) ([]LiveBlock, error) {
	near, err := boxEWKB(box)
	if err != nil {
		return nil, err
	}
	blocks, err := collect(ctx, im.tx, "BlocksNear", func(r pgx.CollectableRow) (LiveBlock, error) {
		b, parent, err := scanBlock(r)
		return LiveBlock{Block: b, ParentID: parent, ByMeasure: map[plan.Measure]int64{}}, err
	}, near, parents)
	if err != nil {
		return nil, err
	}
	index := make(map[plan.BlockID]int, len(blocks))
	ids := make([]plan.BlockID, len(blocks))
	for i, b := range blocks {
		index[b.ID], ids[i] = i, b.ID
	}
	_, err = collect(ctx, im.tx, "CountsOf", func(r pgx.CollectableRow) (struct{}, error) {
		var block plan.BlockID
		var m plan.Measure
		var n int64
		err := r.Scan(&block, &m, &n)
		blocks[index[block]].ByMeasure[m] = n
		return struct{}{}, err
	}, ids)
	return blocks, err
}

// OwnerOfCode is a live block's code with the parent it lies in.
type OwnerOfCode struct {
	Code     string
	ParentID plan.AreaID
	Parent   string
}

// LiveCodes returns those of the codes that live blocks have.
func (im *Importing) LiveCodes(ctx context.Context, codes []string) ([]OwnerOfCode, error) {
	return collect(ctx, im.tx, "LiveCodes", pgx.RowToStructByPos[OwnerOfCode], codes)
}

// NewGround opens a new version of the ground and ends the given blocks' lives with it, and those of their borders.
func (im *Importing) NewGround(ctx context.Context, from ImportID, retire []plan.BlockID) (version int64, err error) {
	if err = row(ctx, im.tx, "GroundNew", []any{from}, &version); err != nil {
		return 0, err
	}
	if _, err = exec(ctx, im.tx, "BlocksRetire", retire, version); err != nil {
		return 0, err
	}
	_, err = exec(ctx, im.tx, "BordersEnd", retire, version)
	return version, err
}

// blocksAtOnce bounds the memory of one statement.
const blocksAtOnce = 5000

// PutBlocks stores new blocks that live from a version on and sets their ids.
func (im *Importing) PutBlocks(ctx context.Context, blocks []*LiveBlock, version int64) error {
	for start := 0; start < len(blocks); start += blocksAtOnce {
		if err := im.putSome(ctx, blocks[start:min(start+blocksAtOnce, len(blocks))], version); err != nil {
			return err
		}
	}
	return nil
}

func (im *Importing) putSome(ctx context.Context, blocks []*LiveBlock, version int64) error {
	n := len(blocks)
	codes, parents, kinds := make([]string, n), make([]plan.AreaID, n), make([]string, n)
	polygons, labels, areas := make([][]byte, n), make([][]byte, n), make([]float64, n)
	estimated, compounds := make([]bool, n), make([]jsonList, n)
	byCode := make(map[string]*LiveBlock, n)
	for i, b := range blocks {
		var err error
		codes[i], parents[i], kinds[i], areas[i] = b.Code, b.ParentID, b.Kind, float64(b.Area)
		estimated[i], compounds[i] = b.Estimated, listed(b.Compounds)
		if polygons[i], err = multiPolygonEWKB(b.Shape); err != nil {
			return err
		}
		if labels[i], err = pointEWKB(b.Label); err != nil {
			return err
		}
		byCode[b.Code] = b
	}
	_, err := collect(ctx, im.tx, "BlocksPut", func(r pgx.CollectableRow) (struct{}, error) {
		var id plan.BlockID
		var code string
		err := r.Scan(&id, &code)
		byCode[code].ID = id
		return struct{}{}, err
	}, codes, parents, kinds, polygons, labels, areas, estimated, compounds, version)
	if err != nil {
		return err
	}
	return im.putCounts(ctx, blocks)
}

func (im *Importing) putCounts(ctx context.Context, blocks []*LiveBlock) error {
	var counts [][]any
	for _, b := range blocks {
		for m, count := range b.ByMeasure {
			counts = append(counts, []any{b.ID, m, count})
		}
	}
	_, err := im.tx.CopyFrom(ctx, pgx.Identifier{Schema, "block_count"}, []string{"block_id", "measure", "count"}, pgx.CopyFromRows(counts))
	return said(err)
}

// Recount gives blocks that stay other counts, in every version of the ground they are in: plans follow what is known.
func (im *Importing) Recount(ctx context.Context, blocks []*LiveBlock, from ImportID) error {
	if len(blocks) == 0 {
		return nil
	}
	ids, estimated := make([]plan.BlockID, len(blocks)), make([]bool, len(blocks))
	for i, b := range blocks {
		ids[i], estimated[i] = b.ID, b.Estimated
	}
	if _, err := exec(ctx, im.tx, "BlocksRecount", ids, estimated); err != nil {
		return err
	}
	if _, err := exec(ctx, im.tx, "RecountPut", from); err != nil {
		return err
	}
	if err := im.putCounts(ctx, blocks); err != nil {
		return err
	}
	return im.recountParts(ctx, blocks)
}

// recountParts shares the counts of blocks out over the parts that cuts made of them, in proportion to what these had: sums of a plan are those
// of its ground. What building has which of them is not asked again, so they are estimates.
func (im *Importing) recountParts(ctx context.Context, blocks []*LiveBlock) error {
	counts := make(map[plan.BlockID]*LiveBlock, len(blocks))
	ids := make([]plan.BlockID, len(blocks))
	for i, b := range blocks {
		counts[b.ID], ids[i] = b, b.ID
	}
	type cut struct {
		Block plan.BlockID
		Parts []plan.BlockID
	}
	cuts, err := collect(ctx, im.tx, "CutsOf", pgx.RowToStructByPos[cut], ids)
	if err != nil || len(cuts) == 0 {
		return err
	}
	var again []*LiveBlock
	for _, c := range cuts {
		parts, err := cutBlocks(ctx, im.tx, c.Parts)
		if err != nil {
			return err
		}
		for i := range parts {
			again = append(again, &LiveBlock{Block: parts[i].Block, ParentID: parts[i].ParentID, ByMeasure: map[plan.Measure]int64{}})
			again[len(again)-1].Estimated = parts[i].Estimated || len(parts) > 1
		}
		for measure, n := range counts[c.Block].ByMeasure {
			for i, share := range plan.SharesOf(parts, measure, n) {
				again[len(again)-len(parts)+i].ByMeasure[measure] = share
			}
		}
	}
	of, estimated := make([]plan.BlockID, len(again)), make([]bool, len(again))
	for i, b := range again {
		of[i], estimated[i] = b.ID, b.Estimated
	}
	if _, err := exec(ctx, im.tx, "BlocksRecount", of, estimated); err != nil {
		return err
	}
	if err := im.putCounts(ctx, again); err != nil {
		return err
	}
	return im.recountParts(ctx, again) // a part may have been cut, too
}

// BordersOf returns the live borders between two of the blocks, as plan.CompareBorders orders them.
func (im *Importing) BordersOf(ctx context.Context, blocks []plan.BlockID) ([]plan.Border, error) {
	return collect(ctx, im.tx, "BordersOf", func(r pgx.CollectableRow) (plan.Border, error) {
		var lines []byte
		b, err := scanBorder(r, &lines)
		if err != nil || lines == nil {
			return b, err
		}
		g, err := decodeGeometry(lines)
		b.Lines = g.Lines
		return b, err
	}, blocks)
}

// PutBorders stores borders that hold from a version on, in place of all that was said of the same pairs of blocks.
func (im *Importing) PutBorders(ctx context.Context, borders []plan.Border, version int64) error {
	n := len(borders)
	a, b, metres := make([]plan.BlockID, n), make([]plan.BlockID, n), make([]float64, n)
	barriers, names, walks, lines := make([]plan.Barrier, n), make([]string, n), make([]bool, n), make([][]byte, n)
	for i, border := range borders {
		a[i], b[i], metres[i] = min(border.A, border.B), max(border.A, border.B), float64(border.Length)
		barriers[i], names[i], walks[i] = border.Barrier, border.Name, border.Walk
		if len(border.Lines) > 0 {
			lines[i] = appendLines(nil, border.Lines)
		}
	}
	if _, err := exec(ctx, im.tx, "BordersRetire", a, b, version); err != nil {
		return err
	}
	_, err := exec(ctx, im.tx, "BordersPut", a, b, barriers, names, walks, metres, lines, version)
	return err
}
