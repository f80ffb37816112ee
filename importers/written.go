package importers

import (
	"regexp"
	"strings"
)

// Written says in which ways that people have, and programs don't, a number was written.
type Written uint8

// The ways.
const (
	Wide     Written = 1 << iota // with full-width digits: １２３
	Grouped                      // with a comma every three digits: 1,234 and 1，234
	WithUnit                     // with its unit behind it: 35户
)

var (
	numberUnit = regexp.MustCompile(`^(-?[0-9][0-9,.]*)\s*(户|人|口|栋|幢|座|套|间|个|家|名|层|单元)$`)
	grouped    = regexp.MustCompile(`^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$`)
)

// PlainNumber returns a number as programs write it, and what had to be undone for it. A text that is no number comes back without the
// blanks round it and otherwise as it is, with nothing undone.
func PlainNumber(text string) (plain string, how Written) {
	text = strings.TrimSpace(text)
	if text == "" || plainDigits(text) {
		return text, 0
	}
	plain = unwide(text)
	if m := numberUnit.FindStringSubmatch(plain); m != nil {
		plain, how = m[1], WithUnit
	}
	if grouped.MatchString(plain) {
		plain, how = strings.ReplaceAll(plain, ",", ""), how|Grouped
	}
	if !plainNumber.MatchString(plain) {
		return text, 0
	}
	if strings.ContainsFunc(text, func(r rune) bool { return '０' <= r && r <= '９' }) {
		how |= Wide
	}
	return plain, how
}

var plainNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?$`)

func plainDigits(text string) bool {
	for _, r := range []byte(text) {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}
