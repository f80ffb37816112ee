// Package words turns facts into sentences in the product's two languages, Chinese and English.
//
// A sentence is a key and its arguments until somebody reads it: the same refusal is Chinese on the page, English in a
// log and a stable code for a program. Each room keeps its own Table beside the faults it reports; a test in each
// checks that every sentence stands in both languages with the same blanks.
package words

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Lang is a language a reader may choose. Its zero value is Chinese, the language of most users.
type Lang uint8

// The languages.
const (
	Zh Lang = iota
	En
)

// Langs lists every language.
var Langs = []Lang{Zh, En}

// String returns the BCP 47 tag: "zh-CN" or "en".
func (l Lang) String() string {
	if l == En {
		return "en"
	}
	return "zh-CN"
}

// FromHeader reads an Accept-Language header: English when it is asked for before any Chinese, else Chinese.
// Quality values are not weighed; browsers list languages in order of preference.
func FromHeader(accept string) Lang {
	for tag := range strings.SplitSeq(accept, ",") {
		tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), ";")
		switch {
		case strings.HasPrefix(tag, "zh"):
			return Zh
		case strings.HasPrefix(tag, "en"):
			return En
		}
	}
	return Zh
}

// FromLocale reads a POSIX locale such as "zh_CN.UTF-8": Chinese for zh, else English, since a terminal that does not
// say zh may be unable to draw it.
func FromLocale(locale string) Lang {
	if strings.HasPrefix(strings.ToLower(locale), "zh") {
		return Zh
	}
	return En
}

// Args fill the blanks of a sentence, by name.
type Args map[string]any

// Table holds sentences by key, each first in Chinese, then in English, with blanks such as {block}.
type Table map[string][2]string

// Say returns the sentence of a key in a language with its blanks filled. A key that is not in the table comes back as
// itself, so that a forgotten sentence is seen and not lost.
func (t Table) Say(l Lang, key string, args Args) string {
	sentence, ok := t[key]
	if !ok {
		return key
	}
	return fill(sentence[l], l, args)
}

var blank = regexp.MustCompile(`\{[a-z_0-9]+\}`)

func fill(s string, l Lang, args Args) string {
	return blank.ReplaceAllStringFunc(s, func(b string) string {
		v, ok := args[b[1:len(b)-1]]
		if !ok {
			return b
		}
		return text(v, l)
	})
}

func text(v any, l Lang) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return Count(int64(v))
	case int64:
		return Count(v)
	case float64:
		return Number(v)
	case []string:
		return List(v, l)
	case interface{ In(Lang) string }:
		return v.In(l)
	default:
		return fmt.Sprint(v)
	}
}

// Blanks returns the names of the blanks in one language's sentence of a key, sorted: what a test compares.
func (t Table) Blanks(l Lang, key string) []string {
	names := blank.FindAllString(t[key][l], -1)
	slices.Sort(names)
	return slices.Compact(names)
}

// Incomplete returns what is wrong with the table: a sentence that lacks a language, or whose languages have not the same
// blanks. It is nil for a table that may be shipped; a test of every room asks.
func (t Table) Incomplete() (faults []string) {
	for _, key := range slices.Sorted(maps.Keys(t)) {
		zh, en := t.Blanks(Zh, key), t.Blanks(En, key)
		switch {
		case strings.TrimSpace(t[key][Zh]) == "" || strings.TrimSpace(t[key][En]) == "":
			faults = append(faults, key+" lacks a language")
		case !slices.Equal(zh, en):
			faults = append(faults, fmt.Sprintf("%s has the blanks %v in Chinese and %v in English", key, zh, en))
		}
	}
	return faults
}

// Capital writes an English text with a capital at its beginning, as heads of columns have it; others stay as they are.
func Capital(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

// Count writes a whole number with thousands separators: 147,600.
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Number writes a count that may have a fraction: whole numbers as Count does, others with one decimal.
func Number(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return Count(int64(v))
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// Percent writes a fraction with one decimal: 0.0254 is "2.5%".
func Percent(fraction float64) string {
	return strconv.FormatFloat(fraction*100, 'f', 1, 64) + "%"
}

// List joins names the way each language does, at most ten of them and how many more there are.
func List(names []string, l Lang) string {
	const most = 10
	sep, more := "、", "等%d个"
	if l == En {
		sep, more = ", ", " and %d more"
	}
	if len(names) <= most {
		return strings.Join(names, sep)
	}
	rest := len(names) - most
	if l == Zh {
		rest = len(names) // "等12个" counts all of them
	}
	return strings.Join(names[:most], sep) + fmt.Sprintf(more, rest)
}

// Speaker is anything that can be said in either language: faults, findings, names.
type Speaker interface{ In(Lang) string }
