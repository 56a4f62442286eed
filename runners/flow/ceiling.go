package flow

// A ceiling tells 429s for the number in flight from those for a rate: of a server
// that bounds the number, every refusal comes when about as many were under way as it
// ever served since the refusals before, or more.
type ceiling struct {
	above int // refusals in a row of which that holds
	least int // requests under way at these, at the fewest
	most  int // at which one was served
}

const (
	// refusals in a row are no chance.
	refusals = 4
	// slack is the part of the number in flight, as a divisor, by which it may
	// differ at the server, since requests take their time to arrive.
	slack = 32
)

// served notes that a request was answered that was sent when so many were under
// way.
func (c *ceiling) served(flying int) { c.most = max(c.most, flying) }

// refused notes a 429 in the same way. It reports whether it is the number in
// flight that the server bounds, and begins again if so.
func (c *ceiling) refused(flying int) bool {
	least := min(c.least, flying)
	if c.above == 0 || c.most > least+max(1, least/slack) {
		*c = ceiling{above: 1, least: flying}
		return false
	}
	c.above++
	c.least = least
	if c.above < refusals {
		return false
	}
	*c = ceiling{}
	return true
}
