package feed

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"syscall"
	"time"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// How long a receiver may take in all, and how much of its answer is read.
const (
	answerIn    = 5 * time.Second
	answerBytes = 64 << 10
)

// CheckReceiver returns an Invalid fault for an address that letters cannot go to: one that is not http or https, has no host, or carries a
// name and password. Where the host lies is seen at each dial.
func CheckReceiver(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(address) > 2000 {
		return refuse("receiver", words.Args{"url": address})
	}
	return nil
}

// Post delivers letters to other platforms, by POST of a JSON document. It dials public addresses and the networks it was given, and
// follows no redirect.
type Post struct {
	client *http.Client
	store  *postgis.Store
	now    func() time.Time
}

// NewPost returns a post that may also dial the networks given, such as an office's own: all other private, local and special addresses are
// refused, whatever name they hide behind. The store says who is responsible for what.
func NewPost(store *postgis.Store, allowed []netip.Prefix) *Post {
	dialer := &net.Dialer{Timeout: answerIn, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !mayDial(at.Addr(), allowed) {
			return refuse("private_address", words.Args{"address": at.Addr().String()})
		}
		return nil
	}}
	return &Post{store: store, now: time.Now, client: &http.Client{
		Timeout:       answerIn,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         dialer.DialContext, // no proxy: it would dial for us
			TLSHandshakeTimeout: answerIn, MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
			MaxResponseHeaderBytes: answerBytes,
		},
	}}
}

// special are addresses of no single machine on the public network that netip has no word for (IANA's registries of special addresses).
var special = func() (all []netip.Prefix) {
	for _, p := range []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"} {
		all = append(all, netip.MustParsePrefix(p))
	}
	return all
}()

// given is what there is of public version 6 addresses: all others are local, or version 4 ones in disguise.
var given = netip.MustParsePrefix("2000::/3")

// mayDial reports whether an address is a public one or lies in a network that is allowed. A version 4 address is the same in either dress.
func mayDial(a netip.Addr, allowed []netip.Prefix) bool {
	a = a.Unmap().WithZone("")
	in := func(p netip.Prefix) bool { return p.Contains(a) }
	if slices.ContainsFunc(allowed, in) {
		return true
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && (a.Is4() || given.Contains(a)) && !slices.ContainsFunc(special, in)
}

// letter is the document that is posted. Equal ids are the same change, told again.
type letter struct {
	ID        int64                 `json:"id"`
	Delivery  int64                 `json:"delivery"`
	At        time.Time             `json:"at"`
	Kind      string                `json:"kind"`
	Division  plan.DivisionID       `json:"division"`
	By        plan.DivisionID       `json:"by,omitempty"`
	Effective plan.Day              `json:"effective"`
	Payload   json.RawMessage       `json:"payload"`
	Grids     *gridLinks            `json:"grids,omitempty"`
	People    []postgis.Responsible `json:"people,omitempty"`
}

// gridLinks say where the grids are to be had: paths under the address of the service.
type gridLinks struct {
	GeoJSON  string `json:"geojson"`
	Manifest string `json:"manifest"`
}

// Send makes one attempt at a letter. It returns the receiver's status, 0 where none came back; any but 2xx is an error.
func (p *Post) Send(ctx context.Context, l postgis.Letter) (status int, err error) {
	body, err := p.write(ctx, l)
	if err != nil {
		return 0, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.URL, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	now := p.now().Unix()
	h := r.Header
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "gridwright")
	h.Set("Gridwright-Delivery", strconv.FormatInt(int64(l.Delivery), 10))
	h.Set("Gridwright-Change", strconv.FormatInt(l.Change.ID, 10))
	h.Set("Gridwright-Attempt", strconv.Itoa(l.Attempt))
	h.Set("Gridwright-Signature", fmt.Sprintf("t=%d,v1=%s", now, Sign(l.Secret, now, body)))
	answer, err := p.client.Do(r)
	if err != nil {
		return 0, unreached(err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, answerBytes) // so that the connection can be used again
	if answer.StatusCode/100 != 2 {
		return answer.StatusCode, refuse("receiver_refused", words.Args{"status": answer.StatusCode})
	}
	return answer.StatusCode, nil
}

// unreached says in words why nothing came back; what the system says of it may name machines of this network.
func unreached(err error) error {
	refusal, refused := errors.AsType[*fault](err)
	lookup, unknown := errors.AsType[*net.DNSError](err)
	certificate, _ := errors.AsType[*tls.CertificateVerificationError](err)
	slow, timed := errors.AsType[net.Error](err)
	switch {
	case refused:
		return refusal
	case unknown && lookup.IsNotFound:
		return refuse("receiver_unknown", words.Args{"host": lookup.Name})
	case certificate != nil:
		return refuse("receiver_certificate", nil)
	case timed && slow.Timeout():
		return refuse("receiver_slow", words.Args{"seconds": int(answerIn.Seconds())})
	case errors.Is(err, syscall.ECONNREFUSED):
		return refuse("receiver_closed", nil)
	}
	return refuse("receiver_away", nil)
}

// Sign returns the signature of a letter's body at a second since 1970: HMAC-SHA-256, in hexadecimal, of the second in decimal, a full stop and
// the body.
func Sign(secret string, second int64, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d.", second)
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// write returns the document of a letter, with the parts that its receiver asked for.
func (p *Post) write(ctx context.Context, l postgis.Letter) ([]byte, error) {
	c := l.Change
	out := letter{ID: c.ID, Delivery: int64(l.Delivery), At: c.At.UTC(), Kind: c.Kind, Division: c.Division, By: c.By, Effective: c.Effective, Payload: c.Payload}
	if !slices.Contains(l.Parts, "lineage") {
		var told map[string]json.RawMessage
		if err := json.Unmarshal(c.Payload, &told); err != nil {
			return nil, err
		}
		delete(told, "lineage")
		var err error
		if out.Payload, err = json.Marshal(told); err != nil {
			return nil, err
		}
	}
	if c.Kind == "superseded" {
		return json.Marshal(out)
	}
	if slices.Contains(l.Parts, "grids") {
		at := fmt.Sprintf("/api/v1/divisions/%d/", c.Division)
		out.Grids = &gridLinks{at + "grids.geojson", at + "manifest"}
	}
	if slices.Contains(l.Parts, "people") {
		var err error
		if out.People, err = p.store.Responsible(ctx, c.Division); err != nil {
			return nil, err
		}
	}
	return json.Marshal(out)
}
