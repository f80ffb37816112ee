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

// page serves the map page. Files under assets/ have their content's hash in their names and never change; folders are
// shown to nobody.
func (s *Server) page() handler {
	files := http.StripPrefix(s.Base, http.FileServerFS(s.Page))
	return func(w http.ResponseWriter, r *http.Request) error {
		below, ok := strings.CutPrefix(r.URL.Path, s.Base+"/")
		if !ok && r.URL.Path == s.Base {
			http.Redirect(w, r, s.Base+"/", http.StatusPermanentRedirect)
			return nil
		}
		name := path.Clean(below)
		if below == "" {
			name = "index.html"
		}
		if about, err := fs.Stat(s.Page, name); !ok || err != nil || about.IsDir() {
			return refuse(http.StatusNotFound, "no_route", nil)
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return notAllowed(w, r, []string{http.MethodGet, http.MethodHead})
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
		return nil
	}
}
