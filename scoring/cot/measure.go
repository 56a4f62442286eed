package cot

import (
	"math"
	"strings"

	"github.com/evalr/evalr/eval"
)

// Measure takes the measures of one judged attempt, by the names that Names
// lists; docs/chain-of-thought.md has their formulas. right says whether a
// response that ends in the given words would be correct, by the scorer of the
// task; nil means that this is not known.
//
// What is not known is absent, never 0: of a hidden thought there are the counts
// of tokens alone, and without a thought the measures of its text are absent.
// Nothing here asks a model, and work is linear in the length of the response.
func Measure(p eval.Problem, r eval.Response, v eval.Verdict, right func(final string) bool) map[string]float64 {
	m := measures{}
	defer m.round()
	thinking := m.tokens(r)
	m.flag(Truncated, v.Outcome == eval.Truncated)
	shown := r.State == eval.ThoughtClosed || r.State == eval.ThoughtOpen
	if !shown {
		return m
	}
	m.flag(EmptyThought, r.Thought == "")
	if r.Thought == "" {
		return m
	}
	m.markers(r.Thought, thinking)
	m.repetition(r.Thought)
	m.languages(p.Text, r.Thought)
	m.arithmetic(r.Thought)
	if p.Tests == nil {
		m.candidates(r, v, thinking, right)
	}
	return m
}

// measures are values by name.
type measures map[string]float64

// round keeps six decimals: what else there is is noise, and makes a journal long
// and slow to read.
func (m measures) round() {
	for name, v := range m {
		m[name] = math.Round(v*1e6) / 1e6
	}
}

func (m measures) flag(name string, is bool) {
	m[name] = 0
	if is {
		m[name] = 1
	}
}

// markers counts the markers of each class per 1,000 tokens.
func (m measures) markers(thought string, tokens float64) {
	if tokens <= 0 {
		return
	}
	var counts [classes]int
	eachMarker(thought, func(c Class, _ int) bool {
		counts[c]++
		return true
	})
	for class, name := range [classes]string{Backtrack: Backtracks, Verify: Verifications, Switch: Switches, Aha: Ahas, Hedge: Hedges} {
		m[name] = float64(counts[class]) * 1000 / tokens
	}
}

func (m measures) repetition(thought string) {
	_, looping := TailLoop(thought)
	m.flag(Looping, looping)
	if share, ok := repetition(thought); ok {
		m[Repetition] = share
	}
}

func (m measures) languages(question, thought string) {
	l := readLanguages(thought)
	main, share, ok := l.dominant()
	if !ok {
		return
	}
	m[LanguageConsistency] = share
	m[ScriptSwitches] = float64(l.switches)
	asked := readLanguages(question)
	if s, _, ok := asked.dominant(); ok {
		m.flag(LanguageOfQuestion, s == main)
	}
}

func (m measures) arithmetic(thought string) {
	names := map[ClaimKind]string{
		ClaimOK: ArithmeticOK, ClaimWrong: ArithmeticWrong, ClaimApproximate: ArithmeticApproximate,
		ClaimRetracted: ArithmeticRetracted, ClaimSkipped: ArithmeticSkipped,
	}
	for _, name := range names {
		m[name] = 0
	}
	for _, c := range Arithmetic(thought) {
		m[names[c.Kind]]++
	}
}

// candidates measures the way to the answer.
func (m measures) candidates(r eval.Response, v eval.Verdict, tokens float64, right func(string) bool) {
	found := Candidates(r.Thought)
	m[CandidateCount] = float64(len(found))
	m.contract(r, v, found)
	if right == nil {
		return
	}
	w := walk(found, right)
	correct := v.Outcome == eval.Correct
	known := 1.0 // share of the thought after which a correct answer stood
	if w.first >= 0 {
		known = float64(found[w.first].End) / float64(len(r.Thought))
		m[FirstCorrect] = known
		m[ReflectionTokens] = (1 - known) * tokens
	}
	if correct {
		m[OutcomeEfficiency] = known
	} else {
		m[OutcomeEfficiency] = 0
		m[Underthinking] = 1 - known
		if v.Outcome != eval.Truncated { // what was cut off was not lost
			m.flag(FoundThenLost, w.first >= 0)
		}
	}
	if len(found) == 0 {
		return
	}
	m[AnswerChanges], m[RightToWrong], m[WrongToRight] = float64(w.changes), float64(w.lost), float64(w.gained)
	if v.Answer != "" {
		last := found[len(found)-1].Text
		lastRight := w.right[key(last)]
		m.flag(AnswerMismatch, lastRight != correct || !correct && !same(last, v.Answer))
	}
}

// contract looks for faults of form: an answer in the thought alone, and several
// boxes with different contents in the final part.
func (m measures) contract(r eval.Response, v eval.Verdict, thought []Candidate) {
	final := Candidates(r.Text)
	m.flag(AnswerOnlyInThought, len(thought) > 0 && (v.Outcome == eval.NoAnswer || strings.TrimSpace(r.Text) == ""))
	boxes := map[string]bool{}
	for _, c := range final {
		if c.boxed {
			boxes[key(c.Text)] = true
		}
	}
	m.flag(SeveralBoxes, len(boxes) > 1)
}
