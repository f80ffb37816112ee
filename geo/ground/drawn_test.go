package ground_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// side is the side of a character of a drawn town, in metres.
const side = 100

// drawing is a town of squares and what runs between them. Every other character of every other line is a square: its
// letter is its parent, and a small letter has a building in the middle. Between the squares runs a street | -, a trunk
// road T, a river ~, a railway =, a wall #, or a footpath : of the second rank. The first line is the north.
type drawing []string

func draw(lines string) (d drawing) {
	for line := range strings.Lines(lines) {
		if line = strings.TrimSpace(line); line != "" {
			d = append(d, line)
		}
	}
	return d
}

func (d drawing) rows() int { return (len(d) + 1) / 2 }
func (d drawing) cols() int { return (len(d[0]) + 1) / 2 }

func (d drawing) at(line, char int) byte {
	if line >= len(d) || char >= len(d[line]) {
		return ' '
	}
	return d[line][char]
}

// south returns the metres north of the origin at which a row begins.
func (d drawing) south(row int) float64 { return float64(d.rows()-1-row) * side }

func square(x0, y0, x1, y1 float64) shape.MultiPolygon {
	return shape.MultiPolygon{{{metres(x0, y0), metres(x1, y0), metres(x1, y1), metres(x0, y1)}}}
}

// input returns the town: a parent for each letter, a line for each side that something runs along.
func (d drawing) input() ground.Input {
	in := ground.Input{Measures: []string{"households"}}
	squares := map[string][]shape.MultiPolygon{}
	for row := range d.rows() {
		for col := range d.cols() {
			x, y := float64(col)*side, d.south(row)
			letter := d.at(2*row, 2*col)
			parent := strings.ToUpper(string(letter))
			squares[parent] = append(squares[parent], square(x, y, x+side, y+side))
			if letter >= 'a' {
				in.Buildings = append(in.Buildings, ground.Building{Code: fmt.Sprintf("b%d%d", row, col),
					Shape: square(x+40, y+40, x+60, y+60), Counts: []int64{int64(10*row + col)}})
			}
			d.line(&in, d.at(2*row, 2*col+1), metres(x+side, y), metres(x+side, y+side))
			d.line(&in, d.at(2*row+1, 2*col), metres(x, y), metres(x+side, y))
		}
	}
	for code, s := range squares {
		in.Parents = append(in.Parents, ground.Parent{Code: code, Shape: topo.Union(s)})
	}
	return in
}

func (d drawing) line(in *ground.Input, char byte, from, to crs.Point) {
	l := ground.Line{Code: fmt.Sprintf("l%03d", len(in.Lines)), Name: string(char), Path: []crs.Point{from, to}}
	switch char {
	case '|', '-':
		l.Barrier = ground.Street
	case 'T':
		l.Barrier = ground.Trunk
	case '~':
		l.Barrier = ground.River
	case '=':
		l.Barrier = ground.Railway
	case '#':
		l.Barrier = ground.Wall
	case ':':
		l.Barrier, l.Second = ground.Lane, true
	default:
		return
	}
	in.Lines = append(in.Lines, l)
}

// blocks draws the squares of the town again, each with the number of its block as a letter: those from the south-west
// first.
func (d drawing) blocks(g *ground.Ground) (lines []string) {
	for row := range d.rows() {
		line := ""
		for col := range d.cols() {
			line += string(rune('a' + blockAt(g, metres(float64(col)*side+side/5, d.south(row)+side/5))))
		}
		lines = append(lines, line)
	}
	return lines
}

// blockAt returns the block a place lies in, -1 if it lies in none.
func blockAt(g *ground.Ground, p crs.Point) int {
	return slices.IndexFunc(g.Blocks, func(b ground.Block) bool { return holds(b.Shape, p) })
}

// holds reports whether a place that is on no side of a shape lies inside it.
func holds(m shape.MultiPolygon, p crs.Point) bool {
	odd := false
	for _, polygon := range m {
		for _, r := range polygon {
			for i, b := range r {
				a := r[(i+len(r)-1)%len(r)]
				if (a.Lat > p.Lat) != (b.Lat > p.Lat) {
					lon := float64(a.Lon) + float64(p.Lat-a.Lat)/float64(b.Lat-a.Lat)*float64(b.Lon-a.Lon)
					odd = odd != (float64(p.Lon) < lon)
				}
			}
		}
	}
	return odd
}

func TestDrawn(t *testing.T) {
	for _, c := range []struct {
		name, town, want string
	}{
		{"nothing divides", `
			A A
			`, "aa"},
		{"a street between", `
			A|A
			`, "ab"},
		{"a street that ends does not divide", `
			A|A A
			. . .
			A A A
			`, "aaa aaa"},
		{"a crossroads", `
			A|A
			- -
			A|A
			`, "bd ac"},
		{"rivers, railways, trunk roads and walls divide", `
			A~A=A
			T T T
			A#A A
			`, "bde acc"},
		{"a parent's border divides", `
			A B
			. .
			A B
			`, "ab ab"},
		{"a footpath does not divide what is not oversized", `
			a:a
			`, "aa"},
		{"a street of one parent goes on in the next", `
			A|A B|B
			- - - -
			A A B B
			`, "bcef aadd"},
	} {
		d := draw(c.town)
		g := build(t, d.input(), ground.Options{})
		if got := strings.Join(d.blocks(g), " "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		if len(g.Findings) > 0 && g.Findings[0].Rule != ground.NoLines {
			t.Errorf("%s: %v", c.name, g.Findings)
		}
	}
}

func TestBordersTellWhatRunsAlong(t *testing.T) {
	d := draw(`
		A~A=A
		T T -
		A#A A
		`)
	g := build(t, d.input(), ground.Options{})
	var got []string
	for _, b := range g.Borders {
		got = append(got, fmt.Sprintf("%c%c %v %s %.0f %v", 'a'+b.A, 'a'+b.B, b.Barrier, b.Name, b.Length, b.Walk))
	}
	want := []string{
		"ab trunk T 100 false", "ac wall # 100 false", "bd river ~ 100 true", // along the trunk road, past the end of the river
		"cd trunk T 100 false", "ce street - 100 true", "de railway = 100 false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// One can walk across a river where a street crosses it, and where there is a footbridge, but not where a street comes to
// its end at the bank.
func TestWalkAcross(t *testing.T) {
	river := ground.Line{Code: "r", Barrier: ground.River, Path: []crs.Point{metres(0, 100), metres(300, 100)}}
	for _, c := range []struct {
		name string
		line ground.Line
		want bool
	}{
		{"a bridge", ground.Line{Code: "s", Barrier: ground.Street, Path: []crs.Point{metres(150, -10), metres(150, 210)}}, true},
		{"a street that ends at the bank", ground.Line{Code: "s", Barrier: ground.Street, Path: []crs.Point{metres(150, -10), metres(150, 100)}}, false},
		{"a footbridge", ground.Line{Code: "s", Barrier: ground.Lane, Second: true, Bridge: true, Path: []crs.Point{metres(150, 90), metres(150, 110)}}, true},
		{"a path to the bank", ground.Line{Code: "s", Barrier: ground.Lane, Second: true, Path: []crs.Point{metres(150, 90), metres(150, 110)}}, false},
		{"a motorway over the river", ground.Line{Code: "s", Barrier: ground.Trunk, Fast: true, Path: []crs.Point{metres(150, -10), metres(150, 210)}}, false},
		{"a tunnel", ground.Line{Code: "s", Barrier: ground.Street, Tunnel: true, Path: []crs.Point{metres(150, -10), metres(150, 210)}}, false},
	} {
		in := ground.Input{Parents: []ground.Parent{{Code: "A", Shape: square(0, 0, 300, 200)}}, Lines: []ground.Line{river, c.line}}
		for _, b := range build(t, in, ground.Options{}).Borders {
			if b.Barrier == ground.River && b.Walk != c.want {
				t.Errorf("%s: one can walk across: %v", c.name, b.Walk)
			}
		}
	}
}

// What else one cannot cross can be crossed where a way leads over it, also on the border of two parents.
func TestWalkAcrossOtherBarriers(t *testing.T) {
	way := func(barrier ground.Barrier, second, bridge bool, from, to float64) ground.Line {
		return ground.Line{Code: "s", Barrier: barrier, Second: second, Bridge: bridge, Path: []crs.Point{metres(150, from), metres(150, to)}}
	}
	for _, c := range []struct {
		name    string
		barrier ground.Barrier
		line    ground.Line
		want    bool
	}{
		{"a level crossing", ground.Railway, way(ground.Street, false, false, -10, 210), true},
		{"a street that ends at the railway", ground.Railway, way(ground.Street, false, false, -10, 100), false},
		{"a footbridge over a trunk road", ground.Trunk, way(ground.Lane, true, true, 80, 120), true},
		{"a path that ends at a trunk road", ground.Trunk, way(ground.Lane, true, false, 80, 100), false},
		{"a street across a trunk road", ground.Trunk, way(ground.Street, false, false, -10, 210), true},
		{"a trunk road across a trunk road", ground.Trunk, way(ground.Trunk, false, false, -10, 210), false},
		{"a trunk road over a river", ground.River, way(ground.Trunk, false, true, -10, 210), true},
		{"a trunk road that ends at a river", ground.River, way(ground.Trunk, false, false, -10, 100), false},
		{"a gate", ground.Wall, way(ground.Lane, false, false, -10, 210), true},
		{"a wall", ground.Wall, way(ground.Street, false, false, -10, 100), false},
		{"a railway over a river", ground.River, way(ground.Railway, false, true, -10, 210), false},
	} {
		for _, parents := range [][]ground.Parent{
			{{Code: "A", Shape: square(0, 0, 300, 200)}},
			{{Code: "A", Shape: square(0, 0, 300, 100)}, {Code: "B", Shape: square(0, 100, 300, 200)}},
		} {
			in := ground.Input{Parents: parents, Lines: []ground.Line{
				{Code: "r", Name: "the line", Barrier: c.barrier, Path: []crs.Point{metres(0, 100), metres(300, 100)}}, c.line}}
			found := 0
			for _, b := range build(t, in, ground.Options{}).Borders {
				if b.Name == "the line" {
					found++
					if b.Walk != c.want {
						t.Errorf("%s, %d parents: one can walk across: %v", c.name, len(parents), b.Walk)
					}
				}
			}
			if found == 0 {
				t.Errorf("%s, %d parents: no border runs along the line", c.name, len(parents))
			}
		}
	}
}
