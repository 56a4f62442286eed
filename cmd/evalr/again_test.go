package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
)

// A court is a server of a model, and of a judge that may be away; the run is of a
// few questions whose answers the judge judges.
type court struct {
	*evaltest.Server
	dir, problems  string
	away           atomic.Bool
	asked, judging atomic.Int64
}

func newCourt(t *testing.T, problems int) *court {
	t.Setenv(checkVar, "never")
	c := &court{dir: filepath.Join(t.TempDir(), "run"), problems: filepath.Join(t.TempDir(), "why.jsonl")}
	c.Server = evaltest.NewServer(t, func(b evaltest.Body) evaltest.Reply {
		if b.Raw["model"] == "judge" {
			c.judging.Add(1)
			return evaltest.Reply{Text: `{"verdict":"correct"}`, Usage: &eval.Usage{Prompt: new(300), Output: new(20)}}
		}
		c.asked.Add(1)
		return evaltest.Reply{Text: "flutter"}
	})
	c.Fault = refuse(func(b evaltest.Body) bool { return b.Raw["model"] == "judge" && c.away.Load() })
	text := `{"scorer":"judge"}` + "\n"
	for i := range problems {
		text += fmt.Sprintf(`{"id":"%d","question":"Why %d?","answer":"flutter"}`+"\n", i, i)
	}
	require.NoError(t, os.WriteFile(c.problems, []byte(text), 0o600))
	return c
}

func (c *court) run(t *testing.T, more ...string) (code int, errs string) {
	t.Helper()
	code, _, errs = evalr(t, append([]string{"run", "-q", "-m", "vllm:fake@" + c.API(), "-b", c.problems, "--judge", "vllm:judge@" + c.API(), "--out", c.dir}, more...)...)
	return code, errs
}

func TestAnAnswerThatCannotBeJudgedIsNotAskedForAgain(t *testing.T) {
	c := newCourt(t, 4)
	c.away.Store(true)
	for range 2 {
		code, errs := c.run(t)
		assert.Equal(t, exitInfrastructure, code, errs)
		assert.EqualValues(t, 4, c.asked.Load(), "not for the judge's sake")
	}
	c.away.Store(false)
	code, errs := c.run(t)
	assert.Zero(t, code, errs)
	assert.Contains(t, errs, "judged 4 recorded answers")
	assert.EqualValues(t, 4, c.asked.Load())
	for _, outcome := range verdicts(t, c.dir) {
		assert.Equal(t, "correct flutter", outcome)
	}
}

func TestARunThatCannotPayItsJudgeIsGoneOnWith(t *testing.T) {
	c := newCourt(t, 30)
	prices := filepath.Join(t.TempDir(), "prices.yaml")
	require.NoError(t, os.WriteFile(prices, []byte("prices:\n  - {model: judge, input: 1000, output: 1000, source: a test, date: 2026-11-30}\n  - {model: fake, input: 0, output: 0, source: a test, date: 2026-11-30}\n"), 0o600))
	code, errs := c.run(t, "--prices", prices, "--budget", "5usd", "--max-tokens", "10")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "--judge-max-tokens")
	paid := []string{"--prices", prices, "--max-tokens", "10", "--judge-max-tokens", "50", "--concurrency", "1", "--judges", "1"}
	code, errs = c.run(t, append(paid, "--budget", "2.5usd")...)
	require.Equal(t, exitInterrupted, code, errs)
	assert.Contains(t, errs, "what this run may spend is used up")
	asked := c.asked.Load()
	assert.Less(t, asked, int64(30), "no answers that nobody judges")
	code, errs = c.run(t, append(paid, "--budget", "2.5usd")...)
	require.Equal(t, exitInterrupted, code, errs)
	assert.Equal(t, asked, c.asked.Load())
	code, errs = c.run(t, append(paid, "--budget", "500usd")...)
	require.Zero(t, code, errs)
	assert.EqualValues(t, 30, c.asked.Load(), "each once")
	assert.EqualValues(t, 30, c.judging.Load())
}

func TestAJudgeThatIsAwayTakesNoVerdictBack(t *testing.T) {
	c := newCourt(t, 3)
	code, errs := c.run(t)
	require.Zero(t, code, errs)
	c.away.Store(true)
	code, _, errs = evalr(t, "rescore", c.dir)
	assert.Equal(t, exitInfrastructure, code)
	assert.Contains(t, errs, "3 answers could not be judged again")
	assert.Len(t, verdicts(t, c.dir), 3)
	for _, outcome := range verdicts(t, c.dir) {
		assert.Equal(t, "correct flutter", outcome)
	}
	c.away.Store(false)
	code, _, errs = evalr(t, "rescore", c.dir)
	require.Zero(t, code, errs)
	assert.EqualValues(t, 3, c.asked.Load())
}

func TestWhatJudgesTookCountsForALaterBudget(t *testing.T) {
	c := newCourt(t, 4)
	code, errs := c.run(t)
	require.Zero(t, code, errs)
	spent, err := spentIn(c.dir)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, spent.Tokens, int64(4*320), "the judge's 320 a verdict")
}
