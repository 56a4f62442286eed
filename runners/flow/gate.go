package flow

import (
	"container/list"
	"context"
	"time"

	"github.com/evalr/evalr/eval"
)

// A gate is where requests wait for a slot, the rate, the end of a pause or the
// return of the server. One timer serves all who wait.
type gate struct {
	queue  *list.List // of *waiter; those that come again are at the front
	opens  time.Time  // nothing is sent before
	gap    time.Duration
	spread int       // so many are still sent one by one after a pause
	closed time.Time // everything is refused before
	why    string
	timer  *time.Timer
	wakeAt time.Time
}

// A waiter is a request at the gate.
type waiter struct {
	model *model
	ready chan struct{} // closed when pass or refused is set
	place *list.Element // nil when it no longer waits
	held  bool          // by the rate
	pass  pass
	no    *eval.Failure
}

// maxGap bounds the time over which requests come back after a pause.
const maxGap = 2 * time.Second

// pause keeps the gate shut for at least d. After it the waiters come one by one,
// so that they do not fall upon the server together. It reports whether d is a pause.
func (g *gate) pause(d time.Duration, slots int, now time.Time) bool {
	if d <= 0 {
		return false
	}
	until := now.Add(d + jitter(min(d/20, time.Second)))
	if until.After(g.opens) {
		g.opens = until
	}
	g.spread = max(slots, 1)
	g.gap = min(d/2, maxGap) / time.Duration(g.spread)
	return true
}

// shut refuses everything until then.
func (g *gate) shut(until time.Time, why string) {
	if until.After(g.closed) {
		g.closed, g.why = until, why
	}
}

// passed books that a request went through.
func (g *gate) passed(now time.Time) {
	if g.spread > 0 {
		g.spread--
		g.opens = now.Add(jitter(g.gap))
	}
}

// refusal is the failure of what comes while the gate is shut for long.
func (g *gate) refusal(now time.Time) *eval.Failure {
	left := g.closed.Sub(now).Round(time.Second)
	return &eval.Failure{
		Kind: eval.FailRateLimit, Temporary: true, RetryAfter: left,
		Message: "not sent: " + g.why + " for another " + left.String(),
		Hint:    "start again then, and what is missing is asked; or ask the service for higher limits",
	}
}

// enter waits until a request may be sent. The error is a Failure that says why
// it may not, or that of ctx.
func (e *Endpoint) enter(ctx context.Context, m *model, again bool) (pass, error) {
	if err := ctx.Err(); err != nil {
		return pass{}, err
	}
	came := time.Now()
	e.mu.Lock()
	if f := e.refuse(m, came); f != nil {
		e.mu.Unlock()
		return pass{}, f
	}
	if e.gate.queue.Len() == 0 {
		if at, ok := e.when(came); ok && !at.After(came) {
			p := e.admit(m, false, came)
			e.mu.Unlock()
			return p, nil
		}
	}
	w := &waiter{model: m, ready: make(chan struct{})}
	if again {
		w.place = e.gate.queue.PushFront(w)
	} else {
		w.place = e.gate.queue.PushBack(w)
	}
	e.dispatch(came)
	e.mu.Unlock()
	select {
	case <-w.ready:
	case <-ctx.Done():
		return pass{}, e.abandon(ctx, w)
	}
	if w.no != nil {
		return pass{}, w.no
	}
	w.pass.queued = w.pass.sent.Sub(came)
	return w.pass, nil
}

// abandon takes a waiter off that was cancelled, and gives back what it may have
// been given in the same moment.
func (e *Endpoint) abandon(ctx context.Context, w *waiter) error {
	e.mu.Lock()
	waits := w.place != nil
	if waits {
		e.gate.queue.Remove(w.place)
		w.place = nil
		e.dispatch(time.Now())
	}
	e.mu.Unlock()
	if !waits && w.no == nil {
		e.leave(w.pass, w.model, result{end: untold})
	}
	return ctx.Err()
}

// dispatch lets through or refuses all whose turn it is. The lock is held.
func (e *Endpoint) dispatch(now time.Time) {
	for e.gate.queue.Len() > 0 {
		w := e.gate.queue.Front().Value.(*waiter)
		if w.no = e.refuse(w.model, now); w.no == nil {
			at, ok := e.when(now)
			if !ok || at.After(now) {
				w.held = w.held || ok && e.heldByRate(now)
				e.wake(at, ok, now)
				return
			}
			w.pass = e.admit(w.model, w.held, now)
		}
		e.gate.queue.Remove(w.place)
		w.place = nil
		close(w.ready)
	}
}

// when is the time at which the next request may be sent; ok is false if that is
// no matter of time.
func (e *Endpoint) when(now time.Time) (at time.Time, ok bool) {
	if !e.limiter.free() || e.breaker.down && e.breaker.probing || e.blind() {
		return at, false
	}
	at = e.rate.when(now)
	if e.gate.opens.After(at) {
		at = e.gate.opens
	}
	if e.breaker.down && e.breaker.next.After(at) {
		at = e.breaker.next
	}
	return at, true
}

// blind says that tokens are limited and nobody knows yet how many a request needs:
// then only a few go ahead.
func (e *Endpoint) blind() bool {
	return e.count.answers == 0 && e.rate.ofTokens() && e.limiter.flying >= e.o.Start
}

func (e *Endpoint) heldByRate(now time.Time) bool {
	return e.rate.when(now).After(now) && !e.gate.opens.After(now)
}

// refuse says why a request may not be sent at all, if so.
func (e *Endpoint) refuse(m *model, now time.Time) *eval.Failure {
	b := &e.breaker
	switch {
	case e.sealed != nil:
		f := *e.sealed
		return &f
	case m.sealed != nil:
		f := *m.sealed
		return &f
	case e.gate.closed.After(now):
		return e.gate.refusal(now)
	case b.down && !now.Before(b.patience()) && (b.probing || b.next.After(now)):
		return b.refusal(now)
	case m.park.closed && (m.park.probing || m.park.next.After(now)):
		return m.park.refusal()
	}
	return nil
}

// wake has dispatch called at a time, and at the latest when those that wait for a
// server that is down lose their patience.
func (e *Endpoint) wake(at time.Time, ok bool, now time.Time) {
	if e.breaker.down {
		if p := e.breaker.patience(); p.After(now) && (!ok || p.Before(at)) {
			at, ok = p, true
		}
	}
	g := &e.gate
	if !ok || !g.wakeAt.IsZero() && !at.Before(g.wakeAt) {
		return
	}
	g.wakeAt = at
	if g.timer == nil {
		g.timer = time.AfterFunc(at.Sub(now), e.awake)
		return
	}
	g.timer.Reset(at.Sub(now))
}

func (e *Endpoint) awake() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.gate.wakeAt = time.Time{}
	e.dispatch(time.Now())
}
