package flow

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestACeilingIsSeenOnlyWhereHardlyAnythingAboveItIsServed(t *testing.T) {
	var c ceiling
	for i := range enoughRefusals + 1 {
		for n := range 20 {
			c.answered(80 + n)
		}
		c.answered(101) // it arrived when another had just ended
		assert.True(t, c.fits(101+i%2))
		assert.Equal(t, i == enoughRefusals, c.sure())
	}
	fitted := 0
	for range 100 { // a rate, or chance, refuses at a number at which it serves others
		for range 10 {
			c.answered(101)
		}
		if c.fits(101) {
			fitted++
		}
		assert.False(t, c.sure())
	}
	assert.LessOrEqual(t, fitted, 1)
}
