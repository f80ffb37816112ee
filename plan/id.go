package plan

import (
	"strconv"
	"strings"

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

// ParseAt reads a plan as it was at a revision, "7@3", or as it stands, "7": revision is then 0.
func ParseAt(s string) (id ID, revision int64, err error) {
	text, at, dated := strings.Cut(s, "@")
	if id, err = ParseID(text); err != nil || !dated {
		return id, 0, err
	}
	if revision, err = strconv.ParseInt(at, 10, 64); err != nil || revision < 1 {
		return 0, 0, Refuse(NotFound, "plan.no_revision", words.Args{"plan": text, "revision": at})
	}
	return id, revision, nil
}

// In returns the state in words.
func (s State) In(l words.Lang) string { return Sentences.Say(l, "state."+string(s), nil) }
