package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Codes are previewed, given, kept by grids that stay, and the next free one goes to a grid that a cut makes; schemes of the office's own are
// settled once and not behind anybody's back.
func TestCodesOverHTTP(t *testing.T) {
	h := open(t, "")
	var schemes struct {
		Current string
		Schemes []struct {
			Key, Title string
			Preset     bool
		}
	}
	before := h.get("/api/v1/codes/schemes", &schemes)
	if schemes.Current != "plain" || len(schemes.Schemes) != 7 || !schemes.Schemes[0].Preset {
		t.Fatalf("%+v", schemes)
	}
	const own = `{"current":"ours","schemes":[{"key":"ours","name":"本区规则","segments":[{"area":"parent"},{"text":"W"},{"sequence":true,"digits":3}],"names":true}]}`
	put := func(body, match string) answer {
		return h.ask(http.MethodPut, "/api/v1/codes/schemes", body, "If-Match: "+match)
	}
	h.refused(h.ask(http.MethodPut, "/api/v1/codes/schemes", own), http.StatusPreconditionRequired, "plan.no_if_match")
	h.refused(put(strings.Replace(own, `"digits":3`, `"digits":9`, 1), before.Header.Get("ETag")), http.StatusUnprocessableEntity, "scheme.digits")
	h.refused(put(strings.ReplaceAll(own, "ours", "plain"), before.Header.Get("ETag")), http.StatusUnprocessableEntity, "scheme.preset")
	h.refused(put(strings.Replace(own, `"current":"ours"`, `"current":"theirs"`, 1), before.Header.Get("ETag")), http.StatusNotFound, "scheme.unknown")
	if a := put(own, before.Header.Get("ETag")); a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	h.refused(put(own, before.Header.Get("ETag")), http.StatusPreconditionFailed, "setting.changed")

	var preview struct {
		Scheme  string
		Grids   int
		Changes []struct{ Old, New string }
	}
	h.get(h.at("/recode"), &preview)
	if preview.Scheme != "ours" || preview.Grids != 9 || len(preview.Changes) != 9 || preview.Changes[0].New != "P0W001" {
		t.Fatalf("%+v", preview)
	}
	if csv := string(h.get(h.at("/recode?format=csv&lang=en"), nil).body); !strings.Contains(csv, "old code,new code") || !strings.Contains(csv, ",P0-01,P0W001,") {
		t.Errorf("%s", csv)
	}
	h.refused(h.ask(http.MethodGet, h.at("/recode?scheme=moon"), ""), http.StatusNotFound, "scheme.unknown")
	h.refused(h.ask(http.MethodGet, h.at("/recode?scheme=dcm-15"), ""), http.StatusUnprocessableEntity, "code.no_area")
	if a := h.ask(http.MethodPost, h.at("/edits"), `{"base_revision":1,"kind":"recode","scheme":"ours"}`); a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	h.get(h.at("/recode"), &preview)
	if len(preview.Changes) != 0 {
		t.Errorf("given twice: %+v", preview)
	}
	h.refused(h.ask(http.MethodPost, h.at("/edits"), `{"base_revision":2,"kind":"recode","scheme":"ours"}`), http.StatusUnprocessableEntity, "edit.recode_same")

	// Once published a code is its grid's for good: it is not given anew, nor to another grid when its own is gone.
	h.publish(`{"effective":"2020-01-01"}`)
	h.get(h.at("/recode?scheme=ours&anew=true"), &preview)
	if len(preview.Changes) != 0 {
		t.Errorf("published codes were to change: %+v", preview)
	}
	if a := h.ask(http.MethodPost, h.at("/edits"), `{"base_revision":2,"kind":"merge","grids":["P0W001","P0W002"],"into":"P0W001"}`); a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	const south = 39.7
	var made struct{ Grids []struct{ Code string } }
	a := h.ask(http.MethodPost, h.at("/edits"), fmt.Sprintf(`{"base_revision":3,"kind":"cut","grid":"P0W001","line":[[103.99,%v],[104.01,%v]]}`, south+0.002, south+0.002))
	h.read(a, &made)
	var codes []string
	for _, g := range made.Grids {
		codes = append(codes, g.Code)
	}
	if got := strings.Join(codes, " "); !strings.Contains(got, "P0W001") || strings.Contains(got, "P0W002") || len(codes) != 2 {
		t.Errorf("a cut made %s: %s", got, a.body)
	}
}

// The four bounds of a grid are made, written over, and called to be checked when the border has moved; the walk along it is noted by segment.
func TestBoundsOverHTTP(t *testing.T) {
	h := open(t, "")
	type both struct{ Zh, En string }
	var bounds struct {
		Full, Short both
		Sides       map[string]struct{ Text, Made, Kept both }
		Length      float64 `json:"length_m"`
		Kinds       map[string]float64
		Segments    []struct {
			Number int
			Line   [][2]float64
			Walk   *struct{ Result, Who string }
		}
		Source string
		Stale  bool
		Walked *struct{ Who, Date string }
	}
	at := h.at("/grids/P0-01/bounds")
	made := h.get(at, &bounds)
	if !strings.HasPrefix(bounds.Full.Zh, "东至") || !strings.HasPrefix(bounds.Full.En, "East to ") || len(bounds.Segments) < 4 || bounds.Length < 300 {
		t.Fatalf("%s", made.body)
	}
	h.refused(h.ask(http.MethodGet, h.at("/grids/P9-01/bounds"), ""), http.StatusNotFound, "edit.no_grid")
	put := func(body string, match ...string) answer {
		return h.ask(http.MethodPut, at, body, match...)
	}
	const wish = `{"sides":{"south":{"zh":"老城墙根","en":""}},"by":"张三"}`
	h.refused(put(wish), http.StatusPreconditionRequired, "plan.no_if_match")
	h.refused(put(`{"sides":{"south":{"zh":"`+strings.Repeat("长", 501)+`","en":""}}}`, "If-Match: "+made.Header.Get("ETag")), http.StatusUnprocessableEntity, "bounds.long")
	h.refused(put(`{"sides":{"south":{"zh":"a\u0000b","en":""}}}`, "If-Match: "+made.Header.Get("ETag")), http.StatusUnprocessableEntity, "text.control")
	h.refused(put(`{"sides":{"up":{"zh":"天","en":""}}}`, "If-Match: "+made.Header.Get("ETag")), http.StatusBadRequest, "body.json")
	kept := put(wish, "If-Match: "+made.Header.Get("ETag"))
	h.read(kept, &bounds)
	if bounds.Sides["south"].Text.Zh != "老城墙根" || bounds.Sides["south"].Text.En == "" || bounds.Stale {
		t.Errorf("%s", kept.body)
	}
	h.refused(put(wish, "If-Match: "+made.Header.Get("ETag")), http.StatusPreconditionFailed, "bounds.changed")

	var sheet struct {
		Walked   *struct{ Who, Date string }
		Segments []struct{ Number int }
	}
	walk := h.get(h.at("/grids/P0-01/walk"), &sheet)
	var notes []map[string]any
	for _, s := range sheet.Segments {
		notes = append(notes, map[string]any{"number": s.Number, "result": "ok", "remark": "=1+1", "date": "2026-03-05", "who": "李四"})
	}
	body, err := json.Marshal(map[string]any{"segments": notes})
	if err != nil {
		t.Fatal(err)
	}
	note := func(body, match string) answer {
		return h.ask(http.MethodPut, h.at("/grids/P0-01/walk"), body, "If-Match: "+match)
	}
	h.refused(note(`{"segments":[{"number":99,"result":"ok","date":"2026-03-05","who":"李四"}]}`, walk.Header.Get("ETag")), http.StatusUnprocessableEntity, "walk.number")
	h.refused(note(`{"segments":[{"number":1,"result":"ok","date":"5 March","who":"李四"}]}`, walk.Header.Get("ETag")), http.StatusUnprocessableEntity, "day.wrong")
	noted := note(string(body), walk.Header.Get("ETag"))
	h.read(noted, &sheet)
	if sheet.Walked == nil || sheet.Walked.Who != "李四" || sheet.Walked.Date != "2026-03-05" {
		t.Errorf("%s", noted.body)
	}
	h.refused(note(string(body), walk.Header.Get("ETag")), http.StatusPreconditionFailed, "walk.changed")

	// A block of the grid goes to another: what was written is to be checked, and what was walked is only what still is the border.
	var blocks struct {
		Code []string
		Grid []int
	}
	h.get(h.at("/blocks"), &blocks)
	moved := ""
	for i, code := range blocks.Code {
		if blocks.Grid[i] == 1 {
			moved = code
		}
	}
	if a := h.ask(http.MethodPost, h.at("/edits"), `{"base_revision":1,"kind":"assign","blocks":["`+moved+`"],"to":"P0-02"}`); a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	h.get(at, &bounds)
	if !bounds.Stale || bounds.Walked != nil {
		t.Errorf("stale %v, walked %v", bounds.Stale, bounds.Walked)
	}
	if found := string(h.get(h.at("/findings"), nil).body); !strings.Contains(found, `"bounds_moved"`) {
		t.Error("no finding tells of it")
	}
	var all struct{ Bounds []struct{ Grid string } }
	h.get(h.at("/bounds"), &all)
	if len(all.Bounds) != 9 || all.Bounds[0].Grid != "P0-01" {
		t.Errorf("%+v", all)
	}
	// Nothing written any more.
	now := h.get(at, nil)
	a := put(`{"sides":{}}`, "If-Match: "+now.Header.Get("ETag"))
	h.read(a, &bounds)
	if bounds.Stale || bounds.Sides["south"].Kept.Zh != "" {
		t.Errorf("%s", a.body)
	}
}
