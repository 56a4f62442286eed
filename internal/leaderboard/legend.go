package leaderboard

import (
	"fmt"
	"slices"
	"strings"
)

// legend explains the figures in one paragraph: the columns that are shown, and
// those that were left out because they are 0 throughout. stands says how a
// writer marks the best.
func (b Board) legend(shown, idle []Column, stands string) string {
	var parts []string
	say := func(column, text string) {
		if slices.ContainsFunc(shown, func(c Column) bool { return c.Name == column }) {
			parts = append(parts, text)
		}
	}
	say("score", "Score: percent, with its 95% interval for new problems of the same kind.")
	say("rerun", "Rerun ±: the same problems asked again.")
	say("nk", "n×k: problems and trials of each.")
	if b.has(func(r Row) bool { return r.Rank != nil && r.Rank.Worst > 1 }) {
		say("rank", "Rank: place, and the places that paired tests leave open (Holm, 5%).")
		parts = append(parts, stands+" models not significantly worse than the best.")
	}
	if shares(shown) {
		parts = append(parts, "Shares are of judged attempts.")
	}
	say("error", "Errors are of all attempts, and not in the score.")
	parts = append(parts, b.marks()...)
	if b.Baseline != "" {
		parts = append(parts, fmt.Sprintf("Δ: percentage points from %s on common problems; * significant (Holm, 5%%).", b.Baseline))
	}
	if b.has(func(r Row) bool { return r.Tokens != nil && r.Tokens.Estimated }) {
		parts = append(parts, "~ some token counts are estimates.")
	}
	var zero []string
	for _, c := range idle {
		if strings.HasPrefix(c.idle, "0") && b.has(func(r Row) bool { return c.cell(r) == c.idle }) {
			zero = append(zero, c.Header)
		}
	}
	if len(zero) > 0 {
		parts = append(parts, "0 in every row, and not shown: "+strings.Join(zero, ", ")+".")
	}
	return strings.Join(parts, " ")
}

// marks explains the signs after the names.
func (b Board) marks() []string {
	var out []string
	for _, m := range []struct {
		mark, help string
	}{
		{"‡", "‡ problems were public before the model's release."}, {"†", "† planned attempts have no verdict."},
		{"§", "§ published by others, not measured here."},
	} {
		if b.has(func(r Row) bool { return strings.Contains(r.Marks(), m.mark) }) {
			out = append(out, m.help)
		}
	}
	return out
}

// has says whether one of the rows is so.
func (b Board) has(is func(Row) bool) bool {
	return slices.ContainsFunc(b.Rows, is) || slices.ContainsFunc(b.Groups, is)
}

// shares says whether a column of a share of outcomes is shown.
func shares(shown []Column) bool {
	return slices.ContainsFunc(shown, func(c Column) bool {
		return slices.Contains([]string{"correct", "truncated", "no_answer", "refused"}, c.Name)
	})
}

// notes are the warnings of the rows.
func (b Board) notes() []string {
	var out []string
	for _, r := range b.Rows {
		for _, w := range r.Warnings {
			out = append(out, fmt.Sprintf("%s, %s: %s", r.Model, r.Benchmark, w))
		}
	}
	for _, r := range b.Groups {
		if r.parts == nil {
			continue // said of the whole benchmark
		}
		for _, w := range r.Warnings {
			out = append(out, fmt.Sprintf("%s, %s: %s", r.Model, r.Benchmark, w))
		}
	}
	return out
}

// doubts are what a reader must know of the whole board: how trials were given out,
// what held the programs, and what its warnings say.
func (b Board) doubts() []string {
	out := append(b.sampled(), b.judged()...)
	for _, i := range b.Isolation {
		out = append(out, i.line(len(b.Isolation) > 1))
	}
	return append(out, b.Warnings...)
}

// sampled says what adaptive sampling spent and saved.
func (b Board) sampled() []string {
	var out []string
	for _, r := range b.Rows {
		if r.Sampling == nil {
			continue
		}
		s := r.Sampling
		out = append(out, fmt.Sprintf("Adaptive sampling of %s at %s until %s: %s. %s trials; the same number for every problem would have taken some %s, and the most allowed was %s. Scores are the means of even and odd trials.",
			r.Model, r.Benchmark, s.Until, s.Outcome, grouped(int64(s.Trials)), grouped(int64(s.Uniform)), grouped(int64(s.Full))))
	}
	return out
}
