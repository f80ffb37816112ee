package mapsheet

import (
	"gridwright/plan/words"
	"gridwright/report/draw"
)

// Post is somebody who is there for a grid or a building, as boards show it.
type Post struct {
	Role string
	Name string // empty where the post is vacant
	Duty string // one line: what residents come to them for
	Open bool   // nobody has said who it is: the name is left to be filled in
}

// ComposeBoard returns the notice board of a grid (公示牌), A3 lying: the map, where the grid ends, and who is there for it, with room for
// a photograph of each; below them the sheet's tables.
func (g *Ground) ComposeBoard(s *Sheet, posts []Post) []*draw.Page {
	size := [2]float64{draw.A3[1], draw.A3[0]}
	const top, side = 44.0, 142.0
	body := rect{margin + 4, top, size[0] - 2*margin - 8, size[1] - top - margin - footHeight}
	boundsText := draw.Wrap(joined([]string{sentences.Say(s.Lang, "board.bounds", nil), s.Bounds}, ""), 12, body.w-side-8)
	low := 0.0
	if s.Bounds != "" {
		low = float64(len(boundsText))*draw.Leading(12) + 4
	}
	frame := rect{body.x, body.y, body.w - side - 8, body.h - low}
	column := rect{body.x + body.w - side, body.y, side, body.h}
	c := &composer{Sheet: s, layout: layout{size: size, frame: frame, columns: []rect{column}}}
	page := c.newPage()
	page.Paint(draw.Rectangle(0, 0, size[0], 34), draw.Ink{Fill: rgb(150, 12, 84)})
	at, title := draw.Fit(c.say("board.title", words.Args{"grid": c.Name}), 44, 20, size[0]-60)
	page.Write(draw.Text{String: title, At: draw.Point{X: size[0] / 2, Y: 19}, Size: at, Bold: true, Align: draw.Middle, Colour: rgb(255, 255, 255)})
	at, path := draw.Fit(joined([]string{joined(c.Path, " › "), c.say("code", words.Args{"code": c.Code})}, "    "), 13, 8, size[0]-60)
	page.Write(draw.Text{String: path, At: draw.Point{X: size[0] / 2, Y: 29}, Size: at, Align: draw.Middle, Colour: rgb(255, 232, 244)})
	box := g.boxOf(s.Grids)
	c.mapIn(g, page, frame, scaleFor(box, frame.inset(neighbourhood)))
	if s.Bounds != "" {
		for i, line := range boundsText {
			page.Write(draw.Text{String: line, At: draw.Point{X: frame.x, Y: frame.y + frame.h + 3 + draw.Rise(12) + float64(i)*draw.Leading(12)}, Size: 12})
		}
	}
	c.cards(page, column, posts)
	if s.Stamp.Synthetic {
		page.Write(draw.Text{String: c.say("synthetic", nil), At: draw.Point{X: size[0] - margin - 4, Y: 40.5}, Size: 9, Align: draw.Right, Colour: warnText})
	}
	c.feet()
	return c.pages
}

// cards lays the posts as cards and the tables below them, on pages after the first where there is no room.
func (c *composer) cards(page *draw.Page, column rect, posts []Post) {
	f := newFlow(page, []rect{column}, 9.5, c.more)
	room := column.h - 1 // what is left is not cut to a hair
	for _, t := range c.Tables {
		for _, r := range append([][]string{t.Heads}, t.Rows...) {
			room -= f.rowHeight(t, r)
		}
	}
	height := max(19, min(40, room/float64(max(1, len(posts)))-3))
	for _, p := range posts {
		f.need(height)
		c.card(f.page, rect{f.columns[0].x, f.y, min(f.width(), column.w), height}, p)
		f.y += height + 3
	}
	for _, t := range c.Tables {
		f.table(t)
	}
}

// nameOf returns the name of who holds a post; that it is vacant where nobody does.
func (c *composer) nameOf(p Post) string {
	if p.Name == "" && !p.Open {
		return c.say("vacant", nil)
	}
	return p.Name
}

// card draws a card: room for a photograph, the post, the name, what the post is there for.
func (c *composer) card(page *draw.Page, r rect, p Post) {
	page.Paint(r.path(), draw.Ink{Fill: rgb(250, 246, 248), Line: rgb(214, 170, 194), Width: 0.3})
	photo := rect{r.x + 2, r.y + 2, (r.h - 4) * 0.72, r.h - 4}
	page.Paint(photo.path(), draw.Ink{Fill: rgb(255, 255, 255), Line: hairline, Width: 0.2, Dash: []float64{1, 1}})
	page.Write(draw.Text{String: c.say("board.photo", nil), At: draw.Point{X: photo.middle().X, Y: photo.middle().Y + 1}, Size: 8, Align: draw.Middle, Colour: draw.Grey(190)})
	x, room := photo.x+photo.w+4, r.x+r.w-(photo.x+photo.w+4)-3
	size, role := draw.Fit(p.Role, 13, 8, room)
	page.Write(draw.Text{String: role, At: draw.Point{X: x, Y: r.y + 2 + draw.Rise(13)}, Size: size, Colour: borderText, Bold: true})
	size, name := draw.Fit(c.nameOf(p), 19, 9, room)
	page.Write(draw.Text{String: name, At: draw.Point{X: x, Y: r.y + 9 + draw.Rise(18)}, Size: size, Bold: true})
	y := r.y + 18.5 + draw.Rise(9.5)
	for _, line := range draw.Wrap(p.Duty, 9.5, room) {
		if y > r.y+r.h-1.5 {
			break
		}
		page.Write(draw.Text{String: line, At: draw.Point{X: x, Y: y}, Size: 9.5, Colour: inkGrey})
		y += draw.Leading(9.5)
	}
}

// Plate is what a stairwell plate (楼道牌) says: which building it hangs in, and who is there for its residents.
type Plate struct {
	Building string // code, as the ground has it
	Title    string // compound and number
	Posts    []Post
}

// plateSize is half of A4, lying.
var plateSize = [2]float64{210, 148.5}

// ComposePlates returns stairwell plates, two on an upright A4 page to be cut apart.
func (g *Ground) ComposePlates(s *Sheet, plates []Plate) []*draw.Page {
	c := &composer{Sheet: s, layout: layout{size: draw.A4}}
	for i, p := range plates {
		if i%2 == 0 {
			page := c.newPage()
			if len(plates) > i+1 {
				page.Paint(draw.Line(draw.Point{X: 0, Y: plateSize[1]}, draw.Point{X: plateSize[0], Y: plateSize[1]}), draw.Ink{Line: hairline, Width: 0.15, Dash: []float64{2, 2}})
			}
		}
		c.plate(g, c.pages[len(c.pages)-1], float64(i%2)*plateSize[1], p)
	}
	return c.pages
}

// plate draws a plate with its top at y.
func (c *composer) plate(g *Ground, page *draw.Page, y float64, p Plate) {
	r := rect{8, y + 7, plateSize[0] - 16, plateSize[1] - 14}
	page.Paint(r.path(), draw.Ink{Line: rgb(150, 12, 84), Width: 0.8})
	page.Paint(draw.Rectangle(r.x, r.y, r.w, 21), draw.Ink{Fill: rgb(150, 12, 84)})
	size, title := draw.Fit(p.Title, 24, 12, r.w-12)
	page.Write(draw.Text{String: title, At: draw.Point{X: r.x + 6, Y: r.y + 11}, Size: size, Bold: true, Colour: rgb(255, 255, 255)})
	size, where := draw.Fit(joined([]string{joined(c.Path, " › "), c.Name}, " › "), 9, 6, r.w-12)
	page.Write(draw.Text{String: where, At: draw.Point{X: r.x + 6, Y: r.y + 17.5}, Size: size, Colour: rgb(255, 232, 244)})

	frame := rect{r.x + r.w - 82, r.y + 24, 79, r.h - 24 - 10}
	plateOf := *c.Sheet
	plateOf.Numbers = map[string]string{}
	if n, ok := c.Numbers[p.Building]; ok {
		plateOf.Numbers[p.Building] = n
	}
	inner := &composer{Sheet: &plateOf, layout: c.layout, small: true}
	box := g.boxOf(c.Grids)
	m := inner.mapIn(g, page, frame, scaleFor(box, frame.inset(4)))
	if i, ok := g.building[p.Building]; ok {
		path := &draw.Path{}
		page.Window(frame.path(), func() {
			m.shapes(path, g.Features[i].Shape)
			page.Paint(path, draw.Ink{Fill: faint(borderLine, 150), Line: borderLine, Width: 0.4})
			at, _, seen := m.within(g.Features[i].Shape, frame)
			if seen {
				page.Paint(draw.Circle(at, 4.5), draw.Ink{Line: borderLine, Width: 0.5})
			}
		})
	}

	column := rect{r.x + 5, r.y + 25, r.w - 82 - 10, r.h - 25 - 10}
	each := column.h / float64(max(1, len(p.Posts)))
	each = min(each, 24)
	for i, post := range p.Posts {
		top := column.y + float64(i)*each
		role := draw.Cut(post.Role, 9, column.w)
		page.Write(draw.Text{String: role, At: draw.Point{X: column.x, Y: top + draw.Rise(9)}, Size: 9, Colour: borderText, Bold: true})
		if used := draw.Width(role, 9) + 4; used < column.w-10 {
			for n, line := range draw.Wrap(post.Duty, 7, column.w-used) {
				page.Write(draw.Text{String: line, At: draw.Point{X: column.x + used, Y: top + draw.Rise(9) + float64(n)*draw.Leading(7)}, Size: 7, Colour: inkGrey})
			}
		}
		size, name := draw.Fit(c.nameOf(post), min(16, each*1.1), 8, column.w)
		page.Write(draw.Text{String: name, At: draw.Point{X: column.x, Y: top + 4.2 + draw.Rise(size)}, Size: size, Bold: true})
	}
	foot := joined([]string{c.stamp(), c.approval()}, "   ")
	fs, foot := draw.Fit(foot, 6, 4.5, r.w-8)
	page.Write(draw.Text{String: foot, At: draw.Point{X: r.x + 4, Y: r.y + r.h - 2.5}, Size: fs, Colour: inkGrey})
	if c.Stamp.Synthetic {
		page.Write(draw.Text{String: c.say("synthetic", nil), At: draw.Point{X: r.x + 4, Y: r.y + r.h - 6}, Size: 6.5, Colour: warnText})
	}
}
