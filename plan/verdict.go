package plan

import (
	"math"

	"gridwright/plan/words"
)

// Verdict is how a grid stands against the recipe.
type Verdict string

// The verdicts.
const (
	Within Verdict = "within" // the worst deviation is inside the tolerance, or the load inside the band
	Over   Verdict = "over"
	Under  Verdict = "under"
	Empty  Verdict = "empty"  // no blocks
	Broken Verdict = "broken" // not in one piece, and nobody has said why
)

// Verdict returns how a grid stands.
func (s *Snapshot) Verdict(no GridNo) Verdict {
	switch n := s.Pieces(no); {
	case n == 0:
		return Empty
	case n == 1, s.Grids[no-1].Enclave != "":
		return s.balance(no)
	}
	return Broken
}

// band returns the band the plan is to keep to; ok is false where a tolerance counts instead.
func (s *Snapshot) band() (band Band, ok bool) {
	if s.Recipe.Band == nil || s.Ground.MeasureIndex(s.Recipe.Band.Measure) < 0 {
		return Band{}, false
	}
	return *s.Recipe.Band, true
}

func (s *Snapshot) balance(no GridNo) Verdict {
	if s.Grids[no-1].Dedicated() {
		return Within
	}
	if band, ok := s.band(); ok {
		switch load := s.Loads(no)[s.Ground.MeasureIndex(band.Measure)]; {
		case load > band.Max:
			return Over
		case load < band.Min:
			return Under
		}
		return Within
	}
	_, deviation := s.Worst(no)
	switch {
	case deviation > s.Recipe.Tolerance+rounding:
		return Over
	case deviation < -s.Recipe.Tolerance-rounding:
		return Under
	}
	return Within
}

// sentence is a key and its arguments.
type sentence struct {
	key  string
	args words.Args
}

// In returns the sentence.
func (w sentence) In(l words.Lang) string { return Sentences.Say(l, w.key, w.args) }

// GridWords is a grid in one sentence a director understands.
type GridWords struct {
	verdict sentence
	setting []sentence
}

// In returns the sentence.
func (w GridWords) In(l words.Lang) string {
	said := w.verdict.In(l)
	for _, more := range w.setting {
		said = Sentences.Say(l, "grid.and", words.Args{"words": said, "more": more})
	}
	return said
}

// Words returns the grid in one sentence: 486户，达标，比平均多12户（2.5%），东沿鼓楼街，未拆小区. It speaks of the first balanced
// measure, or of the one that is worst off when that one is out of tolerance, or of the band's; then of where the grid lies.
func (s *Snapshot) Words(no GridNo) GridWords { return GridWords{s.standing(no), s.setting(no)} }

// standing returns how the grid stands against the recipe.
func (s *Snapshot) standing(no GridNo) sentence {
	verdict := s.Verdict(no)
	if verdict == Empty {
		return sentence{"grid.empty", nil}
	}
	if verdict == Broken {
		return sentence{"grid.broken", words.Args{"pieces": s.Pieces(no), "load": s.quantity(no, s.Balanced()[0])}}
	}
	if s.Grids[no-1].Dedicated() {
		return sentence{"grid.dedicated", words.Args{"load": s.quantity(no, s.Balanced()[0])}}
	}
	if band, ok := s.band(); ok {
		return s.bandWords(no, s.Ground.MeasureIndex(band.Measure), band, verdict)
	}
	m, deviation := s.Worst(no)
	if verdict == Within {
		m = s.Balanced()[0]
		deviation = s.Deviation(no)[m]
	}
	load, ideal := s.Loads(no)[m], s.Ideals(s.Grids[no-1].Parent)[m]
	args := words.Args{"load": s.quantity(no, m), "percent": words.Percent(math.Abs(deviation)),
		"off": Quantity{s.Ground.Measures[m], math.Round(math.Abs(load - ideal))}}
	switch off := math.Round(load - ideal); {
	case ideal == 0:
		return sentence{"grid.nothing_to_count", words.Args{"measure": s.Ground.Measures[m]}}
	case off == 0:
		return sentence{"grid.even." + string(verdict), args}
	case off > 0:
		return sentence{"grid.more." + string(verdict), args}
	default:
		return sentence{"grid.less." + string(verdict), args}
	}
}

func (s *Snapshot) quantity(no GridNo, m int) Quantity {
	return Quantity{s.Ground.Measures[m], s.Loads(no)[m]}
}

func (s *Snapshot) bandWords(no GridNo, m int, band Band, verdict Verdict) sentence {
	load := s.Loads(no)[m]
	args := words.Args{"load": s.quantity(no, m), "min": band.Min, "max": band.Max}
	switch verdict {
	case Over:
		args["off"] = Quantity{band.Measure, load - band.Max}
	case Under:
		args["off"] = Quantity{band.Measure, band.Min - load}
	}
	return sentence{"grid.band." + string(verdict), args}
}
