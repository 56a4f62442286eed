package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/scoring"
	"github.com/evalr/evalr/scoring/cot"
)

// rater is a judge that calls an answer correct if it has one of these words.
func rater(name string, words ...string) eval.Runner {
	return evaltest.Runner{Label: name, F: func(_ context.Context, q eval.Request) (eval.Response, error) {
		_, answer, _ := strings.Cut(q.Messages[0].Content, " ANSWER\n")
		_, answer, _ = strings.Cut(answer, " ANSWER\n") // behind the reference
		_, answer, _ = strings.Cut(answer, " ANSWER\n")
		verdict := `{"verdict":"incorrect","reason":"no"}`
		for _, w := range words {
			if strings.Contains(answer, w) {
				verdict = `{"verdict":"correct","reason":"yes"}`
			}
		}
		return eval.Response{Raw: verdict, Stop: eval.StopEnd, Cost: new(0.01), Usage: eval.Usage{Prompt: new(200), Output: new(10)}}, nil
	}}
}

// TestJudgesFromTheFileToTheBoard walks the whole path: a file judged by two models,
// the engine, the journal and the board.
func TestJudgesFromTheFileToTheBoard(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "mine.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(`{"scorer":"judge","rubric":"the cause"}
{"id":"0","question":"Why?","answer":"flutter"}
{"id":"1","question":"Why?","answer":"flutter"}
{"id":"2","question":"Why?","answer":"flutter"}
{"id":"3","question":"Why?","answer":"flutter"}
`), 0o644))
	b, err := benchmarks.File(path, scoring.Tools{Judge: scoring.Judge{Runners: []eval.Runner{rater("strict", "flutter"), rater("mild", "flutter", "wind")}}})
	require.NoError(t, err)
	set, err := b.Load(t.Context(), eval.Data{})
	require.NoError(t, err)
	answers := map[string]string{"0": "<think>wind?</think>flutter", "1": "the wind", "2": "an earthquake", "3": "aeroelastic flutter"}
	model := &engine.Model{Runner: evaltest.Runner{Label: "m", F: func(_ context.Context, q eval.Request) (eval.Response, error) {
		return eval.Response{Raw: answers[q.Key.Problem], Stop: eval.StopEnd, Cost: new(1.0)}, nil
	}}}
	plan, err := engine.Expand([]*engine.Model{model}, []*engine.Suite{{Benchmark: b, Problems: set.Problems}}, 1, nil)
	require.NoError(t, err)
	plan.Split, plan.Measure = cot.Split, cot.Measure
	run := filepath.Join(dir, "run")
	j, err := store.Create(run, store.Manifest{Name: "n", Status: "finished", Spec: json.RawMessage(`{}`)})
	require.NoError(t, err)
	for a := range engine.Run(t.Context(), plan) {
		require.NoError(t, j.Append(a))
	}
	require.NoError(t, j.Close())

	board, err := boardOf([]string{run}, leaderboard.Options{})
	require.NoError(t, err)
	require.Len(t, board.Rows, 1)
	row := board.Rows[0]
	assert.Equal(t, leaderboard.Outcomes{Correct: 2, Incorrect: 1, Error: 1}, row.Outcomes, "judges of two minds are an error")
	require.NotNil(t, row.Judges)
	assert.Equal(t, []any{[]string{"mild", "strict"}, 4, 8, 1600, 80}, []any{row.Judges.Names, row.Judges.Answers, row.Judges.Calls, row.Judges.Prompt, row.Judges.Output})
	assert.InDelta(t, 0.08, *row.Judges.Cost, 1e-9)
	assert.InDelta(t, 4, row.Cost.Total, 1e-9, "the model's own")
	require.Len(t, row.Judges.Pairs, 1)
	assert.InDelta(t, 0.75, row.Judges.Pairs[0].Agreement, 1e-9)
	assert.InDelta(t, 0.5, *row.Judges.Pairs[0].Kappa, 1e-9, "p_o 3/4, p_e (3·2 + 1·2)/16")
}
