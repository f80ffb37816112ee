package topo

import "gridwright/geo/shape"

// Union dissolves members of a coverage.
func Union(pieces []shape.MultiPolygon) (m shape.MultiPolygon) {
	for _, p := range pieces {
		m = append(m, p...)
	}
	return m
}
