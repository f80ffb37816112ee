package server

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/mux"
)

// variable finds the pattern in a route's variable, {z:[0-9]+}, which the document writes {z}.
var variable = regexp.MustCompile(`\{([a-z]+):[^}]*\}`)

// Every route is in the document, and the document has nothing else.
func TestEveryRouteIsDescribed(t *testing.T) {
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(openAPIDocument, &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") {
		t.Errorf("the document is of version %s", doc.OpenAPI)
	}
	var described, served []string
	for path, methods := range doc.Paths {
		for method := range methods {
			if method = strings.ToUpper(method); method != "PARAMETERS" {
				described = append(described, method+" "+path)
			}
		}
	}
	s := New(Config{Page: builtPage()})
	err := s.routes().Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := route.GetPathTemplate()
		methods, none := route.GetMethods()
		if err != nil || none != nil {
			return nil // the catch-alls
		}
		for _, method := range methods {
			if method != http.MethodHead {
				served = append(served, method+" "+variable.ReplaceAllString(path, "{$1}"))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(described)
	slices.Sort(served)
	for _, route := range served {
		if _, found := slices.BinarySearch(described, route); !found {
			t.Errorf("%s is served but not described", route)
		}
	}
	for _, route := range described {
		if _, found := slices.BinarySearch(served, route); !found {
			t.Errorf("%s is described but not served", route)
		}
	}
}
