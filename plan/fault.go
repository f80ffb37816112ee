package plan

import (
	"errors"

	"gridwright/plan/words"
)

// Kind says what sort of thing went wrong; the doors turn it into an exit code or an HTTP status.
type Kind uint8

// The kinds of fault.
const (
	Internal    Kind = iota // a mistake of ours or of the machine
	Invalid                 // what was asked for or handed in cannot be
	NotFound                // there is no such thing
	Stale                   // somebody changed it in the meantime
	Wrong                   // it is not in a state in which this can be done
	Unavailable             // try again later
)

// Fault is an error a user may read: a kind, a sentence in both languages, and the cause for the operator.
type Fault struct {
	Kind  Kind
	Key   string
	Args  words.Args
	Cause error
}

// Refuse returns a fault of the kind with the sentence of the key from this package's table.
func Refuse(kind Kind, key string, args words.Args) *Fault {
	return &Fault{Kind: kind, Key: key, Args: args}
}

// Error returns the English sentence, and the cause where there is one.
func (f *Fault) Error() string {
	s := f.In(words.En)
	if f.Cause != nil {
		return s + ": " + f.Cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// In returns the sentence a user reads.
func (f *Fault) In(l words.Lang) string { return Sentences.Say(l, f.Key, f.Args) }

// KindOf returns the kind of the fault in err's chain, Internal when there is none.
func KindOf(err error) Kind {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Kind
	}
	return Internal
}
