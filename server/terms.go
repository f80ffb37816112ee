package server

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// What may be said of terms: how many words of a language, and how long each, in characters.
const (
	maxTerms = 60
	maxTerm  = 40
)

func termsTag(version int64) string { return `"terms-` + strconv.FormatInt(version, 10) + `"` }

// terms tells which words of the trade this office says otherwise.
func (s *Server) terms(w http.ResponseWriter, r *http.Request) error {
	terms, version, err := s.Store.Terms(r.Context())
	if err != nil || notModified(w, r, termsTag(version)) {
		return err
	}
	return writeJSON(w, http.StatusOK, terms)
}

// putTerms changes them.
func (s *Server) putTerms(w http.ResponseWriter, r *http.Request) error {
	var wish postgis.Terms
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	if err := cleanTerms(&wish); err != nil {
		return err
	}
	match := r.Header.Values("If-Match")
	if len(match) == 0 {
		return plan.Refuse(plan.Invalid, "plan.no_if_match", nil)
	}
	_, version, err := s.Store.Terms(r.Context())
	if err != nil {
		return err
	}
	if _, ok := named(match, termsTag(version), false); !ok {
		return plan.Refuse(plan.Stale, "setting.changed", nil)
	}
	if version, err = s.Store.PutTerms(r.Context(), wish, version); err != nil {
		return err
	}
	w.Header().Set("ETag", termsTag(version))
	return writeJSON(w, http.StatusOK, wish)
}

// cleanTerms refuses words that are no words, and takes the blanks round the others away.
func cleanTerms(t *postgis.Terms) error {
	for _, said := range []*map[string]string{&t.Zh, &t.En} {
		clean := map[string]string{}
		for word, instead := range *said {
			word, instead = strings.TrimSpace(word), strings.TrimSpace(instead)
			for _, text := range []string{word, instead} {
				if text == "" || utf8.RuneCountInString(text) > maxTerm || strings.ContainsAny(text, "<>{}") {
					return refuse(http.StatusUnprocessableEntity, "terms.word", words.Args{"word": word, "said": instead})
				}
				if err := legible("terms", text); err != nil {
					return err
				}
			}
			clean[word] = instead
		}
		if len(clean) > maxTerms {
			return refuse(http.StatusUnprocessableEntity, "terms.many", words.Args{"most": maxTerms})
		}
		*said = clean
	}
	return nil
}
