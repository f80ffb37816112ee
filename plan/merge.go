package plan

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gridwright/plan/words"
)

// Merging turns the wish that grids become one into an edit on this snapshot: all their blocks go to the grid into, the others are gone.
// Codes that come twice count once. The grids must lie in one parent and hang together, by borders or by links.
func (s *Snapshot) Merging(codes []string, into string) (Edit, error) {
	target, err := s.gridNamed(into)
	if err != nil {
		return Edit{}, err
	}
	e := Edit{Kind: Merge}
	var moved []int32
	merged := map[GridNo]bool{target.No: true}
	for _, code := range codes {
		g, err := s.gridNamed(code)
		if err != nil {
			return Edit{}, err
		}
		if g.Parent != target.Parent {
			return Edit{}, Refuse(Invalid, "edit.merge_parents", words.Args{"grid": g.Code, "into": target.Code,
				"parent": s.Ground.Parents[g.Parent].Code, "other": s.Ground.Parents[target.Parent].Code})
		}
		if merged[g.No] {
			continue
		}
		merged[g.No] = true
		moved = append(moved, s.Blocks(g.No)...)
		e.Grids = append(e.Grids, s.propsChange(g.No, nil))
	}
	if len(e.Grids) == 0 {
		return Edit{}, Refuse(Invalid, "edit.merge_one", nil)
	}
	slices.SortFunc(e.Grids, func(a, b GridChange) int { return int(a.No - b.No) })
	s.move(&e, moved, func(int32) GridNo { return target.No })
	if target.Enclave == "" {
		if err := s.hangTogether(merged, target); err != nil {
			return Edit{}, err
		}
	}
	return e, nil
}

// hangTogether returns a fault unless every one of the grids that has blocks can be reached from the target over the others.
func (s *Snapshot) hangTogether(merged map[GridNo]bool, target *Grid) error {
	reached := map[GridNo]bool{target.No: true}
	for todo := []GridNo{target.No}; len(todo) > 0; {
		no := todo[0]
		todo = todo[1:]
		for _, n := range s.Neighbours(no) {
			if merged[n] && !reached[n] {
				reached[n] = true
				todo = append(todo, n)
			}
		}
	}
	for g := range s.Live() {
		if merged[g.No] && !reached[g.No] && len(s.Blocks(g.No)) > 0 && len(s.Blocks(target.No)) > 0 {
			return Refuse(Invalid, "edit.merge_apart", words.Args{"grid": g.Code, "into": target.Code})
		}
	}
	return nil
}

// The longest that may be said of a grid, in characters.
const (
	maxGridName = 100
	maxReason   = 200
)

// plainText returns a text without the spaces round it. It refuses one that is too long, or that is no plain text.
func plainText(field, text string, most int) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case utf8.RuneCountInString(text) > most:
		return "", Refuse(Invalid, "edit.text_long", words.Args{"field": field, "most": most})
	case strings.ContainsFunc(text, unicode.IsControl), strings.ContainsAny(text, "<>"), !utf8.ValidString(text):
		return "", Refuse(Invalid, "edit.text_markup", words.Args{"field": field})
	}
	return text, nil
}

// saying turns the wish to say something else of a grid into an edit on this snapshot.
func (s *Snapshot) saying(kind EditKind, code string, change func(*GridProps) error) (Edit, error) {
	g, err := s.gridNamed(code)
	if err != nil {
		return Edit{}, err
	}
	after := g.GridProps
	if err := change(&after); err != nil {
		return Edit{}, err
	}
	if after == g.GridProps {
		return Edit{}, Refuse(Invalid, "edit.said_already", words.Args{"grid": code})
	}
	return Edit{Kind: kind, Grids: []GridChange{s.propsChange(g.No, &after)}}, nil
}

// Naming turns the wish to call a grid otherwise into an edit on this snapshot. A grid must have a name in Chinese or in English.
func (s *Snapshot) Naming(code, name, nameEn string) (Edit, error) {
	return s.saying(Rename, code, func(p *GridProps) (err error) {
		if p.Name, err = plainText("name", name, maxGridName); err != nil {
			return err
		}
		if p.NameEn, err = plainText("name_en", nameEn, maxGridName); err != nil {
			return err
		}
		if p.Name == "" && p.NameEn == "" {
			return Refuse(Invalid, "edit.no_name", nil)
		}
		return nil
	})
}

// Dedicating turns the wish that a grid be a dedicated one into an edit on this snapshot: for a purpose, with a body that is responsible.
// Without a purpose it is a base grid again.
func (s *Snapshot) Dedicating(code, purpose, body string) (Edit, error) {
	return s.saying(Dedicate, code, func(p *GridProps) (err error) {
		if p.Purpose, err = plainText("purpose", purpose, maxReason); err != nil {
			return err
		}
		if p.Body, err = plainText("body", body, maxReason); err != nil {
			return err
		}
		p.Kind = DedicatedGrid
		if p.Purpose == "" {
			p.Kind, p.Body = BaseGrid, ""
		}
		return nil
	})
}

// Enclaving turns the wish that a grid may lie in several pieces into an edit on this snapshot. Without a reason it may not any more.
func (s *Snapshot) Enclaving(code, reason string) (Edit, error) {
	return s.saying(Enclave, code, func(p *GridProps) (err error) {
		p.Enclave, err = plainText("reason", reason, maxReason)
		return err
	})
}
