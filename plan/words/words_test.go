package words_test

import (
	"slices"
	"testing"

	"gridwright/plan/words"
)

var table = words.Table{
	"whole":  {"{n}户在{place}", "{n} households in {place}"},
	"blanks": {"{n}户", "households"},
	"half":   {"只有中文", " "},
}

type twoTongued struct{}

func (twoTongued) In(l words.Lang) string { return [...]string{"甲", "A"}[l] }

func TestSay(t *testing.T) {
	for name, c := range map[string]struct {
		key  string
		lang words.Lang
		args words.Args
		want string
	}{
		"Chinese":            {"whole", words.Zh, words.Args{"n": 147600, "place": "东园"}, "147,600户在东园"},
		"English":            {"whole", words.En, words.Args{"n": int64(-1234), "place": twoTongued{}}, "-1,234 households in A"},
		"a fraction":         {"whole", words.En, words.Args{"n": 12.25, "place": "x"}, "12.2 households in x"},
		"a list":             {"whole", words.Zh, words.Args{"n": 1, "place": []string{"甲", "乙"}}, "1户在甲、乙"},
		"a forgotten blank":  {"whole", words.En, words.Args{"n": 1}, "1 households in {place}"},
		"a forgotten key":    {"nothing", words.En, nil, "nothing"},
		"a blank in a value": {"whole", words.En, words.Args{"n": 1, "place": "{n}"}, "1 households in {n}"},
	} {
		if got := table.Say(c.lang, c.key, c.args); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestIncomplete(t *testing.T) {
	want := []string{"blanks has the blanks [{n}] in Chinese and [] in English", "half lacks a language"}
	if got := table.Incomplete(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLanguagesOfReaders(t *testing.T) {
	for header, want := range map[string]words.Lang{"": words.Zh, "zh-CN,en": words.Zh, "en-GB;q=0.9, zh": words.En, "fr, en": words.En, "de": words.Zh} {
		if got := words.FromHeader(header); got != want {
			t.Errorf("Accept-Language %q: %v", header, got)
		}
	}
	for locale, want := range map[string]words.Lang{"zh_CN.UTF-8": words.Zh, "C": words.En, "de_DE": words.En} {
		if got := words.FromLocale(locale); got != want {
			t.Errorf("locale %q: %v", locale, got)
		}
	}
}

func TestListsAreCutWithAWord(t *testing.T) {
	names := make([]string, 12)
	for i := range names {
		names[i] = string(rune('a' + i))
	}
	for l, want := range map[words.Lang]string{words.Zh: "a、b、c、d、e、f、g、h、i、j等12个", words.En: "a, b, c, d, e, f, g, h, i, j and 2 more"} {
		if got := words.List(names, l); got != want {
			t.Errorf("%v: %q, want %q", l, got, want)
		}
	}
}
