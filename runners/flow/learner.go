package flow

import "time"

// A learner finds the rate that a server bears from its 429s alone. Between two
// times at which the server had nothing left, it let through exactly what it
// allows: that is the rate, and the search goes on from just below it.
type learner struct {
	rate float64 // a second; 0 means that nothing was refused yet

	began  time.Time // of the first request
	empty  time.Time // when the server last had nothing left
	passed int       // sent since then and not refused
	clear  int       // sent since the last refusal
	cut    time.Time // requests sent before it tell nothing new by being refused
	streak int       // refusals with almost nothing let through between them

	recent  uint64 // the last outcomes, a bit each: refused or not
	counted int
}

const (
	back    = 0.95  // of the rate, after a refusal
	growth  = 0.001 // for each request that the rate held back
	quicken = 100   // requests after which growth doubles, since no refusal came
	enough  = 10    // requests that must pass before a rate is taken from them
)

func (l *learner) sent(waited bool, now time.Time) {
	if l.began.IsZero() {
		l.began = now
	}
	l.passed++
	l.clear++
	if waited && l.rate > 0 {
		l.rate *= 1 + min(growth*float64(int(1)<<min(l.clear/quicken, 8)), 0.02)
	}
}

// answered notes a request that was not refused.
func (l *learner) answered() { l.note(0) }

func (l *learner) note(bit uint64) {
	l.recent = l.recent<<1 | bit
	l.counted = min(l.counted+1, 64)
}

// refused notes the 429 of a request sent at that time. It tells how long the
// server should be left alone, and whether the refusal is news: of many requests
// under way at once only the first is.
func (l *learner) refused(sent, now time.Time) (pause time.Duration, news bool) {
	l.note(1)
	l.passed = max(l.passed-1, 0)
	if !sent.After(l.cut) && !l.cut.IsZero() {
		return 0, false
	}
	l.cut, l.clear = now, 0
	since := l.empty
	if since.IsZero() {
		since = l.began
	}
	dt := now.Sub(since).Seconds()
	if l.passed < enough && !l.empty.IsZero() || dt <= 0 {
		l.streak++
		return min(time.Second/2<<min(l.streak, 6), 30*time.Second), true
	}
	found := float64(max(l.passed, 1)) / max(dt, 1)
	if l.empty.IsZero() {
		found *= 0.7 // the server had something saved up
	}
	l.rate = back * found
	l.empty, l.passed, l.streak = now, 0, 0
	return 0, true
}

// crowded says that many of the last requests were refused although a rate is
// kept: then it is not the rate alone.
func (l *learner) crowded() bool {
	n := 0
	for x := l.recent; x != 0; x &= x - 1 {
		n++
	}
	return l.counted >= 40 && n*8 > l.counted
}

// forget begins the count of outcomes again.
func (l *learner) forget() { l.recent, l.counted = 0, 0 }
