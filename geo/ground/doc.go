// Package ground makes the ground of a plan: from boundaries, roads, rivers, railways, walls, compounds and buildings as
// they are surveyed, the blocks on which every split and edit is safe. No gap, no overlap, no building cut, nothing lost.
//
// It reads no files and judges no tags: which classes of roads bound blocks is for the importer to say, by rank. Shapes
// should have passed topo.Vet, but a boundary that crosses itself does no harm: what winds round a place claims it.
//
// # The way of it
//
//	parents --cover--> coverage --conflate--> --frontier--> borders of parents
//	each parent: borders, lines, areas, compounds, buildings --arrange--> faces --label--> blocks
//	all parents: blocks --join--> shapes, borders between blocks, sums --Check-->
//
// Step by step:
//
//  1. cover: the rings of all parents in one arrangement. A face in no parent is a gap, one in several an overlap. What
//     is narrower than Options.CoverageWidth is given away by rule, so that the border is the draft of one of the two
//     all along; what is wider is a finding. Clefts that are open to the outside are closed off first, and are gaps then.
//  2. conflate: where a border runs beside a road or another line, nearer than Options.ConflationWidth, the thin face
//     between them changes hands and the border lies on the line.
//  3. frontier: the borders together with the buildings that stand across them. Each is counted in the parent that has
//     most of it, and is a finding unless it hardly grazes the border, or the planner has accepted the move (Input.Moves).
//     The border goes round those, and round what stands flush with it.
//  4. sectors: parent by parent, several at a time, one arrangement of everything near it. From here on faces only change
//     their label. Faces not divided by a line are cells; buildings that overlap are clusters, and a cluster goes with
//     all its ground to the cell that has most of it; slivers go to their neighbours; what is left are blocks. Oversized
//     blocks are divided by lines of the second rank, and parts that need not be so small are put together again; then
//     by straight lines through the gaps between buildings, and where no gap is straight by a line midway between two
//     groups of them. These lines are added to the input, and the sectors they touch are made once more.
//  5. join: two parents drew their common border in two arrangements, each with everything near it, so both have the same
//     corners. That is not trusted but looked at, edge by edge; parents that disagree are made again in one arrangement.
//  6. Check looks at the result, knowing nothing of how it came about. A ground with a fault is not handed out.
//
// # Who wins when rules quarrel
//
// From the strongest to the weakest:
//
//  1. Coverage: every place in a parent is in one block, of one parent.
//  2. Parent borders. They yield to a building only if it grazes them or a planner said so.
//  3. No building is cut. It beats every line but a parent's border: the line makes a detour of Options.Halo round it.
//  4. Water, railways and trunk roads divide, also compounds.
//  5. Compounds stay whole, against streets, lanes and walls inside them, as long as they are not oversized themselves.
//  6. Streets, lanes, walls and the outlines of compounds divide.
//  7. Slivers are merged, also across rules 4 and 6 (over the weakest border first), never across rule 2.
//  8. Oversized blocks are divided: it yields to all of the above but rule 5, and what is left oversized is a finding.
//
// # Numbers
//
// Coordinates are those of crs. Whatever is decided is decided on integers, or on floating-point numbers each of whose
// steps is rounded by itself, so that shuffled input, any number of processors and any make of them give equal bytes.
// Lengths and areas that are handed out are geodesic.
//
// The idea of one arrangement that is only relabelled is old in cadastral work (Frank 1987, "Overlay processing in
// spatial information systems"); the straight gap lines sweep projections of the buildings over 24 angles;
// the medial lines are Voronoi borders on squares.
package ground
