package leaderboard_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

func TestChartsShowTheBoard(t *testing.T) {
	b := sampled(t, leaderboard.Options{})
	scores := written(t, leaderboard.SVG, b, leaderboard.Layout{})
	assert.Equal(t, scores, written(t, leaderboard.SVG, b, leaderboard.Layout{Plot: "scores"}))
	for _, s := range []string{"aime25", "humaneval", "science-own", "o4-mini@effort=high", "76.7", "published by others"} {
		assert.Contains(t, scores, s)
	}
	tradeoff := written(t, leaderboard.SVG, b, leaderboard.Layout{Plot: "tradeoff"})
	assert.Contains(t, tradeoff, "left out, lacking a benchmark: 2 of 5 models")
	assert.NotContains(t, tradeoff, "DeepSeek-R1 (DeepSeek)", "what others have published has no tokens")
	lengths := written(t, leaderboard.SVG, b, leaderboard.Layout{Plot: "lengths"})
	for _, s := range []string{"Qwen/Qwen3-8B, aime25", "truncated", ">45<"} {
		assert.Contains(t, lengths, s)
	}
	var out bytes.Buffer
	require.ErrorContains(t, leaderboard.SVG(&out, b, leaderboard.Layout{Plot: "score"}), "did you mean scores")
}

func TestAChartOfNothingIsStillAChart(t *testing.T) {
	for _, plot := range leaderboard.PlotNames() {
		for _, b := range []leaderboard.Board{{}, build(t, source(try("m", "b", 1, 0, "error"))), build(t, source(try("m", "b", 1, 0, eval.Correct)))} {
			assert.True(t, strings.HasPrefix(written(t, leaderboard.SVG, b, leaderboard.Layout{Plot: plot}), "<svg"), plot)
		}
	}
}
