package main

import (
	"fmt"
	"io"
	"os"

	"gridwright/plan/words"
)

// streams are the three files of a command and the language of its talk: data goes to out, talk and progress to err.
type streams struct {
	in       io.Reader
	out, err io.Writer
	lang     words.Lang
}

// say writes a line of talk.
func (s *streams) say(key string, args words.Args) {
	fmt.Fprintln(s.err, sentences.Say(s.lang, key, args))
}

// terminal reports whether a person watches the talk: only then is progress drawn.
func (s *streams) terminal() bool {
	f, ok := s.err.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// usageError is a mistake in how a command was called; the program exits with 2.
type usageError struct{ reason string }

func (e usageError) Error() string { return e.reason }

// misuse returns a usageError in the user's language.
func (s *streams) misuse(key string, args words.Args) error {
	return usageError{sentences.Say(s.lang, key, args)}
}
