// Package partition is the solver: it splits the blocks of each parent into grids in one piece, as evenly as can be
// and then with borders as short as can be.
//
// Each parent is a problem of its own, small as a rule (a few grids of tens of blocks), and goes through these steps:
//
//  1. the rules are brought down to three: taken out, contracted, tied (rules.go); the parent is cut out of the graph as a region;
//     its pieces get grids by load (region.go);
//  2. cheap arguments bound the worst deviation and what lies outside a band from below (bounds.go, band.go);
//  3. spanning trees cut into parts of fitting load give first plans, valid from the start (tree.go);
//  4. annealing moves single blocks (anneal.go), chains of two blocks, and cuts pairs of grids anew where a random tree of
//     both is best cut (recut.go), never breaking a grid or a tie; first for the band and the worst deviation, with a target that
//     sinks each time it is met, then for the border within what is allowed (stages.go);
//  5. small regions are searched exhaustively, which ends in a better plan, a proof, or an empty budget (exhaust.go);
//  6. every plan is checked by geo/verify, which shares nothing with the search.
//
// Beside SplitAll, Explain says why a parent misses what is wanted and what would help (explain.go), Alternatives finds several
// good plans (alternatives.go), and Parents bounds a parent at other numbers of grids (single.go).
//
// The budget is counted in sweeps, not in seconds, and all chance comes from the seed and the parent's number, so that
// equal problems give equal bytes on any number of cores.
//
// The tree cut is that of ReCom (D. DeFord, M. Duchin, J. Solomon, Recombination: A Family of Markov Chains for
// Redistricting, Harvard Data Science Review, 2021), used here to optimise instead of to sample.
package partition
