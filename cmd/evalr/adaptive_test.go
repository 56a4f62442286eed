package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/store"
)

// recordedWorld writes n problems and a replay of 64 trials of each by a model:
// every third problem is solved with chance p, the others always.
func recordedWorld(t *testing.T, dir, model string, n int, p float64) {
	t.Helper()
	var problems, replay bytes.Buffer
	for i := range n {
		id := strconv.Itoa(i)
		_ = json.NewEncoder(&problems).Encode(map[string]any{"id": id, "question": "2+" + id, "answer": strconv.Itoa(i + 2)})
		for trial := range 64 {
			h := fnv.New64a()
			fmt.Fprintf(h, "%s %d %d", model, i, trial)
			answer := i + 2
			if i%3 == 0 && rand.New(rand.NewPCG(h.Sum64(), 1)).Float64() >= p {
				answer++
			}
			_ = json.NewEncoder(&replay).Encode(map[string]any{"problem": id, "trial": trial, "model": model, "response": `\boxed{` + strconv.Itoa(answer) + `}`})
		}
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "p.jsonl"), problems.Bytes(), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, model+".jsonl"), replay.Bytes(), 0o644))
}

// attemptKeys gives the keys of a run, in the order recorded, of each line.
func attemptKeys(t *testing.T, dir string) map[eval.Key]int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "attempts.jsonl"))
	require.NoError(t, err)
	out := map[eval.Key]int{}
	for d := json.NewDecoder(bytes.NewReader(text)); d.More(); {
		var k eval.Key
		require.NoError(t, d.Decode(&k))
		out[k]++
	}
	return out
}

func adaptiveOf(t *testing.T, dir string) *store.Adaptive {
	t.Helper()
	run, err := store.Open(dir)
	require.NoError(t, err)
	require.NotNil(t, run.Manifest().Adaptive)
	return run.Manifest().Adaptive
}

func TestAdaptiveSamplingTriesWhatIsUnsettled(t *testing.T) {
	work := t.TempDir()
	recordedWorld(t, work, "m", 90, 0.5)
	dir := filepath.Join(work, "run")
	command := func(more ...string) (int, string, string) {
		return evalr(t, append([]string{"run", "-m", "replay:" + filepath.Join(work, "m.jsonl"), "-b", filepath.Join(work, "p.jsonl"), "--out", dir}, more...)...)
	}
	code, out, errs := command("--until", "±2pp")
	require.Zero(t, code, errs)
	assert.Contains(t, errs, "adaptive sampling until ±2pp, 4 to 64 trials of a problem")
	assert.Contains(t, errs, "round 1: 360 attempts to make")
	assert.Contains(t, out, "reached")
	a := adaptiveOf(t, dir)
	require.Len(t, a.Reached, 1)
	assert.Equal(t, "reached", a.Reached[0].Reason)
	assert.LessOrEqual(t, a.Reached[0].HalfWidth, 0.02)
	assert.InDelta(t, 2.0/3+0.5/3, a.Reached[0].Score, 0.04)
	assert.Greater(t, a.Rounds, 1)
	assert.Less(t, a.Spent, a.Uniform)
	assert.Equal(t, 64*90, a.Full)

	settled, mixed := 0, 0
	for k := range attemptKeys(t, dir) {
		if i, _ := strconv.Atoi(k.Problem); i%3 == 0 {
			mixed++
		} else {
			settled++
		}
	}
	assert.Equal(t, a.Spent, settled+mixed)
	assert.Greater(t, float64(mixed)/30, 1.3*float64(settled)/60, "trials a problem")

	code, again, errs := command("--until", "±2pp")
	require.Zero(t, code)
	assert.NotContains(t, errs, "adaptive sampling until", "a finished run only prints")
	assert.Equal(t, out, again)

	code, board, errs := evalr(t, "leaderboard", dir, "--format", "json")
	require.Zero(t, code, errs)
	var rows struct{ Rows []struct{ Score float64 } }
	require.NoError(t, json.Unmarshal([]byte(board), &rows))
	require.Len(t, rows.Rows, 1)
	assert.InDelta(t, a.Reached[0].Score, rows.Rows[0].Score, 1e-9, "the board's score is that of both streams")

	before := attemptKeys(t, dir)
	code, _, errs = command("--until", "1pp")
	require.Zero(t, code, errs)
	assert.Contains(t, errs, "resume")
	assert.Greater(t, adaptiveOf(t, dir).Spent, a.Spent, "a narrower width goes on")
	after := attemptKeys(t, dir)
	for k := range before {
		assert.Equal(t, 1, after[k], "paid for once: %s", k)
	}
}

func TestALargerKMaxGoesOn(t *testing.T) {
	work := t.TempDir()
	recordedWorld(t, work, "m", 30, 0.5)
	dir := filepath.Join(work, "run")
	for _, most := range []struct {
		k, spent int
		reason   string
	}{{8, 240, "k_max"}, {64, 64 * 30, "k_max"}, {100, 64 * 30, "replay"}} {
		code, _, errs := evalr(t, "run", "-q", "-m", "replay:"+filepath.Join(work, "m.jsonl"), "-b", filepath.Join(work, "p.jsonl"), "--out", dir,
			"--until", "0.1pp", "--k-max", strconv.Itoa(most.k))
		require.Zero(t, code, errs)
		a := adaptiveOf(t, dir)
		assert.Equal(t, most.spent, a.Spent)
		assert.Equal(t, most.reason, a.Reached[0].Reason)
		for k, n := range attemptKeys(t, dir) {
			require.Equal(t, 1, n, k)
		}
	}
}

func TestSamplingUntilItIsDecided(t *testing.T) {
	work := t.TempDir()
	recordedWorld(t, work, "worse", 90, 0.2)
	recordedWorld(t, work, "good", 90, 0.8)
	run := func(model, out string, more ...string) (int, string, string) {
		return evalr(t, append([]string{"run", "-q", "-m", "replay:" + filepath.Join(work, model+".jsonl"), "-b", filepath.Join(work, "p.jsonl"), "--out", filepath.Join(work, out)}, more...)...)
	}
	code, _, errs := run("good", "base", "-k", "32")
	require.Zero(t, code, errs)
	base := filepath.Join(work, "base")
	code, out, errs := run("worse", "now", "--until", "decided", "--baseline", base)
	require.Zero(t, code, errs)
	assert.Contains(t, out, "lower than the baseline")
	a := adaptiveOf(t, filepath.Join(work, "now"))
	assert.Equal(t, "lower", a.Reached[0].Reason)
	assert.Less(t, a.Reached[0].Difference.High, 0.0)
	assert.Less(t, a.Spent, a.Full/3, "a fall of 20 points is found early")

	code, _, errs = run("good", "same", "--until", "decided", "--baseline", base, "--margin", "5pp")
	require.Zero(t, code, errs)
	assert.Equal(t, "equivalent", adaptiveOf(t, filepath.Join(work, "same")).Reached[0].Reason)

	code, _, errs = evalr(t, "run", "-q", "-m", "replay:"+filepath.Join(work, "good.jsonl"), "-b", filepath.Join(work, "p.jsonl"), "--limit", "30", "--out", filepath.Join(work, "few"))
	require.Zero(t, code, errs)
	code, _, errs = evalr(t, "run", "-m", "replay:"+filepath.Join(work, "worse.jsonl"), "-b", filepath.Join(work, "p.jsonl"), "--out", filepath.Join(work, "part"),
		"--until", "decided", "--baseline", filepath.Join(work, "few"), "--k-max", "16")
	require.Zero(t, code, errs)
	assert.Contains(t, errs, "60 problems are not in the baseline")
	assert.Equal(t, 16*30, adaptiveOf(t, filepath.Join(work, "part")).Full)

	code, _, errs = run("good", "self", "--until", "decided", "--baseline", filepath.Join(work, "self"))
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "is the run itself")
	code, _, errs = run("good", "none", "--until", "decided", "--baseline", work)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, errs, "not a run folder")
}

// TestWhatFailedInARoundIsAskedAgainInTheNext refuses the first request for one
// question.
func TestWhatFailedInARoundIsAskedAgainInTheNext(t *testing.T) {
	work := t.TempDir()
	recordedWorld(t, work, "unused", 12, 0.5)
	var mu sync.Mutex
	refused, count := 0, 0
	s := evaltest.NewServer(t, func(evaltest.Body) evaltest.Reply {
		mu.Lock()
		defer mu.Unlock()
		count++
		return evaltest.Reply{Text: `\boxed{` + strconv.Itoa(2+count%2) + `}`}
	})
	s.Fault = func(w http.ResponseWriter, _ *http.Request, b evaltest.Body) bool {
		mu.Lock()
		defer mu.Unlock()
		if refused > 0 || !strings.HasPrefix(b.Messages[len(b.Messages)-1].Content, "2+0") {
			return false
		}
		refused++
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, `{"error":{"message":"no such model"}}`)
		return true
	}
	dir := filepath.Join(work, "run")
	code, _, errs := evalr(t, "run", "-m", "vllm:fake@"+s.API(), "-b", filepath.Join(work, "p.jsonl"), "--out", dir, "--until", "1pp", "--k-max", "8")
	require.Zero(t, code, errs)
	assert.Equal(t, 1, refused)
	twice := 0
	for k, n := range attemptKeys(t, dir) {
		if n == 2 {
			twice++
			assert.Equal(t, "0", k.Problem)
		}
	}
	assert.Equal(t, 1, twice)
	assert.Len(t, s.Bodies(), adaptiveOf(t, dir).Spent+1, "and nothing else is asked twice")
}

// TestInterruptingALaterRound sends Ctrl-C once the second round waits for a
// server that answers the first alone.
func TestInterruptingALaterRound(t *testing.T) {
	work := t.TempDir()
	recordedWorld(t, work, "unused", 10, 0.5)
	var asked atomic.Int32
	hang, second := make(chan struct{}), make(chan struct{}, 100)
	s := evaltest.NewServer(t, func(evaltest.Body) evaltest.Reply {
		n := asked.Add(1)
		if n > 40 {
			second <- struct{}{}
			<-hang
		}
		return evaltest.Reply{Text: `\boxed{` + strconv.Itoa(2+int(n)%2) + `}`}
	})
	t.Cleanup(func() { s.CloseClientConnections() })
	t.Cleanup(func() { close(hang) })
	go func() {
		<-second
		_ = syscall.Kill(os.Getpid(), syscall.SIGINT)
	}()
	dir := filepath.Join(work, "run")
	code, out, errs := evalr(t, "run", "-m", "vllm:fake@"+s.API(), "-b", filepath.Join(work, "p.jsonl"), "--out", dir, "--until", "1pp")
	assert.Equal(t, exitInterrupted, code, errs)
	assert.Contains(t, errs, "resume with: evalr run -f ")
	assert.Contains(t, out, "goes on")
	assert.Len(t, attemptKeys(t, dir), 40)
	assert.Equal(t, 40, adaptiveOf(t, dir).Spent)
}

// killAt kills a process once a file has grown by so many lines.
func killAt(ended context.Context, c *exec.Cmd, path string, lines int) {
	count := func() int {
		text, _ := os.ReadFile(path)
		return bytes.Count(text, []byte("\n"))
	}
	go func(begun int) {
		for ended.Err() == nil && count() < begun+lines {
			time.Sleep(time.Millisecond)
		}
		_ = c.Process.Signal(syscall.SIGKILL)
	}(count())
}

// TestKill9OfAnAdaptiveRun kills a run at random moments; resumed, it makes the
// very attempts of a run that was left alone.
func TestKill9OfAnAdaptiveRun(t *testing.T) {
	work := t.TempDir()
	recordedWorld(t, work, "m", 150, 0.5)
	binary := filepath.Join(work, "evalr")
	out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	command := func(dir string) *exec.Cmd {
		c := exec.Command(binary, "run", "-q", "-m", "replay:m.jsonl", "-b", "p.jsonl", "--out", dir, "--until", "±0.8pp", "--json")
		c.Dir = work
		return c
	}
	whole := filepath.Join(work, "whole")
	out, err = command(whole).CombinedOutput()
	require.NoError(t, err, string(out))
	kills := 4
	if k, err := strconv.Atoi(os.Getenv("EVALR_KILLS")); err == nil {
		kills = k
	}
	dir := filepath.Join(work, "killed")
	partly := 0
	for range kills {
		c := command(dir)
		require.NoError(t, c.Start())
		ended, end := context.WithCancel(t.Context())
		killAt(ended, c, filepath.Join(dir, "attempts.jsonl"), 1+rand.IntN(300))
		if c.Wait() != nil {
			partly++
		}
		end()
	}
	assert.Positive(t, partly, "no run was cut off")
	out, err = command(dir).CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Equal(t, attemptKeys(t, whole), attemptKeys(t, dir), "the same attempts, each once")
	assert.Equal(t, adaptiveOf(t, whole), adaptiveOf(t, dir))
	assert.Greater(t, adaptiveOf(t, dir).Rounds, 2)
}

func TestParsePoints(t *testing.T) {
	for _, text := range []string{"±2pp", "2pp", "2%", "0.02", "+-2pp", "± 2 pp", " .02 "} {
		x, err := parsePoints(text)
		require.NoError(t, err, text)
		assert.InDelta(t, 0.02, x, 1e-12, text)
	}
	for _, text := range []string{"", "2", "pp", "-1pp", "0", "60pp", "NaN", "inf", "2ppp", "two"} {
		_, err := parsePoints(text)
		assert.Error(t, err, text)
	}
}
