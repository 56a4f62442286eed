package flow

// A ceiling tells 429s for the number in flight from those for a rate: of a server
// that bounds the number, every refusal comes when more were under way than it ever
// served since the refusals before.
type ceiling struct {
	above int // refusals in a row of which that holds
	least int // requests under way at these, at the fewest
	most  int // at which one was served
}

// refusals in a row are no chance.
const refusals = 4

// served notes that a request was answered that was sent when so many were under
// way.
func (c *ceiling) served(flying int) { c.most = max(c.most, flying) }

// refused notes a 429 in the same way. It reports whether it is the number in
// flight that the server bounds, and begins again if so.
func (c *ceiling) refused(flying int) bool {
	if c.above == 0 || c.most >= min(c.least, flying) {
		*c = ceiling{above: 1, least: flying}
		return false
	}
	c.above++
	c.least = min(c.least, flying)
	if c.above < refusals {
		return false
	}
	*c = ceiling{}
	return true
}
