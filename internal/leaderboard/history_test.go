package leaderboard_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/leaderboard"
)

// night makes a night of November on which a share of thirty problems was solved
// in both of two trials.
func night(day int, solved int, decision leaderboard.Decision) leaderboard.Night {
	var right []string
	for i := range 30 {
		right = append(right, map[bool]string{true: "11", false: "00"}[i < solved])
	}
	n := leaderboard.Night{Source: source(scores("m", right...)...), Label: fmt.Sprintf("2026-11-%02d", day)}
	n.Name, n.Date = "nights/"+n.Label, time.Date(2026, 11, day, 2, 0, 0, 0, time.UTC)
	n.Benchmarks = map[string]leaderboard.BenchmarkInfo{"b": {Digest: "sha256:1", Policy: "{}"}}
	n.Models = map[string]leaderboard.ModelInfo{"m": {Kind: "vllm", PresetHash: "sha256:2"}}
	if decision != "" {
		n.Gate = &leaderboard.Gate{Decision: decision}
	}
	return n
}

func names(sources []leaderboard.Source) []string {
	out := []string{}
	for _, s := range sources {
		out = append(out, s.Name[len("nights/2026-11-"):])
	}
	return out
}

func TestBaselinesAreTheSoundNightsThatWereMeasuredAlike(t *testing.T) {
	nights := []leaderboard.Night{
		night(1, 25, leaderboard.First), night(2, 25, leaderboard.Pass), night(3, 9, leaderboard.Infrastructure),
		night(4, 10, leaderboard.Regression), night(5, 25, leaderboard.Inconclusive), night(6, 25, leaderboard.Pass),
	}
	nights[5].Benchmarks = map[string]leaderboard.BenchmarkInfo{"b": {Digest: "sha256:other", Policy: "{}"}}
	tonight := night(7, 25, "")
	assert.Equal(t, []string{"05", "02", "01"}, names(leaderboard.Baselines(tonight.Source, nights)))

	nights[3].Accepted = true
	assert.Equal(t, []string{"05", "04"}, names(leaderboard.Baselines(tonight.Source, nights)), "an accepted level hides what was before it")

	changed := night(8, 25, "")
	changed.Models = map[string]leaderboard.ModelInfo{"m": {Kind: "vllm", PresetHash: "sha256:new"}}
	assert.Equal(t, []string{"06"}, names(leaderboard.Baselines(changed.Source, nights)), "the newest, so that the gate can say what differs")

	var many []leaderboard.Night
	for day := range 20 {
		many = append(many, night(day+1, 25, leaderboard.Pass))
	}
	assert.Len(t, leaderboard.Baselines(night(21, 25, "").Source, many), 7)
}

func TestAHistoryJudgesTheRunsOfWhichNothingWasSaid(t *testing.T) {
	h, err := leaderboard.BuildHistory([]leaderboard.Night{
		night(1, 27, ""), night(2, 27, ""), night(3, 26, ""), night(4, 9, ""), night(5, 9, ""),
	}, leaderboard.GateOptions{})
	require.NoError(t, err)
	assert.Equal(t, leaderboard.First, h.Nights[0].Decision)
	s := h.Series[0]
	assert.Equal(t, "2026-11-04", s.FirstRegression)
	assert.Equal(t, []string{"2026-11-04", "2026-11-05"}, s.Regressions)
	require.NotNil(t, s.Points[0].Score)
	assert.InDelta(t, 0.9, *s.Points[0].Score, 1e-12)
	assert.Less(t, *s.Points[0].Low, 0.9)
}

func TestAHistoryIsWritten(t *testing.T) {
	h, err := leaderboard.BuildHistory([]leaderboard.Night{
		night(1, 27, leaderboard.First), night(2, 26, leaderboard.Pass), night(3, 12, leaderboard.Infrastructure),
		night(4, 9, leaderboard.Regression), night(5, 28, leaderboard.Pass),
	}, leaderboard.GateOptions{})
	require.NoError(t, err)
	var text, md, svg, badge bytes.Buffer
	require.NoError(t, leaderboard.HistoryText(&text, h))
	assert.Contains(t, text.String(), "█▇ ▁█", "the broken night is a gap")
	assert.Contains(t, text.String(), "was worse: 2026-11-04")
	assert.Contains(t, text.String(), "- 2026-11-03: infrastructure")
	require.NoError(t, leaderboard.HistoryMarkdown(&md, h))
	assert.Contains(t, md.String(), "| m ")
	require.NoError(t, leaderboard.HistorySVG(&svg, h))
	require.NoError(t, xml.Unmarshal(svg.Bytes(), new(struct{})))
	require.NoError(t, leaderboard.Badge(&badge, h))
	assert.JSONEq(t, `{"schemaVersion":1,"label":"evalr","message":"93.3% (passing)","color":"brightgreen"}`, badge.String())
	badge.Reset()
	require.NoError(t, leaderboard.Badge(&badge, leaderboard.History{}))
	assert.Contains(t, badge.String(), "no runs")
}
