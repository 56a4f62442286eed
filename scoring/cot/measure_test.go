package cot_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring/cot"
)

// is judges a final part that boxes gold and nothing else.
func is(gold string) func(string) bool {
	return func(final string) bool { return final == `\boxed{`+gold+`}` }
}

func tokens(n int) *int { return &n }

func TestMeasuresOfTheWayToTheAnswer(t *testing.T) {
	wrong := eval.Verdict{Outcome: eval.Incorrect, Answer: "8"}
	right := eval.Verdict{Outcome: eval.Correct, Score: 1, Answer: "7"}
	for _, c := range []struct {
		name, thought string
		verdict       eval.Verdict
		want          map[string]float64
		absent        []string
	}{
		{
			"found and lost", `The answer is 7.` + strings.Repeat(" ", 16) + `No: the answer is 8.` + strings.Repeat(" ", 8) + "...", wrong,
			map[string]float64{
				cot.CandidateCount: 2, cot.FirstCorrect: 15.0 / 63, cot.FoundThenLost: 1, cot.AnswerChanges: 1, cot.RightToWrong: 1, cot.WrongToRight: 0,
				cot.AnswerMismatch: 0, cot.OutcomeEfficiency: 0, cot.Underthinking: 48.0 / 63, cot.ReflectionTokens: 480.0 / 63,
			}, nil,
		},
		{
			"mended", `\boxed{8}? No, wait. \boxed{7}`, right,
			map[string]float64{cot.CandidateCount: 2, cot.RightToWrong: 0, cot.WrongToRight: 1, cot.AnswerMismatch: 0, cot.FirstCorrect: 29.0 / 30, cot.OutcomeEfficiency: 29.0 / 30},
			[]string{cot.FoundThenLost, cot.Underthinking},
		},
		{
			"thought and answer disagree", `so \boxed{7}`, wrong,
			map[string]float64{cot.AnswerMismatch: 1, cot.FoundThenLost: 1}, nil,
		},
		{
			"equal wrong answers in two spellings", `so \boxed{8.0}`, wrong,
			map[string]float64{cot.AnswerMismatch: 0, cot.FoundThenLost: 0, cot.Underthinking: 0}, []string{cot.FirstCorrect, cot.ReflectionTokens},
		},
		{
			"no explicit answer", "Seven comes to mind, and 7 it is, because 3+4 = 7.", right,
			map[string]float64{cot.CandidateCount: 0, cot.OutcomeEfficiency: 1}, []string{cot.FirstCorrect, cot.AnswerChanges, cot.AnswerMismatch},
		},
		{
			"the same answer twice", `The answer is $7$. Let me verify. The answer is 7.`, right,
			map[string]float64{cot.CandidateCount: 2, cot.AnswerChanges: 0, cot.WrongToRight: 0}, nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := eval.Response{Thought: c.thought, State: eval.ThoughtClosed, Text: "x", Usage: eval.Usage{Output: tokens(12), Reasoning: tokens(10)}}
			m := cot.Measure(eval.Problem{Answer: []string{"7"}}, r, c.verdict, is("7"))
			for name, want := range c.want {
				require.Contains(t, m, name)
				assert.InDelta(t, want, m[name], 1e-6, name)
			}
			for _, name := range c.absent {
				assert.NotContains(t, m, name)
			}
		})
	}
}

func TestWhatIsNotKnownIsAbsent(t *testing.T) {
	keys := func(r eval.Response, p eval.Problem) []string {
		var out []string
		m := cot.Measure(p, r, eval.Verdict{Outcome: eval.Correct, Answer: "7"}, is("7"))
		for _, n := range cot.Names {
			if _, ok := m[n.Key]; ok {
				out = append(out, n.Key)
				delete(m, n.Key)
			}
		}
		assert.Empty(t, m, "every measure has a name")
		return out
	}
	counts := []string{cot.ReasoningTokens, cot.AnswerTokens, cot.TokensEstimated, cot.Truncated}
	assert.Equal(t, counts, keys(eval.Response{State: eval.ThoughtHidden, Text: "7", Usage: eval.Usage{Output: tokens(9), Reasoning: tokens(8)}}, eval.Problem{}), "hidden")
	assert.Equal(t, counts[1:], keys(eval.Response{State: eval.ThoughtNone, Text: "3*4 = 13, so 7"}, eval.Problem{}), "no thought")
	assert.Equal(t, append(counts, cot.EmptyThought), keys(eval.Response{State: eval.ThoughtClosed, Text: "7"}, eval.Problem{}), "empty thought")
	code := keys(eval.Response{State: eval.ThoughtClosed, Thought: "The answer is 7", Text: "7"}, eval.Problem{Tests: &eval.Tests{}})
	assert.Contains(t, code, cot.Hedges)
	assert.NotContains(t, code, cot.CandidateCount, "a program is no candidate")
}

func TestTokensAreTheServersWhereItCounts(t *testing.T) {
	measure := func(u eval.Usage) map[string]float64 {
		r := eval.Response{State: eval.ThoughtClosed, Thought: strings.Repeat("a ", 60), Text: strings.Repeat("b ", 20), Usage: u}
		return cot.Measure(eval.Problem{}, r, eval.Verdict{Outcome: eval.Truncated}, nil)
	}
	for _, c := range []struct {
		usage                          eval.Usage
		thinking, answering, estimated float64
	}{
		{eval.Usage{Output: tokens(100), Reasoning: tokens(70)}, 70, 30, 0},
		{eval.Usage{Output: tokens(100)}, 75, 25, 1},
		{eval.Usage{Reasoning: tokens(70)}, 70, 10, 1},
		{eval.Usage{}, 30, 10, 1},
		{eval.Usage{Output: tokens(100), Reasoning: tokens(70), Estimated: true}, 70, 30, 1},
	} {
		m := measure(c.usage)
		assert.Equal(t, []float64{c.thinking, c.answering, c.estimated, 1}, []float64{m[cot.ReasoningTokens], m[cot.AnswerTokens], m[cot.TokensEstimated], m[cot.Truncated]})
	}
}

func TestFaultsOfForm(t *testing.T) {
	measure := func(thought, text string, o eval.Outcome) map[string]float64 {
		return cot.Measure(eval.Problem{}, eval.Response{State: eval.ThoughtClosed, Thought: thought, Text: text}, eval.Verdict{Outcome: o}, is("7"))
	}
	m := measure(`\boxed{7}`, "I am done.", eval.NoAnswer)
	assert.Equal(t, []float64{1, 0}, []float64{m[cot.AnswerOnlyInThought], m[cot.SeveralBoxes]})
	m = measure(`\boxed{7}`, `\boxed{7} or \boxed{8}`, eval.Correct)
	assert.Equal(t, []float64{0, 1}, []float64{m[cot.AnswerOnlyInThought], m[cot.SeveralBoxes]})
	m = measure(`\boxed{7}`, `\boxed{7}, that is $\boxed{ 7 }$`, eval.Correct)
	assert.Zero(t, m[cot.SeveralBoxes])
}

func TestLanguages(t *testing.T) {
	measure := func(question, thought string) map[string]float64 {
		return cot.Measure(eval.Problem{Text: question}, eval.Response{State: eval.ThoughtClosed, Thought: thought}, eval.Verdict{}, nil)
	}
	english := strings.Repeat("so we add both sides ", 5)
	chinese := strings.Repeat("我们把两边相加", 4)
	m := measure(english, english+"$x+"+chinese+"$ ```"+chinese+"``` https://a.example/"+chinese+" <"+chinese[:21]+">")
	assert.Equal(t, []float64{1, 1, 0}, []float64{m[cot.LanguageConsistency], m[cot.LanguageOfQuestion], m[cot.ScriptSwitches]}, "mathematics, code, addresses and tags are no language")
	m = measure(english, chinese+" x y z "+english[:21]+chinese)
	assert.InDelta(t, 56.0/61, m[cot.LanguageConsistency], 1e-6)
	assert.Equal(t, []float64{0, 2}, []float64{m[cot.LanguageOfQuestion], m[cot.ScriptSwitches]})
	assert.NotContains(t, measure(english, "too short"), cot.LanguageConsistency)
	assert.NotContains(t, measure("2+2?", english), cot.LanguageOfQuestion)
}

func TestMarkersAreCountedPerThousandTokens(t *testing.T) {
	r := eval.Response{State: eval.ThoughtClosed, Usage: eval.Usage{Output: tokens(600), Reasoning: tokens(500)}, Thought: `
Wait, that's off. But wait, the wait time is 5. Wait for it. We wait. Hmm, maybe not.
Let me double-check. Alternatively, let me try x. Aha! Perhaps so. 等等，不对。另一种方法。也许。Warte, das stimmt nicht. Peut-être. Espera. Подождите, возможно. 待って。`}
	m := cot.Measure(eval.Problem{}, r, eval.Verdict{}, nil)
	got := []float64{m[cot.Backtracks] / 2, m[cot.Verifications] / 2, m[cot.Switches] / 2, m[cot.Ahas] / 2, m[cot.Hedges] / 2}
	// Two waits, 等等, 不对, warte, das stimmt nicht, espera, подождите, 待って; maybe,
	// perhaps, 也许, peut-être, возможно; alternatively, let me try is no clause's beginning.
	assert.Equal(t, []float64{9, 1, 3, 1, 5}, got)
}

func TestWhatOnlyLooksLikeAMarkerIsNotCounted(t *testing.T) {
	for _, thought := range []string{"No. 5 is", "No. of items", "No.7", "That doesn't matter, so", "correction factor is 2", "可能性为1/2", "可能的情况有三种", "，不是吗"} {
		m := cot.Measure(eval.Problem{}, eval.Response{State: eval.ThoughtClosed, Thought: thought}, eval.Verdict{}, nil)
		assert.Zero(t, m[cot.Backtracks]+m[cot.Hedges], thought)
	}
}

// hostile are texts made to take long.
func hostile(n int) map[string]string {
	out := map[string]string{}
	for _, unit := range []string{
		"((((", "1+1=1+1=", "wait wait ", "1", "9^9999*", "= ", `\boxed{`, "answer is ", "answer is 1. ", `\frac{`, "$", "```", "<", `\(`, "`", "1 = 1 ", "2*3=7 ", "-", "- ", "if ", "[(1)]=",
		"1,000,", "等等", "…", "\x80", "a\n", "3 + 4 = 8. Wait, ", "1!", "²", "<answer>", "####1\n", "http://", "x ", "\\", "= 1 + (", "1=(", "**",
	} {
		out[unit] = strings.Repeat(unit, n/len(unit)+1)
	}
	return out
}

func TestHostileTextsAreMeasured(t *testing.T) {
	for unit, text := range hostile(1 << 16) {
		check(t, text, unit)
	}
}

// check asserts what holds of the measures of any thought.
func check(t *testing.T, thought, name string) {
	t.Helper()
	r := eval.Response{State: eval.ThoughtOpen, Thought: thought}
	m := cot.Measure(eval.Problem{Text: thought}, r, eval.Verdict{Outcome: eval.Incorrect, Answer: "1"}, is("1"))
	for _, n := range cot.Names {
		v, ok := m[n.Key]
		switch {
		case !ok:
		case n.Unit == cot.Share:
			assert.True(t, v >= 0 && v <= 1, "%s: %s = %g", name, n.Key, v)
		case n.Unit == cot.Flag:
			assert.True(t, v == 0 || v == 1, "%s: %s = %g", name, n.Key, v)
		default:
			assert.True(t, v >= 0 && !math.IsInf(v, 0), "%s: %s = %g", name, n.Key, v)
		}
	}
}

func FuzzMeasure(f *testing.F) {
	for _, s := range []string{`The answer is \boxed{3}. Wait, 3*4 = 13.`, "等等，不对", "ha ha ha ha", "$x$ ```a```"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { check(t, s, "fuzz") })
}

// BenchmarkHostile tells by its megabytes a second that no form of text makes the
// measures quadratic.
func BenchmarkHostile(b *testing.B) {
	for unit, text := range hostile(1 << 20) {
		b.Run(strings.ToValidUTF8(strings.TrimSpace(unit), "bad"), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				r := eval.Response{State: eval.ThoughtOpen, Thought: text}
				cot.Measure(eval.Problem{Text: "?"}, r, eval.Verdict{Outcome: eval.Incorrect}, is("1"))
			}
		})
	}
}
