package partition

import (
	"math/bits"
	"math/rand/v2"
)

// dice is the chance of one search. It calls no function of package math but exact ones: logarithms and exponentials
// differ in their last bits from processor to processor, and a search turns on such bits.
type dice struct{ pcg *rand.PCG }

func newDice(seed, stream uint64) *dice { return &dice{rand.NewPCG(seed, stream)} }

// below returns a number from 0 to n-1. That some come up more often than others by n in 2^64 does not matter here.
func (d *dice) below(n int) int {
	hi, _ := bits.Mul64(d.pcg.Uint64(), uint64(n))
	return int(hi)
}

// share returns a number from 0 to 1, without 1.
func (d *dice) share() float64 { return float64(d.pcg.Uint64()>>11) / (1 << 53) }

// accepts reports whether a step that makes things worse by so much is taken at some heat: always when it makes nothing
// worse, else with about the chance exp(-worse/heat) of the rule of Metropolis. The exponential is (1-x/16)^16.
func (d *dice) accepts(worse, heat float64) bool {
	if worse <= 0 {
		return true
	}
	x := 1 - worse/(16*heat)
	if !(x > 0) {
		return false
	}
	for range 4 {
		x = float64(x * x)
	}
	return d.share() < x
}
