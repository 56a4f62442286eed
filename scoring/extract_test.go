package scoring_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/scoring"
)

// nobody runs nothing.
type nobody struct{}

func (nobody) Run(context.Context, sandbox.Program, sandbox.Limits) (sandbox.Result, error) {
	return sandbox.Result{Status: sandbox.RuntimeError}, nil
}

func (nobody) Talk(context.Context, sandbox.Program, sandbox.Program, sandbox.Limits) (sandbox.Result, sandbox.Result, error) {
	return sandbox.Result{}, sandbox.Result{}, sandbox.ErrNoChannel
}

func (nobody) Tier() string { return "none" }

func TestTheRuleThatFoundTheAnswerIsNamed(t *testing.T) {
	s := scoring.Math(scoring.Tools{})
	for _, c := range []struct{ text, answer, rule string }{
		{`So $\boxed{7}$, as 3+4 is.`, "7", "boxed"},
		{`\boxed{1} no, \boxed{7}`, "7", "boxed"},
		{`\boxed{7} and then \boxed{`, "7", "boxed"},
		{"<answer>7</answer>", "7", "answer tag"},
		{`{"answer": 7}`, "7", "json"},
		{"The final answer is 7.", "7", "final answer"},
		{"**Answer:** 7", "7", "answer label"},
		{"#### 7", "7", "####"},
		{"A: 7", "7", "A:"},
		{"答案是7。", "7", "answer label"},
		{"Hence $x = 3 + 4 = 7$.", "7", "last mathematics"},
		{`The final answer is $\frac{2}{3} \approx 0.667$.`, `\frac{2}{3}`, "final answer"},
		{"The answer is 3.5 hours (or 210 minutes).", "3.5 hours", "answer label"},
		{"There are 7 of them.", "7", "last statement"},
		{"We tried 3 and then 7", "7", "last number"},
		{"The answer is 3. Wait. The answer is 7.", "7", "answer label"},
		{"The answer is consistent with \\boxed{7}. The answer is plausible.", "7", "boxed"},
	} {
		v := judge(t, s, eval.Problem{Answer: []string{"7"}}, c.text)
		assert.Equal(t, c.answer, v.Answer, c.text)
		assert.Contains(t, v.Why, c.rule, c.text)
	}
}

func TestBoxesAreJoinedOnlyForAListOfThatLength(t *testing.T) {
	s := scoring.Math(scoring.Tools{})
	assert.Equal(t, eval.Correct, judge(t, s, eval.Problem{Answer: []string{"-3, 8"}}, `$x=\boxed{-3}$ or $x=\boxed{8}$.`).Outcome)
	assert.Equal(t, eval.Incorrect, judge(t, s, eval.Problem{Answer: []string{"-3, 8, 9"}}, `$x=\boxed{-3}$ or $x=\boxed{8}$.`).Outcome)
	assert.Equal(t, eval.Correct, judge(t, s, eval.Problem{Answer: []string{"8"}}, `$x=\boxed{-3}$ or $x=\boxed{8}$.`).Outcome)
}

func TestOutcomesBeforeJudging(t *testing.T) {
	for name, s := range map[string]eval.Scorer{"math": scoring.Math(scoring.Tools{}), "number": scoring.Number(scoring.Tools{}), "exact": scoring.Exact(scoring.Tools{})} {
		for _, c := range []struct {
			r    eval.Response
			want eval.Outcome
		}{
			{eval.Response{Text: `\boxed{7}`, Stop: eval.StopLength, State: eval.ThoughtNone}, eval.Truncated},
			{eval.Response{Stop: eval.StopLength, State: eval.ThoughtOpen}, eval.Truncated},
			{eval.Response{Text: "It is 7 or", Stop: eval.StopLength, State: eval.ThoughtClosed}, eval.Truncated},
			{eval.Response{Stop: eval.StopEnd, State: eval.ThoughtOpen}, eval.NoAnswer},
			{eval.Response{Stop: eval.StopEnd, State: eval.ThoughtClosed}, eval.NoAnswer},
			{eval.Response{Text: "x", Stop: eval.StopRefusal}, eval.Refused},
		} {
			v, err := s.Score(t.Context(), eval.Problem{Answer: []string{"7"}}, c.r)
			require.NoError(t, err)
			assert.Equal(t, c.want, v.Outcome, "%s %+v", name, c.r)
			assert.Zero(t, v.Score)
		}
		_, err := s.Score(t.Context(), eval.Problem{}, eval.Response{Text: "7"})
		require.Error(t, err, "a problem without a gold cannot be judged")
	}
	v, err := scoring.Math(scoring.Tools{}).Score(t.Context(), eval.Problem{Answer: []string{"7"}},
		eval.Response{Text: `So \boxed{7}. Let me add that`, Stop: eval.StopLength, State: eval.ThoughtClosed})
	require.NoError(t, err)
	assert.Equal(t, eval.Correct, v.Outcome, "a final answer that stands whole counts")
}

func TestNumbersAreComparedExactly(t *testing.T) {
	s := scoring.Number(scoring.Tools{})
	for text, want := range map[string]eval.Outcome{
		"#### 1,296": eval.Correct, "A: 1296.0": eval.Correct, "It costs $1,296.": eval.Correct, `\boxed{x = 1296}`: eval.Correct,
		"The answer is 1296 dollars.": eval.Correct, "A: 1296.5": eval.Incorrect, "A: 12": eval.Incorrect, "no idea": eval.NoAnswer,
	} {
		assert.Equal(t, want, judge(t, s, eval.Problem{Answer: []string{"1296"}}, text).Outcome, text)
	}
	_, err := s.Score(t.Context(), eval.Problem{Answer: []string{"many"}}, eval.Response{Text: "5", State: eval.ThoughtClosed})
	require.ErrorContains(t, err, "not a number")
}

func FuzzScorers(f *testing.F) {
	f.Add(`The answer is \boxed{\frac12}.`, "1/2")
	f.Add("Answer: (B)", "B")
	f.Add("{\"answer\": \"x\"}", "x")
	f.Fuzz(func(t *testing.T, text, gold string) {
		for _, s := range []eval.Scorer{scoring.Math(scoring.Tools{}), scoring.Number(scoring.Tools{}), scoring.Exact(scoring.Tools{})} {
			v, err := s.Score(t.Context(), eval.Problem{Answer: []string{gold}}, eval.Response{Text: text, State: eval.ThoughtClosed})
			if err == nil {
				assert.True(t, v.Score == 0 || v.Outcome == eval.Correct)
				assert.NotEmpty(t, v.Why)
			}
		}
		p := eval.Problem{Answer: []string{"B"}, Choices: []string{gold, "x", "y"}}
		_, err := scoring.Choice(scoring.Tools{}).Score(t.Context(), p, eval.Response{Text: text, State: eval.ThoughtClosed})
		assert.NoError(t, err)
	})
}

// BenchmarkHostile extracts from responses of 256 kB that repeat an announcement
// or a bracket that is never closed: each takes milliseconds, because nothing is
// searched to the end of the text more than once.
func BenchmarkHostile(b *testing.B) {
	for _, unit := range []string{`\boxed{`, "boxed(", `\boxed{1}`, `\(`, `\[ x`, `\begin{align}`, "$1$ and ", "**1(** ", "xA: ", "A: ", "answer: . ", "answer is ", "#### x ", "<answer>"} {
		b.Run(strings.TrimSpace(unit), func(b *testing.B) {
			text := strings.Repeat(unit, 256<<10/len(unit))
			s := scoring.Math(scoring.Tools{})
			for b.Loop() {
				if _, err := s.Score(b.Context(), eval.Problem{Answer: []string{"1, 2"}}, eval.Response{Text: text}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNumber(b *testing.B) {
	text := strings.Repeat("Janet has 16 - 3 = <<16-3=13>>13 eggs left.\n", 6) + "A: 26"
	s := scoring.Number(scoring.Tools{})
	for b.Loop() {
		if _, err := s.Score(b.Context(), eval.Problem{Answer: []string{"26"}}, eval.Response{Text: text}); err != nil {
			b.Fatal(err)
		}
	}
}
