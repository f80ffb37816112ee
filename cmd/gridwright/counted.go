package main

import (
	"math"
	"strconv"
	"strings"

	"gridwright/plan/words"
)

// counted is a number of things: in English the noun stands in the number, "1 grid" or "2 grids". Chinese has the noun in
// the sentence.
type counted struct {
	n    int
	noun string
}

// In returns the number, with the noun in English.
func (c counted) In(l words.Lang) string {
	number := words.Count(int64(c.n))
	switch {
	case l == words.Zh:
		return number
	case c.n == 1:
		return number + " " + c.noun
	}
	return number + " " + c.noun + "s"
}

// average writes a figure with thousands separators and at most one decimal: 1,268.7 stands beside 468,155.
func average(v float64) string {
	whole, decimal, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'f', 1, 64), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return words.Number(v)
	}
	text := words.Count(n)
	if decimal != "0" {
		text += "." + decimal
	}
	if v < 0 {
		text = "-" + text
	}
	return text
}
