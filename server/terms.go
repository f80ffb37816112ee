package server

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// What may be said of terms: how many words of a language, and how long each, in characters.
const (
	maxTerms = 60
	maxTerm  = 40
)

// terms tells which words of the trade this office says otherwise.
func (s *Server) terms(w http.ResponseWriter, r *http.Request) error {
	terms, version, err := s.Store.Terms(r.Context())
	if err != nil || notModified(w, r, versionTag("terms", version)) {
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
	_, version, err := s.Store.Terms(r.Context())
	if err != nil {
		return err
	}
	if err := matched(r, versionTag("terms", version), "setting.changed"); err != nil {
		return err
	}
	if version, err = s.Store.PutTerms(r.Context(), wish, version); err != nil {
		return err
	}
	w.Header().Set("ETag", versionTag("terms", version))
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
