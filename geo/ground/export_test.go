package ground

import (
	"context"
	"slices"
)

// BuildTogether builds with all parents in one sector, as is done with parents whose rims do not agree.
func BuildTogether(ctx context.Context, in Input, options Options) (*Ground, error) {
	t, c, err := prepare(ctx, in, options)
	if err != nil {
		return nil, err
	}
	w := newWorks(t, func(Stage, int, int) {})
	w.groups = [][]int32{slices.Concat(w.groups...)}
	w.made = make([]*sectorResult, 1)
	if err := w.run(ctx); err != nil {
		return nil, err
	}
	g := join(t, c, w)
	if faults := Check(g, &t.in); len(faults) > 0 {
		return nil, &Faulty{faults}
	}
	return g, nil
}

// Apportion divides a total by largest remainders.
var Apportion = apportion
