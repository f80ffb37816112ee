package postgis

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"gridwright/plan"
)

// DivisionChange is what other platforms are told: a whole version was published, took the place of another, came into force.
type DivisionChange struct {
	ID        int64
	At        time.Time
	Kind      string // "published", "superseded" or "in_force"
	Division  plan.DivisionID
	By        plan.DivisionID // of superseded: what takes its place; else 0
	Effective plan.Day        // from which day on
	Payload   json.RawMessage // an object; with the lineage unless the kind is superseded
}

// toldDivision is the payload of published and in_force.
type toldDivision struct {
	Division  plan.DivisionID         `json:"division"`
	Name      string                  `json:"name"`
	Plan      plan.ID                 `json:"plan"`
	Revision  int64                   `json:"revision"`
	Effective plan.Day                `json:"effective"`
	Basis     string                  `json:"basis"`
	Digest    string                  `json:"digest"`
	Synthetic bool                    `json:"synthetic"`
	Areas     []areaName              `json:"areas"`
	OldGrids  int                     `json:"old_grids"`
	NewGrids  int                     `json:"new_grids"`
	Kinds     map[plan.ChangeKind]int `json:"kinds"`
	Measure   plan.Measure            `json:"measure"` // of the shares
	Lineage   []plan.ToldRow          `json:"lineage"`
}

// toldEnd is the payload of superseded.
type toldEnd struct {
	Division  plan.DivisionID `json:"division"`
	By        plan.DivisionID `json:"by"`
	Effective plan.Day        `json:"effective"`
	Areas     json.RawMessage `json:"areas"` // those it is no longer in force in
	Whole     bool            `json:"whole"` // none of it is in force any more
}

// tellPublished writes that a division was published.
func tellPublished(ctx context.Context, tx pgx.Tx, d *plan.Division, o *Outlook) error {
	told := toldDivision{Division: d.ID, Name: d.Name, Plan: d.Plan, Revision: d.Revision, Effective: d.Effective, Basis: d.Basis, Digest: d.Digest,
		Synthetic: d.Synthetic, OldGrids: d.Old, NewGrids: d.New, Kinds: d.Kinds, Measure: o.Lineage.Measure,
		Lineage: plan.ToldLineage(o.Lineage.Rows, o.Lineage.Measure, d.SuppressBelow)}
	for _, a := range o.Snapshot.Ground.Parents {
		told.Areas = append(told.Areas, nameArea(a))
	}
	return tell(ctx, tx, "published", d.ID, nil, d.Effective, told)
}

func tell(ctx context.Context, tx pgx.Tx, kind string, id plan.DivisionID, by *plan.DivisionID, day plan.Day, payload any) error {
	text, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	if _, err = exec(ctx, tx, "DivisionChangePut", kind, id, by, day, text); err != nil {
		return err
	}
	return queueDeliveries(ctx, tx)
}

// due is a division whose day has come.
type due struct {
	ID  plan.DivisionID
	Day plan.Day
}

// takeEffect writes which divisions have come into force by a day and what they took the place of, where nobody was told of it yet. The
// transaction holds the lock under which changes are written.
func takeEffect(ctx context.Context, tx pgx.Tx, today plan.Day) error {
	all, err := collect(ctx, tx, "DivisionChangesDue", pgx.RowToStructByPos[due], today)
	if err != nil {
		return err
	}
	for _, d := range all {
		ends, err := collect(ctx, tx, "DivisionEnded", func(r pgx.CollectableRow) (toldEnd, error) {
			e := toldEnd{By: d.ID, Effective: d.Day}
			return e, r.Scan(&e.Division, &e.Areas, &e.Whole)
		}, d.ID)
		if err != nil {
			return err
		}
		for _, e := range ends {
			if err := tell(ctx, tx, "superseded", e.Division, &d.ID, d.Day, e); err != nil {
				return err
			}
		}
		var payload json.RawMessage
		if err := row(ctx, tx, "DivisionChangePublished", []any{d.ID}, &payload); err != nil {
			return err
		}
		if err := tell(ctx, tx, "in_force", d.ID, nil, d.Day, payload); err != nil {
			return err
		}
	}
	return nil
}

// TakeEffect writes which divisions have come into force by today, for those who follow the changes.
func (s *Store) TakeEffect(ctx context.Context) error {
	today := s.Today()
	waiting, err := collect(ctx, s.pool, "DivisionChangesDue", pgx.RowToStructByPos[due], today)
	if err != nil || len(waiting) == 0 {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := exec(ctx, tx, "PublishLock"); err != nil {
			return err
		}
		return takeEffect(ctx, tx, today)
	})
}

// Changes returns what was told after a change, at most so many, by id, and first tells what has come into force. Ids are given in the
// order of commits: whoever has read up to one has missed none.
func (s *Store) Changes(ctx context.Context, since int64, limit int) ([]DivisionChange, error) {
	if err := s.TakeEffect(ctx); err != nil {
		return nil, err
	}
	return collect(ctx, s.pool, "DivisionChangesSince", func(r pgx.CollectableRow) (DivisionChange, error) {
		var c DivisionChange
		err := r.Scan(&c.ID, &c.At, &c.Kind, &c.Division, &c.By, &c.Effective, &c.Payload)
		c.At = c.At.UTC()
		return c, err
	}, since, limit)
}
