package scoring_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring"
)

func TestMoreThanHalfOfTheJudgesDecide(t *testing.T) {
	down := failing2("down", &eval.Failure{Kind: eval.FailServer, Message: "503"})
	a, b, c, d := says("a", saysRight), says("b", saysRight), says("c", saysWrong), says("d", mute)
	for name, x := range map[string]struct {
		judges []eval.Runner
		want   eval.Outcome
		err    string
	}{
		"all":                         {[]eval.Runner{a, b}, eval.Correct, ""},
		"two of three":                {[]eval.Runner{a, b, c}, eval.Correct, ""},
		"a tie":                       {[]eval.Runner{a, c}, "", "not of one mind: a says correct, c says incorrect"},
		"one each":                    {[]eval.Runner{a, c, d}, "", "not of one mind"},
		"most, but not half":          {[]eval.Runner{a, b, c, d}, "", "not of one mind"},
		"one failed, the rest decide": {[]eval.Runner{down, a, b}, eval.Correct, ""},
		"one failed, and may decide":  {[]eval.Runner{a, down}, "", "the judge down: server: 503"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := judged(t, "Paris", x.judges...)
			if x.err != "" {
				require.ErrorContains(t, err, x.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, x.want, v.Outcome)
			assert.InDelta(t, 1, v.Score, 0)
			assert.Len(t, v.Checks, len(x.judges))
		})
	}
	v, err := judged(t, "Paris", down, a, b)
	require.NoError(t, err)
	assert.Equal(t, []string{"judge_failed: the judge down: server: 503"}, v.Warnings)
	assert.Equal(t, eval.Check{Name: "judge:down", Note: "failed: the judge down: server: 503"}, v.Checks[0])
	assert.Nil(t, v.Judging.Cost, "what the failed call cost is unknown, and so is the sum")
	assert.Equal(t, "judged by down, a, b; 2 of 3 say so; it is the capital", v.Why)

	v, err = judged(t, "Paris", a, says("half", `{"verdict":"correct","score":0.5}`), c)
	require.NoError(t, err)
	assert.InDelta(t, 0.75, v.Score, 1e-12, "the mean of those who agree")

	_, err = scoring.ByJudge(scoring.Tools{Judge: scoring.Judge{Runners: []eval.Runner{a, a}}})
	require.ErrorContains(t, err, "named twice")
	_, err = scoring.ByName("judge", scoring.Tools{})
	require.ErrorContains(t, err, "needs a judge model")
}

func TestASecondOpinionChangesNoVerdict(t *testing.T) {
	opinion := func(answer string, judge eval.Runner) eval.Verdict {
		tools := scoring.Tools{Judge: scoring.Judge{Runners: []eval.Runner{judge}}}
		s, err := scoring.SecondOpinion(scoring.Exact(tools), tools)
		require.NoError(t, err)
		assert.NotNil(t, eval.Unasked(s, capital))
		v, err := s.Score(t.Context(), capital, eval.Response{Text: answer, State: eval.ThoughtClosed, Stop: eval.StopEnd})
		require.NoError(t, err)
		return v
	}
	v := opinion("Paris", says("j", saysRight))
	assert.Equal(t, eval.Correct, v.Outcome)
	assert.Empty(t, v.Warnings)
	assert.True(t, v.Judging.Second)
	v = opinion("the city of Paris", says("j", saysRight))
	assert.Equal(t, eval.Incorrect, v.Outcome)
	assert.Equal(t, []string{"judge_disagrees: it is correct; judged by j; it is the capital"}, v.Warnings)
	v = opinion("Paris", says("j", "hm"))
	assert.Equal(t, eval.Correct, v.Outcome)
	require.Len(t, v.Warnings, 1)
	assert.Contains(t, v.Warnings[0], "judge_failed: ")
	v = opinion("", says("j", "hm"))
	assert.Equal(t, eval.NoAnswer, v.Outcome)
	assert.Nil(t, v.Judging)
}

// In whatever order the judges stand, they come to the same.
func TestTheOrderOfJudgesDoesNotMatter(t *testing.T) {
	a, b, c := says("a", saysRight), says("b", `{"verdict":"correct","score":0.5}`), says("c", saysWrong)
	for _, judges := range [][]eval.Runner{{a, b, c}, {a, c, b}, {b, a, c}, {b, c, a}, {c, a, b}, {c, b, a}} {
		v, err := judged(t, "Paris", judges...)
		require.NoError(t, err)
		assert.Equal(t, eval.Correct, v.Outcome)
		assert.InDelta(t, 0.75, v.Score, 1e-12)
		for i, j := range judges {
			assert.Equal(t, "judge:"+j.Name(), v.Checks[i].Name)
		}
	}
}
