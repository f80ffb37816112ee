package apportion

import (
	"fmt"
	"math"
)

// Band gives each parent the number of grids that brings its average load of one measure into from..to, both included.
// Where several do, it is the one whose average is nearest the middle of the band, and of two equally near the smaller.
// Where none does, it is the one whose average is least outside, so that the worst violation is as small as can be,
// and the parent is listed in Outside. Errors are *BandError and *ParentError.
func Band(parents []Parent, measure int, from, to float64) (*Shares, error) {
	if !(from >= 0) || !(to > 0) || from > to || math.IsInf(to, 0) {
		return nil, &BandError{from, to}
	}
	return each(parents, measure, func(load float64, least, most int) (int, float64) { return inBand(load, least, most, from, to) })
}

// AtMost gives each parent the fewest grids with which its average load of one measure is no more than most: fewer cannot do.
// Whether so many can only a split tells. Where a parent may not have that many, or is to have more, it has as near as that
// allows; those whose average is above most are listed in Outside. Errors are *BandError and *ParentError.
func AtMost(parents []Parent, measure int, most float64) (*Shares, error) {
	if !(most > 0) || math.IsInf(most, 0) {
		return nil, &BandError{0, most}
	}
	return each(parents, measure, func(load float64, fewest, all int) (int, float64) {
		grids := fewest
		if load/most > float64(all) {
			grids = all
		} else if needed := math.Ceil(load / most); needed > float64(fewest) {
			grids = int(needed)
		}
		return grids, max(0, load/float64(grids)-most)
	})
}

// each gives every parent a number of grids of its own; choose says how many and how far off its average is then.
func each(parents []Parent, measure int, choose func(load float64, least, most int) (int, float64)) (*Shares, error) {
	measures := measure + 1
	if len(parents) > 0 {
		measures = len(parents[0].Loads)
	}
	if measure < 0 || measure >= measures {
		return nil, fmt.Errorf("measure %d of %d", measure, measures)
	}
	if err := check(parents, measures); err != nil {
		return nil, err
	}
	s := &Shares{Grids: make([]int, len(parents))}
	for i, p := range parents {
		if p.Blocks == 0 {
			continue
		}
		load := p.Loads[measure]
		grids, off := choose(load, p.least(), p.most())
		s.Grids[i] = grids
		s.Heaviest = max(s.Heaviest, load/float64(grids))
		if off > 0 {
			s.Outside = append(s.Outside, i)
		}
	}
	return s, nil
}

// inBand returns the best number of grids from least to most and how far its average lies outside the band.
func inBand(load float64, least, most int, from, to float64) (grids int, off float64) {
	middle := (from + to) / 2
	// The average falls as grids are added, so the best number is next to where it crosses the middle or an end.
	best, near := least, math.Inf(1)
	off = math.Inf(1)
	for _, target := range []float64{to, middle, from} {
		for _, round := range []func(float64) float64{math.Floor, math.Ceil} {
			k := least
			if target > 0 {
				k = int(min(float64(most), max(float64(least), round(load/target))))
			}
			average := load / float64(k)
			o := max(0, from-average, average-to)
			n := math.Abs(average - middle)
			if o < off || o == off && (n < near || n == near && k < best) {
				best, off, near = k, o, n
			}
		}
	}
	return best, off
}

// BandError reports a band that no number of grids could meet for any load.
type BandError struct{ From, To float64 }

func (e *BandError) Error() string { return fmt.Sprintf("%v to %v is no band", e.From, e.To) }
