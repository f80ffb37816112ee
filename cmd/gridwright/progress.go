package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"gridwright/importers/groundwork"
	"gridwright/plan/words"
)

// bar draws how far long work is, on one line of the talk that is written over. Nothing is drawn where nobody watches.
type bar struct {
	std   *streams
	drawn bool
	last  string
}

func (s *streams) bar() *bar { return &bar{std: s} }

// show draws the bar with the sentence of a key; the key's blanks {done} and {total} are filled.
func (b *bar) show(key string, done, total int) {
	b.draw(sentences.Say(b.std.lang, key, words.Args{"done": done, "total": total}), done, total)
}

// ground draws how far a build of the ground is.
func (b *bar) ground(stage string, done, total int) {
	b.draw(groundwork.Stage(b.std.lang, stage, done, total), done, total)
}

func (b *bar) draw(text string, done, total int) {
	const width = 30
	if !b.std.terminal() {
		return
	}
	line := text
	if total > 0 {
		full := min(width, width*done/total)
		line = "[" + strings.Repeat("=", full) + strings.Repeat(" ", width-full) + "] " + text
	}
	if line == b.last {
		return
	}
	b.last, b.drawn = line, true
	fmt.Fprintf(b.std.err, "\r\x1b[K%s", line)
}

// end clears the line.
func (b *bar) end() {
	if b.drawn {
		fmt.Fprint(b.std.err, "\r\x1b[K")
	}
}

// printJSON writes one document to stdout.
func (s *streams) printJSON(v any) error {
	e := json.NewEncoder(s.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
