package gridwright_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// floors lists the rooms of the house from the ground up; ARCHITECTURE.md has the drawing. A package may import only
// rooms on lower floors, or its own room. Rooms on one floor have no doors between them.
var floors = [][]string{
	{"geo/crs"},
	{"geo/shape"},
	{"geo/blockgraph", "geo/arrange", "geo/hex", "geo/fit"},
	{"geo/topo", "geo/apportion", "geo/verify", "geo/facing"},
	{"geo/partition", "geo/ground"},
	{"plan"},
	{"sql"},
	{"importers", "tiles", "report", "feed"},
	{"server"},
	{"cmd"},
}

// gates are packages outside the project and the rooms that may use them.
var gates = map[string][]string{
	"github.com/jackc/pgx":       {"sql"},
	"github.com/riverqueue":      {"sql"},
	"github.com/twpayne/go-geom": {"sql"},
	"github.com/pressly/goose":   {"sql"},
	"github.com/uber/h3-go":      {"geo/hex"},
	"github.com/gorilla/mux":     {"server"},
	"github.com/xuri/excelize":   {"importers", "report", "feed"},
	"github.com/alecthomas/kong": {"cmd"},
	"github.com/paulmach/osm":    {"importers"},
	"golang.org/x/image":         {"report"},
}

func floorOf(path string) (floor int, room string) {
	for i, rooms := range floors {
		for _, r := range rooms {
			if path == r || strings.HasPrefix(path, r+"/") {
				return i, r
			}
		}
	}
	return -1, ""
}

func TestImportsGoDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		names := strings.Fields(line)
		from := strings.TrimPrefix(names[0], "gridwright/")
		if from == "gridwright" {
			continue // the house itself: this test
		}
		floor, room := floorOf(from)
		if floor < 0 {
			t.Errorf("%s stands on no floor: give it a room in floors_test.go and ARCHITECTURE.md", from)
		}
		for _, to := range names[1:] {
			for gate, owners := range gates {
				if strings.HasPrefix(to, gate) && !slices.Contains(owners, room) {
					t.Errorf("%s imports %s, which is for %v alone", from, to, owners)
				}
			}
			below, ok := strings.CutPrefix(to, "gridwright/")
			if !ok {
				continue
			}
			if f, r := floorOf(below); r != room && f >= floor {
				t.Errorf("%s imports %s, which is not below it", from, below)
			}
		}
	}
}

// The floor geo is pure: nothing in it opens a file, a connection or a clock of its own.
func TestGeoIsPure(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./geo/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		names := strings.Fields(line)
		for _, to := range names[1:] {
			for _, forbidden := range []string{"os", "net", "io/fs", "database/sql", "log", "log/slog", "math/rand"} {
				if to == forbidden || strings.HasPrefix(to, forbidden+"/") && forbidden == "net" {
					t.Errorf("%s imports %s", names[0], to)
				}
			}
		}
	}
}

// What the Makefile tests without the race detector starts no goroutine that could race.
func TestCalmPackagesAreCalm(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	calm := regexp.MustCompile(`(?m)^CALM := (.+)$`).FindSubmatch(makefile)
	if calm == nil {
		t.Fatal("the Makefile has no line CALM := ...")
	}
	for _, dir := range strings.Fields(string(calm[1])) {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no files (%v)", dir, err)
		}
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				_, starts := n.(*ast.GoStmt)
				if method, ok := n.(*ast.SelectorExpr); ok && method.Sel.Name == "Go" { // of sync.WaitGroup, errgroup.Group
					starts = true
				}
				if starts {
					t.Errorf("%s starts a goroutine: take %s out of CALM", name, dir)
				}
				return true
			})
		}
	}
}
