package flow

import (
	"time"

	"github.com/evalr/evalr/eval"
)

// A breaker knows whether the server is up. While it is down one request at a
// time is sent as a probe, at growing intervals.
type breaker struct {
	o        Breaker
	inARow   int
	answered bool // the server ever showed that it is there
	down     bool
	since    time.Time
	next     time.Time // of the next probe
	interval time.Duration
	probing  bool
	last     *eval.Failure
	busy     time.Time // when the server last said that it is overloaded
}

// failed notes a failure of the server.
func (b *breaker) failed(f *eval.Failure, now time.Time) {
	b.inARow++
	b.last = f
	switch {
	case b.down:
		b.interval = min(2*b.interval, b.o.Most)
		b.next = now.Add(jitter(b.interval))
	case b.inARow >= b.o.Failures:
		b.down, b.since, b.interval = true, now, b.o.First
		b.next = now.Add(jitter(b.interval))
	}
}

// overloaded notes that a request was refused for overload. A server that has too
// many requests is not down, so of those under way together one counts; that it
// refuses ever again shows that it is.
func (b *breaker) overloaded(f *eval.Failure, sent, now time.Time) {
	if b.down || sent.After(b.busy) {
		b.busy = now
		b.failed(f, now)
	}
}

// alive notes a sign of life; it reports whether the server was down until now.
func (b *breaker) alive() bool {
	was := b.down
	b.inARow, b.down, b.answered = 0, false, true
	return was
}

// patience is when those that wait for the server give up.
func (b *breaker) patience() time.Time {
	if b.answered {
		return b.since.Add(b.o.Wait)
	}
	return b.since.Add(b.o.Never)
}

// refusal is the failure of those that do not wait for the server any longer.
func (b *breaker) refusal(now time.Time) *eval.Failure {
	return &eval.Failure{
		Kind: b.last.Kind, Status: b.last.Status, Temporary: true,
		Message: "the server is down since " + now.Sub(b.since).Round(time.Second).String() + ", after " + times(b.inARow, "failure") + " in a row: " + b.last.Message,
		Hint:    "see whether the server runs and its address is right; start again later, and what is missing is asked",
	}
}
