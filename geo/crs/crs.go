// Package crs holds the project's one coordinate reference system and what is measured in it.
//
// Storage is EPSG:4490 (CGCS2000), lon lat, on a grid of 1e-7 degree (about 1 cm). A coordinate is an int32 count of that
// grid, so equality is exact and every program that parses the seven printed decimals gets the same number back.
// Lengths and areas are geodesic, in metres and square metres.
//
// It is not a library of projections: files in the systems of system.go are brought to this one at the door, and no other is used
// inside.
package crs

import (
	"fmt"
	"math"
	"strconv"
)

// SRID is the EPSG code of every stored geometry.
const SRID = 4490

// PerDegree is how many grid steps make one degree.
const PerDegree = 10_000_000

// Coord is a longitude or latitude as a count of 1e-7 degree.
type Coord int32

// Degrees returns the float64 nearest to c / 1e7: the very number that parsing the seven decimals gives.
// (c * 1e-7 is another number in a third of all cases.)
func (c Coord) Degrees() float64 { return float64(c) / PerDegree }

// AppendDegrees appends c to b in degrees with as many decimals as it needs, at most seven.
func (c Coord) AppendDegrees(b []byte) []byte {
	return strconv.AppendFloat(b, c.Degrees(), 'f', -1, 64)
}

// Point is a place: longitude and latitude on the grid.
type Point struct{ Lon, Lat Coord }

// String returns the point as "105.1967 37.5149", the way messages name a place.
func (p Point) String() string {
	b := p.Lon.AppendDegrees(nil)
	b = append(b, ' ')
	return string(p.Lat.AppendDegrees(b))
}

// Compare orders points by longitude, then latitude: negative when p comes first, 0 when they are the same.
func (p Point) Compare(q Point) int {
	if p.Lon != q.Lon {
		return int(p.Lon) - int(q.Lon)
	}
	return int(p.Lat) - int(q.Lat)
}

// FromDegrees puts a lon lat pair on the grid, rounding half away from zero. It returns an error for a number that is
// not finite or lies outside ±180 / ±90 degrees: such a number is no place, and as int32 it would become another one.
func FromDegrees(lon, lat float64) (Point, error) {
	if !(lon >= -180 && lon <= 180) || !(lat >= -90 && lat <= 90) { // also catches NaN
		return Point{}, fmt.Errorf("position %v %v is not a longitude and latitude in degrees", lon, lat)
	}
	return Point{Coord(math.Round(lon * PerDegree)), Coord(math.Round(lat * PerDegree))}, nil
}
