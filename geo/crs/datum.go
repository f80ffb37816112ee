package crs

import "math"

// Datum is what the longitudes and latitudes of others are counted in. Chinese map services publish positions that are
// shifted by law (GCJ-02) and, by one of them, once more (BD-09): by 100 to 1,200 m against WGS 84. WGS 84 and CGCS2000 differ by
// centimetres and are one here.
type Datum string

// The datums.
const (
	WGS84 Datum = "wgs84"
	GCJ02 Datum = "gcj02"
	BD09  Datum = "bd09"
)

// Datums lists the datums.
var Datums = []Datum{WGS84, GCJ02, BD09}

// ToGround turns degrees of the datum into degrees of the ground (WGS 84, CGCS2000). It undoes FromGround to 1e-9 degree, a
// tenth of a millimetre.
func (d Datum) ToGround(lon, lat float64) (float64, float64) {
	switch d {
	case GCJ02:
		return undo(gcjOfGround, lon, lat)
	case BD09:
		lon, lat = undo(bdOfGCJ, lon, lat)
		return undo(gcjOfGround, lon, lat)
	}
	return lon, lat
}

// FromGround turns degrees of the ground into degrees of the datum.
func (d Datum) FromGround(lon, lat float64) (float64, float64) {
	switch d {
	case GCJ02:
		return gcjOfGround(lon, lat)
	case BD09:
		return bdOfGCJ(gcjOfGround(lon, lat))
	}
	return lon, lat
}

// undo finds what a shift moves to a place, by going back as far as the shift went there until that no longer changes
// anything. A shift changes by less than a hundredth of the way one goes, so each step leaves less than a hundredth of the error.
func undo(shift func(lon, lat float64) (float64, float64), lon, lat float64) (float64, float64) {
	atLon, atLat := lon, lat
	for range 12 {
		gotLon, gotLat := shift(atLon, atLat)
		offLon, offLat := lon-gotLon, lat-gotLat
		atLon, atLat = atLon+offLon, atLat+offLat
		if math.Abs(offLon)+math.Abs(offLat) < 1e-10 {
			break
		}
	}
	return atLon, atLat
}

// gcjOfGround is the shift of GCJ-02, on the ellipsoid of Krassowsky, as it has been known since 2010 and is used by everyone who
// draws on Chinese maps. It is none outside of a box round China.
func gcjOfGround(lon, lat float64) (float64, float64) {
	if !(lon >= 72.004 && lon <= 137.8347) || !(lat >= 0.8293 && lat <= 55.8271) {
		return lon, lat
	}
	const axis, eccentricity2 = 6378245.0, 0.00669342162296594323
	x, y := lon-105, lat-35
	east, north := gcjWaves(x, y)
	sine := math.Sin(lat * math.Pi / 180)
	w := math.Sqrt(1 - eccentricity2*sine*sine)
	perNorth := axis * (1 - eccentricity2) / (w * w * w) * math.Pi / 180
	perEast := axis / w * math.Cos(lat*math.Pi/180) * math.Pi / 180
	return lon + east/perEast, lat + north/perNorth
}

// gcjWaves is the shift in metres, at degrees from 105 E 35 N.
func gcjWaves(x, y float64) (east, north float64) {
	sin := func(turns float64) float64 { return math.Sin(turns * math.Pi) }
	root := math.Sqrt(math.Abs(x))
	both := (20*sin(6*x) + 20*sin(2*x)) * 2 / 3
	north = -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + both +
		(20*sin(y)+40*sin(y/3))*2/3 + (160*sin(y/12)+320*sin(y/30))*2/3
	east = 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + both +
		(20*sin(x)+40*sin(x/3))*2/3 + (150*sin(x/12)+300*sin(x/30))*2/3
	return east, north
}

// bdOfGCJ is what BD-09 adds to GCJ-02.
func bdOfGCJ(lon, lat float64) (float64, float64) {
	const turn = math.Pi * 3000 / 180
	radius := math.Hypot(lon, lat) + 0.00002*math.Sin(lat*turn)
	angle := math.Atan2(lat, lon) + 0.000003*math.Cos(lon*turn)
	return radius*math.Cos(angle) + 0.0065, radius*math.Sin(angle) + 0.006
}
