package scoring_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring"
)

func TestTheAuditDoubtsWhatItShould(t *testing.T) {
	for name, c := range map[string]struct {
		gold     string
		response eval.Response
		outcome  eval.Outcome
		warnings []string
	}{
		"nothing to doubt":                     {"42", eval.Response{Text: `So \boxed{42}.`}, eval.Correct, nil},
		"a wrong answer and nothing else":      {"42", eval.Response{Text: `So \boxed{41}.`}, eval.Incorrect, nil},
		"boxes of one value do not compete":    {"1/2", eval.Response{Text: `\boxed{0.5}, that is \boxed{\frac12}`}, eval.Correct, nil},
		"boxes compete":                        {"42", eval.Response{Text: `First \boxed{41}. Then \boxed{42}.`}, eval.Correct, []string{scoring.BoxesCompete}},
		"the gold stands in another box":       {"42", eval.Response{Text: `The answer is \boxed{42}; the check gave \boxed{6}.`}, eval.Incorrect, []string{scoring.BoxesCompete, scoring.GoldNotExtracted}},
		"the gold stands in several boxes":     {"1, 2, 3", eval.Response{Text: "\\boxed{1}\n\\boxed{2}\n\\boxed{3}"}, eval.Incorrect, []string{scoring.BoxesCompete, scoring.GoldNotExtracted}},
		"the gold stands in mathematics":       {`\frac{3}{7}`, eval.Response{Text: `It is $p = 3/7$. The answer is $x$.`}, eval.Incorrect, []string{scoring.GoldNotExtracted}},
		"a short gold stands in many texts":    {"3", eval.Response{Text: `Let $n = 3$. So \boxed{8}.`}, eval.Incorrect, nil},
		"the answer stands in the thought":     {"42", eval.Response{Thought: `So \boxed{42}.`, State: eval.ThoughtClosed}, eval.NoAnswer, []string{scoring.OnlyInThought + ": 42 (boxed), which equals the gold"}},
		"another answer stands in the thought": {"42", eval.Response{Thought: `So \boxed{41}.`, State: eval.ThoughtOpen, Stop: eval.StopLength}, eval.Truncated, []string{scoring.OnlyInThought + ": 41 (boxed)"}},
		"a thought without an answer":          {"42", eval.Response{Thought: `Let me see.`, State: eval.ThoughtClosed}, eval.NoAnswer, nil},
		"a refusal is not doubted":             {"42", eval.Response{Thought: `So \boxed{42}.`, Stop: eval.StopRefusal}, eval.Refused, nil},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := scoring.Math(scoring.Tools{}).Score(t.Context(), eval.Problem{Answer: []string{c.gold}}, c.response)
			require.NoError(t, err)
			assert.Equal(t, c.outcome, v.Outcome)
			require.Len(t, v.Warnings, len(c.warnings), "%q", v.Warnings)
			for i, w := range c.warnings {
				assert.True(t, strings.HasPrefix(v.Warnings[i], w), "%q", v.Warnings[i])
			}
		})
	}
}

func TestStrictExtractionTakesExplicitAnswersAlone(t *testing.T) {
	strict := scoring.Tools{Policy: eval.Policy{StrictExtraction: true}}
	for text, want := range map[string]eval.Outcome{
		`So \boxed{42}.`: eval.Correct, "The answer is 42.": eval.Correct, "<answer>42</answer>": eval.Correct,
		"Hence $x = 42$.": eval.NoAnswer, "There are 42 of them.": eval.NoAnswer,
	} {
		for name, s := range map[string]eval.Scorer{"math": scoring.Math(strict), "number": scoring.Number(strict)} {
			assert.Equal(t, want, judge(t, s, eval.Problem{Answer: []string{"42"}}, text).Outcome, "%s: %s", name, text)
		}
	}
}

func TestAGoldThatIsNotUnderstoodIsAnErrorNotAWrongAnswer(t *testing.T) {
	p := eval.Problem{Answer: []string{`\frac{1}{`}}
	_, err := scoring.Math(scoring.Tools{}).Score(t.Context(), p, eval.Response{Text: `\boxed{2}`})
	require.ErrorContains(t, err, "not understood as mathematics")
	v, err := scoring.Math(scoring.Tools{}).Score(t.Context(), eval.Problem{Answer: []string{`\frac{1}{`, "2"}}, eval.Response{Text: `\boxed{2}`})
	require.NoError(t, err)
	assert.Equal(t, eval.Correct, v.Outcome, "another gold decides")
}

func TestPoliciesReachTheJudge(t *testing.T) {
	for _, c := range []struct {
		policy       eval.Policy
		gold, answer string
	}{
		{eval.Policy{RelTolerance: 0.01}, "100", "100.5"}, {eval.Policy{AbsTolerance: 0.1}, "4.2", "4.25"},
		{eval.Policy{Rounding: true}, "0.333", "1/3"}, {eval.Policy{Synonyms: true}, "True", "yes"}, {eval.Policy{BareNumerals: true}, "204_5", "204"},
	} {
		graded := func(p eval.Policy) eval.Outcome {
			g, err := scoring.NewGrader("math", p, true)
			require.NoError(t, err)
			v, err := g.Grade(t.Context(), scoring.Item{Gold: []string{c.gold}, Response: c.answer})
			require.NoError(t, err)
			return v.Outcome
		}
		assert.Equal(t, eval.Incorrect, graded(eval.Policy{}), "%+v", c)
		assert.Equal(t, eval.Correct, graded(c.policy), "%+v", c)
	}
	for _, c := range []struct {
		policy       eval.Policy
		gold, answer string
	}{{eval.Policy{StrictPercent: true}, "50%", "50"}, {eval.Policy{StrictUnits: true}, "5 cm", "5"}, {eval.Policy{Ordered: true}, "1, 2", "2, 1"}} {
		g, err := scoring.NewGrader("math", c.policy, true)
		require.NoError(t, err)
		v, err := g.Grade(t.Context(), scoring.Item{Gold: []string{c.gold}, Response: c.answer})
		require.NoError(t, err)
		assert.Equal(t, eval.Incorrect, v.Outcome, "%+v", c)
	}
}
