package money_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/money"
)

func attempt(prompt, output int, usd *float64) eval.Attempt {
	return eval.Attempt{Request: ask(0), Cost: usd, Response: eval.Response{Usage: eval.Usage{Prompt: &prompt, Output: &output}}}
}

func jobOf(price *money.Price, before *money.Habit, n, limit int) money.Job {
	j := money.Job{Model: "m", Price: price, Before: before}
	for range n {
		j.Add(ask(limit))
	}
	return j
}

func TestProjectionFromEarlierAttempts(t *testing.T) {
	var past money.Past
	for i := range 10 {
		past.Add(attempt(117, 100*(i+1), number(0.1)))
	}
	cached := attempt(1, 1, nil)
	cached.Response.Cached = true
	past.Add(cached)
	price := perToken().Price
	each, sum := money.Project(jobOf(price, past.Habit(), 4, 1000))
	require.Len(t, each, 1)
	p := each[0]
	assert.Equal(t, 4, p.Requests)
	assert.InDelta(t, 4*117, *p.Prompt.Expected, 1e-9)
	assert.InDelta(t, 4000, *p.Prompt.High, 1e-9)
	assert.InDelta(t, 4*200, *p.Output.Low, 1e-9)
	assert.InDelta(t, 4*550, *p.Output.Expected, 1e-9)
	assert.InDelta(t, 4000, *p.Output.High, 1e-9)
	assert.InDelta(t, (4*117+4*550)*1e-3, *p.USD.Expected, 1e-9)
	assert.InDelta(t, 8, *p.USD.High, 1e-9, "as much as a purse reserves")
	assert.Empty(t, p.Unknown)
	assert.InDelta(t, *p.USD.High, *sum.USD.High, 1e-9)
}

func TestWhatIsUnknownStaysUnknown(t *testing.T) {
	known := jobOf(perToken().Price, nil, 4, 1000)
	each, sum := money.Project(known, jobOf(nil, nil, 4, 1000), jobOf(perToken().Price, nil, 2, 0))
	require.Len(t, each, 3)
	assert.Nil(t, each[0].USD.Expected)
	assert.InDelta(t, 8, *each[0].USD.High, 1e-9)
	assert.Contains(t, each[0].Unknown, "no earlier attempts")
	assert.InDelta(t, 4*468/4, *each[0].Prompt.Expected, 1e-9)
	assert.Nil(t, each[1].USD.High)
	assert.Contains(t, each[1].Unknown, "give --prices")
	assert.Nil(t, each[2].USD.High)
	assert.Contains(t, each[2].Unknown, "--max-tokens")
	assert.Nil(t, sum.USD.High, "a sum with an unknown part is unknown")
	assert.Equal(t, 10, sum.Requests)
	assert.InDelta(t, 10_000, *sum.Prompt.High, 1e-9)

	_, none := money.Project()
	assert.Zero(t, none)
}

func TestProjectionOfAServerPaidByTheHour(t *testing.T) {
	hour := hourly(2).Price
	each, _ := money.Project(jobOf(hour, nil, 4, 10))
	assert.Nil(t, each[0].USD.Expected)
	assert.Contains(t, each[0].Unknown, "paid by the hour")
	var past money.Past
	past.Add(attempt(1, 1, number(0.3)))
	each, _ = money.Project(jobOf(hour, past.Habit(), 4, 10))
	assert.InDelta(t, 1.2, *each[0].USD.Expected, 1e-9)
	assert.Nil(t, each[0].USD.High)
}

func TestTally(t *testing.T) {
	var tally money.Tally
	assert.Nil(t, tally.PerAttempt())
	right, wrong, failed := attempt(1, 1, number(0.3)), attempt(1, 1, number(0.2)), attempt(1, 1, number(0.1))
	right.Verdict = eval.Verdict{Outcome: eval.Correct, Score: 1}
	failed.Err = &eval.Failure{Kind: eval.FailServer}
	for _, a := range []eval.Attempt{wrong, failed, attempt(1, 1, nil)} {
		tally.Add(a)
	}
	assert.Nil(t, tally.PerCorrect(), "nothing was correct yet")
	tally.Add(right)
	assert.InDelta(t, 0.2, *tally.PerAttempt(), 1e-12)
	assert.InDelta(t, 0.6, *tally.PerCorrect(), 1e-12)
	assert.Equal(t, 1, tally.Unknown)
}
