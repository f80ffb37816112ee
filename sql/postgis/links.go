package postgis

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"gridwright/plan"
	"gridwright/plan/words"
)

// LinkRow is two blocks that are said to touch.
type LinkRow struct {
	ID     int64
	A, B   string // codes, a < b
	Reason string
}

// LinkLayer is what a change of links is called among the imports.
const LinkLayer = "link"

// Links returns the links in force, by codes.
func (s *Store) Links(ctx context.Context) ([]LinkRow, error) {
	return collect(ctx, s.pool, "Links", pgx.RowToStructByPos[LinkRow])
}

// Link says of two blocks of one parent that they touch, in a new version of the ground. Codes that no block has, blocks of two parents,
// and a link that is there already are Invalid faults.
func (s *Store) Link(ctx context.Context, a, b, reason string) (link LinkRow, err error) {
	link = LinkRow{A: min(a, b), B: max(a, b), Reason: reason}
	err = s.Import(ctx, func(im *Importing) error {
		if err := im.linkable(ctx, link); err != nil {
			return err
		}
		version, err := im.changeLinks(ctx, link)
		if err != nil {
			return err
		}
		err = row(ctx, im.tx, "LinkPut", []any{link.A, link.B, link.Reason, version}, &link.ID)
		if errors.Is(err, pgx.ErrNoRows) {
			return plan.Refuse(plan.Invalid, "link.twice", words.Args{"a": link.A, "b": link.B})
		}
		return err
	})
	return link, err
}

// linkable returns why two blocks cannot be linked.
func (im *Importing) linkable(ctx context.Context, l LinkRow) error {
	type block struct {
		ID     plan.BlockID
		Code   string
		Parent plan.AreaID
	}
	found, err := collect(ctx, im.tx, "LinkBlocks", pgx.RowToStructByPos[block], []string{l.A, l.B})
	if err != nil {
		return err
	}
	for _, code := range []string{l.A, l.B} {
		known := false
		for _, b := range found {
			known = known || b.Code == code
		}
		if !known {
			return plan.Refuse(plan.Invalid, "link.no_block", words.Args{"block": code})
		}
	}
	if l.A == l.B || found[0].Parent != found[1].Parent {
		return plan.Refuse(plan.Invalid, "link.parents", words.Args{"a": l.A, "b": l.B})
	}
	return nil
}

// changeLinks opens the version of the ground in which links change.
func (im *Importing) changeLinks(ctx context.Context, l LinkRow) (version int64, err error) {
	said, err := json.Marshal(l)
	if err != nil {
		return 0, err
	}
	synthetic, err := im.RawSynthetic(ctx)
	if err != nil {
		return 0, err
	}
	id, err := im.Save(ctx, LinkLayer, "", "", synthetic, said)
	if err != nil {
		return 0, err
	}
	return im.NewGround(ctx, id, nil)
}

// Unlink ends a link in a new version of the ground. One that is not in force is a NotFound fault.
func (s *Store) Unlink(ctx context.Context, id int64) error {
	return s.Import(ctx, func(im *Importing) error {
		version, err := im.changeLinks(ctx, LinkRow{ID: id})
		if err != nil {
			return err
		}
		err = row(ctx, im.tx, "LinkEnd", []any{id, version}, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			return plan.Refuse(plan.NotFound, "link.unknown", words.Args{"link": id})
		}
		return err
	})
}
