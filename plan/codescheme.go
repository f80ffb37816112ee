package plan

import (
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gridwright/plan/words"
)

// CodeScheme says how grids are coded (编码规则): of which parts a code consists, and in which order grids are numbered. It is data: offices
// keep their own, and those that come with the program are files in the folder schemes.
//
// All grids whose codes are the same but for the number are numbered together: within the community where the scheme has no part for the
// large grid, large grid by large grid where it has.
type CodeScheme struct {
	Key      string        `json:"key"` // what requests name it by
	Name     string        `json:"name"`
	NameEn   string        `json:"name_en"`
	About    string        `json:"about"`
	AboutEn  string        `json:"about_en"`
	Segments []CodeSegment `json:"segments"`

	// Order is the way grids are numbered: by rows, which are bands from north to south with west to east inside each, or by columns, which
	// are bands from west to east with north to south inside. Defaults to rows.
	Order CodeOrder `json:"order,omitempty"`
	// BandMetres is how high a band is, or how wide a column. Defaults to the side of a square as large as the grids are on average.
	BandMetres int `json:"band_metres,omitempty"`
	// InTurn numbers one large grid after the other where several share numbers. Defaults to all of them together.
	InTurn bool `json:"in_turn,omitempty"`

	Reserved  []NumberRange `json:"reserved,omitempty"`  // numbers no grid gets by itself
	Dedicated *NumberRange  `json:"dedicated,omitempty"` // numbers of dedicated grids; nil: numbered along with the others
	None      string        `json:"none,omitempty"`      // what stands for the number where there is but one grid; empty: its number
	Names     bool          `json:"names,omitempty"`     // names that say a number follow it: 第三网格

	Preset bool `json:"-"` // it came with the program
}

// CodeSegment is a part of a code: one of the code of an area, fixed text, or the number.
type CodeSegment struct {
	// Area is the level of the area whose code it is taken from, or "parent" for the area the plan divides.
	Area     string `json:"area,omitempty"`
	Text     string `json:"text,omitempty"`
	Sequence bool   `json:"sequence,omitempty"`
	// Digits is how many: of a number, or the last ones of an area's code; 0 for the whole code of the area.
	Digits int  `json:"digits,omitempty"`
	Open   bool `json:"open,omitempty"` // a number that may grow longer
}

// parentSegment is what CodeSegment.Area calls the area the plan divides.
const parentSegment = "parent"

// CodeOrder is the way grids are numbered.
type CodeOrder string

// The orders.
const (
	ByRows    CodeOrder = "rows"
	ByColumns CodeOrder = "columns"
)

// NumberRange is numbers from one to another, both included.
type NumberRange struct {
	From int `json:"from"`
	To   int `json:"to"`
}

func (r NumberRange) has(n int) bool { return n >= r.From && n <= r.To }

//go:embed schemes/*.json
var schemeFiles embed.FS

// CodePresets are the schemes that come with the program, the one plans begin with first.
var CodePresets = readPresets()

func readPresets() (presets []CodeScheme) {
	names, err := fs.Glob(schemeFiles, "schemes/*.json")
	for _, name := range names {
		var c CodeScheme
		var text []byte
		if text, err = schemeFiles.ReadFile(name); err != nil {
			break
		}
		if err = errors.Join(json.Unmarshal(text, &c), c.Validate()); err != nil {
			break
		}
		c.Preset = true
		presets = append(presets, c)
	}
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return presets
}

// Title returns the scheme's name in a language, its key where it has none.
func (c *CodeScheme) Title(l words.Lang) string {
	switch {
	case l == words.En && c.NameEn != "":
		return c.NameEn
	case c.Name != "":
		return c.Name
	}
	return c.Key
}

// Limits of schemes: enough for any code there is.
const (
	maxSegments   = 12
	maxCodeDigits = 20 // of an area
	maxDigits     = 4  // of a number: numerals are written up to 9999
	maxCodeText   = 100
	maxBandMetres = 100_000
)

// Validate returns the first thing in a scheme with which no codes can be made, as an Invalid fault.
func (c *CodeScheme) Validate() error {
	fault := func(key string, args words.Args) error {
		if args == nil {
			args = words.Args{}
		}
		args["scheme"] = c.Key
		return Refuse(Invalid, key, args)
	}
	if c.Key == "" || len(c.Key) > 40 || strings.Trim(c.Key, "abcdefghijklmnopqrstuvwxyz0123456789+-_.") != "" {
		return fault("scheme.key", nil)
	}
	if len(c.Segments) > maxSegments {
		return fault("scheme.segments", words.Args{"most": maxSegments})
	}
	for _, text := range []string{c.Name, c.NameEn, c.About, c.AboutEn} {
		if utf8.RuneCountInString(text) > 500 {
			return fault("scheme.long", words.Args{"most": 500})
		}
	}
	numbers := 0
	for i, s := range c.Segments {
		kinds := 0
		for _, is := range []bool{s.Area != "", s.Text != "", s.Sequence} {
			if is {
				kinds++
			}
		}
		if kinds != 1 {
			return fault("scheme.segment", words.Args{"n": i + 1})
		}
		switch {
		case s.Sequence && (s.Digits < 1 || s.Digits > maxDigits):
			return fault("scheme.digits", words.Args{"n": i + 1, "least": 1, "most": maxDigits})
		case s.Sequence:
			numbers++
		case s.Area != "" && s.Area != parentSegment && Level(s.Area).Rank() < 0:
			return fault("scheme.level", words.Args{"n": i + 1, "level": s.Area})
		case s.Area != "" && (s.Digits < 0 || s.Digits > maxCodeDigits):
			return fault("scheme.digits", words.Args{"n": i + 1, "least": 0, "most": maxCodeDigits})
		case !printed(s.Text) || len(s.Text) > 20:
			return fault("scheme.text", words.Args{"n": i + 1})
		}
	}
	if numbers != 1 {
		return fault("scheme.numbers", words.Args{"n": numbers})
	}
	ranges := slices.Clone(c.Reserved)
	if c.Dedicated != nil {
		ranges = append(ranges, *c.Dedicated)
	}
	for _, r := range ranges {
		if r.From < 1 || r.To < r.From || r.To > c.most() {
			return fault("scheme.range", words.Args{"from": strconv.Itoa(r.From), "to": strconv.Itoa(r.To), "most": strconv.Itoa(c.most())})
		}
	}
	switch {
	case c.Order != "" && c.Order != ByRows && c.Order != ByColumns:
		return fault("scheme.order", words.Args{"order": string(c.Order)})
	case c.BandMetres < 0 || c.BandMetres > maxBandMetres:
		return fault("scheme.band", words.Args{"most": maxBandMetres})
	case c.None != "" && (len(c.None) != c.number().Digits || strings.Trim(c.None, "0") != ""):
		return fault("scheme.none", nil) // anything else could be a number, too
	}
	return nil
}

// printed reports whether a text may stand in a code: printable ASCII without a space.
func printed(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// number returns the segment that is the number.
func (c *CodeScheme) number() CodeSegment {
	return c.Segments[slices.IndexFunc(c.Segments, func(s CodeSegment) bool { return s.Sequence })]
}

// most returns the highest number.
func (c *CodeScheme) most() int {
	n := c.number()
	if n.Open {
		n.Digits = maxDigits
	}
	most := 1
	for range n.Digits {
		most *= 10
	}
	return most - 1
}

// frame is what stands round the number in the codes of some grids.
type frame struct{ before, after string }

// frame returns the frame of a parent's grids. An Invalid fault says which area's code lacks digits.
func (c *CodeScheme) frame(g *Ground, parent int32) (f frame, err error) {
	part := &f.before
	for _, s := range c.Segments {
		switch {
		case s.Sequence:
			part = &f.after
		case s.Text != "":
			*part += s.Text
		default:
			text, err := g.codePart(parent, s)
			if err != nil {
				return f, err
			}
			*part += text
		}
	}
	return f, nil
}

// codePart returns what a segment takes of the code of an area: the parent, or one above it.
func (g *Ground) codePart(parent int32, s CodeSegment) (string, error) {
	if s.Area == parentSegment {
		return lastDigits(g.Parents[parent], s)
	}
	level := Level(s.Area)
	for a, ok := g.Parents[parent], true; ok; a, ok = g.Above[a.Parent] {
		if a.Level == level {
			if above, ok := g.Above[a.Parent]; ok && !IsStatistical(level, a.Code) {
				a.Code = strings.TrimLeft(strings.TrimPrefix(a.Code, above.Code), "-") // what it adds to the code above
			}
			return lastDigits(a, s)
		}
		// The codes of the areas above stand in a statistical one.
		if a.Level.Rank() > level.Rank() && IsStatistical(a.Level, a.Code) {
			a.Code, a.Level = a.Code[:codeLength[level]], level
			return lastDigits(a, s)
		}
	}
	return "", Refuse(Invalid, "code.no_area", words.Args{"area": g.Parents[parent].Code, "level": level})
}

// lastDigits returns the last digits of an area's code that a segment asks for.
func lastDigits(a Area, s CodeSegment) (string, error) {
	code := a.Code
	if n := codeLength[a.Level]; IsStatistical(a.Level, code) && len(code) > n {
		code = code[:n] // without the noughts it is filled up with
	}
	if !printed(code) {
		return "", Refuse(Invalid, "code.letters", words.Args{"area": a.Code, "level": a.Level})
	}
	switch {
	case s.Digits == 0:
		return code, nil
	case len(code) < s.Digits && !IsStatistical(a.Level, code) && strings.Trim(code, "0123456789") == "":
		return strings.Repeat("0", s.Digits-len(code)) + code, nil
	case len(code) < s.Digits:
		return "", Refuse(Invalid, "code.digits", words.Args{"area": a.Code, "level": a.Level, "n": s.Digits})
	case len(code) > s.Digits && !IsStatistical(a.Level, code):
		return "", Refuse(Invalid, "code.long", words.Args{"area": a.Code, "level": a.Level, "n": s.Digits})
	}
	return code[len(code)-s.Digits:], nil
}

// code returns the code of a number.
func (c *CodeScheme) code(f frame, n int) string {
	text := strconv.Itoa(n)
	if d := c.number().Digits; len(text) < d {
		text = strings.Repeat("0", d-len(text)) + text
	}
	return f.before + text + f.after
}

// read returns the number in a code, 0 for None; false for a code that is not of this frame.
func (c *CodeScheme) read(f frame, code string) (n int, ok bool) {
	text, before := strings.CutPrefix(code, f.before)
	text, after := strings.CutSuffix(text, f.after)
	if !before || !after || text == "" {
		return 0, false
	}
	if text == c.None {
		return 0, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= c.most() && c.code(f, n) == code
}

// may reports whether a grid may have a number by itself.
func (c *CodeScheme) may(n int, dedicated bool) bool {
	if c.Dedicated != nil && c.Dedicated.has(n) != dedicated {
		return false
	}
	return !slices.ContainsFunc(c.Reserved, func(r NumberRange) bool { return r.has(n) })
}

// CodeSettings are the schemes of an office.
type CodeSettings struct {
	Current string       `json:"current"` // key of the scheme that is proposed, and gone by first for grids a cut makes
	Schemes []CodeScheme `json:"schemes"` // the office's own, beside the presets
}

// maxSchemes is how many schemes an office may have of its own.
const maxSchemes = 50

// DefaultCodeSettings hold until an office settles others.
func DefaultCodeSettings() CodeSettings { return CodeSettings{Current: CodePresets[0].Key} }

// Validate returns what is wrong with the settings, as an Invalid fault.
func (c CodeSettings) Validate() error {
	if len(c.Schemes) > maxSchemes {
		return Refuse(Invalid, "scheme.many", words.Args{"most": maxSchemes})
	}
	seen := map[string]bool{}
	for i := range c.Schemes {
		s := &c.Schemes[i]
		if err := s.Validate(); err != nil {
			return err
		}
		if slices.ContainsFunc(CodePresets, func(p CodeScheme) bool { return p.Key == s.Key }) {
			return Refuse(Invalid, "scheme.preset", words.Args{"scheme": s.Key})
		}
		if seen[s.Key] {
			return Refuse(Invalid, "scheme.twice", words.Args{"scheme": s.Key})
		}
		seen[s.Key] = true
	}
	_, err := c.Scheme(c.Current)
	return err
}

// All returns the office's own schemes and the presets, the current one first.
func (c CodeSettings) All() []CodeScheme {
	all := slices.Concat(c.Schemes, CodePresets)
	slices.SortStableFunc(all, func(a, b CodeScheme) int {
		switch c.Current {
		case a.Key:
			return -1
		case b.Key:
			return 1
		}
		return 0
	})
	return all
}

// Scheme returns the scheme of a key, a NotFound fault where there is none; the current one for an empty key.
func (c CodeSettings) Scheme(key string) (CodeScheme, error) {
	if key == "" {
		key = c.Current
	}
	for _, s := range c.All() {
		if s.Key == key {
			return s, nil
		}
	}
	return CodeScheme{}, Refuse(NotFound, "scheme.unknown", words.Args{"scheme": key})
}
