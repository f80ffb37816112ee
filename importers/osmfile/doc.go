// Package osmfile reads extracts of OpenStreetMap, .osm.pbf and .osm, and takes from them what grounds are made of:
// roads, water, railways, walls, buildings, compounds, parks, and administrative boundaries.
//
// An extract is read three times, as its parts refer to each other by number and may come in any order:
//
//	relations --which ways they need--> ways --which nodes they need--> nodes --> lines and areas
//
// So memory goes by what is taken, not by the size of the file, and it is bounded: an extract with more is refused.
//
// Files come from anywhere. The PBF reader of paulmach/osm trusts its input; sieve.go looks at every block before it may
// have it. Who drew what is not read on.
//
// It does not judge what a road means for a block: that is plan.Classes. It does not mend: an area whose outline is
// open, crosses itself or lacks a piece is told as a problem and left out.
package osmfile
