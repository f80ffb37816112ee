package server_test

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestMethodsThatAreNotServed(t *testing.T) {
	h := open(t, "/grids")
	for _, c := range []struct{ method, path, allow string }{
		{http.MethodPut, h.at(""), "GET, HEAD, PATCH, DELETE"},
		{http.MethodPut, "/api/v1/plans", "GET, HEAD, POST"},
		{http.MethodOptions, "/tiles/block.json", "GET, HEAD"},
		{http.MethodPut, "/", "GET, HEAD"},
	} {
		a := h.ask(c.method, c.path, "")
		h.refused(a, http.StatusMethodNotAllowed, "method")
		if got := a.Header.Get("Allow"); got != c.allow {
			t.Errorf("%s %s allows %s, want %s", c.method, c.path, got, c.allow)
		}
	}
	for _, path := range []string{h.at(""), h.at("/events"), "/", "/tiles/block.json"} {
		if a := h.ask(http.MethodHead, path, ""); a.StatusCode != http.StatusOK || len(a.body) > 0 {
			t.Errorf("HEAD %s: %s, %d bytes", path, a.Status, len(a.body))
		}
	}
}

func TestAddressesThatAreNot(t *testing.T) {
	h := open(t, "/grids")
	outside := *h
	outside.url = strings.TrimSuffix(h.url, "/grids")
	for _, a := range []answer{h.ask(http.MethodGet, "/assets/", ""), h.ask(http.MethodGet, "/api/x", ""), outside.ask(http.MethodGet, "/elsewhere", "")} {
		if p := h.refused(a, http.StatusNotFound, "no_route"); p.Title != "没有找到" {
			t.Errorf("the title is %s", p.Title)
		}
	}
}

// Only a Host of this machine, or one that a proxy on it passes on, is answered.
func TestOtherNamesAreNotAnswered(t *testing.T) {
	h := open(t, "")
	address, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(address.Host)
	for _, c := range []struct {
		name, host, forwarded string
		want                  int
	}{
		{"this machine", "localhost:1", "", http.StatusOK},
		{"its other address", "[::1]:" + port, "", http.StatusOK},
		{"rebound", "evil.example:" + port, "", http.StatusMisdirectedRequest},
		{"rebound, and lying", "evil.example:" + port, "localhost", http.StatusMisdirectedRequest},
		{"no proxy", "grids.example", "", http.StatusMisdirectedRequest},
		{"a proxy that passes its own", "127.0.0.1:" + port, "grids.example", http.StatusOK},
		{"a proxy that passes on the reader's", "grids.example", "grids.example", http.StatusOK},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/healthz", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = c.host
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-Host", c.forwarded)
		}
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		w.Body.Close()
		if w.StatusCode != c.want {
			t.Errorf("%s: %s, want %d", c.name, w.Status, c.want)
		}
	}
	h.refused(h.ask(http.MethodPost, h.at("/undo"), "", "Origin: http://evil.example"), http.StatusForbidden, "origin")
}

func TestConditions(t *testing.T) {
	h := open(t, "")
	var doc tileJSON
	h.get("/tiles/block.json", &doc)
	for _, path := range []string{"/tiles/block.json", "/tiles/block/14/0/0.mvt"} {
		tag := h.ask(http.MethodGet, path, "").Header.Get("ETag")
		for held, want := range map[string]int{`"x", ` + tag: 304, "W/" + tag: 304, "*": 304, strings.TrimSuffix(tag, `"`) + `-gzip"`: 304} {
			if a := h.ask(http.MethodGet, path, "", "If-None-Match: "+held); a.StatusCode != want {
				t.Errorf("%s held %s: %s", path, held, a.Status)
			}
		}
		if a := h.ask(http.MethodGet, path, "", `If-None-Match: "x"`); a.StatusCode == http.StatusNotModified {
			t.Errorf("%s: another tag was taken for %s", path, tag)
		}
	}
	rename := func(match string) int {
		return h.ask(http.MethodPatch, h.at(""), `{"name":"甲"}`, "If-Match: "+match).StatusCode
	}
	if got := rename(`W/"name-1"`); got != http.StatusPreconditionFailed {
		t.Errorf("a weak tag allowed a change: %d", got)
	}
	if got := rename("*"); got != http.StatusOK {
		t.Errorf("any name: %d", got)
	}
}

func TestAnswersArePacked(t *testing.T) {
	h := open(t, "")
	for accept, want := range map[string]string{"gzip": "gzip", "gzip;q=0": "", "identity": ""} {
		a := h.ask(http.MethodGet, h.at("/blocks"), "", "Accept-Encoding: "+accept)
		if got := a.Header.Get("Content-Encoding"); got != want || !strings.Contains(strings.Join(a.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%s: %q, %v", accept, got, a.Header)
		}
	}
}

func TestSentencesOfRefusals(t *testing.T) {
	h := open(t, "")
	say := func(a answer, status int, code, want string) {
		t.Helper()
		if p := h.refused(a, status, code); !strings.Contains(p.Detail, want) {
			t.Errorf("%s says %q, not %q", code, p.Detail, want)
		}
	}
	en := "Accept-Language: zh;q=0, en"
	say(h.ask(http.MethodGet, h.at("/report?kind=T11"), "", en), 422, "report.kind", "T11")
	say(h.ask(http.MethodGet, "/api/v1/density?measure=a%01b", "", en), 400, "query.value", "is no value")
	say(h.ask(http.MethodPatch, h.at(""), `{"name":"a\u0000b"}`, en), 422, "text.control", "control characters in name")
	say(h.ask(http.MethodPost, "/api/v1/plans", `{"recipe":{"scope":"a\u0000b","grids":8,"balance":[{"measure":"households"}]}}`, en), 422, "text.control", "control characters in")
	say(h.ask(http.MethodPost, h.at("/edits"), `[]`, en), 400, "body.json", "an object")
	say(h.ask(http.MethodPost, h.at("/edits"), `{"blocks":7}`, en), 400, "body.json", "blocks must be an array")
}

// The list says nothing of what it has not looked at.
func TestTheListOnlyKnowsHeads(t *testing.T) {
	h := open(t, "")
	body := string(h.get("/api/v1/plans", nil).body)
	for _, field := range []string{"measures", "bbox", "can_undo", "can_redo"} {
		if strings.Contains(body, `"`+field+`"`) {
			t.Errorf("it has %s: %s", field, body)
		}
	}
}
