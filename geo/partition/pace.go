package partition

import (
	"context"
	"runtime"
	"time"
)

// pace tells a search how far it has come. Where the time is capped, a search gets a share of what is left of it, and
// cools as fast as that share runs out, so that it ends on a good plan and not in the middle. As long as no search is
// too slow for its share, a cap changes nothing.
type pace struct {
	ctx     context.Context
	end     time.Time     // of the search; zero where the time is not capped
	began   time.Time     // the stage
	share   time.Duration // of the stage
	hurried bool          // the time has changed what the search did
}

// pace returns the pace of a search that starts now: its share of the time is that of its work in all that is left.
func (h *hall) pace(ctx context.Context, work int64) *pace {
	left := h.work.Add(-work) + work
	deadline, capped := ctx.Deadline()
	if h.p.Time == 0 || !capped || left == 0 {
		return &pace{ctx: ctx}
	}
	now := time.Now()
	part := min(1, float64(cap(h.desks))*float64(work)/float64(left))
	return &pace{ctx: ctx, end: now.Add(time.Duration(part * float64(deadline.Sub(now))))}
}

// stage starts a stage that may take a part of the time that the search has left.
func (p *pace) stage(part float64) {
	if !p.end.IsZero() {
		p.began = time.Now()
		p.share = max(1, time.Duration(part*float64(p.end.Sub(p.began))))
	}
}

// progress returns how far a stage of so many sweeps is after some of them, from 0 to 1.
func (p *pace) progress(sweep, sweeps int) float64 {
	bySweeps := float64(sweep) / float64(sweeps)
	if p.end.IsZero() {
		return bySweeps
	}
	byTime := min(1, float64(time.Since(p.began))/float64(p.share))
	if byTime > float64(sweep+1)/float64(sweeps) {
		p.hurried = true
		return byTime
	}
	return bySweeps
}

// over reports whether the stage has to end: its context has, or its share of the time.
func (p *pace) over() bool {
	runtime.Gosched() // searches take all cores; who waits for an answer of the same process comes in between two sweeps
	if p.ctx.Err() != nil || !p.end.IsZero() && time.Since(p.began) >= p.share {
		p.hurried = true
		return true
	}
	return false
}
