package postgis

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"gridwright/plan"
	"gridwright/plan/words"
)

// SubscriptionID is the key of a platform that is told of changes.
type SubscriptionID int64

// DeliveryID is the key of a change that a platform is told.
type DeliveryID int64

// Parts are what a platform may be told besides that something changed: where the grids are to be had, what became of which grid, who is
// responsible.
var Parts = []string{"grids", "lineage", "people"}

// Subscription is a platform that is told of changes (订阅).
type Subscription struct {
	ID     SubscriptionID
	Name   string
	URL    string
	Secret string   // deliveries are signed with it: 64 hexadecimal digits
	Areas  []string // codes of the areas it is about, with all below them; none for all
	Parts  []string // of Parts
	MadeAt time.Time

	Waiting, Delivered, GivenUp int        // deliveries
	Last                        *time.Time // when one was made last
}

// Delivery is a change that a platform is told, and how that went.
type Delivery struct {
	ID          DeliveryID
	Change      int64
	Kind        string
	Division    plan.DivisionID
	Effective   plan.Day
	Attempts    int
	TriedAt     *time.Time
	NextAt      time.Time         // of one that waits: when it is tried next
	Status      *int              // the receiver's answer to the last attempt; nil where there was none
	Said        map[string]string // by language: why the last attempt came to nothing; empty where it did not
	DeliveredAt *time.Time
	GivenUpAt   *time.Time
}

// Letter is one attempt at a delivery.
type Letter struct {
	Delivery    DeliveryID
	URL, Secret string
	Parts       []string
	Attempt     int // from 1
	Change      DivisionChange
}

// Deliver sends a letter. It returns the receiver's status, 0 where none came back, and why it was not taken.
type Deliver func(ctx context.Context, l Letter) (status int, err error)

// Subscribe makes a subscription, with a secret of its own, and returns it: it is told what changes from now on. It refuses areas that are
// not there and parts that are none.
func (s *Store) Subscribe(ctx context.Context, want Subscription) (Subscription, error) {
	for _, p := range want.Parts {
		if !slices.Contains(Parts, p) {
			return Subscription{}, plan.Refuse(plan.Invalid, "subscription.part", words.Args{"part": p, "parts": Parts})
		}
	}
	unknown, err := collect(ctx, s.pool, "SubscriptionAreasUnknown", pgx.RowTo[string], orEmpty(want.Areas))
	if err != nil {
		return Subscription{}, err
	}
	if len(unknown) > 0 {
		return Subscription{}, plan.Refuse(plan.Invalid, "subscription.area", words.Args{"area": unknown[0]})
	}
	secret := make([]byte, 32)
	rand.Read(secret)
	var id SubscriptionID
	err = row(ctx, s.pool, "SubscriptionPut", []any{want.Name, want.URL, hex.EncodeToString(secret), orEmpty(want.Areas), orEmpty(want.Parts)}, &id)
	if err != nil {
		return Subscription{}, err
	}
	return s.Subscription(ctx, id)
}

// orEmpty is a list that the database does not take for null.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// Subscriptions returns those that have not ended, oldest first.
func (s *Store) Subscriptions(ctx context.Context) ([]Subscription, error) {
	return subscriptions(ctx, s.pool, nil)
}

// Subscription returns one that has not ended.
func (s *Store) Subscription(ctx context.Context, id SubscriptionID) (Subscription, error) {
	found, err := subscriptions(ctx, s.pool, &id)
	if err != nil {
		return Subscription{}, err
	}
	if len(found) == 0 {
		return Subscription{}, noSubscription(id)
	}
	return found[0], nil
}

func noSubscription(id SubscriptionID) error {
	return plan.Refuse(plan.NotFound, "subscription.unknown", words.Args{"subscription": int64(id)})
}

func subscriptions(ctx context.Context, q querier, id *SubscriptionID) ([]Subscription, error) {
	return collect(ctx, q, "Subscriptions", func(r pgx.CollectableRow) (s Subscription, err error) {
		err = r.Scan(&s.ID, &s.Name, &s.URL, &s.Secret, &s.Areas, &s.Parts, &s.MadeAt, &s.Waiting, &s.Delivered, &s.GivenUp, &s.Last)
		return s, err
	}, id)
}

// Unsubscribe ends a subscription: nothing more is delivered. What was stays known.
func (s *Store) Unsubscribe(ctx context.Context, id SubscriptionID) error {
	err := row(ctx, s.pool, "SubscriptionEnd", []any{id}, &id)
	if errors.Is(err, pgx.ErrNoRows) {
		return noSubscription(id)
	}
	return err
}

// Deliveries returns at most so many deliveries of a subscription, newest first; before 0 begins with the newest.
func (s *Store) Deliveries(ctx context.Context, id SubscriptionID, before DeliveryID, most int) ([]Delivery, error) {
	if _, err := s.Subscription(ctx, id); err != nil {
		return nil, err
	}
	return collect(ctx, s.pool, "Deliveries", func(r pgx.CollectableRow) (d Delivery, err error) {
		err = r.Scan(&d.ID, &d.Change, &d.Kind, &d.Division, &d.Effective, &d.Attempts, &d.TriedAt, &d.NextAt, &d.Status, &d.Said, &d.DeliveredAt, &d.GivenUpAt)
		return d, err
	}, id, orNil(before), most)
}

// Replay makes a delivery again that was made or given up. One that is still under way gets a Wrong fault.
func (s *Store) Replay(ctx context.Context, id DeliveryID) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		err := row(ctx, tx, "DeliveryReplay", []any{id}, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			return plan.Refuse(plan.Wrong, "delivery.not_over", words.Args{"delivery": int64(id)})
		}
		if err != nil {
			return err
		}
		return queueDeliveries(ctx, tx)
	})
}

// Responsible is somebody who is responsible for a published grid, without a number to call.
type Responsible struct {
	Grid     string `json:"grid"` // code
	Post     string `json:"post"` // a plan.PostKind
	Role     string `json:"role,omitempty"`
	FullTime bool   `json:"full_time"`
	Name     string `json:"name"`
}

// Responsible returns who is responsible for the grids of a division today, by grid.
func (s *Store) Responsible(ctx context.Context, id plan.DivisionID) ([]Responsible, error) {
	return collect(ctx, s.pool, "DivisionResponsible", pgx.RowToStructByPos[Responsible], id, s.Today())
}

// deliverQueue keeps deliveries from workers that cannot make them, and from waiting behind splits.
const deliverQueue = "deliver"

// deliverJob is the queue's job: make a delivery.
type deliverJob struct {
	Delivery DeliveryID `json:"delivery"`
}

// Kind names the job in the queue.
func (deliverJob) Kind() string { return "deliver" }

// queueDeliveries queues the deliveries that a transaction has made due, as part of it.
func queueDeliveries(ctx context.Context, tx pgx.Tx) error {
	due, err := collect(ctx, tx, "DeliveriesQueue", pgx.RowTo[DeliveryID])
	if err != nil || len(due) == 0 {
		return err
	}
	client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{Schema: Schema, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	jobs := make([]river.InsertManyParams, len(due))
	for i, id := range due {
		jobs[i] = river.InsertManyParams{Args: deliverJob{id}, InsertOpts: &river.InsertOpts{Queue: deliverQueue}}
	}
	_, err = client.InsertManyTx(ctx, tx, jobs)
	return said(err)
}

// How often a delivery is tried: after a second, then each time twice as long after, at most an hour; a platform that is away for a week
// gets it all the same.
const (
	firstPause  = time.Second
	longPause   = time.Hour
	mostAttempt = 12 + 7*24
)

// pauseAfter is how long to wait after an attempt, false when there is none to follow.
func pauseAfter(attempt int) (time.Duration, bool) {
	if attempt >= mostAttempt {
		return 0, false
	}
	return min(firstPause<<min(attempt-1, 12), longPause), true
}

// courier makes deliveries.
type courier struct {
	river.WorkerDefaults[deliverJob]
	worker  *Worker
	deliver Deliver
}

// Work tries a delivery once. What a worker that died was about to deliver is delivered again: at least once, by the same id.
func (c *courier) Work(ctx context.Context, job *river.Job[deliverJob]) error {
	s := c.worker.store
	if _, err := exec(ctx, s.pool, "LeaseTake", job.ID, job.Attempt, c.worker.id); err != nil {
		return err
	}
	l := Letter{Delivery: job.Args.Delivery}
	err := row(ctx, s.pool, "DeliveryBegin", []any{l.Delivery}, &l.URL, &l.Secret, &l.Parts, &l.Attempt,
		&l.Change.ID, &l.Change.At, &l.Change.Kind, &l.Change.Division, &l.Change.By, &l.Change.Effective, &l.Change.Payload)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // made by a worker that died before it could say so, or wanted by nobody any more
	}
	if err != nil {
		return err
	}
	holding, _, release := c.worker.hold(ctx, job.JobRow, func(context.Context) error { return nil })
	status, err := c.deliver(holding, l)
	release()
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // the worker stops: another one tries at once
	}
	answer := &status
	if status == 0 {
		answer = nil
	}
	recording := context.WithoutCancel(ctx) // what was taken is written down, so that it is not told twice without need
	if err == nil {
		_, err = exec(recording, s.pool, "DeliveryTried", l.Delivery, answer, map[string]string{}, 0.0)
		return err
	}
	pause, more := pauseAfter(l.Attempt)
	c.worker.log.Info("delivery came to nothing", "delivery", int64(l.Delivery), "attempt", l.Attempt, "err", err)
	var seconds *float64
	if more {
		f := pause.Seconds()
		seconds = &f
	}
	if _, err := exec(recording, s.pool, "DeliveryTried", l.Delivery, answer, inEach(err), seconds); err != nil || !more {
		return err
	}
	return river.JobSnooze(pause)
}

// inEach is what an error says, by language; an error without a sentence of its own says the same in each.
func inEach(err error) map[string]string {
	said := map[string]string{}
	for _, l := range words.Langs {
		said[l.String()] = err.Error()
		if speaks, ok := errors.AsType[speaking](err); ok {
			said[l.String()] = speaks.In(l)
		}
	}
	return said
}
