package ground_test

import (
	"fmt"
	"math"
	"math/rand"

	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/geo/shape"
)

// quarter makes a town as they are built: street blocks of 260 by 210 m, in most of them compounds with a pavement
// outside their walls and an alley between them, slabs in rows inside, paths between the rows. A river of its own width
// winds through; in the west there is a park, in the east fields without roads; one road has two carriageways; two
// communities.
func quarter(seed int64) ground.Input {
	q := &quarterTown{random: rand.New(rand.NewSource(seed))}
	q.streets()
	for r := range quarterRows {
		for c := range quarterCols {
			q.fill(r, c)
		}
	}
	q.waterAndGreen()
	q.communities()
	q.in.Measures = []string{"households"}
	return q.in
}

type quarterTown struct {
	in     ground.Input
	random *rand.Rand
}

const (
	quarterRows, quarterCols = 5, 6
	quarterWide, quarterHigh = 260.0, 210.0
)

// bent is the lie of the land: no street is quite straight.
func bent(x, y float64) place {
	return place{x + 18*math.Sin(y/310), y + 22*math.Sin(x/420)}
}

func bentPath(x0, y0, x1, y1 float64) (path []crs.Point) {
	for i := range 9 {
		k := float64(i) / 8
		path = append(path, bent(x0+(x1-x0)*k, y0+(y1-y0)*k).point())
	}
	return path
}

func bentBox(x0, y0, x1, y1 float64) shape.MultiPolygon {
	var r shape.Ring
	for _, side := range [][4]float64{{x0, y0, x1, y0}, {x1, y0, x1, y1}, {x1, y1, x0, y1}, {x0, y1, x0, y0}} {
		path := bentPath(side[0], side[1], side[2], side[3])
		r = append(r, path[:len(path)-1]...)
	}
	return shape.MultiPolygon{{r}}
}

func (q *quarterTown) line(name string, barrier ground.Barrier, path []crs.Point) *ground.Line {
	q.in.Lines = append(q.in.Lines, ground.Line{Code: fmt.Sprintf("l%04d", len(q.in.Lines)), Name: name, Barrier: barrier, Path: path})
	return &q.in.Lines[len(q.in.Lines)-1]
}

func (q *quarterTown) streets() {
	w, h := quarterWide*quarterCols, quarterHigh*quarterRows
	for r := range quarterRows + 1 {
		y := float64(r) * quarterHigh
		if r == 3 { // two carriageways
			q.line("Ring Road", ground.Trunk, bentPath(-30, y-9, w+30, y-9))
			q.line("Ring Road", ground.Trunk, bentPath(w+30, y+9, -30, y+9))
			continue
		}
		q.line(fmt.Sprintf("Street %d", r), ground.Street, bentPath(-20, y, w+20, y))
	}
	for c := range quarterCols + 1 {
		x := float64(c) * quarterWide
		q.line(fmt.Sprintf("Avenue %d", c), ground.Street, bentPath(x, -20, x, h+20))
	}
}

// fill builds up a street block: one to three compounds, or houses without walls.
func (q *quarterTown) fill(row, col int) {
	x0, y0 := float64(col)*quarterWide, float64(row)*quarterHigh
	x1, y1 := x0+quarterWide, y0+quarterHigh
	if row == 3 {
		y0 += 9
	}
	if row == 2 {
		y1 -= 9
	}
	if row == 4 && col == 0 { // the park
		return
	}
	const pavement, alley = 13.0, 6.0
	parts := 1 + q.random.Intn(3)
	open := q.random.Intn(4) == 0
	step := (x1 - x0 - 2*pavement + alley) / float64(parts)
	for i := range parts {
		a := x0 + pavement + float64(i)*step
		b := a + step - alley
		if !open {
			q.in.Compounds = append(q.in.Compounds, ground.Compound{
				Code: fmt.Sprintf("c%d%d%d", row, col, i), Name: fmt.Sprintf("Court %d%d%d", row, col, i),
				Shape: bentBox(a, y0+pavement, b, y1-pavement), Counts: []int64{100 + int64(q.random.Intn(150))},
			})
		}
		q.rows(a+6, y0+pavement+6, b-6, y1-pavement-6)
	}
}

// rows sets slabs in rows, and a path between each two.
func (q *quarterTown) rows(x0, y0, x1, y1 float64) {
	for y := y0 + 6; y+6 < y1; y += 34 {
		for x := x0; x+24 < x1; x += 46 {
			at := bent(x+20, y+6)
			q.in.Buildings = append(q.in.Buildings, ground.Building{
				Code: fmt.Sprintf("b%05d", len(q.in.Buildings)), Shape: slab(at, min(40, x1-x), 12, 0.05*math.Cos(x/420)),
			})
		}
		if y+34 < y1 {
			q.line("", ground.Lane, bentPath(x0-6, y+22, x1+6, y+22)).Second = true
		}
	}
}

func (q *quarterTown) waterAndGreen() {
	var north, south []crs.Point
	for i := range 40 {
		x := float64(i)*45 - 60
		y := -45 + 18*math.Sin(x/140)
		north = append(north, place{x, y + 14}.point())
		south = append(south, place{x, y - 14}.point())
	}
	var ring shape.Ring
	ring = append(ring, south...)
	for i := range north {
		ring = append(ring, north[len(north)-1-i])
	}
	q.in.Areas = append(q.in.Areas,
		ground.Area{Code: "river", Name: "Clear River", Kind: ground.Water, Shape: shape.MultiPolygon{{ring}}},
		ground.Area{Code: "park", Name: "North Park", Kind: ground.Park, Shape: bentBox(6, 4*quarterHigh+6, quarterWide-6, 5*quarterHigh-6)})
}

// communities draws two borders by hand, along the fourth avenue, and neither very well.
func (q *quarterTown) communities() {
	w, h := quarterWide*quarterCols, quarterHigh*quarterRows
	edge := func(shake float64) (path []crs.Point) {
		for i := range 24 {
			p := bent(3*quarterWide, -80+(h+100)*float64(i)/23)
			path = append(path, place{p.x + (q.random.Float64()*2-1)*shake, p.y}.point())
		}
		return path
	}
	west, east := edge(3), edge(3)
	left := append(shape.Ring{metres(-40, -80)}, west...)
	left = append(left, metres(-40, h+20))
	right := shape.Ring{metres(w+300, -80), metres(w+300, h+20)}
	for i := range east {
		right = append(right, east[len(east)-1-i])
	}
	q.in.Parents = []ground.Parent{{Code: "101", Name: "West", Shape: shape.MultiPolygon{{left}}}, {Code: "102", Name: "East", Shape: shape.MultiPolygon{{right}}}}
}
