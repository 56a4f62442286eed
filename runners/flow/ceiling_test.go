package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestACeilingIsSeenOnlyWhereNothingAboveItIsServed(t *testing.T) {
	var c ceiling
	for i := range refusals {
		c.served(99)
		c.served(40)
		assert.Equal(t, i == refusals-1, c.refused(101+i%2))
	}
	for range 3 * refusals { // a rate refuses at one number what it serves at another
		c.served(120)
		assert.False(t, c.refused(101))
	}
}
