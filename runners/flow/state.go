package flow

import (
	"time"

	"github.com/evalr/evalr/eval"
)

// A State is how an Endpoint stands at one moment, for a live view.
type State struct {
	InFlight int // requests under way
	Limit    int // how many may be
	Waiting  int // requests that wait to be sent, for whatever reason

	BackingOff  int       // requests that failed and will wait to be sent again
	NextBack    time.Time // when the last of these will come back, the zero time if there are none
	PausedUntil time.Time // nothing is sent before, because the server asked for it; zero if it did not

	Down      bool      // the server counts as down
	DownSince time.Time // since when
	NextProbe time.Time // when it is looked whether it is back
	Sealed    bool      // the key was rejected; nothing is sent any more
	Parked    int       // models that end every request in the same error

	LastFailure string // in one line; empty if nothing failed
	InARow      int    // how often the last failure came, with no answer and no other failure between

	// RPM and TPM are limits a minute, as known or learned; 0 means none. Of tokens
	// of prompt, output and both it is the lowest.
	RPM, TPM float64

	Requests int // so far, each counted once
	Answers  int
	Retries  int
	Refused  int // 429s
}

// State tells how the Endpoint stands.
func (e *Endpoint) State() State {
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	c := &e.count
	s := State{
		InFlight: e.limiter.flying, Limit: int(e.limiter.limit), Waiting: e.gate.queue.Len(),
		BackingOff: c.backing, Down: e.breaker.down, Sealed: e.sealed != nil, InARow: c.lastRow,
		RPM:      60 * e.rate.buckets[requests].rate,
		TPM:      60 * least(e.rate.buckets[tokens].rate, e.rate.buckets[input].rate, e.rate.buckets[output].rate),
		Requests: c.requests, Answers: c.answers, Retries: c.retries, Refused: c.refused,
	}
	if c.backing > 0 {
		s.NextBack = c.until
	}
	if e.gate.opens.After(now) && e.gate.opens.Sub(now) > maxGap {
		s.PausedUntil = e.gate.opens
	}
	if e.gate.closed.After(now) {
		s.PausedUntil = e.gate.closed
	}
	if e.breaker.down {
		s.DownSince, s.NextProbe = e.breaker.since, e.breaker.next
	}
	for _, m := range e.models {
		if m.park.closed || m.sealed != nil {
			s.Parked++
		}
	}
	if c.last != nil {
		s.LastFailure = c.last.Error()
	}
	return s
}

// asked counts a request.
func (e *Endpoint) asked() {
	e.mu.Lock()
	e.count.requests++
	e.mu.Unlock()
}

// note keeps a failure for State. The lock is held.
func (e *Endpoint) note(f *eval.Failure) {
	s := signature{f.Kind, f.Status, shape(f.Message)}
	if e.count.lastRow > 0 && s == e.count.lastSign {
		e.count.lastRow++
	} else {
		e.count.lastSign, e.count.lastRow = s, 1
	}
	e.count.last = f
}

// backing counts those that wait before they are sent again.
func (e *Endpoint) backing(n int, until time.Time) {
	e.mu.Lock()
	e.count.backing += n
	if until.After(e.count.until) {
		e.count.until = until
	}
	e.mu.Unlock()
}
