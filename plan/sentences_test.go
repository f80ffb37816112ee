package plan

import (
	"slices"
	"strings"
	"testing"

	"gridwright/plan/words"
)

func TestSentencesStandInBothLanguages(t *testing.T) {
	for key, s := range Sentences {
		if strings.TrimSpace(s[words.Zh]) == "" || strings.TrimSpace(s[words.En]) == "" {
			t.Errorf("%s: a language is missing: %q", key, s)
		}
		if zh, en := Sentences.Blanks(words.Zh, key), Sentences.Blanks(words.En, key); !slices.Equal(zh, en) {
			t.Errorf("%s: blanks differ: zh %v, en %v", key, zh, en)
		}
	}
}
