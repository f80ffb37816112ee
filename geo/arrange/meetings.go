package arrange

import (
	"context"
	"errors"
)

var errStopped = errors.New("stopped by the caller")

// Meetings calls visit for each two lines that may have a point in common, in an order that depends on the lines alone, and
// stops when it returns false. i is less than j. A pair may come more than once; lines that do not come near each other
// never come.
func Meetings(lines []Line, visit func(i, j int32) bool) {
	d := division{lines: lines, few: func(lines, _ int) bool { return lines <= 8 }}
	d.leaf = func(_ quarter, lines, _ []int32) error {
		for n, i := range lines {
			for _, j := range lines[n+1:] {
				if d.lines[i].boxMeets(d.lines[j]) && !visit(i, j) {
					return errStopped
				}
			}
		}
		return nil
	}
	_ = d.run(context.Background()) // nothing but errStopped can come back
}
