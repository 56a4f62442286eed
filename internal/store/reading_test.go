package store_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/store"
)

var campaign = evaltest.Campaign{Models: 2, Benchmarks: 4, Problems: 30, Trials: 10}

// TestACampaignIsReadAsItWasRecorded looks at order, at attempts that were made
// again, and at all that is recorded of an attempt.
func TestACampaignIsReadAsItWasRecorded(t *testing.T) {
	dir, j := create(t)
	var order []eval.Key
	newest := map[eval.Key]eval.Attempt{}
	failedOnce := 0
	for m := range campaign.Models {
		for a := range campaign.Attempts(m) {
			require.NoError(t, j.Append(a))
			if _, again := newest[a.Key]; again {
				failedOnce++
			}
			order = append(order, a.Key)
			a.Request, a.Response.Raw = eval.Request{}, ""
			newest[a.Key] = a
		}
	}
	require.NoError(t, j.Close())
	require.Positive(t, failedOnce)
	last := map[eval.Key]int{}
	for i, k := range order {
		last[k] = i
	}
	var want []eval.Attempt
	for i, k := range order {
		if last[k] == i {
			want = append(want, newest[k])
		}
	}
	got := attempts(t, dir)
	require.Len(t, got, len(want))
	for i := range want { // one by one, because a difference of all takes minutes to show
		require.Equal(t, want[i], got[i])
	}
}

func TestATornLineBehindAFailureDoesNotHideIt(t *testing.T) {
	dir, j := create(t)
	require.NoError(t, j.Append(failed(1)))
	require.NoError(t, j.Append(attempt(2)))
	require.NoError(t, j.Close())
	f, err := os.OpenFile(filepath.Join(dir, "attempts.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(`{"benchmark":"b","problem":"1","model":"m","trial":1,"outcome":"correct"` + "\x00\x00\n")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	got := attempts(t, dir)
	require.Len(t, got, 2)
	assert.NotNil(t, got[0].Err)
}

// TestAnOpenedRunStaysWhatItWas reads while a failed attempt is made again.
func TestAnOpenedRunStaysWhatItWas(t *testing.T) {
	dir, j := create(t)
	require.NoError(t, j.Append(failed(1)))
	run, err := store.Open(dir)
	require.NoError(t, err)
	require.NoError(t, j.Append(attempt(1)))
	require.NoError(t, j.Close())
	n := 0
	for a, err := range run.Attempts() {
		require.NoError(t, err)
		assert.NotNil(t, a.Err)
		n++
	}
	assert.Equal(t, 1, n)
	assert.Nil(t, attempts(t, dir)[0].Err)
}

func TestARunIsReadWhileItIsWritten(t *testing.T) {
	dir, j := create(t)
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := range 2000 {
			assert.NoError(t, j.Append(attempt(i)))
		}
	})
	seen := 0
	for range 20 {
		got := attempts(t, dir)
		for i, a := range got {
			require.Equal(t, attempt(i).Key, a.Key)
		}
		require.GreaterOrEqual(t, len(got), seen)
		seen = len(got)
	}
	writer.Wait()
	require.NoError(t, j.Close())
	assert.Len(t, attempts(t, dir), 2000)
}

func TestALineOfAnotherProgramIsReadAmongOurs(t *testing.T) {
	dir, j := create(t)
	for i := range 3 {
		require.NoError(t, j.Append(attempt(i)))
	}
	require.NoError(t, j.Close())
	path := filepath.Join(dir, "attempts.jsonl")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	want := attempts(t, dir)
	first := bytes.IndexByte(text, '\n')
	var row map[string]any // its fields are written in the order of the alphabet
	require.NoError(t, json.Unmarshal(text[:first], &row))
	other, err := json.Marshal(row)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, append(other, text[first:]...), 0o644))
	assert.Equal(t, want, attempts(t, dir))
}

func TestMeasuresCanBeLeftOut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	j, err := store.Create(dir, store.Manifest{Name: "x"})
	require.NoError(t, err)
	odd := eval.Attempt{Key: eval.Key{Benchmark: "b", Problem: "1", Model: "m"}, Measures: map[string]float64{`a}b`: 1, "c": 2}, Verdict: eval.Verdict{Outcome: eval.Correct, Score: 1, Why: "odd"}}
	usual := odd
	usual.Key.Problem, usual.Measures = "2", map[string]float64{"c": 2, "d": 3.5}
	require.NoError(t, j.Append(odd))
	require.NoError(t, j.Append(usual))
	require.NoError(t, j.Close())
	run, err := store.Open(dir)
	require.NoError(t, err)
	for a, err := range run.Attempts() {
		require.NoError(t, err)
		assert.Len(t, a.Measures, 2)
	}
	n := 0
	for a, err := range run.WithoutMeasures().Attempts() {
		require.NoError(t, err)
		n++
		assert.Equal(t, "odd", a.Verdict.Why)
		if a.Key.Problem == "2" {
			assert.Empty(t, a.Measures)
		}
	}
	assert.Equal(t, 2, n, "a brace in a name loses no attempt")
}
