package flow

import (
	"math"
	"time"
)

// A learner finds the rate that a server bears from its 429s alone. Between two
// times at which the server had nothing left, it let through exactly what it
// allows: that is the rate, and the search goes on from just below it.
type learner struct {
	rate float64 // a second; 0 means that nothing was refused yet
	firm bool    // the rate was taken from what passed between two refusals

	sends    int       // so far
	began    time.Time // of the first of them
	last     time.Time // of the last
	empty    mark      // the first request that the server last had nothing left for
	refusals int       // of requests sent after that
	held     int       // of them, those that the rate had held back
	clear    int       // sent since the last refusal
	cut      time.Time // requests sent before it tell nothing new by being refused
	streak   int       // refusals with almost nothing let through between them

	recent    outcomes
	served    bool    // something sent since the last refusal was answered
	surprises int     // refusals that came right after the rate was cut to what passed
	chance    bool    // refusals seem to have nothing to do with the rate
	usual     float64 // then, the share of requests that are refused
}

// A mark is a request by its number and the time at which it was sent.
type mark struct {
	number int
	at     time.Time
}

const (
	back   = 0.95  // of the rate, after a refusal
	growth = 0.001 // for each request that the rate held back
	search = 0.02  // the same, while the rate is only a guess
	// Growth doubles with so many requests, and with so much time, in which no
	// refusal came.
	quicken      = 100
	quickenAfter = 90 * time.Second
	// fastest is the time in which the rate grows e-fold at most, slowest that in
	// which it may where requests are few.
	fastest = 15 * time.Second
	slowest = time.Minute
	enough  = 10 // requests that must pass before a rate is taken from them
	soon    = 15 // requests after a refusal in which no other should come
	most    = 8  // times that may happen in a row
	some    = 3  // as many show that a rate is far too high
)

// sent numbers a request; waited says that the rate had held it back.
func (l *learner) sent(waited bool, now time.Time) int {
	if l.began.IsZero() {
		l.began = now
	}
	l.sends++
	l.clear++
	if waited && l.rate > 0 {
		l.held++
		l.rate *= 1 + l.grow(now)
	}
	l.last = now
	return l.sends
}

// grow is the part by which the rate grows with a request.
func (l *learner) grow(now time.Time) float64 {
	step := now.Sub(l.last)
	if !l.firm {
		return min(search, step.Seconds()/fastest.Seconds())
	}
	doubled := float64(l.clear)/quicken + now.Sub(l.cut).Seconds()/quickenAfter.Seconds()
	return min(growth*math.Exp2(min(doubled, 10)), max(search, step.Seconds()/slowest.Seconds()), step.Seconds()/fastest.Seconds())
}

// answered notes a request that was not refused.
func (l *learner) answered(sent time.Time) {
	l.recent.note(0)
	if sent.After(l.cut) {
		l.streak, l.served = 0, true
	}
}

// refused notes the 429 of a request. It tells how long the server should be left
// alone, and whether the refusal is news: of many requests under way at once only
// the first is.
func (l *learner) refused(m mark, now time.Time) (pause time.Duration, news bool) {
	l.recent.note(1)
	if m.number > l.empty.number {
		l.refusals++
	}
	if !l.cut.IsZero() && !m.at.After(l.cut) {
		return 0, false
	}
	chance := l.byChance()
	l.cut, l.clear, l.served = now, 0, false
	if chance {
		return 0, true
	}
	since, guess := l.empty.at, l.empty.at.IsZero()
	if guess {
		since = l.began
	}
	// Those sent after this one may still be refused, so they do not count.
	passed := m.number - l.empty.number - l.refusals
	seconds := max(m.at.Sub(since).Seconds(), 1)
	found := float64(max(passed, 1)) / seconds
	if !guess && passed < enough && (passed < some || found > l.rate/2) {
		l.streak++
		return patience(l.streak), true
	}
	// The first time the server had something saved up, and where the rate held
	// nothing back it was a burst that was refused: then that is only a guess.
	l.rate, l.firm = back*found, !guess && 2*l.held >= passed
	l.empty, l.refusals, l.streak, l.held = m, 0, 0, 0
	return 0, true
}

// byChance says whether refusals have nothing to do with the rate: they came again
// and again right after it was cut, although others were served, and do not come
// more often now that it grows.
func (l *learner) byChance() bool {
	if l.chance {
		l.chance = l.recent.share() < 1.5*l.usual+0.1
		l.firm = l.firm && !l.chance
		return l.chance
	}
	switch {
	case l.clear >= soon:
		l.surprises = 0
	case l.served:
		l.surprises++
	}
	if l.surprises >= most {
		l.chance, l.usual, l.firm, l.surprises = true, l.recent.share(), false, 0
	}
	return l.chance
}

// patience is the pause after so many refusals in a row: seconds, since the next
// minute may allow more, and later up to a minute.
func patience(streak int) time.Duration {
	const first, last = 5 * time.Second, time.Minute
	if streak <= 8 {
		return min(time.Second/2<<streak, first)
	}
	return min(first<<min(streak-8, 4), last)
}

// doubt has the rate grow fast again, since it was not what the server refused.
func (l *learner) doubt() { l.firm = false }
