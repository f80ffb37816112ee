// Package importers reads the files planners have: GeoJSON in all its outward forms, CSV, shapefiles loose and zipped, and by
// GDAL, in a jail, GeoPackage, FlatGeobuf, KML, MapInfo's TAB and MIF, and DXF. The first bytes decide what a file is.
//
// A reader turns bytes into rows and knows nothing of the trade: values stay the text they are in the file, so that a
// code keeps its leading zeros and a long number its digits, and every row knows its place. What the columns mean is
// decided in gridwright/importers/intake.
//
// Files come from anywhere. A reader holds one row at a time, its depth and size are bounded, and whatever is wrong ends
// in a sentence with a place: either the row's own Fault, so that all bad rows of a file can be listed, or, where nothing
// sensible can follow, a Fault of the whole file.
//
// Text comes out in UTF-8 and positions on the grid of geo/crs, whatever they were in; what was found out about a file, and by
// what, is told in Found. It is no library of formats: what is rare, or needs a database, is left to GDAL.
package importers
