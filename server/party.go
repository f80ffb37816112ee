package server

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// partyOrgView is a party organisation: counts, never whose.
type partyOrgView struct {
	Code             string                `json:"code"`
	Name             string                `json:"name"`
	Level            plan.PartyLevel       `json:"level"`
	Kind             plan.PartyKind        `json:"kind"`
	KindLabel        string                `json:"kind_label"`
	Area             string                `json:"area"`
	Building         string                `json:"building"`
	Compounds        []string              `json:"compounds"`
	Members          int                   `json:"members"`
	MemberHouseholds int                   `json:"member_households"`
	Exception        string                `json:"exception"`
	Since            string                `json:"since"`
	Until            string                `json:"until"`
	Above            string                `json:"above"`
	Grids            []string              `json:"grids"`
	Advice           string                `json:"advice"`
	Differs          bool                  `json:"differs"`
	Affiliations     []postgis.Affiliation `json:"affiliations,omitempty"`
}

func newPartyOrgView(o *plan.PartyOrg, snap *plan.Snapshot, l words.Lang) partyOrgView {
	advice := o.Advice()
	v := partyOrgView{Code: o.Code, Name: o.Name, Level: o.Level, Kind: o.Kind, KindLabel: o.Kind.In(l), Area: o.Area, Building: o.Building,
		Compounds: append([]string{}, o.Compounds...), Members: o.Members, MemberHouseholds: o.MemberHouseholds, Exception: o.Exception, Since: o.Since,
		Until: o.Until, Above: o.Above, Grids: []string{}, Advice: advice.In(l), Differs: advice.Differs}
	if snap != nil {
		for _, no := range o.Grids {
			v.Grids = append(v.Grids, snap.Grids[no-1].Code)
		}
	}
	return v
}

// planParty answers with the party organisations of a plan: what covers what, and what their numbers of members suggest.
func (s *Server) planParty(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	p, err := s.Store.PartyOf(r.Context(), id, v.Snapshot, r.URL.Query().Get("at"))
	if err != nil {
		return err
	}
	l := language(r)
	type row struct {
		Community        areaName `json:"community"`
		Members          *int     `json:"members"` // null where nobody has counted them
		Organisation     string   `json:"organisation"`
		Now              string   `json:"now"`
		Advice           string   `json:"advice"`
		Differs          bool     `json:"differs"`
		Grids            int      `json:"grids"`
		GridsWith        int      `json:"grids_with"`
		Groups           int      `json:"groups"`
		MemberHouseholds int      `json:"member_households"`
		WorkingCommittee bool     `json:"working_committee"`
		JointCommittee   bool     `json:"joint_committee"`
	}
	rows, communities := []row{}, map[string]bool{}
	for _, x := range p.Rows() {
		one := row{Community: nameOf(x.Community), Differs: x.Should.Differs, Grids: len(x.Grids), Groups: x.Groups, MemberHouseholds: x.MemberHouseholds, WorkingCommittee: x.WorkingCommittee, JointCommittee: x.JointCommittee}
		if x.Known {
			one.Members, one.Advice = &x.Members, x.Should.In(l)
		}
		if x.Now != nil {
			one.Organisation, one.Now = x.Now.Code, x.Now.Kind.In(l)
		}
		for _, g := range x.Grids {
			if g.Branch != nil {
				one.GridsWith++
			}
		}
		communities[x.Community.Code] = true
		rows = append(rows, one)
	}
	orgs := []partyOrgView{}
	for _, o := range p.Orgs {
		if communities[o.Area] || len(o.Grids) > 0 || o.Area == "" {
			orgs = append(orgs, newPartyOrgView(o, v.Snapshot, l))
		}
	}
	c := p.Coverage()
	share := func(with, all int) [2]int { return [2]int{with, all} }
	return writeKept(w, r, map[string]any{"rows": rows, "organisations": orgs, "coverage": map[string][2]int{"grids": share(c.GridsWith, c.Grids),
		"compounds": share(c.CompoundsWith, c.Compounds), "subdistricts": share(c.SubdistrictsWith, c.Subdistricts),
		"communities": share(c.CommunitiesWith, c.Communities)}})
}

// partyWish is what is said of a party organisation. What is absent stays as it is.
type partyWish struct {
	Code             string          `json:"code"`
	Name             *string         `json:"name"`
	Level            plan.PartyLevel `json:"level"`
	Kind             plan.PartyKind  `json:"kind"`
	Area             *string         `json:"area"`
	Building         *string         `json:"building"`
	Compounds        []string        `json:"compounds"`
	Members          *int            `json:"members"`
	MemberHouseholds *int            `json:"member_households"`
	Exception        *string         `json:"exception"`
	Since            string          `json:"since"`
	Until            *string         `json:"until"`
	Above            string          `json:"above"`
}

// over takes what the wish says over into an organisation.
func (n partyWish) over(o *plan.PartyOrg) error {
	for _, f := range []struct {
		name string
		said *string
		into *string
	}{{"name", n.Name, &o.Name}, {"area", n.Area, &o.Area}, {"building", n.Building, &o.Building}, {"exception", n.Exception, &o.Exception}, {"until", n.Until, &o.Until}} {
		if f.said == nil {
			continue
		}
		text := strings.TrimSpace(*f.said)
		if err := shortText(f.name, text); err != nil {
			return err
		}
		*f.into = text
	}
	for _, f := range []struct {
		name string
		said *int
		into *int
	}{{"members", n.Members, &o.Members}, {"member_households", n.MemberHouseholds, &o.MemberHouseholds}} {
		if f.said == nil {
			continue
		}
		if *f.said < 0 || *f.said > 1_000_000 {
			return refuse(http.StatusUnprocessableEntity, "query.value", words.Args{"name": f.name, "value": *f.said})
		}
		*f.into = *f.said
	}
	o.Level, o.Kind = cmp.Or(n.Level, o.Level), cmp.Or(n.Kind, o.Kind)
	if err := shortTexts("compounds", n.Compounds); err != nil {
		return err
	}
	if n.Compounds != nil {
		o.Compounds = n.Compounds
	}
	for _, day := range []string{o.Since, o.Until} {
		if _, err := plan.ParseDay(day); day != "" && err != nil {
			return err
		}
	}
	switch {
	case o.Name == "":
		return plan.Refuse(plan.Invalid, "party.name", nil)
	case !slices.Contains(plan.PartyLevels, o.Level) || !slices.Contains(plan.PartyKinds, o.Kind) || o.Level != plan.BuildingParty && o.Building != "":
		return plan.Refuse(plan.Invalid, "party.kind", words.Args{"kind": string(o.Level) + " " + string(o.Kind)})
	case o.Until != "" && o.Until < o.Since:
		return plan.Refuse(plan.Invalid, "staff.before", words.Args{"day": o.Until, "since": o.Since})
	}
	return nil
}

// addPartyOrg stores a party organisation.
func (s *Server) addPartyOrg(w http.ResponseWriter, r *http.Request) error {
	var wish partyWish
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	o := &plan.PartyOrg{Code: strings.TrimSpace(wish.Code), Above: strings.TrimSpace(wish.Above), Since: cmp.Or(wish.Since, string(s.Store.Today()))}
	for name, text := range map[string]string{"code": o.Code, "above": o.Above} {
		if err := shortText(name, text); err != nil {
			return err
		}
	}
	if o.Code == "" {
		return plan.Refuse(plan.Invalid, "party.name", nil)
	}
	if err := wish.over(o); err != nil {
		return err
	}
	if err := s.Store.AddPartyOrg(r.Context(), o); err != nil {
		return err
	}
	return s.tellPartyOrg(w, r, o.Code, http.StatusCreated)
}

// partyOrg answers with an organisation and whom it belonged to.
func (s *Server) partyOrg(w http.ResponseWriter, r *http.Request) error {
	return s.tellPartyOrg(w, r, mux.Vars(r)["code"], http.StatusOK)
}

func (s *Server) tellPartyOrg(w http.ResponseWriter, r *http.Request, code string, status int) error {
	o, err := s.Store.PartyOrg(r.Context(), code)
	if err != nil {
		return err
	}
	v := newPartyOrgView(o, nil, language(r))
	if v.Affiliations, err = s.Store.Affiliations(r.Context(), code); err != nil {
		return err
	}
	w.Header().Set("ETag", versionTag("party", o.Version))
	return writeJSON(w, status, v)
}

// changePartyOrg changes an organisation.
func (s *Server) changePartyOrg(w http.ResponseWriter, r *http.Request) error {
	var wish partyWish
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	o, err := s.Store.PartyOrg(r.Context(), mux.Vars(r)["code"])
	if err != nil {
		return err
	}
	if err := matched(r, versionTag("party", o.Version), "staff.changed"); err != nil {
		return err
	}
	if err := wish.over(o); err != nil {
		return err
	}
	if _, err := s.Store.SetPartyOrg(r.Context(), o); err != nil {
		return err
	}
	return s.tellPartyOrg(w, r, o.Code, http.StatusOK)
}

// setPartyGrids makes an organisation the primary branch of grids of a plan.
func (s *Server) setPartyGrids(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Grids []string `json:"grids"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	grids, err := gridsNamed(wish.Grids, id, v.Snapshot)
	if err != nil {
		return err
	}
	if err := s.Store.SetPartyGrids(r.Context(), id, mux.Vars(r)["code"], grids); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{"grids": len(grids)})
}

// affiliate lets organisations belong to another body from a day on, all of them or none.
func (s *Server) affiliate(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Organisations []string `json:"organisations"`
		Above         string   `json:"above"`
		On            string   `json:"on"`
		Reason        string   `json:"reason"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	for name, text := range map[string]string{"above": wish.Above, "reason": wish.Reason} {
		if err := shortText(name, text); err != nil {
			return err
		}
	}
	if strings.TrimSpace(wish.Above) == "" {
		return plan.Refuse(plan.Invalid, "party.above", nil)
	}
	day, err := plan.ParseDay(cmp.Or(wish.On, string(s.Store.Today())))
	if err != nil {
		return err
	}
	if err := s.Store.Affiliate(r.Context(), wish.Organisations, strings.TrimSpace(wish.Above), string(day), wish.Reason); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{"changed": len(wish.Organisations), "on": day})
}

// setCommittees says of areas that they have a large working committee or a joint committee, or have it no more.
func (s *Server) setCommittees(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Areas []string `json:"areas"`
		Kind  string   `json:"kind"`
		There bool     `json:"there"`
		On    string   `json:"on"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	if wish.Kind != postgis.WorkingCommittee && wish.Kind != postgis.JointCommittee {
		return refuse(http.StatusUnprocessableEntity, "query.value", words.Args{"name": "kind", "value": wish.Kind})
	}
	if err := shortTexts("areas", wish.Areas); err != nil {
		return err
	}
	day, err := plan.ParseDay(cmp.Or(wish.On, string(s.Store.Today())))
	if err != nil {
		return err
	}
	if err := s.Store.SetCommittees(r.Context(), wish.Areas, wish.Kind, wish.There, string(day)); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{"areas": len(wish.Areas)})
}
