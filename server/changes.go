package server

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"gridwright/plan"
	"gridwright/plan/words"
)

// How many changes an answer has when nobody says, and at most.
const (
	usualChanges = 100
	maxChanges   = 1000
)

// toldChange is what other platforms are told: always of a whole version.
type toldChange struct {
	ID        int64           `json:"id"`
	At        time.Time       `json:"at"`
	Kind      string          `json:"kind"`
	Division  plan.DivisionID `json:"division"`
	Effective plan.Day        `json:"effective"`
	Payload   json.RawMessage `json:"payload"`
}

// divisionChanges answers with what was published, came into force or was superseded after a change: ?since=17&limit=100. The last id of an
// answer is what to ask from next; whoever has read up to an id has missed nothing.
func (s *Server) divisionChanges(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	number := func(name string, usual, least, most int64) (int64, error) {
		if !q.Has(name) {
			return usual, nil
		}
		n, err := strconv.ParseInt(q.Get(name), 10, 64)
		if err != nil || n < least || n > most {
			return 0, refuse(http.StatusBadRequest, "query.value", words.Args{"name": name, "value": q.Get(name)})
		}
		return n, nil
	}
	since, err := number("since", 0, 0, 1<<62)
	if err != nil {
		return err
	}
	limit, err := number("limit", usualChanges, 1, maxChanges)
	if err != nil {
		return err
	}
	changes, err := s.Store.Changes(r.Context(), since, int(limit)+1)
	if err != nil {
		return err
	}
	more := len(changes) > int(limit)
	changes = changes[:min(len(changes), int(limit))]
	out, next := make([]toldChange, len(changes)), since
	for i, c := range changes {
		out[i] = toldChange{c.ID, c.At, c.Kind, c.Division, c.Effective, c.Payload}
		next = c.ID
	}
	return writeJSON(w, http.StatusOK, map[string]any{"changes": out, "next": next, "more": more})
}
