package report

import (
	"slices"
	"strings"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report/draw"
	"gridwright/report/mapsheet"
)

// walk lays the list for walking a grid's border, with what was found where it has been walked.
func (s *sheets) walk(g plan.Grid) []*draw.Page {
	one := s.grid(g)
	var segments []mapsheet.Segment
	if b := s.Bounds[g.No]; b != nil {
		for i := range b.Segments {
			k := &b.Segments[i]
			text := k.Side.In(s.lang) + s.say("sheet.colon", nil) + k.In(s.lang)
			if beyond := k.Beyond[s.lang]; beyond != "" {
				text += s.say("sheet.beyond", words.Args{"beyond": beyond})
			}
			one := mapsheet.Segment{Number: k.Number, Words: text, Metres: float64(k.Length), Line: k.Line}
			if w := k.Walk; w != nil {
				one.Right = w.Result == "ok"
				said := []string{w.Remark, w.By, w.On}
				if !one.Right {
					said = append([]string{s.say("walk.found.differs", nil)}, said...)
				}
				one.Result = strings.Join(slices.DeleteFunc(said, func(t string) bool { return t == "" }), " ")
			}
			segments = append(segments, one)
		}
	}
	return s.ground.ComposeWalk(one, segments)
}
