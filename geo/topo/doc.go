// Package topo fits polygons together and takes them apart: coverages, dissolves, vetted shapes, places for labels.
//
// Everything is exact on the grid of crs. Lines are cut where they meet by geo/arrange, and shapes are unions of its
// faces, so two neighbours share their border vertex for vertex and no ground is lost or won. Only lengths, areas and
// the place of a label are measured in floating point.
package topo
