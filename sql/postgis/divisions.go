package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"gridwright/plan"
	"gridwright/plan/words"
)

// DivisionRow is a division with how it stands.
type DivisionRow struct {
	plan.Division
	Measure plan.Measure // its lineage is told in; empty where nothing was counted
	Areas   int          // it divides
	Ended   int          // of these, by the day asked about
	Until   plan.Day     // from which day on none of it is in force; empty where some is for good

	State plan.DivisionState
}

// Today returns the day it is.
func (s *Store) Today() plan.Day {
	if s.Now != nil {
		return plan.DayOf(s.Now())
	}
	return plan.DayOf(time.Now())
}

// Divisions returns all divisions as they stand today, newest first.
func (s *Store) Divisions(ctx context.Context) ([]DivisionRow, error) { return s.divisions(ctx, nil) }

// Division returns one division as it stands today, a NotFound fault when there is none.
func (s *Store) Division(ctx context.Context, id plan.DivisionID) (DivisionRow, error) {
	rows, err := s.divisions(ctx, &id)
	if err == nil && len(rows) == 0 {
		err = plan.Refuse(plan.NotFound, "division.unknown", words.Args{"division": strconv.FormatInt(int64(id), 10)})
	}
	if err != nil {
		return DivisionRow{}, err
	}
	return rows[0], nil
}

func (s *Store) divisions(ctx context.Context, id *plan.DivisionID) ([]DivisionRow, error) {
	today := s.Today()
	return collect(ctx, s.pool, "Divisions", func(r pgx.CollectableRow) (DivisionRow, error) {
		var d DivisionRow
		var until *plan.Day
		err := r.Scan(&d.ID, &d.Name, &d.Plan, &d.Revision, &d.Effective, &d.PublishedAt, &d.By, &d.Basis, &d.GroundVersion, &d.Measures,
			&d.Synthetic, &d.DataDate, &d.Digest, &d.Old, &d.New, &d.Kinds, &d.Measure, &d.SuppressBelow, &d.Areas, &d.Ended, &until)
		if until != nil {
			d.Until = *until
		}
		d.PublishedAt = d.PublishedAt.UTC()
		switch {
		case d.Effective > today:
			d.State = plan.Scheduled
		case d.Ended == 0:
			d.State = plan.InForce
		case d.Ended < d.Areas:
			d.State = plan.InPart
		default:
			d.State = plan.Superseded
		}
		return d, err
	}, today, id)
}

// DivisionFindings returns what the check said when a division was published, as JSON.
func (s *Store) DivisionFindings(ctx context.Context, id plan.DivisionID) (findings json.RawMessage, err error) {
	err = row(ctx, s.pool, "DivisionFindings", []any{id}, &findings)
	return findings, err
}

// AreaInForce is an area and the division that divides it.
type AreaInForce struct {
	Division plan.DivisionID
	Area     plan.AreaID
}

// AreasInForce returns which divisions are in force in which areas on some day from one to another, by division and area: equal answers,
// equal grids.
func (s *Store) AreasInForce(ctx context.Context, from, to plan.Day) ([]AreaInForce, error) {
	return collect(ctx, s.pool, "AreasInForce", pgx.RowToStructByPos[AreaInForce], from, to)
}

// InForce returns the grids that are in force in the given areas, by code.
func (s *Store) InForce(ctx context.Context, areas []AreaInForce) ([]plan.DivisionGrid, error) {
	divisions, ids := make([]plan.DivisionID, len(areas)), make([]*plan.AreaID, len(areas))
	for i := range areas {
		divisions[i], ids[i] = areas[i].Division, &areas[i].Area
	}
	return s.divisionGrids(ctx, divisions, ids)
}

// DivisionGrids returns the grids of a division, by code.
func (s *Store) DivisionGrids(ctx context.Context, id plan.DivisionID) ([]plan.DivisionGrid, error) {
	return s.divisionGrids(ctx, []plan.DivisionID{id}, []*plan.AreaID{nil})
}

func (s *Store) divisionGrids(ctx context.Context, divisions []plan.DivisionID, areas []*plan.AreaID) ([]plan.DivisionGrid, error) {
	return collect(ctx, s.pool, "DivisionGrids", func(r pgx.CollectableRow) (plan.DivisionGrid, error) {
		var g plan.DivisionGrid
		var chain []areaName
		var colour int16
		var measures []plan.Measure
		var loads []int64
		var geom, label []byte
		err := r.Scan(&g.Division, &g.No, &g.Key, &g.Code, &g.Name, &g.NameEn, &g.Kind, &g.Purpose, &g.Body, &g.Enclave, &chain, &colour, &g.Blocks,
			(*float64)(&g.Area), &g.Pieces, &measures, &loads, &g.Estimated, &g.SuppressBelow, &g.Plan, &g.Synthetic, &geom, &label)
		if err != nil {
			return g, err
		}
		for _, a := range chain {
			g.Chain = append(g.Chain, plan.Area{Level: a.Level, Code: a.Code, Name: a.Name, NameEn: a.NameEn})
		}
		g.Colour, g.Loads = uint8(colour), make(map[plan.Measure]int64, len(measures))
		for i, m := range measures {
			g.Loads[m] = loads[i]
		}
		if g.Shape, err = decodeMultiPolygon(geom); err != nil {
			return g, err
		}
		g.Label, err = decodePoint(label)
		return g, err
	}, divisions, areas)
}

// DivisionBlocks returns the blocks of a division, by id.
func (s *Store) DivisionBlocks(ctx context.Context, id plan.DivisionID) ([]plan.DivisionBlock, error) {
	return collect(ctx, s.pool, "DivisionBlocks", pgx.RowToStructByPos[plan.DivisionBlock], id)
}

// Lineage returns how the grids of a division came out of those before it.
func (s *Store) Lineage(ctx context.Context, id plan.DivisionID) ([]plan.LineageRow, error) {
	return collect(ctx, s.pool, "Lineage", pgx.RowToStructByPos[plan.LineageRow], id)
}

// PostsAt returns the posts placed on a grid of a plan that are there on a day, and those of a building where one is named, each with who
// holds it then; by kind.
func (s *Store) PostsAt(ctx context.Context, id plan.ID, no plan.GridNo, day plan.Day, building string) ([]*plan.Post, error) {
	return collect(ctx, s.pool, "PostsAt", scanPost, id, no, day, building)
}

// Waive stores that a warning of a plan is taken as it is, and why. It returns a NotFound fault where the plan has no such warning.
func (s *Store) Waive(ctx context.Context, id plan.ID, w plan.Waiver, at SnapshotAt) (plan.Waiver, error) {
	err := s.changePlan(ctx, func(tx pgx.Tx) (err error) {
		if _, w.Revision, _, err = lockPlan(ctx, tx, id.String()); err != nil {
			return err
		}
		snap, err := at(ctx, w.Revision)
		if err != nil {
			return err
		}
		o, err := outlook(ctx, tx, id, snap)
		if err != nil {
			return err
		}
		found := false
		for _, c := range o.Checked {
			found = found || c.Rule == w.Rule && c.Subject() == w.Subject && c.Severity == plan.Warning
		}
		if !found {
			return plan.Refuse(plan.NotFound, "waiver.none", words.Args{"rule": w.Rule})
		}
		if _, err := exec(ctx, tx, "WaiverReplace", id, w.Rule, w.Subject); err != nil {
			return err
		}
		return row(ctx, tx, "WaiverPut", []any{id, w.Rule, w.Subject, w.Reason, w.By, w.Revision}, &w.ID, &w.At)
	})
	return w, err
}

// Unwaive takes a waiver back, a NotFound fault where there is none.
func (s *Store) Unwaive(ctx context.Context, id plan.ID, waiver int64) error {
	err := row(ctx, s.pool, "WaiverRevoke", []any{id, waiver}, &waiver)
	if errors.Is(err, pgx.ErrNoRows) {
		err = plan.Refuse(plan.NotFound, "waiver.unknown", words.Args{"waiver": waiver})
	}
	return err
}
