package main

import (
	"context"
	"os"

	"gridwright/importers/democity"
	"gridwright/importers/demoregion"
	"gridwright/plan"
	"gridwright/sql/postgis"
)

// staffCity gives the grids of the demonstration plan a made-up staff.
func staffCity(ctx context.Context, h *home, id plan.ID) error {
	snap, err := h.Snapshot(ctx, id)
	if err != nil {
		return err
	}
	st, err := h.StaffOf(ctx, id, snap, "")
	if err != nil {
		return err
	}
	return putStaff(ctx, h, id, democity.Staff(snap.Grids, st.Buildings), nil)
}

// putStaff stores a roster and branches of a plan.
func putStaff(ctx context.Context, h *home, id plan.ID, rows []plan.RosterRow, orgs []*plan.PartyOrg) error {
	return h.Import(ctx, func(im *postgis.Importing) error {
		known, _, err := im.Roster(ctx, id)
		if err != nil {
			return err
		}
		change, _ := plan.MatchRoster(rows, known)
		if _, err := im.Save(ctx, "roster", "", "", true, []byte(`{}`)); err != nil {
			return err
		}
		if err := im.PutRoster(ctx, id, change); err != nil {
			return err
		}
		return im.PutParty(ctx, id, orgs)
	})
}

// furnishRegion makes the example region with its plan and its staff.
func (c *demoCmd) furnishRegion(ctx context.Context, std *streams, h *home) error {
	std.say("demo_region", nil)
	dir, err := os.MkdirTemp("", "gridwright-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	grids := demoregion.Make()
	for _, l := range demoregion.Layers(grids) {
		if l.Name == "roster" {
			continue // the plan comes first
		}
		if err := importLayer(ctx, std, h, dir, democity.Layer{Name: l.Name, File: l.File, Write: l.Write}); err != nil {
			return err
		}
	}
	id, err := h.CreatePlan(ctx, demoregion.Name, demoregion.Recipe(), "")
	if err != nil {
		return err
	}
	if err := h.await(ctx, std, id); err != nil {
		return err
	}
	snap, err := h.Snapshot(ctx, id)
	if err != nil {
		return err
	}
	numberOf := func(code string) plan.GridNo {
		if g := snap.GridOf(code); g != nil {
			return g.No
		}
		return 0
	}
	if err := putStaff(ctx, h, id, demoregion.Roster(grids, numberOf), demoregion.Party(grids, numberOf)); err != nil {
		return err
	}
	working, joint := demoregion.CommitteeAreas()
	if err := h.SetCommittees(ctx, working, postgis.WorkingCommittee, true, demoregion.From); err != nil {
		return err
	}
	return h.SetCommittees(ctx, joint, postgis.JointCommittee, true, demoregion.From)
}
