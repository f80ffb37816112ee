package democity

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

var picture = flag.String("picture", "", "write a drawing of the town to this SVG file")

func TestSurveyPicture(t *testing.T) {
	if *picture == "" {
		t.Skip("no -picture")
	}
	m, _ := survey(rand.New(rand.NewPCG(1, 1)))
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-6600 -5600 13200 11200" width="1980" height="1680"><rect x="-6600" y="-5600" width="13200" height="11200" fill="#f6f5f1"/>`)
	fill := map[Kind]string{Built: "#e9e2d6", Water: "#bcd7e8", Railway: "#bbb", Park: "#bcd9a8", Open: "#f2efe0"}
	n, small := 0, 0
	for f := range m.faces {
		if len(m.faces[f].loop) == 0 {
			continue
		}
		n++
		if ringArea(m.ring(int32(f))) < 2000 {
			small++
		}
		b.WriteString(`<path d="M`)
		for i, p := range m.ring(int32(f)) {
			if i > 0 {
				b.WriteString("L")
			}
			fmt.Fprintf(&b, "%.1f %.1f", p.x, -p.y)
		}
		fmt.Fprintf(&b, `Z" fill="%s" stroke="#c9c2b4" stroke-width="3"/>`, fill[m.faces[f].kind])
	}
	width := map[street]int{arterial: 26, collector: 10, townEdge: 12, railway: 6}
	col := map[street]string{arterial: "#d9a441", collector: "#a99", townEdge: "#555", railway: "#666"}
	for f := range m.faces {
		loop := m.faces[f].loop
		for i, u := range loop {
			v := loop[(i+1)%len(loop)]
			s := m.streets[low(u, v)]
			if w := width[s]; w > 0 && (u < v || m.neighbour(u, v) < 0) {
				p, q := m.corners[u], m.corners[v]
				fmt.Fprintf(&b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="%d" stroke-linecap="round"/>`, p.x, -p.y, q.x, -q.y, col[s], w)
			}
		}
	}
	b.WriteString("</svg>")
	t.Logf("%d faces, %d under 2000 m2", n, small)
	if err := os.WriteFile(*picture, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
