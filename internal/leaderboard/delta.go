package leaderboard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/stats"
)

// A Delta is the difference of a row from the baseline's on common problems.
type Delta struct {
	Paired
	// Adjusted is P adjusted for all differences of the board (Holm).
	Adjusted float64 `json:"p_holm"`
}

// Significant says whether the difference would be rare by chance, all
// differences of the board considered.
func (d Delta) Significant() bool { return d.Adjusted <= alpha }

// subtract sets the differences from a baseline.
func (b *Board) subtract(baseline string) error {
	base := map[string]*sheet{}
	var names []string
	for _, r := range b.Rows {
		names = append(names, r.Model)
		if r.Model == baseline {
			base[r.Benchmark] = r.sheet
		}
	}
	if len(base) == 0 {
		hint := ""
		if near := eval.Nearest(baseline, names); len(near) > 0 {
			hint = ": did you mean " + strings.Join(near, " or ") + "?"
		}
		slices.Sort(names)
		return fmt.Errorf("no model of this board is called %q%s (there are %s)", baseline, hint, strings.Join(slices.Compact(names), ", "))
	}
	b.Baseline = baseline
	var p []float64
	var of []*Row
	for i := range b.Rows {
		r := &b.Rows[i]
		if sh := base[r.Benchmark]; sh != nil && r.Model != baseline && r.Score != nil {
			if one := pair(r.sheet, sh); one.Problems > 0 {
				r.Delta = &Delta{Paired: one}
				p, of = append(p, one.P), append(of, r)
			}
		}
	}
	for i, q := range stats.Holm(p) {
		of[i].Delta.Adjusted = q
	}
	return nil
}
