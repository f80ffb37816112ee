// Package sqltext holds all SQL of the project as text: migrations in order and queries by name. It runs nothing;
// sql/postgis does.
package sqltext

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations returns the migration files, in goose's form.
func Migrations() fs.FS {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

//go:embed queries/*.sql
var queries embed.FS

var byName = read()

// Query returns the text of a named query. An unknown name is a programmer's mistake and panics.
func Query(name string) string {
	q, ok := byName[name]
	if !ok {
		panic("no query named " + name)
	}
	return q
}

// Names returns the names of all queries, sorted.
func Names() []string { return slices.Sorted(maps.Keys(byName)) }

// read cuts the query files at their "-- name: X" lines.
func read() map[string]string {
	all := map[string]string{}
	files, err := fs.Glob(queries, "queries/*.sql")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		text, err := queries.ReadFile(file)
		if err != nil {
			panic(err)
		}
		for _, part := range strings.Split("\n"+string(text), "\n-- name: ")[1:] {
			name, body, _ := strings.Cut(part, "\n")
			name = strings.TrimSpace(name)
			if _, twice := all[name]; twice {
				panic(fmt.Sprintf("query %s stands twice, the second time in %s", name, path.Base(file)))
			}
			all[name] = strings.TrimSpace(body)
		}
	}
	return all
}
