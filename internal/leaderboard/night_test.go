package leaderboard_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

// with gives a night another model or benchmark beside its own.
func with(n leaderboard.Night, model, benchmark string) leaderboard.Night {
	attempts := n.Attempts
	n.Attempts = func(yield func(eval.Attempt, error) bool) {
		for a, err := range attempts {
			if !yield(a, err) {
				return
			}
		}
		for i := range 30 {
			if !yield(try(model, benchmark, i, 0, eval.Correct), nil) {
				return
			}
		}
	}
	n.Models = map[string]leaderboard.ModelInfo{"m": n.Models["m"], model: {Kind: "vllm", PresetHash: "sha256:2"}}
	n.Benchmarks = map[string]leaderboard.BenchmarkInfo{"b": n.Benchmarks["b"], benchmark: {Digest: "sha256:1", Policy: "{}"}}
	return n
}

func judgeNight(t *testing.T, now leaderboard.Night, earlier ...leaderboard.Night) leaderboard.Gate {
	g, err := leaderboard.JudgeNight(now.Source, earlier, leaderboard.GateOptions{})
	require.NoError(t, err)
	return g
}

func TestWhatANightWasNotAskedForIsNotMissing(t *testing.T) {
	for what, before := range map[string]leaderboard.Night{
		"old at b": with(night(1, 25, leaderboard.First), "old", "b"),
		"m at old": with(night(1, 25, leaderboard.First), "m", "old"),
	} {
		g := judgeNight(t, night(2, 25, ""), before)
		assert.Contains(t, []leaderboard.Decision{leaderboard.Pass, leaderboard.Inconclusive}, g.Decision, what)
		assert.Contains(t, g.Warnings, what+" was not asked for in this run, and is not compared")
	}
	asked := night(2, 25, "")
	asked.Models["old"] = leaderboard.ModelInfo{}
	g := judgeNight(t, asked, with(night(1, 25, leaderboard.First), "old", "b"))
	assert.Equal(t, leaderboard.Infrastructure, g.Decision, "it was to be measured")
}

func TestAnotherLabelBeginsANewBaseline(t *testing.T) {
	named := func(day int) leaderboard.Night {
		n := with(night(day, 0, ""), "new", "b")
		attempts := n.Attempts
		n.Attempts = func(yield func(eval.Attempt, error) bool) {
			for a, err := range attempts {
				if a.Key.Model == "new" && !yield(a, err) {
					return
				}
			}
		}
		delete(n.Models, "m")
		return n
	}
	nights := []leaderboard.Night{night(1, 25, leaderboard.First), named(2), named(3)}
	require.NoError(t, leaderboard.Settle(nights, leaderboard.GateOptions{}))
	assert.Equal(t, leaderboard.Refused, nights[1].Gate.Decision)
	assert.NotEqual(t, leaderboard.Refused, nights[2].Gate.Decision)
	assert.NotEqual(t, leaderboard.Infrastructure, nights[2].Gate.Decision)
}

func TestABenchmarkThatChangedLeavesTheOthersTheirNights(t *testing.T) {
	var nights []leaderboard.Night
	for day := range 5 {
		nights = append(nights, with(night(day+1, 25, leaderboard.Pass), "m", "other"))
	}
	tonight := with(night(6, 25, ""), "m", "other")
	tonight.Benchmarks["other"] = leaderboard.BenchmarkInfo{Digest: "sha256:new", Policy: "{}"}
	g := judgeNight(t, tonight, nights...)
	assert.Equal(t, leaderboard.Refused, g.Decision)
	assert.Len(t, g.Baselines, 5)
	assert.Contains(t, g.Paragraph(), "Not all could be compared: m at other")
}

func TestARegressionBesideARefusalIsNoBaseline(t *testing.T) {
	both := night(2, 9, leaderboard.Refused)
	both.Gate.Cells = []leaderboard.GateCell{{Model: "m", Benchmark: "b", Decision: leaderboard.Regression}}
	nights := []leaderboard.Night{night(1, 25, leaderboard.Pass), both}
	assert.Equal(t, []string{"01"}, names(leaderboard.Baselines(night(3, 25, "").Source, nights)))
}

func TestANightThatCannotBeReadStopsNoOther(t *testing.T) {
	broken := night(2, 25, leaderboard.Pass)
	broken.Attempts = func(yield func(eval.Attempt, error) bool) { yield(eval.Attempt{}, errors.New("line 5: rubbish")) }
	nights := []leaderboard.Night{night(1, 25, leaderboard.First), broken, night(3, 25, "")}
	tonight := judgeNight(t, nights[2], nights[:2]...)
	assert.Equal(t, []string{"nights/2026-11-01"}, tonight.Baselines)
	assert.Contains(t, tonight.Warnings, "baseline nights/2026-11-02 is left out: read nights/2026-11-02: line 5: rubbish")
	h, err := leaderboard.BuildHistory(nights, leaderboard.GateOptions{})
	require.NoError(t, err)
	assert.Equal(t, leaderboard.Infrastructure, h.Nights[1].Decision)
	assert.Equal(t, []string{"nights/2026-11-01"}, nights[2].Gate.Baselines)
	g, err := leaderboard.JudgeNight(broken.Source, nights[:1], leaderboard.GateOptions{})
	require.NoError(t, err)
	assert.Equal(t, leaderboard.Infrastructure, g.Decision)
}

func TestOnlyWhatWasSuspectedIsConfirmed(t *testing.T) {
	cells := func(a, b leaderboard.Decision) leaderboard.Gate {
		return leaderboard.Gate{Decision: leaderboard.Regression, Cells: []leaderboard.GateCell{{Model: "m", Benchmark: "a", Decision: a}, {Model: "m", Benchmark: "b", Decision: b}}}
	}
	first := cells(leaderboard.Regression, leaderboard.Pass)
	g := cells(leaderboard.Pass, leaderboard.Regression).Confirm(first)
	assert.Equal(t, leaderboard.Inconclusive, g.Decision)
	assert.False(t, g.Suspects())
	g = cells(leaderboard.Regression, leaderboard.Regression).Confirm(first)
	assert.Equal(t, leaderboard.Regression, g.Decision)
	assert.Len(t, g.Reasons, 1)
}

func TestAnAcceptedLevelIsNotWorseAnyMore(t *testing.T) {
	accepted := night(2, 9, leaderboard.Regression)
	accepted.Accepted = true
	h, err := leaderboard.BuildHistory([]leaderboard.Night{night(1, 25, leaderboard.First), accepted}, leaderboard.GateOptions{})
	require.NoError(t, err)
	assert.Empty(t, h.Series[0].FirstRegression)
	assert.Equal(t, []string{"2026-11-02"}, h.Series[0].Regressions)
	var badge bytes.Buffer
	require.NoError(t, leaderboard.Badge(&badge, h))
	assert.JSONEq(t, `{"schemaVersion":1,"label":"evalr","message":"30.0% (new level)","color":"blue"}`, badge.String())
	badge.Reset()
	h, err = leaderboard.BuildHistory([]leaderboard.Night{night(1, 30, "")}, leaderboard.GateOptions{})
	require.NoError(t, err)
	require.NoError(t, leaderboard.Badge(&badge, h))
	assert.Contains(t, badge.String(), "first night", "nothing was compared that could pass")
}

func TestTheSameWarningOfManyCellsIsSaidOnce(t *testing.T) {
	now, then := with(night(2, 25, ""), "m", "other"), with(night(1, 25, leaderboard.First), "m", "other")
	now.Version, then.Version = "1.1", "1.0"
	g := judgeNight(t, now, then)
	require.Len(t, g.Warnings, 2)
	assert.Contains(t, g.Warnings[0], "evalr 1.1 made this run, evalr 1.0 nights/2026-11-01")
	assert.Equal(t, "m at b, m at other: not known of both sides, and so not compared: the engine", g.Warnings[1])
}
