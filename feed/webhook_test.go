package feed

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"gridwright/plan"
	"gridwright/sql/postgis"
)

// Addresses of this machine, of an office and of no machine are dialled only where an administrator says so, in whatever dress they come.
func TestPrivateAddressesAreNotDialled(t *testing.T) {
	office := []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fd00:20::/32")}
	for address, want := range map[string][2]bool{ // with nothing allowed, with the office allowed
		"8.8.8.8": {true, true}, "2400:3200::1": {true, true}, "::ffff:8.8.8.8": {true, true},
		"10.20.3.4": {false, true}, "::ffff:10.20.3.4": {false, true}, "fd00:20::5": {false, true}, "10.21.3.4": {},
		"127.0.0.1": {}, "127.9.9.9": {}, "::1": {}, "::ffff:127.0.0.1": {}, "0.0.0.0": {}, "::": {}, "0.1.2.3": {},
		"169.254.169.254": {}, "fe80::1": {}, "fe80::1%eth0": {}, "fd00:ec2::254": {}, "fc00::1": {}, "172.16.0.1": {}, "172.31.255.255": {},
		"192.168.1.1": {}, "100.64.0.1": {}, "192.0.2.1": {}, "198.18.0.1": {}, "198.51.100.7": {}, "203.0.113.7": {}, "224.0.0.1": {},
		"239.255.255.250": {}, "240.0.0.1": {}, "255.255.255.255": {}, "ff02::1": {}, "64:ff9b::7f00:1": {}, "2002:7f00:1::": {}, "2001:db8::1": {},
		"::7f00:1": {}, "::ffff:0:127.0.0.1": {},
	} {
		a, err := netip.ParseAddr(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]bool{mayDial(a, nil), mayDial(a, office)}; got != want {
			t.Errorf("%s: %v, want %v", address, got, want)
		}
	}
}

// Whatever name or number an address is written as, what is dialled is looked at; and nothing but http and https is dialled.
func TestLettersToPrivateAddressesAreRefused(t *testing.T) {
	called := false
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer receiver.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(receiver.URL, "http://"), ":")
	post := NewPost(nil, nil)
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"} {
		url := "http://" + host + ":" + port + "/"
		if err := CheckReceiver(url); err != nil {
			t.Errorf("%s: %v", url, err)
		}
		_, err := post.Send(t.Context(), postgis.Letter{URL: url, Change: postgis.DivisionChange{Kind: "published", Payload: json.RawMessage("{}")}})
		if err == nil {
			t.Errorf("%s was delivered to", url)
		}
	}
	if called {
		t.Error("a private address was reached")
	}
	for _, url := range []string{"", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com", "http://", "http:///x", "http://user:pass@example.com/",
		"https://user@example.com/", "//example.com/", "example.com", "http://example.com/#x", "javascript:alert(1)", "http://example.com:port/",
		"http://example.com/" + strings.Repeat("x", 3000)} {
		if err := CheckReceiver(url); plan.KindOf(err) != plan.Invalid {
			t.Errorf("%q: %v", url, err)
		}
	}
}

// Why a receiver was not reached is said in words, without the names of machines of this network.
func TestWhyAReceiverWasNotReached(t *testing.T) {
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	post := NewPost(nil, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	send := func(url string) error {
		_, err := post.Send(t.Context(), postgis.Letter{URL: url, Change: postgis.DivisionChange{Kind: "published", Payload: json.RawMessage("{}")}})
		return err
	}
	for key, err := range map[string]error{
		"receiver_certificate": send(secure.URL), "receiver_closed": send(closed.URL),
		"receiver_unknown": unreached(&net.DNSError{Err: "no such host", Name: "platform.example", Server: "10.0.0.53:53", IsNotFound: true}),
		"receiver_slow":    unreached(context.DeadlineExceeded), "receiver_away": unreached(errors.New("read tcp 10.0.0.7:4711: reset")),
		"private_address": func() error {
			_, err := NewPost(nil, nil).Send(t.Context(), postgis.Letter{URL: closed.URL, Change: postgis.DivisionChange{Kind: "published", Payload: json.RawMessage("{}")}})
			return err
		}(),
	} {
		fault, ok := errors.AsType[*fault](err)
		if !ok || fault.key != key || strings.Contains(err.Error(), "10.0.0") {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// A letter says what changed, signed so that its receiver can tell that it is from here; a redirect is not followed.
func TestALetterIsSigned(t *testing.T) {
	const secret = "5e1f"
	var body []byte
	var head http.Header
	mux := http.NewServeMux()
	mux.HandleFunc("/changes", func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		head = r.Header
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/changes", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/broken", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	receiver := httptest.NewServer(mux)
	defer receiver.Close()
	post := NewPost(nil, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	post.now = func() time.Time { return time.Unix(1_800_000_000, 0) }
	letter := postgis.Letter{Delivery: 7, URL: receiver.URL + "/changes", Secret: secret, Attempt: 2, Parts: []string{"grids"}, Change: postgis.DivisionChange{
		ID: 3, Kind: "published", Division: 5, Effective: "2027-01-01", Payload: json.RawMessage(`{"division":5,"lineage":[{"kind":"split"}]}`)}}
	if status, err := post.Send(t.Context(), letter); status != http.StatusOK || err != nil {
		t.Fatal(status, err)
	}
	want := "t=1800000000,v1=" + Sign(secret, 1_800_000_000, body)
	if got := head.Get("Gridwright-Signature"); got != want {
		t.Errorf("signed %q, want %q", got, want)
	}
	for name, value := range map[string]string{"Gridwright-Delivery": "7", "Gridwright-Change": "3", "Gridwright-Attempt": "2", "Content-Type": "application/json"} {
		if head.Get(name) != value {
			t.Errorf("%s: %q", name, head.Get(name))
		}
	}
	const text = `{"id":3,"delivery":7,"at":"0001-01-01T00:00:00Z","kind":"published","division":5,"effective":"2027-01-01","payload":{"division":5},` +
		`"grids":{"geojson":"/api/v1/divisions/5/grids.geojson","manifest":"/api/v1/divisions/5/manifest"}}`
	if string(body) != text {
		t.Errorf("%s", body)
	}
	// The worked example of docs/feeds.md.
	if got := Sign("secret", 1_700_000_000, []byte(`{"id":1}`)); got != "3dd1b9aef568d75f6790a84bd2e5dfa1f44409eef3cbdbd3f10b837376100c11" {
		t.Errorf("signature %s", got)
	}
	for path, status := range map[string]int{"/away": http.StatusTemporaryRedirect, "/broken": http.StatusBadGateway, "/nowhere": http.StatusNotFound} {
		letter.URL = receiver.URL + path
		got, err := post.Send(t.Context(), letter)
		fault, spoken := errors.AsType[*fault](err)
		if got != status || !spoken || !strings.Contains(fault.Error(), strconv.Itoa(status)) {
			t.Errorf("%s: %d %v", path, got, err)
		}
	}
}
