package leaderboard_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

// scores makes the attempts of a model: of each problem, which trials are right.
func scores(model string, right ...string) []eval.Attempt {
	var out []eval.Attempt
	for problem, trials := range right {
		for trial, r := range trials {
			outcome := eval.Incorrect
			if r == '1' {
				outcome = eval.Correct
			}
			a := try(model, "b", problem, trial, outcome)
			n := 100 * (trial + 1)
			a.Response.Usage.Output = &n
			out = append(out, a)
		}
	}
	return out
}

func compare(t *testing.T, attempts ...[]eval.Attempt) leaderboard.Comparison {
	t.Helper()
	var all []eval.Attempt
	for _, a := range attempts {
		all = append(all, a...)
	}
	c, err := leaderboard.Compare([]leaderboard.Source{source(all...)}, leaderboard.CompareOptions{})
	require.NoError(t, err)
	return c
}

func TestPairsAreComparedOnTheirCommonProblems(t *testing.T) {
	p := compare(t, scores("x", "1", "1", "0", "1"), scores("y", "0", "1", "0")).Pairs[0]
	assert.Equal(t, 3, p.Problems)
	assert.Equal(t, []int{1, 0}, []int{p.OnlyA, p.OnlyB})
	assert.InDelta(t, 1.0/3, p.Diff, 1e-12, "the fourth problem does not count")
	assert.Equal(t, "McNemar's exact test", p.Method)
	assert.InDelta(t, 1, p.P, 1e-12, "one discordant problem decides nothing")
	assert.Equal(t, []int{1, 0}, []int{p.ABetter, p.BBetter})
	require.Len(t, p.Flips, 1)
	assert.Equal(t, "0", p.Flips[0].Problem)
}

func TestAFlipShowsARightTrialOfTheBetterAndAWrongOneOfTheOther(t *testing.T) {
	f := compare(t, scores("x", "011", "000"), scores("y", "101", "001")).Pairs[0].Flips
	require.Len(t, f, 1, "equal shares are no flip")
	assert.Equal(t, "1", f[0].Problem)
	assert.Equal(t, []int{0, 2}, []int{f[0].ShowA.Trial, f[0].ShowB.Trial})
}

func TestAComparisonSaysWhatWouldDecide(t *testing.T) {
	var x, y []string
	for i := range 30 { // noisy trials, a small steady difference
		x, y = append(x, []string{"1101", "1011", "0111"}[i%3]), append(y, []string{"1100", "1010", "0111"}[i%3])
	}
	p := compare(t, scores("x", x...), scores("y", y...)).Pairs[0]
	assert.Equal(t, "sign-flip permutation", p.Method)
	require.NotNil(t, p.Detectable)
	assert.InDelta(t, 2.8016*p.SE, *p.Detectable, 1e-4)
	require.NotNil(t, p.RerunSE)
	assert.Equal(t, 1, p.Better(), "twenty of thirty problems differ one way")
	assert.Nil(t, p.MoreTrials, "it is decided")

	p = compare(t, scores("x", x[:2]...), scores("y", y[:2]...)).Pairs[0]
	assert.Equal(t, 0, p.Better())
	same := compare(t, scores("x", "11", "00"), scores("y", "11", "00")).Pairs[0]
	assert.Equal(t, 0, same.Better())
	assert.Less(t, same.Low, 0.0, "equal scores do not make the interval collapse")
	assert.Greater(t, same.High, 0.0)
}

func TestMoreTrialsAreCountedFromTheNoise(t *testing.T) {
	// Every difference is noise of the trials but for the mean: more trials help.
	var x, y []string
	for i := range 60 {
		x = append(x, []string{"10", "01", "11", "10"}[i%4])
		y = append(y, []string{"01", "11", "01", "00"}[i%4])
	}
	p := compare(t, scores("x", x...), scores("y", y...)).Pairs[0]
	if p.Better() == 0 {
		require.True(t, p.MoreTrials != nil || p.MoreProblems != nil)
	}
	var out bytes.Buffer
	require.NoError(t, leaderboard.CompareText(&out, leaderboard.Comparison{Pairs: []leaderboard.Pairing{p}}, leaderboard.CompareLayout{
		Flips: 1, Show: func(s leaderboard.Showing, benchmark, problem string) string {
			return fmt.Sprintf("evalr show %s %s/%s %d", s.Run, benchmark, problem, s.Trial)
		},
	}))
	assert.Contains(t, out.String(), "evalr show runs/x b/")
	assert.Contains(t, out.String(), "and ")
}

func TestSeveralModelsAreComparedInPairsAndTiers(t *testing.T) {
	var best, middle, worst []string
	for i := range 40 {
		best, worst = append(best, "11"), append(worst, "00")
		middle = append(middle, map[bool]string{true: "11", false: "10"}[i%8 != 0])
	}
	c := compare(t, scores("best", best...), scores("middle", middle...), scores("worst", worst...))
	require.Len(t, c.Pairs, 3)
	for _, p := range c.Pairs {
		assert.GreaterOrEqual(t, p.Adjusted, p.P, "Holm never makes a p value smaller")
	}
	assert.Equal(t, []leaderboard.Tiers{{Benchmark: "b", Tiers: [][]string{{"best", "middle"}, {"worst"}}}}, c.Tiers)
}

func TestOneModelAloneCannotBeCompared(t *testing.T) {
	_, err := leaderboard.Compare([]leaderboard.Source{source(scores("x", "1")...)}, leaderboard.CompareOptions{})
	require.ErrorContains(t, err, "no two models")
}
