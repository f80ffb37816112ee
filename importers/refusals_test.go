package importers

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gridwright/plan/words"
)

var update = flag.Bool("update", false, "write golden files anew")

// Every bad file is refused, whole or in rows, with the sentences in refusals.golden.
func TestRefusals(t *testing.T) {
	files, err := filepath.Glob("testdata/*.bad.*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var got strings.Builder
	for _, name := range files {
		var faults []*Fault
		_, err := ReadFile(context.Background(), name, Form{}, func(r Row) error {
			if r.Fault != nil {
				faults = append(faults, r.Fault)
			}
			return nil
		})
		if fault, ok := errors.AsType[*Fault](err); ok {
			faults = append(faults, fault)
		} else if err != nil {
			t.Fatal(err)
		}
		if len(faults) == 0 {
			t.Errorf("%s was taken", name)
		}
		fmt.Fprintln(&got, filepath.Base(name))
		for _, f := range faults {
			fmt.Fprintf(&got, "  %s\n    %s\n    %s\n", f.Key, f.In(words.Zh), f.In(words.En))
		}
	}
	const golden = "testdata/refusals.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestSentencesStandInBothLanguages(t *testing.T) {
	for _, fault := range Sentences.Incomplete() {
		t.Error(fault)
	}
}
