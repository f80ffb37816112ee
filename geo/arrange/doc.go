// Package arrange cuts lines where they meet and finds the faces between them, exactly, on the integer grid of crs.
//
// The way of it:
//
//		segments --Snap--> net --Weave--> arrangement
//
//	  - Snap is snap rounding (Hobby 1999; Guibas and Marimont 1998): every end of a segment and every crossing, rounded to
//	    the grid, makes its pixel hot; a segment becomes the chain of the centres of the hot pixels it passes. Chains are
//	    snapped again until nothing moves (iterated snap rounding, Halperin and Packer 2002), so a snapped net stays as it
//	    is when it is snapped again.
//	  - Weave links the edges round each node into the cycles of a half-edge structure, hangs islands and holes into the
//	    faces they lie in, and counts for each face how often every label winds round it. Labels below 0 are lines, which only divide.
//
// No floating point is used. Every decision is the sign of a sum of two products that fit an int64, and crossings are
// rounded from 128-bit products, so the result is the same on every machine and does not depend on the order of the input.
//
// It knows nothing of polygons or what labels mean, and it does not repair anything: what to make of the faces is for geo/topo.
package arrange
