package benchmarks_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/scoring"
)

// judging has one judge, which finds all answers right and keeps its last question.
func judging(last *string) scoring.Tools {
	return scoring.Tools{Judge: scoring.Judge{Runners: []eval.Runner{evaltest.Runner{Label: "j", F: func(_ context.Context, q eval.Request) (eval.Response, error) {
		*last = q.Messages[0].Content
		return eval.Response{Raw: `{"verdict":"correct"}`, Stop: eval.StopEnd}, nil
	}}}}}
}

func TestAFileIsJudgedByAModel(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(`{"scorer":"judge","rubric":"RUBRIC OF THE FILE"}
{"id":"a","question":"Why?","answer":"flutter"}
{"id":"b","question":"Prove it.","rubric":"RUBRIC OF THE ROW"}
{"id":"c","question":"2+2?","answer":4,"scorer":"math"}
{"id":"d","question":"Which?","answer":"A","choices":["x","y"]}
`), 0o644))
	var last string
	b, err := benchmarks.File(path, judging(&last))
	require.NoError(t, err)
	evaltest.BenchmarkContract(t, unproven(b), eval.Data{})
	set, err := b.Load(t.Context(), eval.Data{})
	require.NoError(t, err)
	require.Len(t, set.Problems, 4, "the first row is no problem")
	for i, rubric := range []string{"RUBRIC OF THE FILE", "RUBRIC OF THE ROW", "", "RUBRIC OF THE FILE"} {
		last = ""
		p := set.Problems[i]
		v, err := b.Scorer.Score(t.Context(), p, eval.Response{Text: `\boxed{4}`, State: eval.ThoughtClosed})
		require.NoError(t, err, p.ID)
		assert.Equal(t, eval.Correct, v.Outcome)
		assert.Equal(t, rubric != "", v.Judging != nil, p.ID)
		assert.Contains(t, last, rubric)
		assert.Equal(t, rubric == "", eval.Unasked(b.Scorer, p) != nil, "guesses are not sent to judges")
	}
	assert.Contains(t, b.Prompt(set.Problems[3])[0].Content, "A. x")
}

// unproven gives a benchmark whose problems all have golds, as the contract wants it.
func unproven(b eval.Benchmark) eval.Benchmark {
	load := b.Load
	b.Load = func(ctx context.Context, from eval.Data) (eval.Set, error) {
		set, err := load(ctx, from)
		set.Problems = append(set.Problems[:1:1], set.Problems[2:]...)
		return set, err
	}
	return b
}

func TestAFileThatCannotBeJudged(t *testing.T) {
	var last string
	path := filepath.Join(t.TempDir(), "mine.jsonl")
	for text, says := range map[string]string{
		`{"question":"a","scorer":"judge"}`:                                    `mine.jsonl:1: a judge has nothing to go by`,
		`{"question":"a","answer":1,"rubric":"r"}`:                             `mine.jsonl:1: a rubric is for judges alone`,
		`{"question":"a","tests":[{"input":"","output":""}],"scorer":"judge"}`: `a judge runs no tests`,
		`{"scorer":"judge","rubric":"r"}`:                                      "holds no problem",
		`{"question":"a","answer":1,"scorer":"juge"}`:                          `unknown scorer "juge"`,
		`{"question":"a","answer":1,"rubrik":"r"}`:                             "did you mean rubric",
	} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		_, err := benchmarks.File(path, judging(&last))
		assert.ErrorContains(t, err, says, text)
	}
	require.NoError(t, os.WriteFile(path, []byte(`{"question":"a","answer":1,"scorer":"judge"}`), 0o644))
	_, err := benchmarks.File(path, scoring.Tools{})
	require.ErrorContains(t, err, "--judge KIND:MODEL")
}
