package leaderboard_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/stats"
)

// asked is a source whose problems are known: all of one cluster, difficulty and
// text, if one is given.
func asked(problems []eval.Problem, attempts ...eval.Attempt) leaderboard.Source {
	s := source(attempts...)
	s.Benchmarks = map[string]leaderboard.BenchmarkInfo{"b": {Problems: problems}}
	return s
}

// alike makes n problems that differ in their number alone.
func alike(n int, of eval.Problem) []eval.Problem {
	var out []eval.Problem
	for i := range n {
		of.ID = fmt.Sprint(i)
		out = append(out, of)
	}
	return out
}

// repeated is the same trials of n problems.
func repeated(trials string, n int) []string { return slices.Repeat([]string{trials}, n) }

func TestRanksOfPartsAreTestedAsThoseOfWholes(t *testing.T) {
	s := asked(alike(20, eval.Problem{Difficulty: "easy"}), append(scores("good", repeated("1", 20)...), scores("bad", repeated("0", 20)...)...)...)
	b, err := leaderboard.Build([]leaderboard.Source{s}, leaderboard.Options{By: leaderboard.ByDifficulty})
	require.NoError(t, err)
	require.Len(t, b.Groups, 2)
	for i := range b.Rows {
		assert.Equal(t, b.Rows[i].Rank, b.Groups[i].Rank)
	}
	assert.Equal(t, leaderboard.Rank{Place: 2, Best: 2, Worst: 2}, *b.Groups[1].Rank)
}

func TestPartsThatAreOneNumberStayApart(t *testing.T) {
	var problems []eval.Problem
	for i, d := range []string{"1", "1.0", "9", "10", "1a", "01"} {
		problems = append(problems, eval.Problem{ID: fmt.Sprint(i), Difficulty: d})
	}
	s := asked(problems, append(scores("x", "1", "0", "1", "0", "1", "0"), scores("y", "0", "1", "0", "1", "0", "1")...)...)
	b, err := leaderboard.Build([]leaderboard.Source{s}, leaderboard.Options{By: leaderboard.ByDifficulty})
	require.NoError(t, err)
	var parts []string
	for _, r := range b.Groups {
		parts = append(parts, r.Part)
	}
	assert.Equal(t, []string{"01", "01", "1", "1", "1.0", "1.0", "9", "9", "10", "10", "1a", "1a"}, parts)
}

func TestADifferenceAlwaysHasAWidth(t *testing.T) {
	one := leaderboard.CompareOptions{}
	s := asked(alike(4, eval.Problem{Cluster: "all"}), append(scores("x", "1", "1", "0", "1"), scores("y", "0", "1", "0", "0")...)...)
	c, err := leaderboard.Compare([]leaderboard.Source{s}, one)
	require.NoError(t, err)
	p := c.Pairs[0]
	assert.Equal(t, 1, p.Units)
	assert.Less(t, p.Low, 0.0, "one unit shows nothing")
	assert.Greater(t, p.High, p.Diff)

	// 0.3-0.2 and 0.2-0.1 differ by the rounding of floats alone.
	p = compare(t, scores("x", "1110000000", "1100000000", "1110000000"), scores("y", "1100000000", "1000000000", "1100000000")).Pairs[0]
	assert.Less(t, p.Low, 0.0)
	assert.Nil(t, p.Detectable)

	for n := 1; n < 9; n++ {
		p = compare(t, scores("x", repeated("1", n)...), scores("y", repeated("0", n)...)).Pairs[0]
		assert.Equal(t, p.P <= 0.05, p.Low > 0, "%d of %d: the interval and the test agree", n, n)
		assert.InDelta(t, 1, p.High, 1e-12)
	}
	p = compare(t, scores("x", slices.Concat(repeated("1", 4), repeated("0", 12))...), scores("y", repeated("0", 16)...)).Pairs[0]
	assert.Greater(t, p.P, 0.05)
	assert.LessOrEqual(t, p.Low, 0.0, "four of four decide nothing, whatever Student says")
}

func TestNoProblemInCommonIsNoDifference(t *testing.T) {
	b, err := leaderboard.Build([]leaderboard.Source{source(try("x", "b", 1, 0, eval.Correct), try("y", "b", 2, 0, eval.Incorrect))}, leaderboard.Options{Baseline: "x"})
	require.NoError(t, err)
	assert.Nil(t, b.Rows[1].Delta)
}

func TestScoresThatDifferByRoundingAloneTie(t *testing.T) {
	ten := func(n int) string { return strings.Repeat("1", n) + strings.Repeat("0", 10-n) }
	b := build(t, source(append(scores("z", ten(1), ten(2), ten(3)), scores("a", ten(3), ten(2), ten(1))...)...))
	assert.NotEqual(t, *b.Rows[0].Score, *b.Rows[1].Score, "the premise")
	assert.Equal(t, []string{"a", "z"}, []string{b.Rows[0].Model, b.Rows[1].Model})
	assert.Equal(t, 1, b.Rows[1].Rank.Place)
}

func TestABoardDoesNotDependOnTheOrderOfAttempts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var all []eval.Attempt
	for i := range 40 {
		for k := range 5 {
			a := try("m", "b", i, k, []eval.Outcome{eval.Correct, eval.Incorrect, "error"}[r.IntN(3)])
			a.Measures = map[string]float64{"x": r.Float64()}
			a.Cost = pointer(r.Float64())
			a.Verdict.Canonical = fmt.Sprint(r.IntN(4))
			all = append(all, a)
		}
	}
	want := written(t, leaderboard.JSON, build(t, source(all...)), leaderboard.Layout{})
	for range 20 {
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		require.Equal(t, want, written(t, leaderboard.JSON, build(t, source(all...)), leaderboard.Layout{}))
	}
}

func TestADomainOfOneBenchmarkIsThatBenchmark(t *testing.T) {
	attempts := scores("x", repeated("1", 30)...)
	attempts[0].Cost = pointer(0.25)
	attempts[1].Verdict.Score, attempts[1].Verdict.Outcome = 0.5, eval.Incorrect
	failed := try("x", "b", 0, 1, "error")
	s := source(append(attempts, failed)...)
	b, err := leaderboard.Build([]leaderboard.Source{s}, leaderboard.Options{By: leaderboard.ByDomain})
	require.NoError(t, err)
	row, domain := b.Rows[0], b.Groups[0]
	for _, p := range [][2]*float64{{row.Score, domain.Score}, {row.CILow, domain.CILow}, {row.CIHigh, domain.CIHigh}, {row.BoundLow, domain.BoundLow}, {row.BoundHigh, domain.BoundHigh}} {
		assert.InDelta(t, *p[0], *p[1], 1e-12)
	}
	assert.Equal(t, row.Tokens, domain.Tokens)
	assert.Equal(t, row.Cost, domain.Cost)
}

func TestAMeanOfBenchmarksIsAsLopsidedAsTheyAre(t *testing.T) {
	var all []eval.Attempt
	for _, name := range []string{"p", "q"} {
		for _, a := range scores("x", repeated("1", 30)...) {
			a.Key.Benchmark = name
			all = append(all, a)
		}
	}
	b, err := leaderboard.Build([]leaderboard.Source{source(all...)}, leaderboard.Options{By: leaderboard.ByDomain})
	require.NoError(t, err)
	assert.InDelta(t, stats.Wilson(60, 60, 0.95).Low, *b.Groups[0].CILow, 1e-12)
	assert.InDelta(t, 1, *b.Groups[0].CIHigh, 1e-12)
}

func TestWhatFailedIsPaidForToo(t *testing.T) {
	a := try("x", "b", 0, 0, "error")
	a.Cost = pointer(0.5)
	cost := build(t, source(a)).Rows[0].Cost
	require.NotNil(t, cost)
	assert.InDelta(t, 0.5, cost.Total, 1e-12)
	assert.Nil(t, cost.PerCorrect)
}

func TestWhatIsNotAllIsNotWrittenAsAll(t *testing.T) {
	almost := repeated(strings.Repeat("1", 100), 30)
	almost[0] = almost[0][:99] + "0"
	hardly := repeated(strings.Repeat("0", 100), 30)
	hardly[0] = hardly[0][:99] + "1"
	columns, err := leaderboard.Columns([]string{"score", "pass^1"})
	require.NoError(t, err)
	out := written(t, leaderboard.Text, build(t, source(append(scores("x", almost...), scores("y", hardly...)...)...)), leaderboard.Layout{Columns: columns})
	assert.Contains(t, out, "99.97 [")
	assert.Contains(t, out, "0.03 [")
	assert.NotRegexp(t, `(?m)100\.0 *$`, out)
}

func TestAProblemWithoutTokensHasNoRatio(t *testing.T) {
	x, y := scores("x", "1"), scores("y", "1")
	x[0].Response.Usage.Output, y[0].Response.Usage.Output = pointer(0), pointer(0)
	var out bytes.Buffer
	require.NoError(t, leaderboard.CompareText(&out, compare(t, x, y), leaderboard.CompareLayout{}))
	assert.NotContains(t, out.String(), "NaN")
}

func TestAScoreOutOfRangeIsRefused(t *testing.T) {
	a := try("m", "b", 1, 0, eval.Correct)
	a.Verdict.Score = 2
	_, err := leaderboard.Build([]leaderboard.Source{source(a)}, leaderboard.Options{})
	assert.ErrorContains(t, err, "a score of 2 is not in [0, 1]")
}

func TestNumbersTooLargeForFloatsLeaveTheBoardWhole(t *testing.T) {
	a, b := try("m", "b", 1, 0, eval.Correct), try("m", "b", 2, 0, eval.Correct)
	for _, x := range []*eval.Attempt{&a, &b} {
		x.Cost, x.Measures = pointer(1e308), map[string]float64{"x": 1e308, "y": 1}
	}
	row := build(t, source(a, b)).Rows[0]
	assert.Nil(t, row.Cost)
	assert.Equal(t, map[string]float64{"y": 1}, row.Measures)
}

func TestProblemsOfOneNameAndAnotherTextAreNotCompared(t *testing.T) {
	first := asked(alike(3, eval.Problem{Text: "1+1?"}), scores("x", "1", "1", "1")...)
	second := asked(alike(3, eval.Problem{Text: "2+2?"}), scores("y", "0", "0", "0")...)
	second.Name = "runs/y"
	second.Benchmarks["b"].Problems[2].Text = "1+1?"
	sources := []leaderboard.Source{first, second}
	c, err := leaderboard.Compare(sources, leaderboard.CompareOptions{})
	require.NoError(t, err)
	assert.Equal(t, 1, c.Pairs[0].Problems)
	const note = "b: 2 problems of runs/x and of runs/y have the same name and another text; they are not compared"
	assert.Equal(t, []string{note}, c.Warnings)
	assert.Equal(t, []string{note}, build(t, sources...).Warnings)
}

func TestAnAdaptiveRunHasTheRerunIntervalThatStoppedIt(t *testing.T) {
	s := source(scores("m", "1110", "0000", "101101", "1111")...)
	s.Models = map[string]leaderboard.ModelInfo{"m": {Adaptive: true}}
	fit := stats.Fit([]stats.Streams{{{1, 1}, {1, 0}}, {{0, 0}, {0, 0}}, {{1, 1, 0}, {0, 1, 1}}, {{1, 1}, {1, 1}}})
	r := build(t, s).Rows[0]
	assert.InDelta(t, fit.Mean, *r.Score, 1e-12)
	assert.InDelta(t, fit.Interval(0.95).Low, *r.RerunLow, 1e-12)
	assert.InDelta(t, fit.Interval(0.95).High, *r.RerunHigh, 1e-12)
	assert.InDelta(t, *r.Score, *r.BoundLow, 1e-12, "nothing failed")
}

func TestATrialRecordedAgainIsNotTwo(t *testing.T) {
	r := build(t, source(try("m", "b", 1, 0, eval.Correct), try("m", "b", 1, 1, eval.Correct), try("m", "b", 1, 0, eval.Incorrect), try("m", "b", 1, 0, eval.Truncated))).Rows[0]
	assert.InDelta(t, 0.5, *r.Score, 1e-12)
	assert.Equal(t, 2, r.Trials)
	assert.Equal(t, leaderboard.Outcomes{Correct: 1, Truncated: 1}, r.Outcomes)
	assert.Contains(t, r.Warnings, "2 trials are recorded more than once; the newest record counts")
}

func TestNothingToCompareSaysWhy(t *testing.T) {
	_, err := leaderboard.Compare([]leaderboard.Source{source(try("x", "b", 1, 0, eval.Correct), try("y", "b", 2, 0, eval.Correct))}, leaderboard.CompareOptions{})
	assert.ErrorContains(t, err, "b: x and y have no problem in common")
}

func TestRunsJudgedInOtherWaysAreTold(t *testing.T) {
	first, second := asked(nil, scores("x", "1")...), asked(nil, scores("y", "0")...)
	first.Benchmarks["b"], second.Benchmarks["b"] = leaderboard.BenchmarkInfo{Policy: "lax"}, leaderboard.BenchmarkInfo{Policy: "strict"}
	second.Name = "runs/y"
	assert.Equal(t, []string{"b: runs/x and runs/y judge answers in different ways (policy)"}, build(t, first, second).Warnings)
}
