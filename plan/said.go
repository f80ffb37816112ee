package plan

import (
	"strings"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// named is a name in both languages.
type named [2]string

// In returns the name a reader of the language wants.
func (n named) In(l words.Lang) string {
	if n[l] != "" {
		return n[l]
	}
	return n[words.Zh]
}

// Title returns the name a reader of the language wants, the code where the grid has none.
func (g *Grid) Title(l words.Lang) string {
	switch {
	case l == words.En && g.NameEn != "":
		return g.NameEn
	case g.Name != "":
		return g.Name
	}
	return g.Code
}

// title returns what the grid is called, in both languages.
func (g *Grid) title() named { return named{g.Title(words.Zh), g.Title(words.En)} }

// listed is several names.
type listed []words.Speaker

// In returns the names one after the other, no more than can be read.
func (n listed) In(l words.Lang) string {
	const most = 4
	var names []string
	for _, s := range n[:min(most, len(n))] {
		names = append(names, s.In(l))
	}
	text := words.List(names, l)
	if len(n) > most {
		text = Sentences.Say(l, "edit.said.more", words.Args{"names": text, "n": len(n)})
	}
	return text
}

// titleOf returns what a grid is called after an edit, or before it where it is gone then.
func titleOf(now, next *Snapshot, no GridNo) words.Speaker {
	for _, s := range []*Snapshot{next, now} {
		if no >= 1 && int(no) <= len(s.Grids) {
			if g := &s.Grids[no-1]; g.Code != "" {
				return located{g.title(), s.Ground.Parents[g.Parent]}
			}
		}
	}
	return named{}
}

// located is a grid's name with that of its parent, for who reads it elsewhere than on a map.
type located struct {
	name   words.Speaker
	parent Area
}

// In returns the name after that of the parent.
func (n located) In(l words.Lang) string {
	return Sentences.Say(l, "edit.said.of", words.Args{"parent": n.parent.Title(l), "grid": n.name})
}

// Tell fills in what an edit did, in words, and where. now is the plan before it and next the plan after it.
func (e *Edit) Tell(now, next *Snapshot) {
	args := words.Args{"n": len(e.Blocks), "revision": e.Reverts}
	var titles listed
	heirs := e.heirs()
	for _, no := range (Edit{Grids: e.Grids}).Touched() {
		titles = append(titles, titleOf(now, next, no))
	}
	key := "edit.said." + string(e.Kind)
	switch e.Kind {
	case Assign:
		args["to"], args["from"] = words.Speaker(named{}), words.Speaker(named{})
		if len(e.After) > 0 {
			args["to"], args["from"] = titleOf(now, next, e.After[0]), titleOf(now, next, e.Before[0])
			switch {
			case e.After[0] == 0:
				key += ".free"
			case e.Before[0] == 0:
				key += ".new"
			}
		}
	case CutGrid:
		args["new"] = titles
		for i := range e.Blocks {
			if !heirs[e.Blocks[i]] && e.Before[i] != 0 {
				args["grid"] = titleOf(now, next, e.Before[i])
				break
			}
		}
		if e.Recut != nil {
			args["cut"] = e.cutCodes()
			key += ".blocks"
		}
	case Merge:
		args["grids"] = titles
		if len(e.After) > 0 {
			args["into"] = titleOf(now, next, e.After[0])
		} else {
			key += ".empty"
		}
	case Reshape:
		var nos []GridNo
		for i := range e.Blocks {
			if !heirs[e.Blocks[i]] {
				nos = append(nos, e.Before[i], e.After[i])
			}
		}
		both := listed{}
		for _, no := range (Edit{After: nos}).Touched() {
			both = append(both, titleOf(now, next, no))
		}
		args["grids"] = both
	case LockThings, UnlockThings:
		args["blocks"] = len(e.Locks)
		switch {
		case len(e.Grids) == 0:
			key += ".others"
		case len(e.Locks) > 0:
			key += ".both"
		}
		args["grids"] = titles
	case Rename, Dedicate, Enclave:
		c := e.Grids[0]
		args["before"], args["after"] = named{c.Before.Name, c.Before.NameEn}, named{c.After.Name, c.After.NameEn}
		args["grid"] = located{named{c.Before.Name, c.Before.NameEn}, now.Ground.Parents[now.Grids[c.No-1].Parent]}
		args["purpose"], args["body"], args["reason"] = c.After.Purpose, c.After.Body, c.After.Enclave
		if e.Kind == Dedicate && c.After.Purpose == "" || e.Kind == Enclave && c.After.Enclave == "" {
			key += ".no"
		}
	case Recode:
		args["grids"] = len(e.Grids)
	}
	for _, l := range words.Langs {
		e.Said[l] = Sentences.Say(l, key, args)
	}
	e.Place = e.place(now, next)
}

// cutCodes returns the codes of the blocks that were divided.
func (e *Edit) cutCodes() []string {
	var codes []string
	heirs := e.heirs()
	for i := range e.Recut.Gone {
		if b := &e.Recut.Gone[i]; !heirs[b.ID] && len(codes) < 4 {
			codes = append(codes, strings.TrimSpace(b.Code))
		}
	}
	return codes
}

// place returns where an edit was made: on a block that moved, else on a grid that it speaks of, if there are not many.
func (e *Edit) place(now, next *Snapshot) *crs.Point {
	for _, s := range []*Snapshot{next, now} {
		for _, id := range e.Blocks {
			if b, ok := s.Ground.ByID(id); ok {
				return &s.Ground.Blocks[b].Label
			}
		}
	}
	if len(e.Grids) == 1 && len(next.Blocks(e.Grids[0].No)) > 0 {
		return &next.Ground.Blocks[next.Blocks(e.Grids[0].No)[0]].Label
	}
	return nil
}
