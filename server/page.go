package server

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed all:page/dist
var built embed.FS

// builtPage is the map page as it was built into the program.
func builtPage() fs.FS {
	sub, err := fs.Sub(built, "page/dist")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// mediaTypeOf says what the page's files are: some machines' tables lack these, and a browser runs no module of
// another type.
var mediaTypeOf = map[string]string{".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2"}

// page serves the map page. Files under assets/ have their content's hash in their names and never change.
func (s *Server) page() http.Handler {
	files := http.StripPrefix(s.Base, http.FileServerFS(s.Page))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(strings.TrimPrefix(r.URL.Path, s.Base)), "/")
		if name == "" {
			name = "index.html"
		}
		if _, err := fs.Stat(s.Page, name); err != nil {
			writeProblem(w, problemOf(noRoute(w, r), language(r), r.URL.Path))
			return
		}
		if kind, ok := mediaTypeOf[path.Ext(name)]; ok {
			w.Header().Set("Content-Type", kind)
		}
		if strings.HasPrefix(name, "assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		} else {
			w.Header().Set("Cache-Control", "no-cache")
		}
		files.ServeHTTP(w, r)
	})
}
