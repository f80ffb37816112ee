// Package plan is the trade: areas, blocks, grids, plans, recipes, edits and findings, and the rules that hold between
// them. It knows no file, no database and no request; the floors above bring the facts and carry out what it decides.
//
// A Ground is the blocks of some parents at one version. A Snapshot is a plan at one revision on its ground. An Edit
// turns one snapshot into the next and has an inverse, so the log of edits is undo, history and audit in one.
package plan
