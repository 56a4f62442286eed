package runners

import (
	"context"
	"sync"
)

// A gate lets so many in at once as its limit says, in the order of their coming.
type gate struct {
	mu      sync.Mutex
	limit   int
	in      int
	waiting []chan struct{}
}

// enter waits for a place. The error is the context's.
func (g *gate) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.mu.Lock()
	mine := make(chan struct{})
	g.waiting = append(g.waiting, mine)
	g.admit()
	g.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, w := range g.waiting {
		if w == mine {
			g.waiting = append(g.waiting[:i:i], g.waiting[i+1:]...)
			return ctx.Err()
		}
	}
	g.in-- // it was let in while it gave up
	g.admit()
	return ctx.Err()
}

// leave frees a place.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.in--
	g.admit()
}

// widen sets the limit; those above a lower one may stay.
func (g *gate) widen(limit int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limit = limit
	g.admit()
}

func (g *gate) admit() {
	for g.in < g.limit && len(g.waiting) > 0 {
		close(g.waiting[0])
		g.waiting = g.waiting[1:]
		g.in++
	}
}
