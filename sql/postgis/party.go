package postgis

import (
	"cmp"
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"gridwright/plan"
	"gridwright/plan/words"
)

// PartyOf returns the party organisations of a plan on a day; an empty day is today.
func (s *Store) PartyOf(ctx context.Context, id plan.ID, snap *plan.Snapshot, at string) (*plan.Party, error) {
	at = cmp.Or(at, string(s.Today()))
	if _, err := plan.ParseDay(at); err != nil {
		return nil, err
	}
	return s.partyBetween(ctx, id, snap, at, at)
}

func (s *Store) partyBetween(ctx context.Context, id plan.ID, snap *plan.Snapshot, from, to string) (*plan.Party, error) {
	orgs, err := collect(ctx, s.pool, "PartyOrgs", scanPartyOrg, id, from, to, "")
	if err != nil {
		return nil, err
	}
	parents := make([]plan.AreaID, len(snap.Ground.Parents))
	for i, a := range snap.Ground.Parents {
		parents[i] = a.ID
	}
	above, err := s.Ancestors(ctx, parents)
	if err != nil {
		return nil, err
	}
	p := plan.NewParty(snap, orgs, above)
	_, err = collect(ctx, s.pool, "Committees", func(r pgx.CollectableRow) (struct{}, error) {
		var area, kind string
		err := r.Scan(&area, &kind)
		if kind == "working" {
			p.Working[area] = true
		} else {
			p.Joint[area] = true
		}
		return struct{}{}, err
	}, to)
	return p, err
}

func scanPartyOrg(r pgx.CollectableRow) (*plan.PartyOrg, error) {
	var o plan.PartyOrg
	err := r.Scan(&o.ID, &o.Code, &o.Name, &o.Level, &o.Kind, &o.Area, &o.Building, &o.Compounds, &o.Members, &o.MemberHouseholds, &o.Exception,
		&o.Since, &o.Until, &o.Above, &o.AboveSince, &o.Grids, &o.Version)
	return &o, err
}

// PartyOrg returns an organisation as it is today, or as it will be where it is still to come, without its grids.
func (s *Store) PartyOrg(ctx context.Context, code string) (*plan.PartyOrg, error) {
	for _, day := range []string{string(s.Today()), ever} {
		orgs, err := collect(ctx, s.pool, "PartyOrgs", scanPartyOrg, plan.ID(0), "0001-01-01", day, code)
		if err != nil {
			return nil, err
		}
		if len(orgs) > 0 {
			return orgs[0], nil
		}
	}
	return nil, noParty(code)
}

// ever is a day after all others.
const ever = "9999-12-31"

func noParty(code string) error {
	return plan.Refuse(plan.NotFound, "party.no_org", words.Args{"org": code})
}

// AddPartyOrg stores an organisation, with whom it belongs to from its first day on.
func (s *Store) AddPartyOrg(ctx context.Context, o *plan.PartyOrg) error {
	return s.inTx(ctx, func(tx pgx.Tx) error { return addPartyOrg(ctx, tx, o) })
}

func addPartyOrg(ctx context.Context, tx pgx.Tx, o *plan.PartyOrg) error {
	err := row(ctx, tx, "PartyOrgPut", []any{o.Code, o.Name, o.Level, o.Kind, o.Area, o.Building, notNil(o.Compounds), o.Members, o.MemberHouseholds,
		o.Exception, o.Since}, &o.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return plan.Refuse(plan.Wrong, "party.code_taken", words.Args{"org": o.Code})
	}
	if err != nil || o.Above == "" {
		return err
	}
	return affiliate(ctx, tx, o.Code, o.Above, o.Since, "")
}

func notNil(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}

// SetPartyOrg changes an organisation, if it is still of o.Version, and returns the next.
func (s *Store) SetPartyOrg(ctx context.Context, o *plan.PartyOrg) (next int64, err error) {
	err = row(ctx, s.pool, "PartyOrgSet", []any{o.Code, o.Name, o.Level, o.Kind, o.Area, o.Building, notNil(o.Compounds), o.Members, o.MemberHouseholds,
		o.Exception, textOrNil(o.Until), o.Version}, &next)
	if errors.Is(err, pgx.ErrNoRows) {
		if _, err := s.PartyOrg(ctx, o.Code); err != nil {
			return 0, err
		}
		return 0, plan.Refuse(plan.Stale, "staff.changed", nil)
	}
	return next, err
}

// Affiliate lets organisations belong to another body from a day on, all or none: what was before stays as history.
func (s *Store) Affiliate(ctx context.Context, codes []string, above, day, reason string) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		for _, code := range codes {
			if err := affiliate(ctx, tx, code, above, day, reason); err != nil {
				return err
			}
		}
		return nil
	})
}

func affiliate(ctx context.Context, tx pgx.Tx, code, above, day, reason string) error {
	var id plan.PartyOrgID
	if err := row(ctx, tx, "PartyOrgID", []any{code}, &id); errors.Is(err, pgx.ErrNoRows) {
		return noParty(code)
	} else if err != nil {
		return err
	}
	var loops bool
	if err := row(ctx, tx, "AffiliationLoops", []any{code, above}, &loops); err != nil {
		return err
	}
	if loops {
		return plan.Refuse(plan.Invalid, "party.loop", words.Args{"org": code})
	}
	var since string
	err := row(ctx, tx, "AffiliationOpen", []any{id}, &since)
	if err == nil && day < since {
		return plan.Refuse(plan.Invalid, "staff.before", words.Args{"day": day, "since": since})
	} else if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if _, err := exec(ctx, tx, "AffiliationEnd", id, day); err != nil {
		return err
	}
	_, err = exec(ctx, tx, "AffiliationPut", id, above, day, reason)
	return err
}

// Affiliation is whom an organisation belonged to, from when to when.
type Affiliation struct {
	Above  string `json:"above"`
	Since  string `json:"since"`
	Until  string `json:"until"` // empty: still does
	Reason string `json:"reason"`
}

// Affiliations returns whom an organisation belonged to, the newest first.
func (s *Store) Affiliations(ctx context.Context, code string) ([]Affiliation, error) {
	return collect(ctx, s.pool, "Affiliations", pgx.RowToStructByPos[Affiliation], code)
}

// SetPartyGrids makes an organisation the primary branch of grids of a plan, and of no others; each grid has one.
func (s *Store) SetPartyGrids(ctx context.Context, id plan.ID, code string, grids []plan.GridNo) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		var org plan.PartyOrgID
		if err := row(ctx, tx, "PartyOrgID", []any{code}, &org); errors.Is(err, pgx.ErrNoRows) {
			return noParty(code)
		} else if err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "PartyGridsOff", id, org); err != nil {
			return err
		}
		_, err := exec(ctx, tx, "PartyGridsOn", id, org, grids)
		return err
	})
}

// The kinds of committee of areas.
const (
	WorkingCommittee = "working" // 大工委
	JointCommittee   = "joint"   // 联合党委
)

// SetCommittees says of areas, by code, that they have a committee from a day on, or have it no more.
func (s *Store) SetCommittees(ctx context.Context, areas []string, kind string, there bool, day string) error {
	query := "CommitteesEnd"
	if there {
		query = "CommitteesPut"
	}
	_, err := exec(ctx, s.pool, query, areas, kind, day)
	return err
}

// PartyOrgs returns the organisations that are there today or were, by code, with their grids in a plan.
func (im *Importing) PartyOrgs(ctx context.Context, id plan.ID) (map[string]*plan.PartyOrg, error) {
	orgs, err := collect(ctx, im.tx, "PartyOrgs", scanPartyOrg, id, "0001-01-01", ever, "")
	byCode := make(map[string]*plan.PartyOrg, len(orgs))
	for _, o := range orgs {
		byCode[o.Code] = o
	}
	return byCode, err
}

// PutParty stores organisations, new ones without an ID, with the grids of a plan whose primary branch they are and whom they belong to.
func (im *Importing) PutParty(ctx context.Context, id plan.ID, orgs []*plan.PartyOrg) error {
	for _, o := range orgs {
		if err := im.putPartyOrg(ctx, o); err != nil {
			return err
		}
		if _, err := exec(ctx, im.tx, "PartyGridsOff", id, o.ID); err != nil {
			return err
		}
		if len(o.Grids) == 0 {
			continue
		}
		if _, err := exec(ctx, im.tx, "PartyGridsOn", id, o.ID, o.Grids); err != nil {
			return err
		}
	}
	return nil
}

func (im *Importing) putPartyOrg(ctx context.Context, o *plan.PartyOrg) error {
	if o.ID == 0 {
		return addPartyOrg(ctx, im.tx, o)
	}
	var next int64
	err := row(ctx, im.tx, "PartyOrgSet", []any{o.Code, o.Name, o.Level, o.Kind, o.Area, o.Building, notNil(o.Compounds), o.Members, o.MemberHouseholds,
		o.Exception, textOrNil(o.Until), o.Version}, &next)
	if err != nil || o.Above == "" {
		return err
	}
	return affiliate(ctx, im.tx, o.Code, o.Above, o.Since, "")
}
