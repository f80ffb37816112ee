package graphfile

import "testing"

func TestSentencesStandInBothLanguages(t *testing.T) {
	for _, fault := range Sentences.Incomplete() {
		t.Error(fault)
	}
}
