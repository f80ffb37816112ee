package tiles

import "math"

// pixel is a place in a tile in whole steps from its north-west corner, x east, y south.
type pixel struct{ x, y int32 }

// The sides of what a tile shows.
const (
	low  = -Buffer
	high = Extent + Buffer
)

// clip cuts a closed line to what the tile shows, side by side (I. Sutherland and G. Hodgman, Reentrant Polygon Clipping,
// 1974). What lies outside becomes lines along the edge of the buffer, which no map shows.
func clip(ring []pixel) []pixel {
	inside := true
	for _, p := range ring {
		if p.x < low || p.x > high || p.y < low || p.y > high {
			inside = false
			break
		}
	}
	if inside {
		return ring
	}
	for side := range 4 {
		ring = clipSide(ring, side)
	}
	return ring
}

// clipLine cuts a line to what the tile shows, into the pieces of it that are left. A line of one pixel is none.
func clipLine(line []pixel) (pieces [][]pixel) {
	var piece []pixel
	end := func() {
		if len(piece) > 1 {
			pieces = append(pieces, piece)
		}
		piece = nil
	}
	for i := 1; i < len(line); i++ {
		p, q, in := clipSegment(line[i-1], line[i])
		if !in || p == q {
			if !in {
				end()
			}
			continue
		}
		if len(piece) == 0 || piece[len(piece)-1] != p {
			end()
			piece = []pixel{p}
		}
		piece = append(piece, q)
	}
	end()
	return pieces
}

// clipSegment returns the part of a segment that the tile shows, false for none. It is the same whichever way the segment is walked.
func clipSegment(p, q pixel) (pixel, pixel, bool) {
	for side := range 4 {
		switch pIn, qIn := within(p, side), within(q, side); {
		case !pIn && !qIn:
			return p, q, false
		case !pIn:
			p = crossing(p, q, side)
		case !qIn:
			q = crossing(p, q, side)
		}
	}
	return p, q, true
}

func clipSide(ring []pixel, side int) []pixel {
	var kept []pixel
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		switch within(p, side) {
		case true:
			kept = append(kept, p)
			if !within(q, side) {
				kept = append(kept, crossing(p, q, side))
			}
		case false:
			if within(q, side) {
				kept = append(kept, crossing(p, q, side))
			}
		}
	}
	return kept
}

func within(p pixel, side int) bool {
	switch side {
	case 0:
		return p.x >= low
	case 1:
		return p.x <= high
	case 2:
		return p.y >= low
	default:
		return p.y <= high
	}
}

// crossing returns where the line from p to q crosses a side. It is the same point whichever way the line is walked, so
// that two neighbours are cut alike.
func crossing(p, q pixel, side int) pixel {
	if q.x < p.x || q.x == p.x && q.y < p.y {
		p, q = q, p
	}
	at := int32(low)
	if side == 1 || side == 3 {
		at = high
	}
	if side < 2 {
		t := float64(at-p.x) / float64(q.x-p.x)
		return pixel{at, p.y + int32(math.Round(float64(t*float64(q.y-p.y))))}
	}
	t := float64(at-p.y) / float64(q.y-p.y)
	return pixel{p.x + int32(math.Round(float64(t*float64(q.x-p.x)))), at}
}

// tidy takes out repeated points and lines that go out and come back the same way.
func tidy(ring []pixel) []pixel {
	for changed := true; changed; {
		changed = false
		var kept []pixel
		for _, p := range ring {
			switch n := len(kept); {
			case n >= 1 && kept[n-1] == p:
				changed = true
			case n >= 2 && kept[n-2] == p:
				kept = kept[:n-1]
				changed = true
			default:
				kept = append(kept, p)
			}
		}
		for len(kept) > 1 && kept[0] == kept[len(kept)-1] {
			kept = kept[:len(kept)-1]
		}
		ring = kept
	}
	return ring
}

// twiceArea is twice the area inside a ring by the surveyor's formula, positive when it runs clockwise on the screen.
func twiceArea(ring []pixel) int64 {
	var sum int64
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += int64(p.x)*int64(q.y) - int64(q.x)*int64(p.y)
	}
	return sum
}
