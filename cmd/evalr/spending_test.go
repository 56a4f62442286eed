package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/store"
)

// A counter is a run of n problems at a shop.
type counter struct {
	*shop
	t    *testing.T
	dir  string
	args []string
}

// open opens a shop, and writes problems that are judged as head says.
func openCounter(t *testing.T, prices map[string]terms, head string) *counter {
	c := &counter{shop: newShop(t, rand.New(rand.NewPCG(1, 2)), prices), t: t, dir: t.TempDir()}
	lines := head
	for i := range 60 {
		lines += fmt.Sprintf(`{"id":"%d","question":"question %d","answer":"4"}`+"\n", i, i)
	}
	require.NoError(t, os.WriteFile(filepath.Join(c.dir, "p.jsonl"), []byte(lines), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(c.dir, "prices.yaml"), []byte(c.priceFile()), 0o600))
	c.args = []string{
		"run", "-q", "--json", "-b", filepath.Join(c.dir, "p.jsonl"), "--out", filepath.Join(c.dir, "run"), "--max-tokens", "100",
		"--prices", filepath.Join(c.dir, "prices.yaml"),
	}
	return c
}

// model names a model of the shop.
func (c *counter) model(name string) string { return "vllm:" + name + "@" + c.URL + "/v1" }

func (c *counter) run(args ...string) (code int, errs string) {
	code, _, errs = evalr(c.t, append(c.args[:len(c.args):len(c.args)], args...)...)
	return code, errs
}

// costs are what the attempts of each model are recorded to have cost, in
// billionths of a dollar; and their judges.
func (c *counter) costs() (by map[string]float64, judges float64) {
	run, err := store.Open(filepath.Join(c.dir, "run"))
	require.NoError(c.t, err)
	by = map[string]float64{}
	for a, err := range run.Attempts() {
		require.NoError(c.t, err)
		if a.Cost != nil {
			by[a.Key.Model] += *a.Cost * 1e9
		}
		if j := a.Verdict.Judging; j != nil && j.Cost != nil {
			judges += *j.Cost * 1e9
		}
	}
	return by, judges
}

const judged = `{"scorer":"judge","rubric":"what is said"}` + "\n"

// TestJudgesThatMaySpendNoMoreEndTheRun: nothing is broken then, no more answers are
// paid for that nobody can judge, and those that are there are judged later.
func TestJudgesThatMaySpendNoMoreEndTheRun(t *testing.T) {
	c := openCounter(t, map[string]terms{"m": {10, 0, 10}, "judge": {10_000, 0, 10_000}}, judged)
	args := []string{"-m", c.model("m"), "--judge", c.model("judge"), "--judge-max-tokens", "100", "--concurrency", "4"}
	code, errs := c.run(append(args, "--budget", "0.05usd")...)
	assert.Equal(t, exitInterrupted, code, errs)
	assert.Contains(t, errs, "with a higher limit, resume with")
	asked := c.asked
	assert.Less(t, asked, 60, "what cannot be judged is not asked")
	code, errs = c.run(append(args, "--budget", "5usd")...)
	require.Zero(t, code, errs)
	assert.Equal(t, 120, c.asked, "each answer and each verdict once")
	by, judges := c.costs()
	nano, _ := c.sum()
	assert.InDelta(t, float64(nano), by["m"]+judges, 1)
}

// TestABudgetNeedsALimitOfTheJudges names a remedy that there is.
func TestABudgetNeedsALimitOfTheJudges(t *testing.T) {
	c := openCounter(t, map[string]terms{"m": {10, 0, 10}, "judge": {10, 0, 10}}, judged)
	args := []string{"-m", c.model("m"), "--judge", c.model("judge"), "--budget", "5usd"}
	code, errs := c.run(args...)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "error: judge judge: ")
	assert.Contains(t, errs, "--judge-max-tokens")
	assert.Zero(t, c.asked)
	assert.NoDirExists(t, filepath.Join(c.dir, "run"), "nothing has begun")
	code, errs = c.run(append(args, "--judge-max-tokens", "50")...)
	require.Zero(t, code, errs)
}

// TestALimitThatIsSetLaterHoldsForAllOfTheRun: also for what was lost before, of
// which no attempt tells.
func TestALimitThatIsSetLaterHoldsForAllOfTheRun(t *testing.T) {
	c := openCounter(t, map[string]terms{"m": {10_000, 0, 10_000}}, "")
	c.trends[lost] = 1
	code, errs := c.run("-m", c.model("m"), "--tries", "1", "--limit", "5", "--max-errors", "1")
	require.Zero(t, code, errs)
	nano, _ := c.sum()
	require.Positive(t, nano)
	c.trends = [fates]int{served: 1}
	asked := c.asked
	code, errs = c.run("-m", c.model("m"), "--limit", "5", "-k", "2", "--budget", fmt.Sprintf("%.9fusd", float64(nano)/1e9+0.006))
	assert.Equal(t, exitInterrupted, code, errs)
	assert.Equal(t, asked, c.asked, "what was billed before leaves no room")
}

// TestTheHourOfAServerIsNotThePriceOfTheJudges: they may be elsewhere.
func TestTheHourOfAServerIsNotThePriceOfTheJudges(t *testing.T) {
	c := openCounter(t, map[string]terms{"judge": {10_000, 0, 10_000}}, judged)
	code, errs := c.run("-m", c.model("m"), "--gpu-hour", "1", "--judge", c.model("judge"), "--judge-max-tokens", "50", "--budget", "5usd")
	require.Zero(t, code, errs)
	by, judges := c.costs()
	nano, _ := c.sum()
	assert.InDelta(t, float64(nano), judges, 1)
	assert.Positive(t, by["m"])
}

// TestModelsOfAServerHaveTheirOwnPrices: one may be paid by the hour and another by
// tokens.
func TestModelsOfAServerHaveTheirOwnPrices(t *testing.T) {
	c := openCounter(t, map[string]terms{"tokens": {10_000, 0, 10_000}}, "")
	prices := filepath.Join(c.dir, "prices.yaml")
	text, err := os.ReadFile(prices)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(prices, append(text, "  - model: hour\n    gpu_hour: 1000000\n"...), 0o600))
	code, errs := c.run("-m", c.model("tokens"), "-m", c.model("hour"), "--limit", "5")
	require.Zero(t, code, errs)
	by, _ := c.costs()
	nano, _ := c.sum()
	assert.InDelta(t, float64(nano), by["tokens"], 1)
	assert.Greater(t, by["hour"], by["tokens"])
}

// TestTheProjectionSaysTheWorstCase before anything is known, and afterwards what
// the same would take again.
func TestTheProjectionSaysTheWorstCase(t *testing.T) {
	c := openCounter(t, map[string]terms{"m": {1_000_000, 0, 2_000_000}}, "")
	code, errs := c.run("-m", c.model("m"), "--limit", "5")
	require.Zero(t, code, errs)
	prompt := int64(0)
	for _, page := range c.sales {
		require.Len(t, page, 1)
	}
	for k := range c.sales {
		prompt += 512 + 16 + int64(len("user")+len(k.question))
	}
	worst := prompt*1_000_000 + 5*100*2_000_000
	assert.Contains(t, errs, fmt.Sprintf(": at most $%.2f and what is sent again\n", float64(worst)/1e9))
	nano, _ := c.sum()
	assert.LessOrEqual(t, nano, worst)
	code, errs = c.run("-m", c.model("m"), "--limit", "5", "-k", "2")
	require.Zero(t, code, errs)
	assert.Contains(t, errs, fmt.Sprintf(": at most $%.2f and what is sent again, about $", float64(worst)/1e9))
	assert.False(t, strings.Contains(errs, "cost unknown"), errs)
}

// TestAServiceThatIsPaidByTokensHasNoHour: its bill would be counted nowhere.
func TestAServiceThatIsPaidByTokensHasNoHour(t *testing.T) {
	t.Setenv("DEEPSEEK_API_KEY", "none")
	c := openCounter(t, nil, "")
	c.args = c.args[:len(c.args)-2]
	code, errs := c.run("-m", "deepseek:deepseek-flash", "--gpu-hour", "2", "--budget", "5usd")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "paid by tokens")
	assert.NoDirExists(t, filepath.Join(c.dir, "run"))
}

// TestBatchesAreCancelled of a run that was interrupted, and only of one that there is.
func TestBatchesAreCancelled(t *testing.T) {
	code, _, errs := evalr(t, "batch", "list", filepath.Join(t.TempDir(), "none"))
	assert.Equal(t, exitUsage, code, errs)
	t.Setenv("OPENAI_API_KEY", "none")
	service := evaltest.NewBatches(t)
	service.Takes = time.Hour
	dir := filepath.Join(t.TempDir(), "run")
	problems := filepath.Join(t.TempDir(), "p.jsonl")
	require.NoError(t, os.WriteFile(problems, []byte(`{"id":"1","question":"why?","answer":"4"}`+"\n"), 0o600))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	service.Hook(nil, func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/v1/batches/") {
			stop() // it was submitted, and is waited for
		}
		return false
	})
	var out, said bytes.Buffer
	code = run(ctx, []string{"run", "-q", "-m", "openai:m@" + service.API(), "-b", problems, "--batch", "--out", dir}, strings.NewReader(""), &out, &said)
	require.Equal(t, exitInterrupted, code, said.String())
	service.Hook(nil, nil)
	code, list, errs := evalr(t, "batch", "list", dir)
	require.Zero(t, code, errs)
	assert.Contains(t, list, "in_progress")
	code, _, errs = evalr(t, "batch", "cancel", dir)
	require.Zero(t, code, errs)
	assert.Contains(t, errs, "asked to cancel 1 batches")
	assert.Contains(t, service.Calls()[len(service.Calls())-1], "/cancel")
}
