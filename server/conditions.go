package server

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"gridwright/plan"
)

// gzipped marks the ETag of a compressed answer, which is another representation than the plain one and so needs a
// strong tag of its own. Tags that come back are compared without it: which bytes a reader holds, its cache knows.
const gzipped = "-gzip"

// compress packs answers that gain by it for readers who accept it, never event streams.
func compress(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.EnableZstd(false), gzhttp.SuffixETag(gzipped), gzhttp.ContentTypes([]string{
		"application/json", "application/geo+json", tileType, "text/csv", "text/html", "text/css", "text/javascript", "image/svg+xml"}))
	if err != nil {
		panic(err) // the options stand above
	}
	return wrap(next)
}

// contentTag is the strong ETag of a body.
func contentTag(body []byte) string {
	sum := sha256.Sum256(body)
	return fmt.Sprintf(`"%x"`, sum[:16])
}

// notModified sets the answer's ETag and reports whether the reader has it already: then it is told so with 304, and
// there is nothing left to write.
func notModified(w http.ResponseWriter, r *http.Request, tag string) bool {
	w.Header().Set("ETag", tag)
	held, ok := named(r.Header.Values("If-None-Match"), tag, true)
	if ok {
		w.Header().Set("ETag", held)
		w.WriteHeader(http.StatusNotModified)
	}
	return ok
}

// named looks for a tag in the lines of an If-Match or If-None-Match header, each a list of tags or "*" for any
// (RFC 9110, 8.8.3 and 13.1). It returns the tag as the reader holds it. A weak tag, W/"…", counts only where weak
// says so: it is enough to leave a body unsent, not to change what it names.
func named(lines []string, tag string, weak bool) (held string, ok bool) {
	for _, line := range lines {
		if strings.TrimSpace(line) == "*" {
			return tag, true
		}
		for rest := line; ; {
			rest = strings.TrimLeft(rest, ", \t")
			opaque, isWeak := strings.CutPrefix(rest, "W/")
			if !strings.HasPrefix(opaque, `"`) {
				break
			}
			end := strings.IndexByte(opaque[1:], '"')
			if end < 0 {
				break
			}
			held, rest = opaque[:end+2], opaque[end+2:]
			if plain := strings.TrimSuffix(held, gzipped+`"`); (held == tag || plain+`"` == tag) && (weak || !isWeak) {
				return held, true
			}
		}
	}
	return "", false
}

// versionTag is the ETag of something that has versions.
func versionTag(what string, version int64) string {
	return `"` + what + "-" + strconv.FormatInt(version, 10) + `"`
}

// matched refuses a request whose If-Match does not name the tag: with the Stale fault of the key, or because it names none.
func matched(r *http.Request, tag, changed string) error {
	match := r.Header.Values("If-Match")
	if len(match) == 0 {
		return plan.Refuse(plan.Invalid, "plan.no_if_match", nil)
	}
	if _, ok := named(match, tag, false); !ok {
		return plan.Refuse(plan.Stale, changed, nil)
	}
	return nil
}
