package money

import (
	"slices"
	"sync"
	"time"
)

// A pace is how long the recent requests of a model took.
type pace struct {
	mu   sync.Mutex
	took [64]time.Duration
	n    int // since the beginning
	p90  time.Duration
}

func (p *pace) add(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.took[p.n%len(p.took)] = d
	p.n++
	// Sorting for every request of thousands would tell nothing new.
	if p.n > len(p.took) && p.n%8 != 0 {
		return
	}
	recent := p.took
	sorted := recent[:min(p.n, len(recent))]
	slices.Sort(sorted)
	p.p90 = sorted[(len(sorted)*9+9)/10-1]
}

// expect is how long nine of ten recent requests took at most; 0 before the
// first.
func (p *pace) expect() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.p90
}
