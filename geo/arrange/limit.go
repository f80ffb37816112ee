package arrange

import (
	"fmt"

	"gridwright/geo/crs"
)

// Limit is how many crossings, links of chains and labels of faces an arrangement may have. Input that is not made to do
// harm stays far below DefaultLimit; a scribble of a few thousand lines has millions of crossings.
type Limit int

// DefaultLimit returns the limit for n segments: twenty each and a million.
func DefaultLimit(n int) Limit { return Limit(20*n + 1_000_000) }

// TooTangled is the error of an input that goes over its limit.
type TooTangled struct {
	Limit Limit
	Near  crs.Point // in the thick of it
}

func (e *TooTangled) Error() string {
	return fmt.Sprintf("the lines near %v cross more than %d times", e.Near, e.Limit)
}

// NoPlace is the error of a segment that leaves the world: ±180 degrees of longitude, ±90 of latitude.
type NoPlace struct{ At crs.Point }

func (e *NoPlace) Error() string { return fmt.Sprintf("%v is not a longitude and latitude", e.At) }

func isPlace(p crs.Point) bool {
	return max(p.Lon, -p.Lon) <= 180*crs.PerDegree && max(p.Lat, -p.Lat) <= 90*crs.PerDegree && p.Lon != -1<<31 && p.Lat != -1<<31
}
