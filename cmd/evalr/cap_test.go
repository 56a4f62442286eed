package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/store"
)

// A shopper is a run under a cap that is begun, killed, interrupted and gone on
// with, at a shop.
type shopper struct {
	seed     uint64
	dice     *rand.Rand
	shop     *shop
	dir      string // of all its files
	models   []string
	judge    bool
	k        int
	limit    int               // max_tokens
	usd      int64             // cap in billionths of a dollar; 0 is none
	tokens   int64             // likewise
	done     map[eval.Key]bool // recorded in earlier lives, without an error
	unjudged map[eval.Key]bool // answered in earlier lives, and nobody could judge it
	spent    bool              // a life ended because of the cap
	said     string            // by the last life
}

func newShopper(t *testing.T, seed uint64) *shopper {
	dice := rand.New(rand.NewPCG(seed, 7))
	p := &shopper{seed: seed, dice: dice, dir: t.TempDir(), k: 1 + dice.IntN(4), limit: 10 + dice.IntN(2000), done: map[eval.Key]bool{}, unjudged: map[eval.Key]bool{}}
	prices := map[string]terms{}
	for i := range 1 + dice.IntN(2) {
		name := fmt.Sprint("model", i)
		p.models = append(p.models, name)
		prices[name] = terms{dice.Int64N(20_000), 0, dice.Int64N(80_000)}
	}
	p.judge = dice.IntN(4) == 0
	prices["judge"] = terms{dice.Int64N(2_000), 0, dice.Int64N(8_000)}
	p.shop = newShop(t, rand.New(rand.NewPCG(seed, 8)), prices)
	p.shop.slow = time.Duration(dice.Int64N(int64(300 * time.Millisecond)))
	p.shop.trends[served] = 20
	for f := range p.shop.trends {
		if dice.IntN(2) == 0 {
			p.shop.trends[f] += dice.IntN(6)
		}
	}
	p.shop.trends[busy] = min(p.shop.trends[busy], 1)
	p.write(t)
	return p
}

// write writes the problems and the prices, and chooses a cap that holds from two
// of the requests to nearly all of them.
func (p *shopper) write(t *testing.T) {
	var lines strings.Builder
	if p.judge {
		lines.WriteString(`{"scorer":"judge","rubric":"what is said"}` + "\n")
	}
	n := 10 + p.dice.IntN(30)
	for i := range n {
		fmt.Fprintf(&lines, `{"id":"%d","question":"%s %d","answer":"4"}`+"\n", i, strings.Repeat("x", p.dice.IntN(500)), i)
	}
	require.NoError(t, os.WriteFile(filepath.Join(p.dir, "p.jsonl"), []byte(lines.String()), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(p.dir, "prices.yaml"), []byte(p.shop.priceFile()), 0o600))
	one, tokens := int64(0), int64(p.limit+1500)
	for name, terms := range p.shop.prices {
		if name != "judge" || p.judge {
			one = max(one, terms.input*1500+terms.output*int64(p.limit))
			if name == "judge" {
				one = max(one, terms.input*6000+terms.output*100)
				tokens = max(tokens, 10_000)
			}
		}
	}
	room := int64(n * p.k * len(p.models))
	p.usd = one*2 + p.dice.Int64N(one*room/2+1)
	p.usd = max(p.usd, 1000)
	if p.dice.IntN(3) == 0 {
		p.tokens = tokens*2 + p.dice.Int64N(tokens*room/2)
	}
}

// args are those of the command.
func (p *shopper) args(at int) []string {
	args := []string{
		"run", "-q", "--json", "-b", filepath.Join(p.dir, "p.jsonl"), "--out", filepath.Join(p.dir, "run"), "--prices", filepath.Join(p.dir, "prices.yaml"),
		"--seed", "1", "--max-tokens", strconv.Itoa(p.limit), "-k", strconv.Itoa(p.k), "--max-errors", "1", "--tries", "3",
		"--first-byte", "1s", "--stall", "1s", "--budget", fmt.Sprintf("%d.%09dusd", p.usd/1e9, p.usd%1e9), "--max-concurrency", strconv.Itoa(at),
	}
	if p.tokens > 0 {
		args = append(args, "--max-tokens-total", fmt.Sprint(p.tokens))
	}
	for _, m := range p.models {
		args = append(args, "-m", "vllm:"+m+"@"+p.shop.URL+"/v1")
	}
	if p.judge {
		args = append(args, "--judge", "vllm:judge@"+p.shop.URL+"/v1", "--judge-max-tokens", "100")
	}
	return args
}

// live runs the command in a process of its own, which may be killed.
func (p *shopper) live(t *testing.T) (code int) {
	self, err := os.Executable()
	require.NoError(t, err)
	p.shop.life()
	c := exec.Command(self)
	c.Args = append([]string{"evalr"}, p.args(1+p.dice.IntN(60))...)
	c.Env = append(os.Environ(), "EVALR_HOME="+filepath.Join(p.dir, "home"))
	var errs bytes.Buffer
	c.Stderr = &errs
	require.NoError(t, c.Start())
	// Every life ends: refusals at random make a client that learns a rate slow.
	with, after := syscall.SIGINT, 3*time.Second
	if p.dice.IntN(3) > 0 {
		with = []syscall.Signal{syscall.SIGKILL, syscall.SIGINT}[p.dice.IntN(2)]
		after = 50*time.Millisecond + time.Duration(p.dice.Int64N(int64(2*time.Second)))
	}
	death := time.AfterFunc(after, func() { _ = c.Process.Signal(with) })
	defer death.Stop()
	_ = c.Wait()
	p.said = errs.String()
	return c.ProcessState.ExitCode()
}

// check compares what the life recorded with the books of the shop.
func (p *shopper) check(t *testing.T, code int) {
	nano, tokens := p.shop.sum()
	require.LessOrEqual(t, nano, p.usd, "seed %d: billed above the cap\n%s", p.seed, p.said)
	if p.tokens > 0 {
		require.LessOrEqual(t, tokens, p.tokens, "seed %d: used more tokens than the cap\n%s", p.seed, p.said)
	}
	require.Contains(t, []int{-1, 0, 130}, code, "seed %d: %s", p.seed, p.said)
	if code == exitInterrupted && strings.Contains(p.said, "with a higher limit") {
		p.spent = true
	}
	if !exists(filepath.Join(p.dir, "run", "run.json")) {
		return
	}
	run, err := store.Open(filepath.Join(p.dir, "run"))
	require.NoError(t, err)
	now := map[eval.Key]bool{}
	for a, err := range run.Transcripts() {
		require.NoError(t, err)
		k := sale{a.Key.Model, a.Request.Messages[len(a.Request.Messages)-1].Content, int64(*a.Request.Sampling.Seed)}
		billed, known, answered := p.shop.of(k)
		if a.Err == nil {
			now[a.Key] = true
		}
		if p.done[a.Key] {
			require.True(t, now[a.Key], "seed %d: %s was recorded, and is lost", p.seed, a.Key)
			require.Zero(t, billed+int64(answered), "seed %d: %s was recorded, and is asked again", p.seed, a.Key)
			continue
		}
		if p.shop.knows(k) { // else it is of an earlier life
			assert.False(t, p.unjudged[a.Key], "seed %d: %s was answered, and is asked again to be judged", p.seed, a.Key)
			p.charged(t, a, billed, known)
		}
		p.unjudged[a.Key] = unjudged(a)
		require.LessOrEqual(t, answered, 1, "seed %d: %s was answered, and asked again", p.seed, a.Key)
	}
	for k := range p.done {
		require.True(t, now[k], "seed %d: %s was recorded, and is lost", p.seed, k)
	}
	p.done = now
}

// charged compares the cost of an attempt with the bills for it.
func (p *shopper) charged(t *testing.T, a eval.Attempt, billed int64, known bool) {
	if known {
		require.NotNil(t, a.Cost, "seed %d: %s: the cost is not known: %v", p.seed, a.Key, a.Err)
		assert.InDelta(t, float64(billed)/1e9, *a.Cost, 1e-12, "seed %d: %s", p.seed, a.Key)
		return
	}
	assert.Nil(t, a.Cost, "seed %d: %s has a cost, though a part of it is not known: %v", p.seed, a.Key, a.Err)
}

// TestNoRunSpendsMoreThanItsCap: by the books of the service no run spends more
// than its cap, whatever fails, and whenever it is killed and gone on with.
func TestNoRunSpendsMoreThanItsCap(t *testing.T) {
	runs := 8
	if os.Getenv("EVALR_SLOW") != "" {
		runs = 100
	}
	base := rand.Uint64()
	if s, err := strconv.ParseUint(os.Getenv("EVALR_SEED"), 10, 64); err == nil {
		base = s
	}
	all := make([]*shopper, runs)
	t.Run("runs", func(t *testing.T) {
		for i := range runs {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				all[i] = newShopper(t, base+uint64(i))
				all[i].shopAround(t)
			})
		}
	})
	spentUp := 0
	for _, p := range all {
		if p.spent {
			spentUp++
		}
	}
	assert.Greater(t, spentUp, runs/4, "the caps were reached, or nothing was tried")
}

// shopAround lets the run live up to four times.
func (p *shopper) shopAround(t *testing.T) {
	for range 1 + p.dice.IntN(4) {
		p.check(t, p.live(t))
		if p.dice.IntN(3) == 0 {
			p.k++ // further trials of the same
		}
	}
	nano, _ := p.shop.sum()
	t.Logf("seed %d: %.0f%% of the cap billed by %d requests", p.seed, 100*float64(nano)/float64(p.usd), p.shop.asked)
}
