package draw

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/vector"
)

// most is how many dots a picture may have: A3 at 300 dots an inch has 17.4 million.
const most = 40_000_000

// PNG writes a page as a picture of so many dots an inch, on white.
func PNG(w io.Writer, p *Page, dpi float64) error {
	scale := dpi / 25.4
	width, height := int(math.Round(p.Width*scale)), int(math.Round(p.Height*scale))
	if width < 1 || height < 1 || width*height > most {
		return fmt.Errorf("a picture of %d x %d dots cannot be drawn", width, height)
	}
	c := &dotCanvas{scale: scale, dots: image.NewRGBA(image.Rect(0, 0, width, height))}
	draw.Draw(c.dots, c.dots.Bounds(), image.White, image.Point{}, draw.Src)
	p.draw(c)
	return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, opaque{c.dots})
}

// opaque tells the encoder that no dot shows what is below, so that it writes three bytes a dot.
type opaque struct{ *image.RGBA }

func (opaque) Opaque() bool { return true }

type dotCanvas struct {
	scale  float64 // dots a mm
	dots   *image.RGBA
	raster vector.Rasterizer
	seen   []*image.Alpha // of the windows, the innermost last, each within the one before
}

// tolerance is how far in dots a curve may be off.
const tolerance = 0.1

func (c *dotCanvas) place(p Point) Point { return Point{p.X * c.scale, p.Y * c.scale} }

func (c *dotCanvas) paint(p *Path, ink Ink) {
	lines := p.flatten(c.place, tolerance)
	if ink.Fill.A > 0 {
		c.fill(lines, ink.Fill)
	}
	if ink.Line.A > 0 && ink.Width > 0 {
		width := max(ink.Width*c.scale, 0.5) // a line may be no thinner than half a dot
		if ink.Dash != nil {
			dash := make([]float64, len(ink.Dash))
			for i, d := range ink.Dash {
				dash[i] = d * c.scale
			}
			lines = dashed(lines, dash)
		}
		c.fill(outlined(lines, width, ink.Dash == nil), ink.Line)
	}
}

// fill paints what the lines go round. Parts that overlap must run the same way round.
func (c *dotCanvas) fill(lines []flat, colour Colour) {
	box := c.box(lines)
	if box.Empty() {
		return
	}
	c.cover(lines, box)
	if len(c.seen) == 0 {
		c.raster.Draw(c.dots, box, image.NewUniform(colour), image.Point{})
		return
	}
	mask := image.NewAlpha(box)
	c.raster.Draw(mask, box, image.Opaque, image.Point{})
	meet(mask, c.seen[len(c.seen)-1])
	draw.DrawMask(c.dots, box, image.NewUniform(colour), image.Point{}, mask, box.Min, draw.Over)
}

// cover takes the lines into the raster, which is the box.
func (c *dotCanvas) cover(lines []flat, box image.Rectangle) {
	c.raster.Reset(box.Dx(), box.Dy())
	for _, l := range lines {
		for i, at := range l.points {
			x, y := float32(at.X-float64(box.Min.X)), float32(at.Y-float64(box.Min.Y))
			if i == 0 {
				c.raster.MoveTo(x, y)
			} else {
				c.raster.LineTo(x, y)
			}
		}
		c.raster.ClosePath()
	}
}

// box returns the dots the lines may touch of those that are seen.
func (c *dotCanvas) box(lines []flat) image.Rectangle {
	low, high := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for _, l := range lines {
		for _, at := range l.points {
			low = Point{min(low.X, at.X), min(low.Y, at.Y)}
			high = Point{max(high.X, at.X), max(high.Y, at.Y)}
		}
	}
	if !(low.X <= high.X) {
		return image.Rectangle{}
	}
	limit := func(x float64) int { return int(max(-1e6, min(1e6, x))) }
	box := image.Rect(limit(math.Floor(low.X)), limit(math.Floor(low.Y)), limit(math.Ceil(high.X))+1, limit(math.Ceil(high.Y))+1)
	if n := len(c.seen); n > 0 {
		return box.Intersect(c.seen[n-1].Rect)
	}
	return box.Intersect(c.dots.Rect)
}

func (c *dotCanvas) window(p *Path) {
	lines := p.flatten(c.place, tolerance)
	box := c.box(lines)
	mask := image.NewAlpha(box)
	if !box.Empty() {
		c.cover(lines, box)
		c.raster.Draw(mask, box, image.Opaque, image.Point{})
		if n := len(c.seen); n > 0 {
			meet(mask, c.seen[n-1])
		}
	}
	c.seen = append(c.seen, mask)
}

func (c *dotCanvas) shut() { c.seen = c.seen[:len(c.seen)-1] }

// meet takes from a mask what another does not show. The other holds the whole of it.
func meet(mask, other *image.Alpha) {
	box := mask.Rect
	for y := box.Min.Y; y < box.Max.Y; y++ {
		a, b := mask.Pix[mask.PixOffset(box.Min.X, y):], other.Pix[other.PixOffset(box.Min.X, y):]
		for x := range box.Dx() {
			a[x] = uint8(uint16(a[x]) * uint16(b[x]) / 255)
		}
	}
}

func (c *dotCanvas) write(t *Text) {
	sin, cos := math.Sincos(t.Angle * math.Pi / 180)
	scale := t.scale() * c.scale
	along := t.shift() * c.scale
	at := c.place(t.At)
	glyphs := set(t.String)
	drawn := make([][]flat, len(glyphs))
	for i, g := range glyphs {
		drawn[i] = g.outline.flatten(func(p Point) Point {
			x, y := along+p.X*scale, p.Y*scale
			return Point{at.X + x*cos - y*sin, at.Y + x*sin + y*cos}
		}, tolerance)
		for k := range drawn[i] {
			drawn[i][k].closed = true
		}
		along += float64(g.advance) * scale
	}
	rim := 2*t.Halo + t.stroke()
	for _, lines := range drawn {
		if t.Halo > 0 {
			c.fill(outlined(lines, rim*c.scale, true), t.Rim)
		}
	}
	for _, lines := range drawn {
		c.fill(lines, t.Colour)
		if t.Bold {
			c.fill(outlined(lines, t.stroke()*c.scale, true), t.Colour)
		}
	}
}

// outlined returns what a pen of a width draws along lines: a rectangle for every straight piece and a round where two meet, all the
// same way round. Lines that end with rounds have them there too.
func outlined(lines []flat, width float64, round bool) (pieces []flat) {
	r := width / 2
	// Where a round lies over a rectangle both give their rims to the same dots, and the line would look thicker there.
	inner := max(0.7*r, r-0.4)
	n := max(6, min(32, int(math.Ceil(math.Pi/math.Acos(max(0, 1-tolerance/max(r, tolerance)))))))
	dot := func(at Point) {
		ring := make([]Point, n)
		for i := range ring {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			ring[i] = Point{at.X + inner*cos, at.Y + inner*sin}
		}
		pieces = append(pieces, flat{points: ring})
	}
	for _, l := range lines {
		points := l.points
		if l.closed && len(points) > 0 {
			points = append(points[:len(points):len(points)], points[0])
		}
		for i, at := range points {
			ends := !l.closed && (i == 0 || i == len(points)-1)
			if (!ends || round) && !(l.closed && i == 0) && width > 1 {
				dot(at)
			}
			if i == 0 {
				continue
			}
			from := points[i-1]
			dx, dy := at.X-from.X, at.Y-from.Y
			length := math.Hypot(dx, dy)
			if length == 0 {
				continue
			}
			nx, ny := -dy/length*r, dx/length*r
			pieces = append(pieces, flat{points: []Point{{from.X - nx, from.Y - ny}, {at.X - nx, at.Y - ny}, {at.X + nx, at.Y + ny}, {from.X + nx, from.Y + ny}}})
		}
	}
	return pieces
}

// dashed cuts lines into pieces drawn and left out in turn.
func dashed(lines []flat, dash []float64) (pieces []flat) {
	whole := 0.0
	for _, d := range dash {
		whole += d
	}
	if !(whole > 0) {
		return lines
	}
	for _, l := range lines {
		points := l.points
		if l.closed && len(points) > 0 {
			points = append(points[:len(points):len(points)], points[0])
		}
		turn, left := 0, dash[0]
		var piece []Point
		for i, at := range points {
			if i == 0 {
				piece = []Point{at}
				continue
			}
			from := points[i-1]
			length := math.Hypot(at.X-from.X, at.Y-from.Y)
			done := 0.0
			for length-done > left {
				done += left
				mid := Point{from.X + (at.X-from.X)*done/length, from.Y + (at.Y-from.Y)*done/length}
				if turn%2 == 0 {
					pieces = append(pieces, flat{points: append(piece, mid)})
				}
				piece = []Point{mid}
				turn = (turn + 1) % len(dash)
				left = dash[turn]
			}
			left -= length - done
			piece = append(piece, at)
		}
		if turn%2 == 0 && len(piece) > 1 {
			pieces = append(pieces, flat{points: piece})
		}
	}
	return pieces
}
