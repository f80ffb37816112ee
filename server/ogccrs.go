package server

import (
	"fmt"
	"regexp"

	"gridwright/geo/crs"
)

// The coordinate reference systems of OGC API Features, part 2 (OGC 18-058r1), by the addresses it names them by.
const (
	crs84      = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	epsgPrefix = "http://www.opengis.net/def/crs/EPSG/0/"
	storageCRS = epsgPrefix + "4490"
)

// epsgForm is an address of the EPSG's register, of whatever version, or the short form of one.
var epsgForm = regexp.MustCompile(`^(?:https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/|urn:ogc:def:crs:EPSG:[0-9.]*:|\[?EPSG:)([0-9]{4,5})\]?$`)

// systemAt returns the system of an address with the axes in the order its authority gives them, and the address as we write it: latitude
// before longitude, northing before easting in zones. CRS84 is longitude before latitude.
func systemAt(address string) (system crs.System, uri string, ok bool) {
	if address == crs84 || address == "https"+crs84[len("http"):] || address == "[OGC:CRS84]" || address == "[CRS84]" {
		return crs.System{}, crs84, true
	}
	m := epsgForm.FindStringSubmatch(address)
	if m == nil {
		return system, "", false
	}
	var code int
	fmt.Sscan(m[1], &code)
	name := m[1]
	switch {
	case code == 3857: // easting before northing
	case code == 4326, code == 4490, code >= 4513 && code <= 4554:
		name += ",swapped"
	default:
		return system, "", false
	}
	system, err := crs.Named(name)
	return system, epsgPrefix + m[1], err == nil
}

// systemsOf returns the addresses of the systems a collection can be had in: those of the whole earth, and the zones of 3 degrees its
// extent lies in; west south east north, nil where it has none.
func systemsOf(extent *[4]float64) []string {
	all := []string{crs84, storageCRS, epsgPrefix + "4326", epsgPrefix + "3857"}
	if extent == nil {
		return all
	}
	zone := func(lon float64) int { return max(25, min(45, int((lon+1.5)/3))) }
	for z := zone(extent[0]); z <= zone(extent[2]); z++ {
		all = append(all, epsgPrefix+fmt.Sprint(4513+z-25), epsgPrefix+fmt.Sprint(4534+z-25))
	}
	return all
}
