package store

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
)

// campaignLines are lines as Append writes them.
func campaignLines(t testing.TB) []string {
	t.Helper()
	var out []string
	offset := int64(0)
	for a := range (evaltest.Campaign{Models: 1, Benchmarks: 4, Problems: 20, Trials: 5}).Attempts(0) {
		r := recordOf(a)
		r.Transcript = span{offset, 200}
		offset += 200
		line, err := marshalLine(r)
		require.NoError(t, err)
		out = append(out, string(line))
	}
	return out
}

// oddAttempts are what a run may well record, but seldom does.
func oddAttempts() []eval.Attempt {
	key := eval.Key{Benchmark: "b", Problem: "p", Model: "m", Trial: 3}
	n := 7
	return []eval.Attempt{
		{Key: key},
		{Key: key, Verdict: eval.Verdict{Outcome: eval.Correct, Score: 0.125, Answer: "a<b & \"c\"\\\n\u2028 é 汉 \x01 \xff", Why: "é"}},
		{Key: key, Verdict: eval.Verdict{Warnings: []string{"", "\t"}, Checks: []eval.Check{{Name: "", OK: true}, {Note: "x\ny"}}}},
		{Key: key, Measures: map[string]float64{"": 0, "a}b:c": -1e-9, "tiny": 5e-324, "huge": 1.7e308, "third": 1. / 3, "\\": 1e21}},
		{Key: key, Response: eval.Response{Usage: eval.Usage{Estimated: true}}},
		{Key: key, Response: eval.Response{Usage: eval.Usage{Output: &n}, Timing: eval.Timing{Total: time.Nanosecond}}},
		{Key: key, Response: eval.Response{Timing: eval.Timing{Queue: time.Hour}, Model: "m", Fingerprint: "f"}},
		{Key: key, Err: &eval.Failure{Kind: eval.FailServer, Message: "said \"no\"\n"}, Started: time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))},
		{Key: key, Err: &eval.Failure{Kind: eval.FailRateLimit, Message: "429", Tries: 7, Status: 429, Hint: "fewer at \"once\""}, Response: eval.Response{Tries: 7}, Verdict: eval.Verdict{Judging: &eval.Judging{Calls: 2}}},
		{Key: key, Response: eval.Response{Tries: 2, Cached: true, Timing: eval.Timing{FirstAnswer: time.Minute, Gaps: eval.Gaps{N: 1}}}},
		{Key: key, Response: eval.Response{Timing: eval.Timing{
			Queue: 1, FirstToken: 7 * time.Microsecond, FirstAnswer: 2 * time.Second, Total: time.Hour,
			Gaps: eval.Gaps{N: 31000, P50: 20 * time.Millisecond, P99: time.Second, Max: 3 * time.Minute},
		}}},
		{Key: key, Verdict: eval.Verdict{Outcome: eval.Correct, Score: 1, Checks: []eval.Check{{Name: "judge:j", OK: true, Note: "correct: \"x\""}}, Judging: &eval.Judging{Cost: new(1e-7), Prompt: 1200, Output: 80, Calls: 3, Second: true}}},
		{Key: eval.Key{Benchmark: "ü", Problem: `a"b`, Model: "x\\y", Trial: -1}, Err: &eval.Failure{Tries: 2}},
	}
}

func TestLinesOfARunAreReadQuicklyAndRight(t *testing.T) {
	lines := campaignLines(t)
	for _, a := range oddAttempts() {
		line, err := marshalLine(recordOf(a))
		require.NoError(t, err)
		lines = append(lines, string(line))
	}
	d := newDecoder()
	for _, line := range lines {
		var quick, slow record
		require.True(t, d.quick([]byte(line), &quick), line)
		require.NoError(t, json.Unmarshal([]byte(line), &slow))
		require.Equal(t, slow, quick)
		again, err := marshalLine(quick)
		require.NoError(t, err)
		if !strings.Contains(line, `\u`) {
			require.Equal(t, line, string(again))
		}
	}
}

func TestLinesOfOthersAreRead(t *testing.T) {
	const whole = `{"benchmark":"b","problem":"p","model":"m","trial":2,"outcome":"correct","score":1,"measures":{"a":1},"started":"2026-01-02T03:04:05Z","transcript":{"offset":0,"length":9}}` + "\n"
	d := newDecoder()
	var want record
	require.True(t, d.quick([]byte(whole), &want))
	for name, line := range map[string]string{
		"another order":    `{"problem":"p","benchmark":"b","model":"m","trial":2,"score":1,"outcome":"correct","measures":{"a":1},"transcript":{"length":9,"offset":0},"started":"2026-01-02T03:04:05Z"}` + "\n",
		"spaces":           strings.ReplaceAll(whole, `":`, `": `),
		"an unknown field": strings.Replace(whole, `,"score"`, `,"new":{"x":[1]},"score"`, 1),
		"a carriage":       strings.Replace(whole, "\n", "\r\n", 1),
		"an escaped name":  strings.Replace(whole, `"score"`, `"\u0073core"`, 1),
		"a null":           strings.Replace(whole, `,"score"`, `,"why":null,"score"`, 1),
		"said twice":       strings.Replace(whole, `"trial":2`, `"trial":1,"trial":2`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			assert.False(t, d.quick([]byte(line), &record{}))
			var got record
			require.NoError(t, d.record([]byte(line), &got))
			assert.Equal(t, want, got)
		})
	}
	for _, line := range []string{"", "\n", "null x\n", whole[:len(whole)-2] + "\n", whole + whole, strings.Replace(whole, `"trial":2`, `"trial":02`, 1), strings.Replace(whole, `"score":1`, `"score":+1`, 1), strings.Replace(whole, `"score":1`, `"score":1.`, 1)} {
		require.Error(t, d.record([]byte(line), &record{}), line)
	}
}

// TestABoardsReaderPassesOverWhatItDoesNotNeed looks whether all but measures and
// gaps is read as ever.
func TestABoardsReaderPassesOverWhatItDoesNotNeed(t *testing.T) {
	lean := newDecoder()
	lean.lean = true
	for _, a := range oddAttempts() {
		line, err := marshalLine(recordOf(a))
		require.NoError(t, err)
		if strings.Contains(string(line), `a}b`) {
			continue // a brace in a name is read the slow way
		}
		var got, want record
		require.True(t, lean.quick(line, &got), string(line))
		require.NoError(t, json.Unmarshal(line, &want))
		want.Measures = nil
		if want.Timing != nil {
			want.Timing.Gaps = nil
		}
		assert.Equal(t, want, got)
	}
}

// FuzzRecord looks whether the quick way, where it does not give up, is of one
// mind with encoding/json, and whether a head is of one mind with its record.
func FuzzRecord(f *testing.F) {
	for _, line := range campaignLines(f)[:200:200] {
		f.Add([]byte(line))
	}
	for _, a := range oddAttempts() {
		line, err := marshalLine(recordOf(a))
		require.NoError(f, err)
		f.Add(line)
	}
	d := newDecoder()
	f.Fuzz(func(t *testing.T, line []byte) {
		var quick, slow record
		if !d.quick(line, &quick) {
			return
		}
		require.NoError(t, json.Unmarshal(line, &slow))
		require.Equal(t, slow, quick)
		var h head
		require.NoError(t, d.head(line, &h))
		assert.Equal(t, quick.key(), h.key)
		assert.Equal(t, quick.Error != nil, h.failed)
	})
}
