package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"gridwright/sql/postgis/postgistest"
)

// The main job on 2,570 real blocks: sums are conserved, 369 grids are in one piece, and twice the same is twice the same.
func TestHudson(t *testing.T) {
	data, err := filepath.Abs("../../../shared/data/us-hudson-blocks")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(data); err != nil {
		t.Skip("the blocks of Hudson County are not on this machine")
	}
	t.Setenv("GRIDWRIGHT_DATABASE", postgistest.Database(t))
	command := func(args ...string) []byte {
		t.Helper()
		var out, talk bytes.Buffer
		if code := run(context.Background(), append(args, "--lang=en"), nil, &out, &talk); code != 0 {
			t.Fatalf("%v: exit code %d: %s", args, code, talk.Bytes())
		}
		return out.Bytes()
	}
	command("import", data+"/tracts.geojson", "--layer=large_grid", "--where=in120=true", "--map=code=tract")
	var report struct {
		Taken int
		Sums  map[string]int64
	}
	read(t, command("import", data+"/blocks.geojson", "--layer=block", "--where=in120=true", "--map=code=geoid", "--map=parent=tract",
		"--map=residents=pop", "--map=dwellings=units", "--json"), &report)
	if report.Taken != 2570 || report.Sums["residents"] != 468155 || report.Sums["dwellings"] != 208180 {
		t.Errorf("the import says %+v", report)
	}
	var files [2][]byte
	for i := range files {
		var out struct {
			Plan       string
			Grids      int
			Contiguous bool
			Measures   map[string]struct{ Total float64 }
		}
		read(t, command("split", "--scope=all", "--grids=369", "--balance=residents,dwellings", "--seed=1", "--json"), &out)
		if out.Plan != strconv.Itoa(i+1) || out.Grids != 369 || !out.Contiguous || out.Measures["residents"].Total != 468155 || out.Measures["dwellings"].Total != 208180 {
			t.Errorf("the split says %+v", out)
		}
		name := filepath.Join(t.TempDir(), "assignment.csv")
		command("export", "--plan="+out.Plan, "--format=assignment", "--out="+name)
		if files[i], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two runs with one seed differ")
	}
}

func read(t *testing.T, document []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(document, into); err != nil {
		t.Fatalf("%v: %s", err, document)
	}
}
