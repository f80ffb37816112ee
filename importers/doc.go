// Package importers reads the files planners have: GeoJSON in all its outward forms, and CSV with a geometry column.
//
// A reader turns bytes into rows and knows nothing of the trade: values stay the text they are in the file, so that a
// code keeps its leading zeros and a long number its digits, and every row knows its place. What the columns mean is
// decided in gridwright/importers/intake.
//
// Files come from anywhere. A reader holds one row at a time, its depth and size are bounded, and whatever is wrong ends
// in a sentence with a place: either the row's own Fault, so that all bad rows of a file can be listed, or, where nothing
// sensible can follow, a Fault of the whole file.
//
// It is no library of formats and projections: positions are longitude and latitude in WGS 84 or CGCS2000, text is UTF-8.
package importers
