package mapsheet

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gridwright/plan/words"
	"gridwright/report/draw"
)

var update = flag.Bool("update", false, "write the golden files anew")

// glyphs are what depends on the font alone: outlines, and which of them a text is made of.
var glyphs = regexp.MustCompile(`<path id="g\d+" d="[^"]*"/>\n|<use [^>]*/>|<g fill="none"[^>]*></g>|<g stroke="[^>]*></g>`)

// A person has looked at these sheets.
func TestSheetsAreAsLookedAt(t *testing.T) {
	needFont(t)
	g, named := town(14)
	whole := sheetOf(words.Zh, nil, 0, 1, 2)
	whole.Whole, whole.Name, whole.Stamp.Effective = true, "东园社区", "2027-01-01"
	for name, pages := range map[string][]*draw.Page{
		"grid.zh-CN": g.Compose(sheetOf(words.Zh, named, 0)),
		"grid.en":    g.Compose(sheetOf(words.En, named, 0)),
		"community":  g.Compose(whole),
		"walk":       g.ComposeWalk(sheetOf(words.Zh, named, 1), []Segment{{1, "东：第一网格", 100, g.Grids[1].Shape[0][0][1:3], true, "张三 2026-11-20"}, {2, "北：第一网格", 100, g.Grids[1].Shape[0][0][2:4], false, ""}}),
		"board":      g.ComposeBoard(sheetOf(words.Zh, named, 1), []Post{{"网格长", "王垚堃", "组织网格内各项工作", false}, {"网格员（专职）", "", "巡查走访", false}, {"督导员", "", "", true}}),
		"plates":     g.ComposePlates(sheetOf(words.Zh, named, 0), []Plate{{"B00001", "世纪花园 1号楼", []Post{{"楼栋长", "李䶮", "联系本楼住户", false}}}, {"B00002", "世纪花园 002", nil}}),
	} {
		var svg bytes.Buffer
		if err := draw.SVG(&svg, draw.Below(pages...), "zh-CN"); err != nil {
			t.Fatal(err)
		}
		got := glyphs.ReplaceAllString(svg.String(), "")
		file := filepath.Join("testdata", name+".golden.svg")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: (-golden +got)\n%s", file, diff)
		}
	}
}

// The scale is the largest of the round ones at which the grid fits, and what is 100 m on the ground is 100 m by it on the page.
func TestMapsAreTrueToScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.Float64Range(20, 9000).Draw(t, "width"), rapid.Float64Range(20, 9000).Draw(t, "height")
		b := box(0, 0, w, h).Box()
		l, scale := choose(b, false)
		in := l.frame.inset(neighbourhood)
		if w*1000/float64(scale) > in.w*1.001 || h*1000/float64(scale) > in.h*1.001 {
			t.Fatalf("%.0f x %.0f m does not fit 1:%d", w, h, scale)
		}
		if i := slices.Index(scales, scale); i > 0 && w*1000/float64(scales[i-1]) < in.w*0.999 && h*1000/float64(scales[i-1]) < in.h*0.999 {
			t.Fatalf("%.0f x %.0f m fits 1:%d and not only 1:%d", w, h, scales[i-1], scale)
		}
		v := newView(b, l.frame, scale)
		a, c := v.place(at(0, 0)), v.place(at(w, h))
		for _, pair := range [][2]float64{{c.X - a.X, w}, {c.Y - a.Y, h}} {
			if got := pair[0] * float64(scale) / 1000; math.Abs(got-pair[1]) > 0.002*pair[1]+0.1 {
				t.Fatalf("%.1f m are drawn as %.1f", pair[1], got)
			}
		}
		if m := v.place(middleOfBox(b)); math.Abs(m.X-l.frame.middle().X) > 0.01 || math.Abs(m.Y-l.frame.middle().Y) > 0.01 {
			t.Fatalf("the middle is at %v", m)
		}
	})
}

// No name lies on another or on the border, and all lie in the frame, whatever stands where.
func TestNamesDoNotCollide(t *testing.T) {
	needFont(t)
	rapid.Check(t, func(t *rapid.T) {
		g, named := town(rapid.IntRange(0, 90).Draw(t, "buildings"))
		grids := rapid.SampledFrom([][]int{{0}, {1}, {2}, {3}, {4}}).Draw(t, "grids")
		l, scale := choose(g.boxOf(grids), false)
		page := &draw.Page{Width: l.size[0], Height: l.size[1]}
		m := &mapOf{Ground: g, view: newView(g.boxOf(grids), l.frame, scale), page: page, subject: grids, numbers: Numbers(named)}
		m.survey()
		m.bar()
		m.draw()
		if len(m.labels.placed) == 0 {
			t.Fatal("the map has no names")
		}
		for i := range m.labels.placed {
			q := m.labels.placed[i].quad()
			for _, corner := range q {
				if !l.frame.holds(corner) {
					t.Fatalf("%q lies outside", m.labels.placed[i].text)
				}
			}
			for k := range i {
				if q.meets(m.labels.placed[k].quad()) {
					t.Fatalf("%q lies on %q", m.labels.placed[i].text, m.labels.placed[k].text)
				}
			}
			if slices.ContainsFunc(m.labels.border, q.meets) {
				t.Fatalf("%q lies on the border", m.labels.placed[i].text)
			}
		}
	})
}

func TestQuadsMeet(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b quad
		want bool
	}{
		{"side by side", quadOf(rect{0, 0, 10, 2}), quadOf(rect{11, 0, 10, 2}), false},
		{"one in the other", quadOf(rect{0, 0, 10, 10}), quadOf(rect{4, 4, 1, 1}), true},
		{"crossing", quadAt(draw.Point{X: 5, Y: 5}, 10, 1, 0), quadAt(draw.Point{X: 5, Y: 5}, 10, 1, 90), true},
		{"turned, boxes overlap", quadAt(draw.Point{X: 0, Y: 0}, 10, 1, 45), quadOf(rect{2, -4, 2, 2}), false},
	} {
		if got := c.a.meets(c.b); got != c.want || c.b.meets(c.a) != got {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Every row of a table is on some page, in order, none below the foot, be there none or hundreds.
func TestTablesLoseNoRow(t *testing.T) {
	needFont(t)
	g, _ := town(0)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(0, 60), rapid.IntRange(0, 700)).Draw(t, "rows")
		s := sheetOf(words.Zh, nil, rapid.IntRange(0, 4).Draw(t, "grid"))
		tall := strings.Repeat("很长的备注", rapid.IntRange(0, 9).Draw(t, "long"))
		table := Table{Title: "楼栋", Heads: []string{"楼栋", "备注"}, Widths: []float64{1, 2}}
		for i := range n {
			table.Rows = append(table.Rows, []string{fmt.Sprintf("row%03d", i), tall})
		}
		s.Tables = []Table{table}
		pages := g.Compose(s)
		next := 0
		for k, p := range pages {
			for _, text := range p.Texts() {
				if strings.HasPrefix(text.String, "row") {
					if text.String != fmt.Sprintf("row%03d", next) {
						t.Fatalf("page %d: %s comes where row %d should", k+1, text.String, next)
					}
					next++
				}
				if text.At.Y > p.Height-margin || text.At.X < 0 || text.At.X > p.Width {
					t.Fatalf("page %d: %q is at %v", k+1, text.String, text.At)
				}
			}
		}
		if next != n {
			t.Fatalf("%d of %d rows are there", next, n)
		}
	})
}

// Names as long as anybody can type them, and none at all, leave everything on the page.
func TestNothingRunsOffThePage(t *testing.T) {
	needFont(t)
	g, named := town(20)
	for _, name := range []string{"", "甲", strings.Repeat("很长的名称", 20), strings.Repeat("Donaudampfschifffahrt", 9), "<script>&amp;\x00\u202e\n垚", "𬭎🎉"} {
		for _, l := range words.Langs {
			s := sheetOf(l, named, 0)
			s.Path, s.Name, s.Code, s.Bounds, s.Stamp.Plan = []string{name, name, name}, name, name, name, name
			s.Facts = append(s.Facts, Fact{name, name})
			s.Tables[0].Rows = append(s.Tables[0].Rows, []string{name, name})
			s.Stamp.Synthetic, s.Stamp.Approval = true, name
			posts := []Post{{Role: name, Name: name, Duty: name}, {Role: name}}
			for _, pages := range [][]*draw.Page{g.Compose(s), g.ComposeBoard(s, posts), g.ComposePlates(s, []Plate{{"B00001", name, posts}, {"none", name, nil}, {"B00002", name, posts}}),
				g.ComposeWalk(s, []Segment{{Number: 1, Words: name, Result: name}})} {
				for k, p := range pages {
					for _, text := range p.Texts() {
						width := draw.Width(text.String, text.Size)
						left := text.At.X - map[draw.Align]float64{draw.Left: 0, draw.Middle: width / 2, draw.Right: width}[text.Align]
						if text.Angle == 0 && (left < -0.1 || left+width > p.Width+0.1) {
							t.Errorf("%.20q: page %d: %.40q runs from %.0f to %.0f mm", name, k+1, text.String, left, left+width)
						}
					}
				}
			}
		}
	}
}

func TestFilledTables(t *testing.T) {
	got := Table{Heads: []string{"a", "b", "c"}, Widths: []float64{1, 2, 3}, Right: []bool{false, true, true}, Rows: [][]string{{"1", "", ""}, {"", "", "2"}}, Foot: []string{"x", "0", "2"}}.Filled()
	want := Table{Heads: []string{"a", "c"}, Widths: []float64{1, 3}, Right: []bool{false, true}, Rows: [][]string{{"1", ""}, {"", "2"}}, Foot: []string{"x", "2"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if empty := (Table{Heads: []string{"a"}, Widths: []float64{1}, Right: []bool{false}}).Filled(); len(empty.Heads) != 0 || len(empty.Rows) != 0 {
		t.Errorf("a table of nothing is %v", empty)
	}
}

// A hole in a grid is no part of it: there the ground is as pale as that outside.
func TestHolesAreNotOfTheGrid(t *testing.T) {
	needFont(t)
	g, _ := town(0)
	s := sheetOf(words.Zh, nil, 0)
	s.Stamp.Effective = "2027-01-01" // no watermark
	page := g.Compose(s)[0]
	l, scale := choose(g.boxOf(s.Grids), false)
	v := newView(g.boxOf(s.Grids), l.frame, scale)
	var b bytes.Buffer
	if err := draw.PNG(&b, page, 100); err != nil {
		t.Fatal(err)
	}
	dots, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	colour := func(x, y float64) string {
		p := v.place(at(x, y))
		r, g, b, _ := dots.At(int(p.X*100/25.4), int(p.Y*100/25.4)).RGBA()
		return fmt.Sprintf("%02x%02x%02x", r>>8, g>>8, b>>8)
	}
	inside, hole, outside := colour(50, 150), colour(120, 180), colour(-18, 150)
	if hole != outside || inside == hole {
		t.Errorf("inside %s, in the hole %s, outside %s", inside, hole, outside)
	}
}

// Numbers tell buildings apart, and are of their codes.
func TestNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		named := rapid.MapOf(rapid.StringMatching(`[A-Z0-9-]{1,9}`), rapid.SampledFrom([]string{"", "", "3号楼"})).Draw(t, "buildings")
		of := map[string]string{}
		for code, number := range Numbers(named) {
			if named[code] != "" {
				if number != named[code] {
					t.Fatalf("%s is called %s", code, number)
				}
				continue
			}
			if !strings.HasSuffix(code, number) || of[number] != "" {
				t.Fatalf("%s and %q are called %s", code, of[number], number)
			}
			of[number] = code
		}
	})
}

func TestSentences(t *testing.T) {
	for _, fault := range sentences.Incomplete() {
		t.Error(fault)
	}
}

func BenchmarkSheet(b *testing.B) {
	needFont(b)
	g, named := town(60)
	s := sheetOf(words.Zh, named, 0)
	for b.Loop() {
		for _, page := range g.Compose(s) {
			draw.Encode(page)
		}
	}
}
