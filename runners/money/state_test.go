package money_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/runners/money"
)

func TestStateForetells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := money.NewPurse(money.Caps{USD: 10}, money.Spent{USD: 4}, nil)
		require.NoError(t, err)
		assert.Zero(t, p.State().UsedUp, "there is no pace yet")
		r := p.Wrap(answers(500, 500), perToken())
		time.Sleep(time.Minute)
		_, err = r.Generate(t.Context(), ask(1000))
		require.NoError(t, err)
		s := p.State()
		assert.Equal(t, 5*time.Minute, time.Until(s.UsedUp), "a dollar a minute, and five are left")
		usd, ok := s.AtEnd(10, 30)
		assert.True(t, ok)
		assert.InDelta(t, 4+3, usd, 1e-9)
		_, ok = s.AtEnd(0, 30)
		assert.False(t, ok)
	})
}

func TestStateInWords(t *testing.T) {
	s := money.State{USD: 1.5, Tokens: 700}
	assert.Equal(t, "spent $1.50", s.String())
	assert.Empty(t, s.Doubts())
	s.Caps = money.Caps{USD: 5, Tokens: 1000, Deadline: time.Now()}
	s.Reserved, s.Waiting, s.Left = 0.25, 3, 90*time.Second
	assert.Equal(t, "spent $1.50 of $5.00, 700 of 1000 tokens, up to $0.250 in flight, 3 wait for money, 1m30s to the deadline", s.String())
	s.Assumed, s.Exceeded, s.Excess, s.Unpriced = 0.1, 2, 0.01, 4
	doubts := strings.Join(s.Doubts(), "\n")
	assert.Contains(t, doubts, "$0.100 and 0 tokens of what is spent are assumed")
	assert.Contains(t, doubts, "2 requests took $0.010 and 0 tokens more than their worst case")
	assert.Contains(t, doubts, "the cost of 4 requests is unknown")
}
