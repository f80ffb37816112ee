package ground_test

import (
	"context"
	"fmt"

	"gridwright/geo/ground"
)

// A community with a street through the middle, and a house that stands on it.
//
//	+-------|-------+
//	|       |       |
//	|     [==]      |
//	|       |       |
//	+-------|-------+
func ExampleBuild() {
	g, err := ground.Build(context.Background(), ground.Input{
		Measures:  []string{"households"},
		Parents:   []ground.Parent{{Code: "640502001001", Shape: square(0, 0, 200, 100)}},
		Lines:     []ground.Line{street("r1", metres(100, 0), metres(100, 100))},
		Buildings: []ground.Building{{Code: "b1", Shape: square(92, 40, 104, 52), Counts: []int64{12}}},
	}, ground.Options{}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, b := range g.Blocks {
		fmt.Printf("block %d: %s, %.0f m², %d households\n", i, b.Kind, b.Area, b.Counts[0])
	}
	for _, b := range g.Borders {
		fmt.Printf("blocks %d and %d: %.0f m of %v\n", b.A, b.B, b.Length, b.Barrier)
	}
	// Output:
	// block 0: built, 10068 m², 12 households
	// block 1: open, 9951 m², 0 households
	// blocks 0 and 1: 22 m of none
	// blocks 0 and 1: 87 m of street
}
