package flow

import "math/bits"

// A ceiling tells whether refusals are for the number in flight. If they are, a
// server hardly ever serves a request sent when as many were under way as when it
// refused one; if they are for a rate, or mere chance, it often does.
type ceiling struct {
	row    int  // refusals in a row that fit
	proven bool // by as many as are needed, and by none refuted since
	least  int  // requests under way at one of these, at the fewest
	served int  // of late
	over   int  // of those, the ones sent when at least so many were under way
	peak   int  // and the most that were under way at one
	recent outcomes
}

const (
	// enoughRefusals in a row are no chance.
	enoughRefusals = 4
	// rare is the part of the served, as a divisor, that may be over the ceiling,
	// since requests take their time to arrive.
	rare = 10
	// late is how many served requests are remembered.
	late = 100
)

// answered notes a request that was served, sent when so many were under way.
func (c *ceiling) answered(flying int) {
	c.recent.note(0)
	if c.row == 0 {
		return
	}
	if c.served >= late {
		c.served, c.over, c.peak = c.served/2, c.over/2, flying
	}
	c.served++
	c.peak = max(c.peak, flying)
	if flying >= c.least {
		c.over++
	}
}

// fits notes a request that was refused, and says whether that fits a ceiling.
func (c *ceiling) fits(flying int) bool {
	c.recent.note(1)
	below := flying+1 < c.peak-c.peak/rare
	if c.row > 0 && (below || c.over*rare > c.served) {
		c.row, c.least, c.proven = 1, flying, false
		return false
	}
	if c.row == 0 || flying < c.least {
		c.least, c.over = flying, 0
	}
	c.row++
	return true
}

// sure says whether so many refusals fitted that there is a ceiling, or one did
// after there was, and begins again if so.
func (c *ceiling) sure() bool {
	if c.row <= enoughRefusals && !c.proven {
		return false
	}
	*c = ceiling{row: 1, least: c.least, proven: true}
	return true
}

// storm says that so many are refused that it does not matter why.
func (c *ceiling) storm() bool { return c.recent.n >= 16 && c.recent.share() > 0.4 }

// outcomes are the last ones, a bit each: refused or not.
type outcomes struct {
	bits uint64
	n    int
}

func (o *outcomes) note(bit uint64) {
	o.bits = o.bits<<1 | bit
	o.n = min(o.n+1, 64)
}

// share is the part that was refused.
func (o *outcomes) share() float64 { return float64(bits.OnesCount64(o.bits)) / float64(max(o.n, 1)) }
