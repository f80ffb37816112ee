package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"gridwright/plan"
	"gridwright/sql/postgis"
)

// receiver is a platform: what it was told, and how often it is away before it listens.
type receiver struct {
	sync.Mutex
	away, want int
	told       []string
	enough     chan struct{}
}

func (r *receiver) deliver(_ context.Context, l postgis.Letter) (int, error) {
	r.Lock()
	defer r.Unlock()
	if r.away > 0 {
		r.away--
		return 503, errors.New("away")
	}
	r.told = append(r.told, fmt.Sprintf("%s: %d %s %d", l.URL, l.Change.ID, l.Change.Kind, l.Change.Division))
	if len(r.told) == r.want {
		close(r.enough)
	}
	return 204, nil
}

// listen returns what a platform is told, in the order of the text, once that is as much as it is to be. It is away at first, so often.
func listen(t *testing.T, store *postgis.Store, away, want int) []string {
	t.Helper()
	r := &receiver{away: away, want: want, enough: make(chan struct{})}
	worker, err := store.Work(t.Context(), slog.New(slog.DiscardHandler), postgis.Trades{Deliver: r.deliver})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-r.enough:
	case <-time.After(time.Minute):
		t.Error("there is nothing more to be heard")
	}
	if err := worker.Stop(context.Background()); err != nil {
		t.Error(err)
	}
	slices.Sort(r.told)
	return r.told
}

// Whoever has subscribed is told of every change in its areas and of no other, also when nobody worked when it was made and the receiver was
// away; a delivery is made again when it is asked for.
func TestSubscribersMissNothing(t *testing.T) {
	store, id := draft(t)
	on(store, "2026-11-01")
	here := snapshot(t, store, id).Ground.Parents[0].Code
	elsewhere := plan.Area{Level: plan.Community, Code: "999", Name: "elsewhere"}
	if err := store.Import(t.Context(), func(im *postgis.Importing) error {
		from, err := im.Save(t.Context(), "community", "", "", true, []byte("{}"))
		if err != nil {
			return err
		}
		_, _, err = im.PutArea(t.Context(), elsewhere, from)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	made := map[string]postgis.Subscription{}
	for name, areas := range map[string][]string{"all": nil, "here": {here}, "elsewhere": {elsewhere.Code}, "ended": nil} {
		s, err := store.Subscribe(t.Context(), postgis.Subscription{Name: name, URL: name, Areas: areas, Parts: []string{"lineage"}})
		if err != nil {
			t.Fatal(err)
		}
		made[name] = s
	}
	if err := store.Unsubscribe(t.Context(), made["ended"].ID); err != nil {
		t.Fatal(err)
	}
	publish(t, store, id, "2026-11-01")
	want := []string{"all: 1 published 1", "all: 2 in_force 1", "here: 1 published 1", "here: 2 in_force 1"}
	if told := listen(t, store, 3, len(want)); !reflect.DeepEqual(told, want) {
		t.Errorf("told %q", told)
	}
	deliveries, err := store.Deliveries(t.Context(), made["here"].ID, 0, 10)
	if err != nil || len(deliveries) != 2 {
		t.Fatal(deliveries, err)
	}
	tries := 0
	for _, s := range []string{"all", "here"} {
		all, err := store.Deliveries(t.Context(), made[s].ID, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range all {
			tries += d.Attempts
			if d.DeliveredAt == nil || *d.Status != 204 || len(d.Said) > 0 {
				t.Errorf("%+v", d)
			}
		}
	}
	if tries != 4+3 {
		t.Errorf("%d attempts", tries)
	}
	if err := store.Replay(t.Context(), deliveries[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := store.Replay(t.Context(), deliveries[0].ID); plan.KindOf(err) != plan.Wrong {
		t.Errorf("what is under way is made again: %v", err)
	}
	if told := listen(t, store, 0, 1); !reflect.DeepEqual(told, []string{"here: 2 in_force 1"}) {
		t.Errorf("told again: %q", told)
	}
	s, err := store.Subscription(t.Context(), made["here"].ID)
	if err != nil || s.Delivered != 2 || s.Waiting != 0 || s.GivenUp != 0 {
		t.Errorf("%+v %v", s, err)
	}
}

// A delivery that a dead worker was about to make is made by another, by the same id.
func TestADeadWorkersDeliveryIsMade(t *testing.T) {
	store, id := draft(t)
	on(store, "2026-11-01")
	if _, err := store.Subscribe(t.Context(), postgis.Subscription{Name: "all", URL: "all"}); err != nil {
		t.Fatal(err)
	}
	publish(t, store, id, "2027-01-01")
	begun, dead := make(chan struct{}), make(chan struct{})
	worker, err := store.Work(t.Context(), slog.New(slog.DiscardHandler), postgis.Trades{Deliver: func(ctx context.Context, _ postgis.Letter) (int, error) {
		close(begun)
		<-ctx.Done()
		close(dead)
		return 0, ctx.Err()
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-begun
	if err := worker.Stop(context.Background()); err != nil {
		t.Error(err)
	}
	<-dead
	if told := listen(t, store, 0, 1); !reflect.DeepEqual(told, []string{"all: 1 published 1"}) {
		t.Errorf("told %q", told)
	}
}

// Who is responsible is who holds a post of the grid that day, not who left it in the morning.
func TestResponsibleToday(t *testing.T) {
	store, id := draft(t)
	on(store, "2026-11-02")
	var people []plan.PersonID
	for _, name := range []string{"甲", "乙"} {
		person, err := store.AddPerson(t.Context(), plan.Person{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, person)
	}
	post, err := store.AddPost(t.Context(), postgis.NewPost{Plan: id, Person: people[0],
		Post: plan.Post{Kind: plan.GridLead, Grids: []plan.GridNo{1}, Since: "2026-11-01"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.SetPost(t.Context(), postgis.PostChange{ID: post, Version: 1, Person: &people[1], Day: "2026-11-02"}); err != nil {
		t.Fatal(err)
	}
	division := publish(t, store, id, "2026-11-02")
	for day, want := range map[string]string{"2026-11-01": "甲", "2026-11-02": "乙"} {
		on(store, day)
		got, err := store.Responsible(t.Context(), division)
		if err != nil || len(got) != 1 || got[0].Name != want || got[0].Post != string(plan.GridLead) {
			t.Errorf("%s: %+v %v", day, got, err)
		}
	}
}

func TestSubscriptionsThatCannotBe(t *testing.T) {
	store, _ := draft(t)
	for name, s := range map[string]postgis.Subscription{
		"area": {Name: "x", URL: "x", Areas: []string{"nowhere"}}, "part": {Name: "x", URL: "x", Parts: []string{"phones"}}} {
		if _, err := store.Subscribe(t.Context(), s); plan.KindOf(err) != plan.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := store.Unsubscribe(t.Context(), 99); plan.KindOf(err) != plan.NotFound {
		t.Error(err)
	}
	if _, err := store.Deliveries(t.Context(), 99, 0, 1); plan.KindOf(err) != plan.NotFound {
		t.Error(err)
	}
}
