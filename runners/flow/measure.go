package flow

import (
	"math"
	"time"
)

// A measure sums up what happens at one level.
type measure struct {
	at    time.Time
	span  float64 // seconds measured
	area  float64 // requests in flight, times seconds
	n     float64
	work  float64
	time  float64 // that the finished requests took, in seconds
	work2 float64 // sums of squares and products, for the error of work over time
	time2 float64
	cross float64
}

// pass books the time that passed with so many in flight.
func (m *measure) pass(flying int, now time.Time) {
	if !m.at.IsZero() {
		dt := now.Sub(m.at).Seconds()
		m.span += dt
		m.area += dt * float64(flying)
	}
	m.at = now
}

func (m *measure) flying() float64 {
	if m.span <= 0 {
		return 0
	}
	return m.area / m.span
}

func (m *measure) add(work, time float64) {
	m.n++
	m.work += work
	m.time += time
	m.work2 += work * work
	m.time2 += time * time
	m.cross += work * time
}

// enough says whether the level is known: each slot was used about so many rounds,
// and the work a slot does is known to a few percent, or as well as six can tell.
func (m *measure) enough(limit, rounds float64) bool {
	const precise, most = 0.03, 6
	round := max(8, math.Floor(limit))
	return m.n >= rounds*round && (m.n >= most*round || m.error() <= precise)
}

// error is the relative standard error of work over time, to first order: that of
// the sum of what each request's work differs from its time at the common rate.
func (m *measure) error() float64 {
	if m.n < 2 || m.work <= 0 {
		return math.Inf(1)
	}
	r := m.work / m.time
	residual := m.work2 - 2*r*m.cross + r*r*m.time2
	return math.Sqrt(max(residual, 0)*m.n/(m.n-1)) / m.work
}
