// Package blockgraph is the dual graph of a ground: a node for each block, an edge for each border two blocks share.
//
// It knows nothing of coordinates. Splitting (geo/partition), the checks of a plan and the page's live totals all
// stand on it.
package blockgraph

// Graph is the dual graph in compressed sparse rows. Blocks are numbered 0..N()-1 and every per-block slice has that
// length. It is immutable once built; everything that holds one may share it.
type Graph struct {
	// Start has N()+1 entries: the neighbours of block b are Edges[Start[b]:Start[b+1]], in rising order.
	Start []int32
	// Edges holds each border twice, once from each side.
	Edges []Edge
	// Loads holds one slice a measure, each with a count for every block. Counts are not negative.
	Loads [][]float64
}

// Edge is one border as seen from one of its two blocks.
type Edge struct {
	To     int32   // the block on the other side
	Length float64 // of the shared border, in metres; 0 where it is not known
	Cost   float64 // of a grid that ends here: metres weighed by what runs along (MetreCost)
}
