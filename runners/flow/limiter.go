package flow

import (
	"math"
	"time"
)

// A limiter finds how many requests should be in flight. It climbs as long as
// more in flight does more work in a second, and goes back where it does not.
//
// The work done in a second is measured without waiting for it: by Little's law it
// is the number in flight times the work that one slot does in a second, which is
// the work of finished requests over the time they took. Work is counted in
// tokens, so that long answers are no sign of a queue: a long answer takes long
// and brings much. A server that batches makes each request slower while all
// together still get faster; only the product counts.
type limiter struct {
	limit float64
	cap   float64
	fixed bool

	flying int
	phase  phase
	last   level   // what the measured level is compared with
	best   float64 // work a slot does in a second when the server is not crowded
	factor float64 // the next step up
	hold   int     // levels to measure before the next probe
	wait   int     // and how many the next time
	upNext bool    // whether the next probe goes up
	sure   bool    // the present level was measured once already
	cut    time.Time
	roof   float64 // the server refused about so many; 0 means none
	lift   int     // levels to measure before more is tried
	epoch  int     // levels begun so far; requests are measured at the level they began at
	m      measure
}

type phase int

const (
	climbing    phase = iota // each level is higher than the last
	holding                  // the same level again, as a fresh comparison
	probingUp                // one level higher, to see whether it gains
	probingDown              // one level lower, to see whether it loses
)

// A level is a number in flight and the work a second at it.
type level struct{ flying, work float64 }

const (
	// gain is the least part of a step that must come back as work: at 0.1, twice
	// as many in flight must do 7% more.
	gain = 0.1
	// crowded is the part of the limit that must be in use while it is measured.
	crowded = 0.9
	// loss is the most of a step down that may be lost with it.
	loss = 0.03
	// clearly is the slope that needs no second look. The requests that fill up a
	// higher level come all at once and wait less than those after them, so a level
	// that seems to gain is measured again without them, and one that seems to lose
	// again because it may be chance.
	clearly = 0.85
	// heeded is the change of a slot's work, as a logarithm, that is no chance.
	heeded = 0.25
	// cutBack is the part of the requests in flight that is kept when the server
	// refuses, under the part up to which it is gone again.
	cutBack = 0.7
	under   = 0.97
	stepUp  = 1.25
	stepDn  = 1 / 1.15
	// A level is held for so many measures before the first probe, and for up to
	// lastWait of them when probes bring nothing.
	firstWait, lastWait = 4, 40
)

func newLimiter(o Options) *limiter {
	l := &limiter{limit: float64(o.Start), cap: float64(o.Cap), factor: 2, wait: firstWait}
	if o.Fixed > 0 {
		l.limit, l.fixed = float64(min(o.Fixed, o.Cap)), true
	}
	return l
}

func (l *limiter) free() bool { return l.flying < int(l.limit) }

// began books a request that is sent; it gives the level it belongs to.
func (l *limiter) began(now time.Time) int {
	l.m.pass(l.flying, now)
	l.flying++
	return l.epoch
}

// ended books that a request is over, however it ended.
func (l *limiter) ended(now time.Time) {
	l.m.pass(l.flying, now)
	l.flying--
}

// answered measures a request that was answered.
func (l *limiter) answered(epoch int, work float64, took time.Duration, now time.Time) {
	if l.fixed || epoch != l.epoch || took <= 0 || work <= 0 {
		return
	}
	l.m.add(work, took.Seconds())
	rounds := 1.0
	if l.phase != climbing {
		rounds = 2 // requests of one length come in waves, and a part of one misleads
	}
	if !l.m.enough(l.limit, rounds) {
		return
	}
	flying := l.m.flying()
	if flying < crowded*math.Floor(l.limit) {
		l.begin(now) // fewer were sent than might have been: nothing is learned
		return
	}
	each := l.m.work / l.m.time
	l.best = max(each, 0.98*l.best)
	l.judge(level{flying, flying * each})
	l.begin(now)
}

// begin begins to measure at the present limit.
func (l *limiter) begin(now time.Time) {
	l.epoch++
	l.m = measure{at: now}
}

// judge decides the next limit from what was measured at this one.
func (l *limiter) judge(here level) {
	slope := slope(l.last, here)
	least := gain
	if l.phase == probingDown {
		least = loss
	}
	if l.phase != holding && slope >= least && slope < clearly && !l.sure {
		l.sure = true
		return
	}
	l.sure = false
	switch {
	case l.phase == holding:
		l.heed(here)
		l.last = here
		if l.lift--; l.lift <= 0 {
			l.roof = 0
		}
		if l.hold--; l.hold <= 0 {
			l.probe(here)
		}
	case l.phase == climbing && slope >= gain:
		l.climb(here, slope)
	case l.phase == climbing:
		l.settle(l.last.flying)
	case l.phase == probingUp && slope >= gain:
		l.wait, l.factor = firstWait, 1.5
		l.climb(here, slope)
	case l.phase == probingDown && slope < loss:
		l.wait = firstWait
		l.settle(here.flying)
		l.upNext, l.hold = false, 1
	default:
		l.unprobe()
	}
}

// heed has the next probe come at once where a slot does far more or less work
// than when it was last measured: the server or its load is another.
func (l *limiter) heed(here level) {
	if l.last.work <= 0 {
		return
	}
	change := math.Log(here.work / here.flying / (l.last.work / l.last.flying))
	if math.Abs(change) > heeded {
		l.hold, l.wait, l.upNext = 0, firstWait, change > 0
	}
}

// slope is the part of the step between two levels that came back as work: 1 where
// work grows as the number in flight, 0 where it does not grow.
func slope(a, b level) float64 {
	if a.work <= 0 || a.flying <= 0 || a.flying == b.flying {
		return 1
	}
	return math.Log(b.work/a.work) / math.Log(b.flying/a.flying)
}

func (l *limiter) climb(here level, slope float64) {
	if l.limit >= l.top() {
		l.settle(l.limit)
		l.last = here
		return
	}
	l.phase, l.last = climbing, here
	if slope < 0.5 {
		l.factor = min(l.factor, 1.5)
	} else if l.factor < 2 {
		l.factor = min(2, l.factor*1.15)
	}
	l.set(l.limit * l.factor)
}

// settle goes to a level and stays for a while.
func (l *limiter) settle(limit float64) {
	l.phase, l.hold, l.factor = holding, l.wait, stepUp
	l.set(math.Round(limit))
}

// probe tries another level. The way down leads to where a server that only lets
// the rest queue would do the same work, if that is further than a step.
func (l *limiter) probe(here level) {
	up := l.upNext
	l.upNext = !up
	if !up && l.limit > 1 {
		target := min(l.limit*stepDn, l.limit-1)
		if l.best > 0 {
			target = min(target, max(1.1*here.work/l.best, l.limit/2))
		}
		l.phase = probingDown
		l.set(target)
		return
	}
	if l.limit >= l.top() {
		l.hold = l.wait
		return
	}
	l.phase = probingUp
	l.set(max(l.limit*stepUp, l.limit+1))
}

// unprobe goes back from a probe that did not help, and waits longer for the next.
func (l *limiter) unprobe() {
	l.wait = min(l.wait*3/2+1, lastWait)
	l.settle(l.last.flying)
}

func (l *limiter) set(limit float64) { l.limit = max(min(limit, l.top()), 1) }

// top is the most that may be tried.
func (l *limiter) top() float64 {
	if l.roof > 0 {
		return min(l.cap, l.roof)
	}
	return l.cap
}

// overloaded cuts the limit because the server refused a request for being
// overloaded: once for all requests that were under way together. It goes back up
// soon, but for a while not as far as to where the server refused.
func (l *limiter) overloaded(sent time.Time, now time.Time) {
	if !l.crowd(sent, now) {
		return
	}
	l.roof, l.lift = max(1, math.Floor(under*l.flew())), 3*lastWait/4
	l.cutTo(cutBack*l.flew(), now)
	l.hold = 1
}

// refused cuts the limit because the server refused requests, maybe for their rate.
func (l *limiter) refused(sent time.Time, now time.Time) {
	if l.crowd(sent, now) {
		l.cutTo(cutBack*l.flew(), now)
	}
}

// crowd says whether a refusal is news.
func (l *limiter) crowd(sent, now time.Time) bool {
	if l.fixed || !l.cut.IsZero() && !sent.After(l.cut) {
		return false
	}
	l.cut = now
	return true
}

// flew is how many were under way with the request that was refused.
func (l *limiter) flew() float64 { return min(l.limit, float64(l.flying+1)) }

func (l *limiter) cutTo(limit float64, now time.Time) {
	l.settle(limit)
	l.last, l.upNext, l.sure = level{}, true, false
	l.begin(now)
}

// restart begins the search again at half of what was found, for a server that
// was away.
func (l *limiter) restart(now time.Time) {
	if l.fixed {
		return
	}
	l.phase, l.factor, l.last, l.sure = climbing, 2, level{}, false
	l.set(math.Floor(l.limit / 2))
	l.begin(now)
}
