package money

import "github.com/evalr/evalr/eval"

// A Tally is what the attempts of one model cost, over all benchmarks. A row of
// the leaderboard has the same figures for one benchmark.
type Tally struct {
	USD     float64 // of the attempts whose cost is known, failed ones too
	Known   int
	Unknown int // attempts whose cost is not known
	Cached  int // attempts that were answered from a cache, for nothing
	points  float64
}

// Add takes an attempt into account.
func (t *Tally) Add(a eval.Attempt) {
	if a.Response.Cached {
		t.Cached++
	}
	if a.Cost == nil {
		t.Unknown++
		return
	}
	t.USD += *a.Cost
	t.Known++
	if a.Err == nil {
		t.points += a.Verdict.Score
	}
}

// PerAttempt is the mean cost of an attempt; nil before the first known one.
func (t Tally) PerAttempt() *float64 { return part(t.USD, float64(t.Known)) }

// PerCorrect is the cost of a correct answer, with all that the wrong ones and the
// failed ones cost; nil without a correct one.
func (t Tally) PerCorrect() *float64 { return part(t.USD, t.points) }

func part(a, b float64) *float64 {
	if b <= 0 {
		return nil
	}
	x := a / b
	return &x
}
