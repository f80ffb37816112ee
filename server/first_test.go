package server_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"gridwright/plan"
	"gridwright/sql/postgis"
)

// A planner asks for a split, hears of its first plan, looks at it and takes what there is.
func TestTheFirstPlanOverHTTP(t *testing.T) {
	h := open(t, "")
	h.refused(h.ask(http.MethodGet, h.at("/first"), ""), 409, "plan.no_first")
	h.refused(h.ask(http.MethodGet, "/api/v1/plans/77/first", ""), 404, "plan.unknown")
	h.refused(h.ask(http.MethodPost, "/api/v1/plans/77/finish", ""), 404, "plan.unknown")

	var asked struct{ ID string }
	wish := `{"recipe":{"scope":"P2","grids":3,"balance":[{"measure":"households"}],"tolerance":0,"effort":1000000000,"time_ms":3600000,"keep":%q}}`
	if a := h.ask(http.MethodPost, "/api/v1/plans", fmt.Sprintf(wish, h.plan)); a.StatusCode != http.StatusAccepted {
		t.Fatalf("%s %s", a.Status, a.body)
	} else {
		h.read(a, &asked)
	}
	var err error
	if h.plan, err = plan.ParseID(asked.ID); err != nil {
		t.Fatal(err)
	}
	h.refused(h.ask(http.MethodPost, h.at("/finish"), ""), 409, "plan.no_first") // it waits in the queue: there is nothing to take

	s := h.listen()
	worker, err := h.store.Work(t.Context(), slog.New(slog.DiscardHandler), postgis.Trades{})
	if err != nil {
		t.Fatal(err)
	}
	defer worker.Stop(context.Background())
	s.until(`"first":true`)

	var first struct{ Grids []plan.FirstGrid }
	a := h.get(h.at("/first"), &first)
	if a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a first plan may be kept: %v", a.Header)
	}
	blocks := 0
	for _, g := range first.Grids {
		if g.Parent != "P2" || !strings.HasPrefix(g.Code, "P2") {
			t.Errorf("%+v", g)
		}
		blocks += len(g.Blocks)
	}
	if len(first.Grids) != 3 || blocks != 30 {
		t.Fatalf("%d blocks in %d grids: %s", blocks, len(first.Grids), a.body)
	}

	if a := h.ask(http.MethodPost, h.at("/finish"), ""); a.StatusCode != http.StatusAccepted {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	s.until(`"state":"draft"`)
	var taken struct{ Revision int64 }
	a = h.get(h.at(""), &taken)
	if taken.Revision != 1 || !strings.Contains(string(a.body), `"stopped":"cancelled"`) {
		t.Errorf("%s", a.body)
	}
	h.refused(h.ask(http.MethodGet, h.at("/first"), ""), 409, "plan.no_first")
	h.refused(h.ask(http.MethodPost, h.at("/finish"), ""), 409, "plan.no_first")
}
