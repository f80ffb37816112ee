package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gridwright/plan"
	sqltext "gridwright/sql"
)

// Seen names what was committed at some moment: the text of a snapshot of the database.
type Seen string

// LayerChange is what one statement changed in a layer.
type LayerChange struct {
	Layer string  // "*" for all
	IDs   []int64 // of rows that came, changed or went; nil where they are too many to list
}

// LayersSeen returns what is committed now.
func (s *Store) LayersSeen(ctx context.Context) (seen Seen, err error) {
	err = row(ctx, s.pool, "LayersSeen", nil, &seen)
	return seen, err
}

// LayerChanges returns what changed in layers since something was seen, through whatever connection, and what is committed now. What
// changed more than a day ago is forgotten.
func (s *Store) LayerChanges(ctx context.Context, since Seen) (changes []LayerChange, now Seen, err error) {
	_, err = collect(ctx, s.pool, "LayerChanges", func(r pgx.CollectableRow) (struct{}, error) {
		var layer *string
		var c LayerChange
		err := r.Scan(&layer, &c.IDs, &now)
		if layer != nil {
			c.Layer = *layer
			changes = append(changes, c)
		}
		return struct{}{}, err
	}, since)
	return changes, now, err
}

// ForgetLayerChanges takes away the changes that every server has seen long since.
func (s *Store) ForgetLayerChanges(ctx context.Context) error {
	_, err := exec(ctx, s.pool, "LayerChangesForget")
	return err
}

// ListenToLayers calls f after every change of a layer until ctx ends or the connection is lost, and once when nothing can be missed
// any more.
func (s *Store) ListenToLayers(ctx context.Context, f func()) error {
	return s.listen(ctx, "ListenToLayers", f, func(string) { f() })
}

// LayerSize returns how many things a layer has.
func (s *Store) LayerSize(ctx context.Context, layer string) (n int, err error) {
	err = row(ctx, s.pool, "LayerSize", []any{layer}, &n)
	return n, err
}

// Drawn is a thing of a layer as tiles show it.
type Drawn struct {
	ID       int64
	Texts    []string // code, name and English name of an area; code and kind of a block; barrier and name of a border; else code, name, class
	Walk     bool     // of a border
	Geometry plan.Geometry
}

// Drawn calls f for the things of a layer, by id: those of the ids that are there now, or all where ids is nil.
func (s *Store) Drawn(ctx context.Context, layer string, ids []int64, f func(Drawn)) error {
	rows, err := s.pool.Query(ctx, sqltext.Query("LayerDrawn"), layer, ids)
	if err != nil {
		return said(err)
	}
	defer rows.Close()
	for rows.Next() {
		var d Drawn
		var geom []byte
		if err := rows.Scan(&d.ID, &d.Texts, &d.Walk, &geom); err != nil {
			return said(err)
		}
		if d.Geometry, err = decodeGeometry(geom); err != nil {
			return said(err)
		}
		f(d)
	}
	return said(rows.Err())
}
