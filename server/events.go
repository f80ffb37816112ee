package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"gridwright/plan"
	"gridwright/sql/postgis"
)

// Run hears of changes from the database and passes them on until ctx ends. A lost connection is taken up again, and
// everybody who watches is then told to look.
// When it returns, open event streams end, so that the server can shut down.
func (s *Server) Run(ctx context.Context) {
	defer close(s.hub.closing)
	var hearing sync.WaitGroup
	hearing.Go(func() {
		s.keepListening(ctx, "plans", func() error { return s.Store.Listen(ctx, s.hub.all, s.hub.pass) })
	})
	hearing.Go(func() { s.keepListening(ctx, "layers", func() error { return s.layers.listen(ctx) }) })
	hearing.Wait()
}

// keepListening listens until ctx ends, again a second after each time the connection was lost.
func (s *Server) keepListening(ctx context.Context, to string, listen func() error) {
	for ctx.Err() == nil {
		err := listen()
		if ctx.Err() != nil {
			return
		}
		s.Log.Warn("listening to the database", "to", to, "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// hub passes changes of plans on to those who watch them.
type hub struct {
	mu       sync.Mutex
	watchers map[plan.ID]map[chan struct{}]bool
	closing  chan struct{}
}

func newHub() *hub {
	return &hub{watchers: map[plan.ID]map[chan struct{}]bool{}, closing: make(chan struct{})}
}

// watch returns a channel that holds a token whenever the plan changed since the last look, and how to stop.
func (h *hub) watch(id plan.ID) (<-chan struct{}, func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	c := make(chan struct{}, 1)
	if h.watchers[id] == nil {
		h.watchers[id] = map[chan struct{}]bool{}
	}
	h.watchers[id][c] = true
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers[id], c)
		if len(h.watchers[id]) == 0 {
			delete(h.watchers, id)
		}
	}
}

func (h *hub) pass(c postgis.Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for watcher := range h.watchers[c.Plan] {
		poke(watcher)
	}
}

// all tells every watcher to look: something may have been missed.
func (h *hub) all() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, watchers := range h.watchers {
		for watcher := range watchers {
			poke(watcher)
		}
	}
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it has not looked since the last token
	}
}

// keepAlive is how often a silent stream says something, so that proxies do not close it.
const keepAlive = 20 * time.Second

// events streams what happens to a plan: "state" with the plan when it begins and whenever its state changes,
// "progress" while it is computed, "revision" after each edit. A watcher that was away misses nothing that still
// holds: it is told how things stand, not what happened.
func (s *Server) events(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	if r.Method == http.MethodHead {
		if _, _, err := s.Store.Revision(r.Context(), id); err != nil {
			return err
		}
		streamHead(w) // and no stream, which would never end
		return nil
	}
	changed, stop := s.hub.watch(id)
	defer stop()
	var told planView
	send := func() error {
		p, err := s.planView(r.Context(), id, language(r))
		if err != nil {
			return err
		}
		var out []byte
		if p.State != told.State {
			out = event(out, "state", p)
		}
		if p.Job != nil && (told.Job == nil || *p.Job != *told.Job) {
			out = event(out, "progress", p.Job)
		}
		if p.Revision != told.Revision && told.State == plan.Draft {
			out = event(out, "revision", map[string]int64{"revision": p.Revision})
		}
		told = p
		if len(out) == 0 {
			return nil
		}
		streamHead(w)
		return flush(w, out)
	}
	if err := send(); err != nil {
		return err
	}
	tick := time.NewTicker(keepAlive)
	defer tick.Stop()
	for {
		select {
		case <-r.Context().Done():
			return nil
		case <-s.hub.closing:
			return nil
		case <-changed:
			err = send()
		case <-tick.C:
			err = flush(w, []byte(": still here\n\n"))
		}
		if err != nil && r.Context().Err() == nil {
			return fmt.Errorf("event stream of plan %s: %w", id, err)
		}
	}
}

func streamHead(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // or nginx keeps events to itself
}

func event(out []byte, name string, v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types
	}
	return fmt.Appendf(out, "event: %s\ndata: %s\n\n", name, data)
}

func flush(w http.ResponseWriter, out []byte) error {
	if _, err := w.Write(out); err != nil {
		return err
	}
	return http.NewResponseController(w).Flush()
}
