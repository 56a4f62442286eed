package flow

// A ceiling tells whether refusals are for the number in flight. If they are, a
// server hardly ever serves a request sent when as many were under way as when it
// refused one; if they are for a rate, or mere chance, it often does.
type ceiling struct {
	row    int // refusals in a row that fit
	least  int // requests under way at one of these, at the fewest
	served int // since the first of them
	over   int // of those, the ones sent when so many were under way
	peak   int // and the most that were under way at one
}

const (
	// enoughRefusals in a row are no chance.
	enoughRefusals = 4
	// rare is the part of the served, as a divisor, that may be over the ceiling,
	// since requests take their time to arrive.
	rare = 10
)

// answered notes a request that was served, sent when so many were under way.
func (c *ceiling) answered(flying int) {
	c.served++
	c.peak = max(c.peak, flying)
	if flying >= c.least {
		c.over++
	}
}

// fits notes a request that was refused, and says whether that fits a ceiling.
func (c *ceiling) fits(flying int) bool {
	below := flying+1 < c.peak-c.peak/rare
	if c.row > 0 && (below || c.over*rare > c.served) {
		*c = ceiling{row: 1, least: flying}
		return false
	}
	if c.row == 0 {
		*c = ceiling{least: flying}
	}
	if flying < c.least {
		c.least, c.over = flying, 0
	}
	c.row++
	return true
}

// sure says whether so many refusals fitted that there is a ceiling, and begins
// again if so.
func (c *ceiling) sure() bool {
	if c.row <= enoughRefusals {
		return false
	}
	*c = ceiling{}
	return true
}
