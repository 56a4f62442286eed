package leaderboard

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/stats"
)

// Judges says what judge models said of a row's answers, and what they took. It is
// no part of the row's own tokens and cost.
type Judges struct {
	Names []string `json:"names"`
	// Second says that the verdicts are a scorer's, beside whom the judges gave
	// their opinion; the scorer is then one of those who are compared.
	Second bool `json:"second,omitempty"`
	// Cost in US dollars, over the answers of which it is known, which Known counts.
	Cost   *float64 `json:"cost_usd,omitempty"`
	Known  int      `json:"cost_known"`
	Calls  int      `json:"calls"`
	Prompt int      `json:"prompt_tokens"`
	Output int      `json:"output_tokens"`
	// Answers counts those that judges were asked about, also those on which they
	// came to no verdict.
	Answers int `json:"answers"`
	// Alpha is Krippendorff's, of all who judged; nil if it cannot be had.
	Alpha *float64    `json:"alpha,omitempty"`
	Pairs []JudgePair `json:"pairs,omitempty"`
}

// A JudgePair compares two judges on the answers that both judged.
type JudgePair struct {
	A         string   `json:"a"`
	B         string   `json:"b"`
	Agreement float64  `json:"agreement"`
	Kappa     *float64 `json:"kappa,omitempty"` // Cohen's; nil where both said one thing throughout
	Answers   int      `json:"answers"`
}

// theScorer names the scorer among those who judged.
const theScorer = "(scorer)"

// mostPaired is of how many judges all pairs are shown.
const mostPaired = 12

// A panel is what is kept of what judges said: how often which words were said
// together. Few are, so that a million answers are no matter.
type panel struct {
	said                           map[string]int
	cost                           sum
	calls, prompt, output, answers int
	second                         bool
}

// add takes over what judges said of an attempt, also of one that failed.
func (p *panel) add(a eval.Attempt) {
	j := a.Verdict.Judging
	if j == nil {
		return
	}
	if p.said == nil {
		p.said = map[string]int{}
	}
	p.answers++
	p.calls, p.prompt, p.output = p.calls+j.Calls, p.prompt+j.Prompt, p.output+j.Output
	p.second = p.second || j.Second
	if j.Cost != nil {
		p.cost.add(*j.Cost)
	}
	var words strings.Builder
	if j.Second {
		fmt.Fprintf(&words, "%s\x00%s\x00", theScorer, a.Verdict.Outcome)
	}
	for _, c := range a.Verdict.Checks {
		if name, ok := strings.CutPrefix(c.Name, eval.JudgeCheck); ok {
			word, _, _ := strings.Cut(c.Note, ":")
			fmt.Fprintf(&words, "%s\x00%s\x00", name, word)
		}
	}
	p.said[words.String()]++
}

// judges counts what was said; nil if nobody was asked.
func (p *panel) judges() *Judges {
	if p.answers == 0 {
		return nil
	}
	out := &Judges{Second: p.second, Known: p.cost.n, Calls: p.calls, Prompt: p.prompt, Output: p.output, Answers: p.answers}
	if p.cost.n > 0 {
		out.Cost = known(p.cost.value())
	}
	units, names := p.labels()
	out.Names = names
	if alpha, ok := stats.KrippendorffAlpha(units); ok {
		out.Alpha = &alpha
	}
	if len(names) > mostPaired {
		return out
	}
	for a := range names {
		for b := a + 1; b < len(names); b++ {
			k := stats.CohenKappa(units, a, b)
			if k.Units == 0 {
				continue
			}
			pair := JudgePair{A: names[a], B: names[b], Agreement: k.Agreement, Answers: k.Units}
			if k.OK {
				pair.Kappa = &k.Kappa
			}
			out.Pairs = append(out.Pairs, pair)
		}
	}
	return out
}

// labels gives what was said as labels of raters, who are sorted by name.
func (p *panel) labels() (units []stats.Labels, names []string) {
	at := map[string]int{}
	for words := range p.said {
		for i, f := 0, strings.Split(words, "\x00"); i+1 < len(f); i += 2 {
			at[f[i]] = 0
		}
	}
	names = slices.Sorted(maps.Keys(at))
	for i, name := range names {
		at[name] = i
	}
	for _, words := range slices.Sorted(maps.Keys(p.said)) {
		u := stats.Labels{Of: slices.Repeat([]int{-1}, len(names)), Times: p.said[words]}
		for i, f := 0, strings.Split(words, "\x00"); i+1 < len(f); i += 2 {
			u.Of[at[f[i]]] = slices.Index(eval.Outcomes, eval.Outcome(f[i+1])) // -1 of one that failed
		}
		units = append(units, u)
	}
	return units, names
}

// judged says of each row with judges who they are and how far they agree.
func (b Board) judged() []string {
	var out []string
	for _, r := range b.Rows {
		if r.Judges != nil {
			out = append(out, fmt.Sprintf("%s, %s: %s", r.Model, r.Benchmark, r.Judges.sentence()))
		}
	}
	return out
}

func (j Judges) sentence() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s answers judged by %s", grouped(int64(j.Answers)), strings.Join(slices.DeleteFunc(slices.Clone(j.Names), func(n string) bool { return n == theScorer }), ", "))
	if j.Second {
		b.WriteString(" as a second opinion")
	}
	fmt.Fprintf(&b, ", in %s calls", grouped(int64(j.Calls)))
	if j.Cost != nil {
		fmt.Fprintf(&b, " for $%s", dollars(*j.Cost))
		if j.Known < j.Answers {
			fmt.Fprintf(&b, " where it is known (%d answers)", j.Known)
		}
	}
	if j.Alpha != nil {
		fmt.Fprintf(&b, "; agreement α %.2f (Krippendorff)", *j.Alpha)
	}
	for _, p := range j.Pairs {
		fmt.Fprintf(&b, "; %s and %s alike on %s%% of %s", p.A, p.B, inPercent(p.Agreement, 1), grouped(int64(p.Answers)))
		if p.Kappa != nil {
			fmt.Fprintf(&b, ", κ %.2f", *p.Kappa)
		}
	}
	return b.String() + "."
}

func judgeCostCell(r Row) string {
	if r.Judges == nil || r.Judges.Cost == nil {
		return none
	}
	return dollars(*r.Judges.Cost)
}

func judgeAlphaCell(r Row) string {
	if r.Judges == nil || r.Judges.Alpha == nil {
		return none
	}
	return fmt.Sprintf("%.2f", *r.Judges.Alpha)
}

// dollars writes an amount, small ones with two figures.
func dollars(x float64) string {
	if x < 0.1 {
		return strconv.FormatFloat(x, 'g', 2, 64)
	}
	return fmt.Sprintf("%.2f", x)
}
