package postgis

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"

	"github.com/jackc/pgx/v5"

	"gridwright/plan"
	sqltext "gridwright/sql"
)

// A file of features goes through the database on its way to its layer, so that its size does not matter: its rows are copied into tables of the
// import's own (queries/staging.sql), compared there with what is stored, and what is new or changed goes on from there.

// ImportLater is Import for a file that is read inside the transaction: it does not wait for other imports before f calls TakeTurn.
func (s *Store) ImportLater(ctx context.Context, f func(*Importing) error) error {
	return s.inTx(ctx, func(tx pgx.Tx) error { return f(&Importing{tx}) })
}

// OpenStage makes room for the rows of one file.
func (im *Importing) OpenStage(ctx context.Context) error {
	for _, name := range []string{"StageClear", "StageFeatures", "StageTallies", "StageFates", "StageCounts", "StageGone"} {
		if _, err := exec(ctx, im.tx, name); err != nil {
			return err
		}
	}
	return nil
}

// TakeTurn waits until other imports have ended and makes what was copied ready for questions.
func (im *Importing) TakeTurn(ctx context.Context) error {
	for _, name := range []string{"StagedIndex", "StagedAnalyze", "ImportLock"} {
		if _, err := exec(ctx, im.tx, name); err != nil {
			return err
		}
	}
	return nil
}

// StagedRow is a row of a file that is read: its number from 1, and its place.
type StagedRow struct {
	N, Feature, Line int
	Byte             int64
	Code             string
}

// Batch is rows on their way to be copied, as PostgreSQL's binary format has them. Its zero value is empty.
type Batch struct {
	features, tallies []byte
}

// AddBare adds a row of which nothing is stored: its code counts, and whether it was refused.
func (b *Batch) AddBare(row StagedRow, refused bool) {
	b.row(row, refused, "", &plan.Feature{})
	b.features = appendNull(appendNull(b.features))
}

// Add adds a row with its feature and its counts, and the code of its parent, empty for none.
func (b *Batch) Add(row StagedRow, parent string, f *plan.Feature) error {
	attributes, err := attributesJSON(f.Attributes)
	if err != nil {
		return err
	}
	b.row(row, false, parent, f)
	if attributes == nil {
		b.features = appendNull(b.features)
	} else {
		b.features = append(appendSize(b.features, 1+len(*attributes)), 1) // the version of jsonb's binary form
		b.features = append(b.features, *attributes...)
	}
	at := len(b.features)
	if b.features, err = appendGeometry(appendSize(b.features, 0), f.Geometry); err != nil {
		return err
	}
	binary.BigEndian.PutUint32(b.features[at:], uint32(len(b.features)-at-4))
	for _, t := range f.Tallies {
		b.tallies = binary.BigEndian.AppendUint16(b.tallies, 6)
		b.tallies = appendInt4(b.tallies, row.N)
		for _, text := range []string{f.Code, string(t.Measure), string(t.Kind), t.On} {
			b.tallies = appendText(b.tallies, text)
		}
		b.tallies = appendInt8(b.tallies, t.Count)
	}
	return nil
}

// row adds all columns but attributes and geometry.
func (b *Batch) row(row StagedRow, refused bool, parent string, f *plan.Feature) {
	to := binary.BigEndian.AppendUint16(b.features, 24)
	for _, n := range []int{row.N, row.Feature, row.Line} {
		to = appendInt4(to, n)
	}
	to = appendBool(appendInt8(to, row.Byte), refused)
	for _, text := range []string{row.Code, parent, f.Name, f.Class} {
		to = appendText(to, text)
	}
	to = appendInt2(appendBool(appendBool(to, f.Bridge), f.Tunnel), f.Level)
	to = appendInt2(appendText(to, f.Compound), f.Floors)
	for _, a := range []plan.Answer{f.NoPropertyMgmt, f.NoSecurity, f.NoEnclosure, f.NewOrg} {
		if a == plan.Unknown {
			to = appendNull(to)
		} else {
			to = appendBool(to, a == plan.Yes)
		}
	}
	for _, text := range []string{f.Number, f.Committee, f.OwnersCommittee, f.PropertyCompany} {
		to = appendText(to, text)
	}
	b.features = to
}

// The values of PostgreSQL's binary COPY: a length of four bytes, -1 for null, then the bytes, all big-endian.

func appendSize(to []byte, n int) []byte { return binary.BigEndian.AppendUint32(to, uint32(n)) }
func appendNull(to []byte) []byte        { return binary.BigEndian.AppendUint32(to, 0xffffffff) }
func appendText(to []byte, s string) []byte {
	return append(appendSize(to, len(s)), s...)
}
func appendInt2(to []byte, n int) []byte {
	return binary.BigEndian.AppendUint16(appendSize(to, 2), uint16(n))
}
func appendInt4(to []byte, n int) []byte {
	return binary.BigEndian.AppendUint32(appendSize(to, 4), uint32(n))
}
func appendInt8(to []byte, n int64) []byte {
	return binary.BigEndian.AppendUint64(appendSize(to, 8), uint64(n))
}
func appendBool(to []byte, yes bool) []byte {
	if yes {
		return append(appendSize(to, 1), 1)
	}
	return append(appendSize(to, 1), 0)
}

// The first bytes of a binary COPY (signature, flags, no extension) and its last.
var (
	copyHead = []byte("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	copyTail = []byte{0xff, 0xff}
)

// Copy copies a batch. Before TakeTurn.
func (im *Importing) Copy(ctx context.Context, b *Batch) error {
	for _, part := range []struct {
		name string
		rows []byte
	}{{"StagedFeaturesCopy", b.features}, {"StagedTalliesCopy", b.tallies}} {
		if len(part.rows) == 0 {
			continue
		}
		rows := io.MultiReader(bytes.NewReader(copyHead), bytes.NewReader(part.rows), bytes.NewReader(copyTail))
		if _, err := im.tx.Conn().PgConn().CopyFrom(ctx, rows, sqltext.Query(part.name)); err != nil {
			return said(err)
		}
	}
	return nil
}

// StagedCode is a row that was copied, with its code.
type StagedCode struct {
	StagedRow
	Refused bool      // for something else
	First   StagedRow // of StagedTwice, the last row before it that has the code; its number alone is not known
	Parent  string    // of StagedOrphans
}

// StagedTwice returns the first rows whose code an earlier row has, how many there are, and how many of them were not refused yet. All are then.
func (im *Importing) StagedTwice(ctx context.Context, most int) (first []StagedCode, total, fresh int, err error) {
	first, err = collect(ctx, im.tx, "StagedTwice", func(r pgx.CollectableRow) (s StagedCode, err error) {
		err = r.Scan(&s.N, &s.Feature, &s.Line, &s.Byte, &s.Code, &s.Refused, &s.First.Feature, &s.First.Line, &s.First.Byte, &total, &fresh)
		return s, err
	}, most)
	if err != nil || fresh == 0 {
		return first, total, fresh, err
	}
	_, err = exec(ctx, im.tx, "StagedTwiceRefuse")
	return first, total, fresh, err
}

// StagedParents returns the codes of the parents the rows name, in order.
func (im *Importing) StagedParents(ctx context.Context) ([]string, error) {
	return collect(ctx, im.tx, "StagedParents", pgx.RowTo[string])
}

// StagedOrphans returns the first rows that name one of the parents, and how many there are. All are refused then.
func (im *Importing) StagedOrphans(ctx context.Context, parents []string, most int) (first []StagedCode, total int, err error) {
	first, err = collect(ctx, im.tx, "StagedOrphans", func(r pgx.CollectableRow) (s StagedCode, err error) {
		err = r.Scan(&s.N, &s.Feature, &s.Line, &s.Byte, &s.Code, &s.Parent, &total)
		return s, err
	}, parents, most)
	if err != nil || total == 0 {
		return first, total, err
	}
	_, err = exec(ctx, im.tx, "StagedOrphansRefuse", parents)
	return first, total, err
}

// StagedSums returns the sums of the counts of the rows that are not refused.
func (im *Importing) StagedSums(ctx context.Context) (map[plan.Measure]int64, error) {
	return im.sums(ctx, "StagedSums")
}

func (im *Importing) sums(ctx context.Context, name string, args ...any) (map[plan.Measure]int64, error) {
	sums := map[plan.Measure]int64{}
	_, err := collect(ctx, im.tx, name, func(r pgx.CollectableRow) (struct{}, error) {
		var m plan.Measure
		var n int64
		err := r.Scan(&m, &n)
		sums[m] = n
		return struct{}{}, err
	}, args...)
	return sums, err
}

// Staged says what the rows that were copied are to be compared with.
type Staged struct {
	Layer    plan.Layer
	Says     []string               // fields the file speaks of; class is also what other layers call kind
	Parents  map[string]plan.AreaID // by code; of these the file lists the layer in full
	Prefixes []string               // of the codes of features that the file replaces
	Columns  []string               // whose attributes the file decides
}

// args are the first arguments of the queries that compare and store.
func (s Staged) args() []any {
	codes, ids := []string{}, []plan.AreaID{}
	for code, id := range s.Parents {
		codes, ids = append(codes, code), append(ids, id)
	}
	return []any{s.Layer, s.Says, codes, ids, s.Columns}
}

// StagedChange is how many rows are new, changed, unchanged, and how many stored features are gone.
type StagedChange struct {
	New, Changed, Unchanged, Gone int
	FromFile                      int                    // stored features under one of the prefixes
	Lost                          map[plan.Measure]int64 // sums of the counts that go with those that are gone
}

// CompareStaged compares the rows that are not refused with what is stored.
func (im *Importing) CompareStaged(ctx context.Context, s Staged) (c StagedChange, err error) {
	args := s.args()
	if _, err = exec(ctx, im.tx, "StagedCompare", args...); err != nil {
		return c, err
	}
	if _, err = exec(ctx, im.tx, "StagedCompareCounts", s.Layer); err != nil {
		return c, err
	}
	if _, err = exec(ctx, im.tx, "StagedScope", s.Layer, args[3], s.Prefixes); err != nil {
		return c, err
	}
	if err = row(ctx, im.tx, "StagedFromFile", []any{s.Layer, s.Prefixes}, &c.FromFile); err != nil {
		return c, err
	}
	var rows int
	if err = row(ctx, im.tx, "StagedTotals", nil, &rows, &c.Changed, &c.Unchanged, &c.Gone); err != nil {
		return c, err
	}
	c.New = rows - c.Changed - c.Unchanged
	c.Lost, err = im.sums(ctx, "StagedLost", s.Layer)
	return c, err
}

// Stranger is a building whose compound is not stored.
type Stranger struct {
	Code, Compound string
	Geometry       plan.Geometry
}

// StagedStrangers returns the first buildings whose compounds are not stored, and how many there are.
func (im *Importing) StagedStrangers(ctx context.Context, says bool, most int) (first []Stranger, total int, err error) {
	first, err = collect(ctx, im.tx, "StagedStrangers", func(r pgx.CollectableRow) (s Stranger, err error) {
		var geom []byte
		if err = r.Scan(&s.Code, &s.Compound, &geom, &total); err == nil {
			s.Geometry, err = decodeGeometry(geom)
		}
		return s, err
	}, most, says)
	return first, total, err
}

// stagedAtOnce is how many rows one statement stores: as many as the triggers' tables of new rows hold in memory.
const stagedAtOnce = 10_000

// StoreStaged stores what is new or changed and ends the lives of what it replaces, as of an import; rows is the number of the last row.
// Progress is told how many rows are done.
func (im *Importing) StoreStaged(ctx context.Context, s Staged, rows int, from ImportID, progress func(done int)) error {
	if _, err := exec(ctx, im.tx, "StagedRetire", from); err != nil {
		return err
	}
	if _, err := exec(ctx, im.tx, "StagedRetireCounts", from, s.Layer); err != nil {
		return err
	}
	for done := 0; done < rows; done += stagedAtOnce {
		progress(done)
		if _, err := exec(ctx, im.tx, "StagedPut", append(s.args(), from, done+1, min(done+stagedAtOnce, rows))...); err != nil {
			return err
		}
	}
	_, err := exec(ctx, im.tx, "StagedPutCounts", s.Layer, from)
	return err
}
