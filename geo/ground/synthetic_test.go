package ground_test

import (
	"fmt"
	"math"
	"math/rand"

	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/geo/shape"
)

// synthetic is a town made up for measuring: n by n blocks of about 118 m, streets between crossings that are a little
// off, ten buildings a block set down anywhere, so that one in six stands on a street. A river and a railway run through
// it. Communities are ten by ten blocks, and each drew its border by itself.
type synthetic struct {
	blocks    int
	community int     // blocks a side
	shake     float64 // metres by which each community's corners are off
	random    *rand.Rand
}

// A place near Zhongwei, and metres there as grid steps.
const (
	originLon, originLat = 1051900000, 375000000
	stepsLon, stepsLat   = 113.2, 90.1
)

// metres returns the place so far east and north.
func metres(x, y float64) crs.Point {
	return crs.Point{Lon: crs.Coord(originLon + math.Round(x*stepsLon)), Lat: crs.Coord(originLat + math.Round(y*stepsLat))}
}

func makeTown(blocks int, shake float64) ground.Input {
	s := &synthetic{blocks: blocks, community: 10, shake: shake, random: rand.New(rand.NewSource(int64(blocks)))}
	crossings := s.crossings()
	in := ground.Input{Measures: []string{"households", "residents"}}
	in.Lines = s.streets(crossings)
	in.Parents = s.communities(crossings)
	in.Buildings = s.buildings()
	return in
}

const blockSide = 118.0

type place struct{ x, y float64 }

func (p place) point() crs.Point { return metres(p.x, p.y) }

func (s *synthetic) crossings() [][]place {
	rows := make([][]place, s.blocks+1)
	for r := range rows {
		for c := range s.blocks + 1 {
			rows[r] = append(rows[r], place{float64(c)*blockSide + s.off(12), float64(r)*blockSide + s.off(12)})
		}
	}
	return rows
}

func (s *synthetic) off(by float64) float64 { return (s.random.Float64()*2 - 1) * by }

func (s *synthetic) streets(crossings [][]place) (lines []ground.Line) {
	add := func(a, b place, name string, barrier ground.Barrier) {
		lines = append(lines, ground.Line{Code: fmt.Sprintf("r%06d", len(lines)), Name: name, Barrier: barrier, Path: []crs.Point{a.point(), b.point()}})
	}
	for r := range crossings {
		for c := range crossings[r] {
			if c < s.blocks {
				barrier := ground.Street
				switch {
				case r%16 == 5:
					barrier = ground.River
				case r%20 == 0:
					barrier = ground.Trunk
				}
				add(crossings[r][c], crossings[r][c+1], fmt.Sprintf("East %d", r), barrier)
			}
			if r < s.blocks {
				barrier := ground.Street
				if c%24 == 7 {
					barrier = ground.Railway
				}
				add(crossings[r][c], crossings[r+1][c], fmt.Sprintf("North %d", c), barrier)
			}
		}
	}
	return lines
}

func (s *synthetic) communities(crossings [][]place) (parents []ground.Parent) {
	n := s.community
	for r := 0; r < s.blocks; r += n {
		for c := 0; c < s.blocks; c += n {
			var corners []place
			top, right := min(r+n, s.blocks), min(c+n, s.blocks)
			for k := c; k < right; k++ {
				corners = append(corners, crossings[r][k])
			}
			for k := r; k < top; k++ {
				corners = append(corners, crossings[k][right])
			}
			for k := right; k > c; k-- {
				corners = append(corners, crossings[top][k])
			}
			for k := top; k > r; k-- {
				corners = append(corners, crossings[k][c])
			}
			var ring shape.Ring
			for _, p := range corners {
				ring = append(ring, place{p.x + s.off(s.shake), p.y + s.off(s.shake)}.point())
			}
			parents = append(parents, ground.Parent{Code: fmt.Sprintf("%03d%03d", r/n, c/n), Shape: shape.MultiPolygon{{ring}}})
		}
	}
	return parents
}

func (s *synthetic) buildings() (buildings []ground.Building) {
	for r := range s.blocks {
		for c := range s.blocks {
			for range 10 {
				x, y := (float64(c)+s.random.Float64())*blockSide, (float64(r)+s.random.Float64())*blockSide
				households := int64(s.random.Intn(12))
				buildings = append(buildings, ground.Building{
					Code:   fmt.Sprintf("b%07d", len(buildings)),
					Shape:  slab(place{x, y}, 8+s.random.Float64()*10, 6+s.random.Float64()*6, s.random.Float64()*math.Pi),
					Counts: []int64{households, households * 3},
				})
			}
		}
	}
	return buildings
}

// slab returns a rectangle round a place, turned.
func slab(at place, length, width, angle float64) shape.MultiPolygon {
	sin, cos := math.Sincos(angle)
	var ring shape.Ring
	for _, c := range [4]place{{-length / 2, -width / 2}, {length / 2, -width / 2}, {length / 2, width / 2}, {-length / 2, width / 2}} {
		ring = append(ring, place{at.x + c.x*cos - c.y*sin, at.y + c.x*sin + c.y*cos}.point())
	}
	return shape.MultiPolygon{{ring}}
}
