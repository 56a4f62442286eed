package store_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/store"
)

func attempt(i int) eval.Attempt {
	n := 40 + i
	return eval.Attempt{
		Key:      eval.Key{Benchmark: "b", Problem: strconv.Itoa(i), Model: "m", Trial: i % 3},
		Request:  eval.Request{Messages: []eval.Message{{Role: eval.User, Content: "question " + strconv.Itoa(i)}}},
		Response: eval.Response{Raw: "<think>x</think>" + strings.Repeat("answer ", i%50), Reasoning: "r", State: eval.ThoughtClosed, Stop: eval.StopEnd, Usage: eval.Usage{Output: &n}, Timing: eval.Timing{Total: 1500 * time.Millisecond}},
		Verdict:  eval.Verdict{Outcome: eval.Correct, Score: 1, Answer: "a<b", Why: "boxed"},
		Started:  time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
}

func failed(i int) eval.Attempt {
	a := attempt(i)
	a.Verdict, a.Err = eval.Verdict{}, &eval.Failure{Kind: eval.FailServer, Message: "boom", Tries: 6}
	return a
}

func create(t *testing.T) (string, *store.Journal) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	j, err := store.Create(dir, store.Manifest{Name: "n", Status: "running", SpecHash: "h", Spec: json.RawMessage(`{}`), Started: time.Now()})
	require.NoError(t, err)
	return dir, j
}

func attempts(t *testing.T, dir string) []eval.Attempt {
	t.Helper()
	run, err := store.Open(dir)
	require.NoError(t, err)
	var out []eval.Attempt
	for a, err := range run.Attempts() {
		require.NoError(t, err)
		out = append(out, a)
	}
	return out
}

func TestWhatWasAppendedIsRead(t *testing.T) {
	dir, j := create(t)
	for i := range 20 {
		require.NoError(t, j.Append(attempt(i)))
	}
	assert.Len(t, attempts(t, dir), 20, "also before it is closed")
	require.NoError(t, j.Close())
	run, err := store.Open(dir)
	require.NoError(t, err)
	i := 0
	for a, err := range run.Transcripts() {
		require.NoError(t, err)
		want := attempt(i)
		want.Request.Key = want.Key
		assert.Equal(t, want, a)
		i++
	}
	assert.Equal(t, 20, i)
	a, err := run.Transcript(attempt(7).Key)
	require.NoError(t, err)
	assert.Equal(t, attempt(7).Response.Raw, a.Response.Raw)
	_, err = run.Transcript(eval.Key{Problem: "nope"})
	require.Error(t, err)
}

func TestTheJournalHasTheNamesOfTheContract(t *testing.T) {
	dir, j := create(t)
	require.NoError(t, j.Append(attempt(1)))
	require.NoError(t, j.Append(failed(2)))
	require.NoError(t, j.Close())
	f, err := os.Open(filepath.Join(dir, "attempts.jsonl"))
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // test
	lines := bufio.NewScanner(f)
	var rows []map[string]any
	for lines.Scan() {
		var row map[string]any
		require.NoError(t, json.Unmarshal(lines.Bytes(), &row))
		rows = append(rows, row)
	}
	require.Len(t, rows, 2)
	for _, name := range []string{"benchmark", "problem", "model", "trial", "outcome", "score", "answer", "why", "stop", "thought", "usage", "timing", "started", "transcript"} {
		assert.Contains(t, rows[0], name)
	}
	assert.Equal(t, map[string]any{"total_ms": 1500.0}, rows[0]["timing"])
	assert.Equal(t, map[string]any{"kind": "server", "message": "boom", "tries": 6.0}, rows[1]["error"])
	assert.NotContains(t, rows[1], "outcome")
	assert.NotContains(t, rows[1], "score")
}

func TestAFailedAttemptIsNotDoneAndItsSuccessorCounts(t *testing.T) {
	dir, j := create(t)
	require.NoError(t, j.Append(failed(1)))
	require.NoError(t, j.Append(attempt(2)))
	require.NoError(t, j.Close())
	j, err := store.Resume(dir)
	require.NoError(t, err)
	assert.Equal(t, map[eval.Key]bool{attempt(2).Key: true}, j.Done())
	require.NoError(t, j.Append(attempt(1)))
	require.NoError(t, j.Close())
	got := attempts(t, dir)
	require.Len(t, got, 2)
	for _, a := range got {
		assert.Nil(t, a.Err)
	}
}

// TestATornTailIsCutBack tears both files at every byte of the last record.
func TestATornTailIsCutBack(t *testing.T) {
	dir, j := create(t)
	require.NoError(t, j.Append(attempt(1)))
	size := func(name string) int64 {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		return info.Size()
	}
	files := []string{"attempts.jsonl", "transcripts.jsonl.zst"}
	before := []int64{size(files[0]), size(files[1])}
	require.NoError(t, j.Append(attempt(2)))
	require.NoError(t, j.Close())
	whole := make([][]byte, 2)
	for i, name := range files {
		var err error
		whole[i], err = os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
	}
	for i, name := range files {
		for cut := before[i]; cut < int64(len(whole[i])); cut++ {
			require.NoError(t, os.WriteFile(filepath.Join(dir, files[1-i]), whole[1-i], 0o644))
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), whole[i][:cut], 0o644))
			j, err := store.Resume(dir)
			require.NoError(t, err, "%s cut at %d", name, cut)
			assert.Equal(t, map[eval.Key]bool{attempt(1).Key: true}, j.Done())
			assert.NotEmpty(t, j.Repairs())
			require.NoError(t, j.Append(attempt(2)))
			require.NoError(t, j.Close())
			for k, name := range files {
				text, err := os.ReadFile(filepath.Join(dir, name))
				require.NoError(t, err)
				require.Equal(t, whole[k], text, "after the attempt is made again all is as before")
			}
		}
	}
}

func TestZeroesOfAPowerCutAreCutBack(t *testing.T) {
	dir, j := create(t)
	require.NoError(t, j.Append(attempt(1)))
	require.NoError(t, j.Append(attempt(2)))
	require.NoError(t, j.Close())
	path := filepath.Join(dir, "transcripts.jsonl.zst")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := len(text) - 20; i < len(text); i++ {
		text[i] = 0
	}
	require.NoError(t, os.WriteFile(path, text, 0o644))
	j, err = store.Resume(dir)
	require.NoError(t, err)
	assert.Len(t, j.Done(), 1)
	require.NoError(t, j.Close())
}

func TestDamageInTheMiddleIsNotCutAway(t *testing.T) {
	dir, j := create(t)
	for i := range 3 {
		require.NoError(t, j.Append(attempt(i)))
	}
	require.NoError(t, j.Close())
	path := filepath.Join(dir, "attempts.jsonl")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	text[len(text)/2] = 0
	require.NoError(t, os.WriteFile(path, text, 0o644))
	_, err = store.Resume(dir)
	require.ErrorContains(t, err, "line 2")
}

func TestTwoWritersAreOneTooMany(t *testing.T) {
	dir, j := create(t)
	_, err := store.Resume(dir)
	require.ErrorIs(t, err, store.ErrLocked)
	assert.Contains(t, err.Error(), strconv.Itoa(os.Getpid()))
	require.NoError(t, j.Close())
	j, err = store.Resume(dir)
	require.NoError(t, err)
	require.NoError(t, j.Close())
	_, err = store.Create(dir, store.Manifest{})
	require.Error(t, err)
	_, err = store.Open(t.TempDir())
	require.ErrorIs(t, err, store.ErrNotARun)
}

func TestProblemsAreRecordedOnce(t *testing.T) {
	dir, j := create(t)
	p := []eval.Problem{{ID: "1", Text: "q", Answer: []string{"a"}}}
	require.NoError(t, j.PutProblems("b", p))
	require.NoError(t, j.PutProblems("c", p))
	require.NoError(t, j.PutProblems("b", p))
	require.NoError(t, j.Close())
	run, err := store.Open(dir)
	require.NoError(t, err)
	got, err := run.Problems()
	require.NoError(t, err)
	assert.Equal(t, map[string][]eval.Problem{"b": p, "c": p}, got)
}

func TestTheNewestRescoreWins(t *testing.T) {
	dir, j := create(t)
	require.NoError(t, j.Append(attempt(1)))
	require.NoError(t, j.Append(attempt(2)))
	require.NoError(t, j.Close())
	for _, outcome := range []eval.Outcome{eval.NoAnswer, eval.Incorrect} {
		run, err := store.Open(dir)
		require.NoError(t, err)
		r, err := run.Rescore("test", nil)
		require.NoError(t, err)
		again := attempt(1)
		again.Verdict, again.Measures = eval.Verdict{Outcome: outcome}, map[string]float64{"candidates": 3}
		require.NoError(t, r.Append(again))
		require.NoError(t, r.Close())
	}
	got := attempts(t, dir)
	assert.Equal(t, []eval.Outcome{eval.Incorrect, eval.Correct}, []eval.Outcome{got[0].Verdict.Outcome, got[1].Verdict.Outcome})
	assert.Equal(t, map[string]float64{"candidates": 3}, got[0].Measures, "measures that enter a verdict are renewed with it")
}

func TestFindGivesTheNewestUnfinishedRun(t *testing.T) {
	root := t.TempDir()
	for i, status := range []string{"interrupted", "running", "finished"} {
		j, err := store.Create(filepath.Join(root, strconv.Itoa(i)), store.Manifest{SpecHash: "h", Status: status, Started: time.Unix(int64(i), 0)})
		require.NoError(t, err)
		require.NoError(t, j.Close())
	}
	dir, ok, err := store.Find(root, "h")
	require.NoError(t, err)
	assert.True(t, ok)
	assert.Equal(t, filepath.Join(root, "1"), dir)
	_, ok, err = store.Find(root, "other")
	require.NoError(t, err)
	assert.False(t, ok)
	_, ok, err = store.Find(filepath.Join(root, "none"), "h")
	require.NoError(t, err)
	assert.False(t, ok)
}

// TestKill9 kills a writer at random moments and looks whether a record that it
// had reported is missing, or any is there twice.
func TestKill9(t *testing.T) {
	if dir := os.Getenv("EVALR_TEST_WRITER"); dir != "" {
		write(dir)
		return
	}
	dir, j := create(t)
	require.NoError(t, j.Close())
	kills := 5
	if n, err := strconv.Atoi(os.Getenv("EVALR_KILLS")); err == nil {
		kills = n
	}
	reported := 0
	for range kills {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		c := exec.CommandContext(ctx, "/proc/self/exe", "-test.run", "^TestKill9$")
		c.Env = append(os.Environ(), "EVALR_TEST_WRITER="+dir)
		out, err := c.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, c.Start())
		lines := bufio.NewScanner(out)
		stop := reported + 1 + rand.IntN(300)
		for lines.Scan() {
			if n, err := strconv.Atoi(lines.Text()); err == nil {
				reported = n + 1
			}
			if reported >= stop {
				_ = c.Process.Signal(syscall.SIGKILL)
			}
		}
		_ = c.Wait()
		cancel()
		seen := map[eval.Key]bool{}
		for _, a := range attempts(t, dir) {
			assert.False(t, seen[a.Key], "%s twice", a.Key)
			seen[a.Key] = true
		}
		for i := range reported {
			assert.True(t, seen[attempt(i).Key], "%d is lost", i)
		}
	}
	assert.Positive(t, reported)
}

// write appends attempts without end, and reports each once it is recorded.
func write(dir string) {
	j, err := store.Resume(dir)
	if err != nil {
		panic(err)
	}
	done := j.Done()
	for i := range 1 << 20 {
		if done[attempt(i).Key] {
			continue
		}
		if err := j.Append(attempt(i)); err != nil {
			panic(err)
		}
		fmt.Println(i)
	}
}

func TestManyWritersOfOneJournal(t *testing.T) {
	dir, j := create(t)
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := range 50 {
				assert.NoError(t, j.Append(attempt(w*50+i)))
			}
		})
	}
	all.Wait()
	require.NoError(t, j.Close())
	assert.Len(t, attempts(t, dir), 400)
}

func TestAFullDiskLosesNothingThatWasRecorded(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounting a small disk needs root")
	}
	small := t.TempDir()
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("no small disk can be mounted: %v", err)
	}
	defer syscall.Unmount(small, 0) //nolint:errcheck // test
	dir := filepath.Join(small, "run")
	j, err := store.Create(dir, store.Manifest{Spec: json.RawMessage(`{}`)})
	require.NoError(t, err)
	recorded := 0
	for i := range 100000 {
		a := attempt(i)
		a.Response.Raw = strconv.FormatUint(rand.Uint64(), 36) + strconv.FormatUint(rand.Uint64(), 36)
		if err = j.Append(a); err != nil {
			break
		}
		recorded++
	}
	require.ErrorIs(t, err, syscall.ENOSPC)
	_ = j.Close()
	assert.Len(t, attempts(t, dir), recorded)
	j, err = store.Resume(dir)
	require.NoError(t, err)
	assert.Len(t, j.Done(), recorded)
	require.NoError(t, j.Close())
}

func BenchmarkAppend(b *testing.B) {
	j, err := store.Create(filepath.Join(b.TempDir(), "run"), store.Manifest{})
	require.NoError(b, err)
	a := attempt(7)
	a.Response.Raw = strings.Repeat("Natalia sold 48/2 = 24 clips in May. ", 20)
	for i := 0; b.Loop(); i++ {
		a.Key.Problem = strconv.Itoa(i)
		if err := j.Append(a); err != nil {
			b.Fatal(err)
		}
	}
	require.NoError(b, j.Close())
}
