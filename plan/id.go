package plan

import (
	"strconv"

	"gridwright/plan/words"
)

// ID is a plan's key.
type ID int64

// String returns the ID as users write it.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseID reads an ID as users write it. Anything else is a plan that does not exist: a NotFound fault.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, Refuse(NotFound, "plan.unknown", words.Args{"plan": s})
	}
	return ID(n), nil
}

// In returns the state in words.
func (s State) In(l words.Lang) string { return Sentences.Say(l, "state."+string(s), nil) }
