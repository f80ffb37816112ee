package feed

import "testing"

func TestSentencesStandInBothLanguages(t *testing.T) {
	for _, fault := range sentences.Incomplete() {
		t.Error(fault)
	}
}
