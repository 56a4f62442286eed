package leaderboard_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/leaderboard/reference"
)

func TestPublishedScoresStandApart(t *testing.T) {
	s := source(try("m", "aime25", 1, 0, eval.Correct), try("m", "aime25", 2, 0, eval.Incorrect), try("n", "aime25", 1, 0, eval.Correct), try("n", "aime25", 2, 0, eval.Correct))
	b, err := leaderboard.Build([]leaderboard.Source{s}, leaderboard.Options{By: leaderboard.ByDomain})
	require.NoError(t, err)
	before := written(t, leaderboard.JSON, leaderboard.Board{Rows: b.Rows, Groups: b.Groups}, leaderboard.Layout{})
	scores := []reference.Score{
		{Model: "A", Benchmark: "aime25", Metric: "pass@1", Value: 70, ReportedBy: "DeepSeek", Source: "a card", Effort: "high", Window: "2408-2505"},
		{Model: "A", Benchmark: "aime25", Metric: "pass@1", Value: 60, ReportedBy: "MiniMax", Source: "another"},
		{Model: "A", Benchmark: "aime25", Metric: "cons@64", Value: 90, ReportedBy: "DeepSeek", Source: "a card"},
		{Model: "A", Benchmark: "math500", Metric: "pass@1", Value: 97, ReportedBy: "DeepSeek", Source: "a card"},
	}
	measured := b.Rows
	b.Publish(scores)
	require.Len(t, b.Rows, 4, "cons@64 is another thing, and math500 was not measured")
	assert.Equal(t, []string{"n", "A (DeepSeek, high, 2408-2505)", "A (MiniMax)", "m"},
		[]string{b.Rows[0].Model, b.Rows[1].Model, b.Rows[2].Model, b.Rows[3].Model})
	r := b.Rows[1]
	assert.InDelta(t, 0.7, *r.Score, 1e-12)
	assert.Nil(t, r.Rank)
	assert.Nil(t, r.CILow)
	assert.Equal(t, "a card", r.ThirdParty.Source)
	assert.Equal(t, "DeepSeek", r.ThirdParty.ReportedBy)
	assert.Equal(t, before, written(t, leaderboard.JSON, leaderboard.Board{Rows: measured, Groups: b.Groups}, leaderboard.Layout{}), "what was measured is as it was")
	out := written(t, leaderboard.JSON, b, leaderboard.Layout{})
	assert.Contains(t, out, `"reported_by": "MiniMax"`)
	assert.NotContains(t, written(t, leaderboard.JUnit, b, leaderboard.Layout{}), "MiniMax")
	assert.NotContains(t, written(t, leaderboard.ModelIndex, b, leaderboard.Layout{}), "MiniMax")
	assert.Contains(t, written(t, leaderboard.CSV, b, leaderboard.Layout{}), ",another,MiniMax,")
}

func TestABenchmarkOfOnesOwnIsNotAPublishedOne(t *testing.T) {
	s := source(try("m", "aime25", 1, 0, eval.Correct))
	s.Benchmarks = map[string]leaderboard.BenchmarkInfo{"aime25": {Domain: "custom"}}
	b := build(t, s)
	b.Publish([]reference.Score{{Model: "A", Benchmark: "aime25", Metric: "pass@1", Value: 70, ReportedBy: "DeepSeek", Source: "a card"}})
	assert.Len(t, b.Rows, 1)
}

func TestAScoreThatWasComparedWithNoneDoesNotStandOut(t *testing.T) {
	b := build(t, source(try("m", "aime25", 1, 0, eval.Correct)))
	b.Publish([]reference.Score{{Model: "A", Benchmark: "aime25", Metric: "pass@1", Value: 70, ReportedBy: "DeepSeek", Source: "a card"}})
	assert.NotContains(t, written(t, leaderboard.Text, b, leaderboard.Layout{}), "▸")
}
