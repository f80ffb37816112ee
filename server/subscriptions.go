package server

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"gridwright/feed"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// How many deliveries an answer has.
const deliveriesShown = 100

const maxSubscriptionName = 200 // characters

// subscriptionView is a platform that is told of changes.
type subscriptionView struct {
	ID        postgis.SubscriptionID `json:"id"`
	Name      string                 `json:"name"`
	URL       string                 `json:"url"`
	Areas     []string               `json:"areas"`
	Parts     []string               `json:"parts"`
	MadeAt    time.Time              `json:"made_at"`
	Waiting   int                    `json:"waiting"`
	Delivered int                    `json:"delivered"`
	GivenUp   int                    `json:"given_up"`
	Last      *time.Time             `json:"last_delivered_at"`
	Secret    string                 `json:"secret,omitempty"` // in the answer to its making alone
}

func newSubscriptionView(s postgis.Subscription) subscriptionView {
	return subscriptionView{ID: s.ID, Name: s.Name, URL: s.URL, Areas: s.Areas, Parts: s.Parts, MadeAt: s.MadeAt.UTC(),
		Waiting: s.Waiting, Delivered: s.Delivered, GivenUp: s.GivenUp, Last: s.Last}
}

// subscriptions lists the platforms that are told of changes.
func (s *Server) subscriptions(w http.ResponseWriter, r *http.Request) error {
	all, err := s.Store.Subscriptions(r.Context())
	if err != nil {
		return err
	}
	out := make([]subscriptionView, len(all))
	for i, one := range all {
		out[i] = newSubscriptionView(one)
	}
	return writeJSON(w, http.StatusOK, map[string]any{"subscriptions": out})
}

// subscribe makes a subscription. Its secret is told once, in this answer.
func (s *Server) subscribe(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Name  string   `json:"name"`
		URL   string   `json:"url"`
		Areas []string `json:"areas"`
		Parts []string `json:"parts"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	wish.Name = strings.TrimSpace(wish.Name)
	if wish.Name == "" || utf8.RuneCountInString(wish.Name) > maxSubscriptionName {
		return plan.Refuse(plan.Invalid, "subscription.name", nil)
	}
	if err := legible("name", wish.Name); err != nil {
		return err
	}
	if err := shortTexts("areas", wish.Areas); err != nil {
		return err
	}
	if err := feed.CheckReceiver(wish.URL); err != nil {
		return err
	}
	made, err := s.Store.Subscribe(r.Context(), postgis.Subscription{Name: wish.Name, URL: wish.URL, Areas: wish.Areas, Parts: wish.Parts})
	if err != nil {
		return err
	}
	v := newSubscriptionView(made)
	v.Secret = made.Secret
	return writeJSON(w, http.StatusCreated, v)
}

// unsubscribe ends a subscription.
func (s *Server) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.Unsubscribe(r.Context(), postgis.SubscriptionID(numberIn(r))); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// deliveryView is a change that a platform is told, and how that went.
type deliveryView struct {
	ID          postgis.DeliveryID `json:"id"`
	Change      int64              `json:"change"`
	Kind        string             `json:"kind"`
	Division    plan.DivisionID    `json:"division"`
	Effective   plan.Day           `json:"effective"`
	State       string             `json:"state"` // waiting, delivered, given_up
	Attempts    int                `json:"attempts"`
	TriedAt     *time.Time         `json:"tried_at"`
	NextAt      *time.Time         `json:"next_at"` // of one that waits
	Status      *int               `json:"status"`
	Failure     *string            `json:"failure"`
	DeliveredAt *time.Time         `json:"delivered_at"`
}

func newDeliveryView(d postgis.Delivery, l words.Lang) deliveryView {
	v := deliveryView{ID: d.ID, Change: d.Change, Kind: d.Kind, Division: d.Division, Effective: d.Effective, State: "waiting", Attempts: d.Attempts,
		TriedAt: d.TriedAt, Status: d.Status, DeliveredAt: d.DeliveredAt}
	switch {
	case d.DeliveredAt != nil:
		v.State = "delivered"
	case d.GivenUpAt != nil:
		v.State = "given_up"
	default:
		v.NextAt = &d.NextAt
	}
	if why, failed := d.Said[l.String()]; failed {
		v.Failure = &why
	}
	return v
}

// deliveries lists the newest deliveries of a subscription: ?before=ID goes on.
func (s *Server) deliveries(w http.ResponseWriter, r *http.Request) error {
	before, err := wholeQuery(r, "before", 0, 1, 1<<53)
	if err != nil {
		return err
	}
	all, err := s.Store.Deliveries(r.Context(), postgis.SubscriptionID(numberIn(r)), postgis.DeliveryID(before), deliveriesShown)
	if err != nil {
		return err
	}
	out := make([]deliveryView, len(all))
	for i, d := range all {
		out[i] = newDeliveryView(d, language(r))
	}
	return writeJSON(w, http.StatusOK, map[string]any{"deliveries": out})
}

// replay makes a delivery again.
func (s *Server) replay(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.Replay(r.Context(), postgis.DeliveryID(numberIn(r))); err != nil {
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}
