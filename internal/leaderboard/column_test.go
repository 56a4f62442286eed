package leaderboard_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

// known is a source whose figures can be worked out by hand, of one model of
// which all is known and one of which nothing is.
func knownAndBare() leaderboard.Source {
	outcomes := [][]eval.Outcome{
		{eval.Correct, eval.Correct, eval.Incorrect, eval.Incorrect, "error"},
		{eval.Correct, eval.Incorrect, eval.Truncated, eval.NoAnswer},
	}
	var all []eval.Attempt
	n := 0
	for p, list := range outcomes {
		for k, o := range list {
			a := try("m", "b", p, k, o)
			a.Cost = pointer(0.01)
			if o != "error" {
				n++
				a.Response.Usage.Output = pointer(100 * n)
				a.Response.Timing = eval.Timing{FirstToken: 500 * time.Millisecond, Total: time.Duration(2*n) * time.Second}
				if o == eval.Correct || o == eval.Incorrect {
					a.Verdict.Canonical = string(o)
				}
			}
			if n == 1 {
				a.Measures = map[string]float64{"loops": 2}
				a.Verdict.Warnings = []string{"boxes_compete: 1, 2"}
				a.Verdict.Judging = &eval.Judging{Cost: pointer(0.25), Calls: 2}
				a.Verdict.Checks = []eval.Check{{Name: "judge:x", Note: "correct: a"}, {Name: "judge:y", Note: "incorrect: b"}}
			}
			all = append(all, a)
		}
		all = append(all, try("bare", "b", p, 0, eval.Incorrect))
	}
	s := source(all...)
	s.Date = time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC)
	s.Models = map[string]leaderboard.ModelInfo{"m": {
		Kind: "vllm", Engine: "vllm 0.11.0", Preset: "deepseek-r1", Facts: leaderboard.Facts{
			TotalParams: pointer(671.0), ActiveParams: pointer(37.0), OpenWeights: pointer(true), Compute: "2.788M H800 GPU hours", Released: "2025-01-20",
		}}}
	s.Benchmarks = map[string]leaderboard.BenchmarkInfo{"b": {Problems: []eval.Problem{{ID: "0", Date: "2024-05-01"}, {ID: "1"}}}}
	return s
}

// cellOf is what a column shows of a model.
func cellOf(t *testing.T, b leaderboard.Board, model, column string) string {
	t.Helper()
	columns, err := leaderboard.Columns([]string{"model", column})
	require.NoError(t, err)
	for _, line := range strings.Split(written(t, leaderboard.Markdown, b, leaderboard.Layout{Columns: columns}), "\n") {
		cells := strings.Split(strings.NewReplacer("**", "", "\u00a0", " ", "\u2011", "–", `\`, "").Replace(line), "|")
		if len(cells) > 3 && strings.TrimRight(strings.TrimSpace(cells[1]), "‡†§") == model {
			return strings.TrimSpace(cells[2])
		}
	}
	t.Fatalf("no row of %s", model)
	return ""
}

func TestEveryColumnShowsWhatIsKnownAndWhatIsNot(t *testing.T) {
	b, err := leaderboard.Build([]leaderboard.Source{knownAndBare()}, leaderboard.Options{Baseline: "bare"})
	require.NoError(t, err)
	want := map[string][2]string{ // of the model of which all is known, and of the bare one
		"rank": {"1 (1–2)", "2 (1–2)"}, "nk": {"2×4", "2×1"},
		"correct": {"37.5%", "0.0%"}, "truncated": {"12.5%", "0.0%"}, "no_answer": {"12.5%", "0.0%"}, "refused": {"0.0%", "0.0%"},
		"error": {"11.1%", "0.0%"}, "bounds": {"32.5–42.5", "–"},
		"tokens": {"450", "–"}, "tok/correct": {"1,200", "–"}, "p50": {"450", "–"}, "p90": {"730", "–"}, "p99": {"793", "–"},
		"p50-correct": {"200", "–"}, "p50-wrong": {"600", "–"},
		"cost": {"0.09", "–"}, "cost/correct": {"0.03", "–"}, "tok/s": {"50.0", "–"}, "ttft": {"0.50", "–"},
		"rating": {"–", "–"}, "judge-cost": {"0.25", "–"}, "judge-alpha": {"0.00", "–"},
		"delta": {"+37.5 [-100.0, +100.0]", "–"}, "p": {"0.50", "–"},
		"params": {"37B/671B", "–"}, "compute": {"2.788M H800 GPU hours", "–"}, "open": {"yes", "–"}, "released": {"2025-01-20", "–"},
		"engine": {"vllm 0.11.0", "–"}, "preset": {"deepseek-r1", "–"}, "date": {"2026-11-24", "2026-11-24"}, "warnings": {"1", "0"},
		"pass@1": {"37.5", "0.0"}, "pass@2": {"66.7", "n/a"}, "pass@8": {"n/a", "n/a"}, "pass^2": {"8.3", "n/a"},
		"cons@1": {"37.5", "0.0"}, "cons@4": {"50.0", "n/a"}, "maj@4": {"50.0", "n/a"}, "gpass@2:0.5": {"66.7", "n/a"}, "gpass@2:1": {"8.3", "n/a"},
		"cot.loops": {"2", "–"}, "cot.nothing": {"–", "–"},
	}
	for name, cells := range want {
		assert.Equal(t, cells[0], cellOf(t, b, "m", name), name)
		assert.Equal(t, cells[1], cellOf(t, b, "bare", name), name)
	}
	// Those whose figures the statistics make.
	assert.Regexp(t, `^37\.5 (±|\[)`, cellOf(t, b, "m", "score"))
	assert.Regexp(t, `^0\.0 \[0\.0, `, cellOf(t, b, "bare", "score"))
	assert.Regexp(t, `^\d+\.\d+$`, cellOf(t, b, "m", "rerun"))
	assert.Equal(t, "–", cellOf(t, b, "bare", "rerun"), "one trial a problem says nothing of a rerun")
	for _, name := range leaderboard.ColumnNames() {
		tested := name == "model" || name == "score" || name == "rerun"
		for column := range want {
			tested = tested || column == name || strings.HasSuffix(name, "@") && strings.HasPrefix(column, name) || strings.HasPrefix(column, name) && strings.ContainsAny(name, "^.")
		}
		assert.True(t, tested, "the column %s has no test", name)
	}
}

func TestMarksFollowTheName(t *testing.T) {
	b, err := leaderboard.Build([]leaderboard.Source{knownAndBare()}, leaderboard.Options{})
	require.NoError(t, err)
	assert.Contains(t, written(t, leaderboard.Text, b, leaderboard.Layout{}), "m‡†")
	out := written(t, leaderboard.Text, sampled(t, leaderboard.Options{}), leaderboard.Layout{})
	assert.Contains(t, out, "DeepSeek-R1 (DeepSeek)§")
	assert.Contains(t, out, "§ published by others")
}

func TestColumnsAreChosenAddedAndTakenAway(t *testing.T) {
	names := func(list ...string) []string {
		columns, err := leaderboard.Columns(list)
		require.NoError(t, err)
		var out []string
		for _, c := range columns {
			out = append(out, c.Name)
		}
		return out
	}
	assert.Equal(t, []string{"model", "pass@8"}, names("model", "pass@8"))
	assert.Contains(t, names("+ttft"), "score")
	assert.Contains(t, names("+ttft"), "ttft")
	assert.NotContains(t, names("-warnings"), "warnings")
	for wrong, hint := range map[string]string{"scroe": "did you mean score", "pass@0": "not a number of trials", "pass@x": "not a number", "gpass@4": "gpass@K:TAU", "cot.": "name a measure"} {
		_, err := leaderboard.Columns([]string{wrong})
		assert.ErrorContains(t, err, hint)
	}
}

func TestAColumnThatTellsNothingIsLeftOutUnlessAskedFor(t *testing.T) {
	b := build(t, source(try("m", "b", 1, 0, eval.Correct), try("m", "b", 2, 0, eval.Incorrect)))
	out := written(t, leaderboard.Text, b, leaderboard.Layout{})
	header, _, _ := strings.Cut(strings.SplitAfterN(out, "\n\n", 2)[1], "\n")
	assert.Equal(t, []string{"model", "score", "n×k"}, strings.Fields(header))
	assert.Contains(t, strings.ReplaceAll(out, "\n", " "), "0 in every row, and not shown: trunc., no ans., refused, error, warnings.")
	asked, err := leaderboard.Columns([]string{"model", "rank", "error", "ttft"})
	require.NoError(t, err)
	out = written(t, leaderboard.Text, b, leaderboard.Layout{Columns: asked})
	assert.Contains(t, out, "error")
	assert.Contains(t, out, "ttft")
	assert.Contains(t, out, "rank")
}

func TestAShareThatIsNotNoneIsNotWrittenAsNone(t *testing.T) {
	var all []eval.Attempt
	for p := range 2500 {
		all = append(all, try("m", "b", p, 0, eval.Correct))
	}
	all[7].Verdict = eval.Verdict{Outcome: eval.Truncated}
	b := build(t, source(all...))
	assert.Equal(t, "&lt;0.1%", cellOf(t, b, "m", "truncated"))
	assert.Equal(t, "&gt;99.9%", cellOf(t, b, "m", "correct"))
}

func TestARatingIsEstimatedFromTheProblemsOwn(t *testing.T) {
	s := source(scores("m", "1", "1", "0", "0")...)
	var problems []eval.Problem
	for i, d := range []string{"1000", "1400", "1800", "2200"} {
		problems = append(problems, eval.Problem{ID: fmt.Sprint(i), Difficulty: d})
	}
	s.Benchmarks = map[string]leaderboard.BenchmarkInfo{"b": {Problems: problems}}
	b, err := leaderboard.Build([]leaderboard.Source{s}, leaderboard.Options{})
	require.NoError(t, err)
	assert.Regexp(t, `^1(59|60)\d ±2\d\d$`, cellOf(t, b, "m", "rating"), "between what was solved and what was not")
	s.Benchmarks["b"].Problems[3].Difficulty = "5"
	b, err = leaderboard.Build([]leaderboard.Source{s}, leaderboard.Options{})
	require.NoError(t, err)
	assert.Equal(t, "–", cellOf(t, b, "m", "rating"), "a level is no rating")
}
