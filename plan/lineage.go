package plan

import (
	"cmp"
	"slices"

	"gridwright/plan/words"
)

// ChangeKind is what became of an old grid in a new one.
type ChangeKind string

// The kinds of change. Which it is follows from shares of what is counted, the households where there are any, and of ground in grids
// that count nothing:
//
//   - the heirs of an old grid are the new ones that have a tenth of it or more, the sources of a new grid the old ones that make a tenth
//     of it or more; where none does, the one with most;
//   - an old grid is split when two new ones or more have it as their only source;
//   - old grids are merged when two or more have the same one as their only heir, or when one goes into a new grid it is less than a
//     tenth of;
//   - an old grid and a new one that have nobody but each other are the same, renamed or recoded where they have the same blocks, and
//     else adjusted;
//   - what else passes from one grid to another is an adjustment of borders.
const (
	ChangeNew     ChangeKind = "new"     // 新增: there was no grid before
	ChangeSplit   ChangeKind = "split"   // 拆分
	ChangeMerge   ChangeKind = "merge"   // 合并
	ChangeAdjust  ChangeKind = "adjust"  // 边界微调
	ChangeAbolish ChangeKind = "abolish" // 撤销: nothing of it is in a grid any more
	ChangeRename  ChangeKind = "rename"  // 更名
	ChangeRecode  ChangeKind = "recode"  // 改码
	ChangeNone    ChangeKind = "same"    // 不变
)

// ChangeKinds lists the kinds in the order they are told in.
var ChangeKinds = []ChangeKind{ChangeNew, ChangeSplit, ChangeMerge, ChangeAdjust, ChangeAbolish, ChangeRename, ChangeRecode, ChangeNone}

// In returns the kind in words.
func (k ChangeKind) In(l words.Lang) string { return Sentences.Say(l, "lineage."+string(k), nil) }

// LineageGrid is an old or a new grid as a lineage names it.
type LineageGrid struct {
	Key    GridKey `json:"key,omitempty"` // 0 for what was never published: a grid on paper
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	NameEn string  `json:"name_en"`
	Parent string  `json:"parent"` // code of its area
	Count  int64   `json:"count"`  // all it has of what is counted: an old grid as of its time
}

// LineageRow is what an old grid and a new one have in common.
type LineageRow struct {
	Kind      ChangeKind   `json:"kind"`
	Old       *LineageGrid `json:"old"` // nil for ground that was in no grid
	New       *LineageGrid `json:"new"` // nil for what is in no grid any more
	Count     int64        `json:"count"`
	OldShare  *float64     `json:"old_share"` // Count over what all blocks of the old grid have now; nil where they count nothing
	NewShare  *float64     `json:"new_share"` // Count over what the new grid has; nil where it counts nothing
	Blocks    int          `json:"blocks"`
	Buildings int64        `json:"buildings"` // counted on these blocks
}

// Lineage is how the grids of a plan come out of those that were there before.
type Lineage struct {
	Measure Measure // what Count and shares are of; empty where the ground counts nothing
	Rows    []LineageRow
	Old     int // grids before
	New     int // grids after
	Kinds   map[ChangeKind]int

	former []LineageGrid
	grids  []LineageGrid // of the plan, by number less one
	heir   []int32       // by number less one: the former grid it continues, -1 for none
}

// shareMeasures are what shares are told in, the first that the ground counts.
var shareMeasures = []Measure{Households, Residents, Dwellings, StairUnits}

// Shared returns the index of the measure that lineages are told in, -1 where the ground counts none of them.
func (s *Snapshot) Shared() int {
	for _, m := range shareMeasures {
		if i := s.Ground.MeasureIndex(m); i >= 0 && s.Ground.Total(i) > 0 {
			return i
		}
	}
	return -1
}

// amount is how much ground there is of something.
type amount struct {
	count  int64
	area   float64
	blocks int
}

func (a *amount) add(count int64, area float64) {
	a.count += count
	a.area += area
	a.blocks++
}

// tenth reports whether a part is a tenth of the whole or more, by count where the whole counts anything.
func (a amount) tenth(whole amount) bool {
	if whole.count > 0 {
		return 10*a.count >= whole.count
	}
	return 10*a.area >= whole.area
}

// half is tenth for a half.
func (a amount) half(whole amount) bool {
	if whole.count > 0 {
		return 2*a.count >= whole.count
	}
	return 2*a.area >= whole.area
}

// tie is what an old grid and a new one have in common, by index and number; -1 and 0 for none.
type tie struct {
	old int32
	no  GridNo
	amount
	buildings int64
	kind      ChangeKind
}

// LineageFrom returns how the plan's grids come out of former ones. of names for each block the former grid it was in, -1 for none. Rows
// come by former grid in the order given, then by number; what was in no grid comes last. The shares of a former grid add up to one where
// all its blocks are in grids of the plan.
func (s *Snapshot) LineageFrom(former []LineageGrid, of []int32) *Lineage {
	l := &Lineage{Old: len(former), Kinds: map[ChangeKind]int{}, former: former, heir: make([]int32, len(s.Grids))}
	shared, buildings := s.Shared(), s.Ground.MeasureIndex(Buildings)
	if shared >= 0 {
		l.Measure = s.Ground.Measures[shared]
	}
	olds, news := make([]amount, len(former)), make([]amount, len(s.Grids)+1)
	index := map[[2]int32]int{}
	var ties []tie
	for b := range s.Ground.Blocks {
		block := &s.Ground.Blocks[b]
		var count, built int64
		if shared >= 0 {
			count = block.Counts[shared]
		}
		if buildings >= 0 {
			built = block.Counts[buildings]
		}
		old, no := of[b], s.At[b]
		if old >= 0 {
			olds[old].add(count, float64(block.Area))
		}
		if no != 0 {
			news[no].add(count, float64(block.Area))
		}
		if no == 0 {
			continue // the shares that are missing tell of it
		}
		key := [2]int32{old, int32(no)}
		i, known := index[key]
		if !known {
			i = len(ties)
			index[key] = i
			ties = append(ties, tie{old: old, no: no})
		}
		ties[i].add(count, float64(block.Area))
		ties[i].buildings += built
	}
	slices.SortFunc(ties, func(a, b tie) int {
		return cmp.Or(cmp.Compare(uint32(a.old), uint32(b.old)), cmp.Compare(a.no, b.no)) // -1 comes last
	})
	s.judge(ties, olds, news, l)
	s.tell(ties, olds, news, l)
	return l
}

// judge gives each tie its kind, and each grid of the plan the former one it continues: the one of its code that it is half of or that is
// half of it, else the one that has nobody but it.
func (s *Snapshot) judge(ties []tie, olds, news []amount, l *Lineage) {
	heirs, sources := make([][]int, len(olds)), make([][]int, len(news)) // into ties
	most := func(all []int, i int) []int {                               // where none is a tenth
		if len(all) == 0 || ties[i].count > ties[all[0]].count || ties[i].count == ties[all[0]].count && ties[i].area > ties[all[0]].area {
			return []int{i}
		}
		return all
	}
	largestHeir, largestSource := make([][]int, len(olds)), make([][]int, len(news))
	for i, t := range ties {
		if t.old >= 0 && t.tenth(olds[t.old]) {
			heirs[t.old] = append(heirs[t.old], i)
		}
		if t.old >= 0 {
			largestHeir[t.old] = most(largestHeir[t.old], i)
		}
		if t.tenth(news[t.no]) {
			sources[t.no] = append(sources[t.no], i)
		}
		largestSource[t.no] = most(largestSource[t.no], i)
	}
	for o := range heirs {
		if len(heirs[o]) == 0 {
			heirs[o] = largestHeir[o]
		}
	}
	for n := range sources {
		if len(sources[n]) == 0 {
			sources[n] = largestSource[n]
		}
	}
	only := func(all []int, i int) bool { return len(all) == 1 && all[0] == i }
	splits, merges := make([]int, len(olds)), make([]int, len(news))
	for i, t := range ties {
		if t.old >= 0 && only(sources[t.no], i) {
			splits[t.old]++
		}
		if t.old >= 0 && only(heirs[t.old], i) {
			merges[t.no]++
		}
	}
	for i := range l.heir {
		l.heir[i] = -1
	}
	taken := make([]bool, len(olds))
	alone := make([]bool, len(ties))
	for i := range ties {
		t := &ties[i]
		if t.old < 0 {
			if t.kind = ChangeAdjust; only(sources[t.no], i) {
				t.kind = ChangeNew
			}
			continue
		}
		source, heir := only(sources[t.no], i), only(heirs[t.old], i)
		switch {
		case source && splits[t.old] > 1:
			t.kind = ChangeSplit
		case heir && (merges[t.no] > 1 || !t.tenth(news[t.no])):
			t.kind = ChangeMerge
		case source && heir:
			alone[i] = true
			t.kind = s.oneToOne(*t, olds, news, l.former)
		default:
			t.kind = ChangeAdjust
		}
		if l.former[t.old].Code == s.Grids[t.no-1].Code && (t.half(olds[t.old]) || t.half(news[t.no])) {
			l.heir[t.no-1], taken[t.old] = t.old, true
		}
	}
	for i, t := range ties {
		if alone[i] && l.heir[t.no-1] < 0 && !taken[t.old] {
			l.heir[t.no-1] = t.old
		}
	}
}

// oneToOne is the kind of change of an old grid and a new one that have nobody but each other.
func (s *Snapshot) oneToOne(t tie, olds, news []amount, former []LineageGrid) ChangeKind {
	old, now := &former[t.old], &s.Grids[t.no-1]
	switch {
	case t.blocks != olds[t.old].blocks || t.blocks != news[t.no].blocks:
		return ChangeAdjust
	case old.Code != now.Code:
		return ChangeRecode
	case old.Name != now.Name || old.NameEn != now.NameEn:
		return ChangeRename
	}
	return ChangeNone
}

// tell writes the rows and counts them: splits by old grids, merges and adjustments by new ones.
func (s *Snapshot) tell(ties []tie, olds, news []amount, l *Lineage) {
	l.grids = make([]LineageGrid, len(s.Grids))
	for g := range s.Live() {
		l.New++
		l.grids[g.No-1] = LineageGrid{Code: g.Code, Name: g.Name, NameEn: g.NameEn, Parent: s.Ground.Parents[g.Parent].Code, Count: news[g.No].count}
		if heir := l.heir[g.No-1]; heir >= 0 {
			l.grids[g.No-1].Key = l.former[heir].Key
		}
	}
	share := func(part, whole int64) *float64 {
		if whole == 0 {
			return nil
		}
		f := float64(part) / float64(whole)
		return &f
	}
	seen := map[ChangeKind]map[int64]bool{}
	counted := func(kind ChangeKind, of int64) {
		if seen[kind] == nil {
			seen[kind] = map[int64]bool{}
		}
		seen[kind][of] = true
		l.Kinds[kind] = len(seen[kind])
	}
	next := 0
	for o := range l.former {
		begin := next
		for ; next < len(ties) && ties[next].old == int32(o); next++ {
			t := ties[next]
			l.Rows = append(l.Rows, LineageRow{Kind: t.kind, Old: &l.former[o], New: &l.grids[t.no-1], Count: t.count, Blocks: t.blocks, Buildings: t.buildings,
				OldShare: share(t.count, olds[o].count), NewShare: share(t.count, news[t.no].count)})
			if t.kind == ChangeSplit {
				counted(ChangeSplit, int64(o))
			} else {
				counted(t.kind, int64(t.no))
			}
		}
		if next == begin {
			l.Rows = append(l.Rows, LineageRow{Kind: ChangeAbolish, Old: &l.former[o]})
			counted(ChangeAbolish, int64(o))
		}
	}
	for _, t := range ties[next:] {
		l.Rows = append(l.Rows, LineageRow{Kind: t.kind, New: &l.grids[t.no-1], Count: t.count, Blocks: t.blocks, Buildings: t.buildings,
			NewShare: share(t.count, news[t.no].count)})
		counted(t.kind, int64(t.no))
	}
}

// Key returns the key of a grid of the plan: that of the published grid it continues, 0 for none.
func (l *Lineage) Key(no GridNo) GridKey { return l.grids[no-1].Key }

// Give gives a grid of the plan the key it is published under.
func (l *Lineage) Give(no GridNo, key GridKey) { l.grids[no-1].Key = key }

// Moved returns how much of what is counted lies in another grid than before.
func (l *Lineage) Moved() (n int64) {
	for _, r := range l.Rows {
		if r.Old == nil || r.New == nil || r.Old.Key == 0 || r.Old.Key != r.New.Key {
			n += r.Count
		}
	}
	return n
}
