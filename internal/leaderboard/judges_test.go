package leaderboard_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
)

// panelled is an attempt of which judges a, b and c said these words: c, i, n for
// an outcome, f for a failure.
func panelled(problem int, words string, second bool) eval.Attempt {
	a := try("m", "own", problem, 0, eval.Correct)
	for i, w := range words {
		note := map[rune]string{'c': "correct: yes", 'i': "incorrect: no: never", 'n': "no_answer: ", 'f': "failed: the judge: 503"}[w]
		a.Verdict.Checks = append(a.Verdict.Checks, eval.Check{Name: eval.JudgeCheck + string(rune('a'+i)), OK: w == 'c', Note: note})
	}
	a.Verdict.Judging = &eval.Judging{Cost: pointer(0.25), Prompt: 100, Output: 10, Calls: len(words), Second: second}
	a.Cost = pointer(1.0)
	return a
}

// panels are 20 answers on which a and b both say yes, 5 on which b says no, 10 on
// which a does, and 15 to which both say no: κ 0.4 by hand. c says what a says, and
// failed once.
func panels() []eval.Attempt {
	var all []eval.Attempt
	for _, p := range []struct {
		words string
		times int
	}{{"ccc", 20}, {"cic", 5}, {"ici", 10}, {"iii", 14}, {"iif", 1}} {
		for range p.times {
			all = append(all, panelled(len(all), p.words, false))
		}
	}
	return all
}

func TestJudgesAreComparedAndTheirCostIsApart(t *testing.T) {
	all := panels()
	all[49].Err, all[49].Verdict.Outcome = &eval.Failure{Kind: eval.FailGrader}, "" // undecided ones count as well
	all[0].Verdict.Judging.Cost = nil
	b, err := leaderboard.Build([]leaderboard.Source{source(all...)}, leaderboard.Options{})
	require.NoError(t, err)
	j := b.Rows[0].Judges
	require.NotNil(t, j)
	assert.Equal(t, []string{"a", "b", "c"}, j.Names)
	assert.Equal(t, []int{50, 49, 150, 5000, 500}, []int{j.Answers, j.Known, j.Calls, j.Prompt, j.Output})
	assert.InDelta(t, 0.25*49, *j.Cost, 1e-9)
	assert.InDelta(t, 50, b.Rows[0].Cost.Total, 1e-9, "the model's own cost")
	require.Len(t, j.Pairs, 3)
	assert.Equal(t, []any{"a", "b", 50}, []any{j.Pairs[0].A, j.Pairs[0].B, j.Pairs[0].Answers})
	assert.InDelta(t, 0.4, *j.Pairs[0].Kappa, 1e-12)
	assert.InDelta(t, 0.7, j.Pairs[0].Agreement, 1e-12)
	assert.InDelta(t, 1, *j.Pairs[1].Kappa, 1e-12, "a and c")
	assert.Equal(t, 49, j.Pairs[1].Answers, "without the one on which c failed")
	// D_o = Σ differing pairs/(m-1) = 15·(4/2), of n = 149 labels; 80 yes, 69 no.
	assert.InDelta(t, 1-148*30./(2*80*69), *j.Alpha, 1e-12)
	text := written(t, leaderboard.Text, b, leaderboard.Layout{})
	assert.Contains(t, text, "judge $")
	assert.Contains(t, text, "12.25")
	assert.Contains(t, text, "judge α")
	assert.Contains(t, text, "a and b alike on 70.0% of 50, κ 0.40")
}

func TestASecondOpinionIsComparedWithTheScorer(t *testing.T) {
	all := []eval.Attempt{panelled(0, "c", true), panelled(1, "c", true), panelled(2, "i", true), panelled(3, "i", true)}
	all[3].Verdict.Outcome, all[3].Verdict.Score = eval.Incorrect, 0
	b, err := leaderboard.Build([]leaderboard.Source{source(all...)}, leaderboard.Options{})
	require.NoError(t, err)
	j := b.Rows[0].Judges
	assert.True(t, j.Second)
	require.Len(t, j.Pairs, 1)
	assert.InDelta(t, 0.75, j.Pairs[0].Agreement, 1e-12)
	assert.InDelta(t, 0.5, *j.Pairs[0].Kappa, 1e-12, "p_o 3/4, p_e 1/2")
	assert.Contains(t, written(t, leaderboard.Text, b, leaderboard.Layout{}), "4 answers judged by a as a second opinion, in 4 calls")
}

func TestWithoutJudgesNothingIsSaidOfThem(t *testing.T) {
	a := try("m", "code", 1, 0, eval.Correct)
	a.Verdict.Checks = []eval.Check{{Name: "judge:test", OK: true}} // a test of that name
	b, err := leaderboard.Build([]leaderboard.Source{source(a)}, leaderboard.Options{})
	require.NoError(t, err)
	assert.Nil(t, b.Rows[0].Judges)
	assert.NotContains(t, written(t, leaderboard.Text, b, leaderboard.Layout{}), "judge")
}

// Many judges of hostile names make neither a large board nor a broken one.
func TestManyJudges(t *testing.T) {
	a := panelled(0, "c", false)
	for i := range 100 {
		a.Verdict.Checks = append(a.Verdict.Checks, eval.Check{Name: eval.JudgeCheck + hostile + strconv.Itoa(i), Note: "maybe"})
	}
	b, err := leaderboard.Build([]leaderboard.Source{source(a)}, leaderboard.Options{})
	require.NoError(t, err)
	assert.Empty(t, b.Rows[0].Judges.Pairs)
	assert.NotContains(t, written(t, leaderboard.Text, b, leaderboard.Layout{}), "\x1b")
}
