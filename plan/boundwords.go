package plan

import (
	"math"
	"slices"
	"strings"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// say puts a segment in words: by its name, else by what stands beside it.
func (o *outline) say(g *BoundSegment, w what, edges []*boundEdge) {
	g.Beyond = o.beyondWords(edges)
	key, args := w.kind.String(), [2]words.Args{{}, {}}
	for l := range args {
		args[l]["name"] = o.things.nameIn(w.name, words.Lang(l))
		args[l]["side"] = g.Side
	}
	switch {
	case w.kind == BoundArea && w.area == nil:
		key = "area.edge"
		for l := range args {
			args[l]["name"] = o.lineage(o.Ground.Parents[o.Grids[o.no-1].Parent])[0].Title(words.Lang(l))
		}
	case w.kind == BoundArea:
		for l := range args {
			args[l]["name"] = w.area.Title(words.Lang(l))
		}
	case w.kind == BoundWall && w.name != "":
		key = "wall.of"
		if w.lies == lyingBeyond {
			args[0]["side"], args[1]["side"] = g.Side.Opposite(), g.Side.Opposite()
		}
		if w.lies == lyingOn {
			key = "wall"
		}
	case w.name != "":
	default:
		key = o.sayUnnamed(g, edges, w, &args)
	}
	exact := key
	switch {
	case w.name == "" || w.beside || w.kind == BoundWall || w.kind == BoundArea || w.kind == BoundFree:
	case w.kind == BoundRiver && w.lies != lyingOn:
		exact += ".bank"
		bank := g.Side // the line is the far bank of water the grid has, or the near one of water beyond
		if w.lies == lyingBeyond {
			bank = bank.Opposite()
		}
		args[0]["bank"], args[1]["bank"] = bank, bank
	default:
		exact += ".centre"
	}
	for l := range args {
		g.short[l] = Sentences.Say(words.Lang(l), "bound."+key, args[l])
		g.exact[l] = Sentences.Say(words.Lang(l), "bound."+exact, args[l])
	}
	g.group = g.short[0]
}

// sayUnnamed returns the key of the sentence of what has no name: by the compounds or buildings beside it, else by the grid beyond.
func (o *outline) sayUnnamed(g *BoundSegment, edges []*boundEdge, w what, args *[2]words.Args) string {
	key := w.kind.String() + ".none"
	switch {
	case w.barrier == BarrierLane:
		key = "lane.none"
	case w.water == "coastline":
		return "coast"
	case slices.Contains(stillWater, w.water):
		key = "water.none"
	}
	marks := o.marksOf(edges)
	if len(marks) > 0 {
		key += ".by"
		if w.kind == BoundFree && marks[0].layer == BuildingLayer {
			key = "free.none.yard"
		}
		for l := range args {
			lang := words.Lang(l)
			var said []string
			for _, m := range marks {
				side := g.Side
				if !m.inside {
					side = side.Opposite()
				}
				said = append(said, Sentences.Say(lang, "bound.mark", words.Args{"name": o.things.nameIn(m.name, lang), "side": side}))
			}
			args[l]["marks"] = words.List(said, lang)
		}
		return key
	}
	if w.kind == BoundFree {
		if g.Beyond[0] != "" {
			key = "free.towards"
			args[0]["beyond"], args[1]["beyond"] = g.Beyond[0], g.Beyond[1]
		}
	}
	return key
}

// stillWater are the classes of water that does not flow.
var stillWater = []string{"lake", "reservoir", "dock", "pond"}

// Opposite returns the side across.
func (s Side) Opposite() Side { return (s + 2) % 4 }

// tellSides puts each side in words: what it runs along, in walking order.
func (b *Bounds) tellSides(o *outline) {
	for s := East; s <= North; s++ {
		var on []*BoundSegment
		for _, g := range b.walkOf(s) {
			on = append(on, &b.Segments[g])
		}
		if len(on) == 0 {
			on = b.cornerOf(o, s)
		}
		b.sides[s] = told(on)
	}
}

// walkOf returns the segments of a side, but those round holes, in walking order: piece after piece, in each from after the longest way
// that is not of the side.
func (b *Bounds) walkOf(s Side) (on []int) {
	for from := 0; from < len(b.Segments); {
		to := from + 1
		for to < len(b.Segments) && b.Segments[to].ring == b.Segments[from].ring {
			to++
		}
		var here []int
		first, most := 0, int64(-1)
		for i := from; i < to; i++ {
			if b.Segments[i].Side == s && !b.Segments[i].Hole {
				here = append(here, i)
			}
		}
		for k, i := range here {
			way := int64(0)
			for j := i; ; {
				if j--; j < from {
					j = to - 1
				}
				if b.Segments[j].Side == s {
					break
				}
				way += b.Segments[j].mm
			}
			if way > most {
				first, most = k, way
			}
		}
		on = append(on, slices.Concat(here[first:], here[:first])...)
		from = to
	}
	return on
}

// cornerOf returns the segments that meet at the outermost point of a side none of them is of, in walking order: a triangle has three sides.
func (b *Bounds) cornerOf(o *outline, s Side) (meet []*BoundSegment) {
	var corner crs.Point
	most := int64(math.MinInt64)
	for i := range b.Segments {
		for _, p := range b.Segments[i].Line {
			at := o.flat.XY(p)
			if out := [4]int64{at.X, -at.Y, -at.X, at.Y}[s]; out > most && !b.Segments[i].Hole {
				corner, most = p, out
			}
		}
	}
	for i := range b.Segments {
		switch g := &b.Segments[i]; {
		case g.Line[len(g.Line)-1] == corner:
			meet = slices.Insert(meet, 0, g)
		case slices.Contains(g.Line, corner):
			meet = append(meet, g)
		}
	}
	return meet
}

// told names what segments run along: whatever has leastShare of their length, and the longest.
func told(on []*BoundSegment) (side boundSide) {
	var total int64
	lengths, longest := map[string]int64{}, map[string]*BoundSegment{}
	var order []string
	for _, g := range on {
		total += g.mm
		if lengths[g.group] == 0 {
			order = append(order, g.group)
		}
		lengths[g.group] += g.mm
		if l := longest[g.group]; l == nil || g.mm > l.mm {
			longest[g.group] = g
		}
	}
	most := ""
	for _, group := range order {
		if most == "" || lengths[group] > lengths[most] {
			most = group
		}
	}
	order = slices.DeleteFunc(order, func(group string) bool { return group != most && lengths[group]*100 < total*leastShare })
	for l, between := range [2]string{"—", " – "} {
		var short, exact []string
		for _, group := range order {
			short, exact = append(short, longest[group].short[l]), append(exact, longest[group].exact[l])
		}
		side.short[l], side.exact[l] = strings.Join(short, between), strings.Join(exact, between)
	}
	return side
}

// tellRest says what the four sides do not: that a grid lies in pieces, and what it goes round.
func (b *Bounds) tellRest(o *outline) {
	var inside []GridNo
	for _, r := range o.rings {
		for i := range r.edges {
			if no := o.beyond(&r.edges[i]); r.hole && no != 0 {
				inside = append(inside, no)
			}
		}
	}
	slices.Sort(inside)
	inside = slices.Compact(inside)
	for _, l := range words.Langs {
		if n := len(o.pieces); n > 1 {
			b.tail[l] += Sentences.Say(l, "bounds.pieces", words.Args{"n": n})
		}
		if len(inside) > 0 {
			names := make([]string, len(inside))
			for i, no := range inside {
				names[i] = o.Grids[no-1].Title(l)
			}
			b.tail[l] += Sentences.Say(l, "bounds.without", words.Args{"names": names})
		}
	}
}
