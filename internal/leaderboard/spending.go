package leaderboard

import (
	"math"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/stats"
)

// Tokens says how long answers were, thoughts included, over the attempts whose
// usage is known.
type Tokens struct {
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"`
	P90  float64 `json:"p90"`
	P99  float64 `json:"p99"`
	// PerCorrect is all tokens over all points; unknown without a point.
	PerCorrect *float64 `json:"per_correct,omitempty"`
	// CorrectP50 and WrongP50 are the medians of correct and of other answers.
	CorrectP50 *float64 `json:"correct_p50,omitempty"`
	WrongP50   *float64 `json:"wrong_p50,omitempty"`
	// Known counts the attempts with usage; Estimated says that some counts are
	// estimates.
	Known     int  `json:"known"`
	Estimated bool `json:"estimated,omitempty"`
}

// Cost is in US dollars, over the attempts whose cost is known; attempts that
// failed are part of it.
type Cost struct {
	Total      float64  `json:"total_usd"`
	PerCorrect *float64 `json:"per_correct_usd,omitempty"`
	Known      int      `json:"known"`
}

// Speed is of single requests.
type Speed struct {
	TokensPerSecond *float64 `json:"tokens_per_second_p50,omitempty"`
	FirstTokenP50   *float64 `json:"first_token_seconds_p50,omitempty"`
	FirstTokenP90   *float64 `json:"first_token_seconds_p90,omitempty"`
}

// spend sets what answers cost in tokens, money and time.
func (r *Row) spend(sh *sheet) {
	var tokens, correct, wrong, first, rate []float64
	var all, points, paid float64
	cost, priced := sh.lost.value(), sh.lost.n
	for _, l := range sh.lines {
		for _, t := range l.trials {
			if t.cost >= 0 {
				cost, paid, priced = cost+t.cost, paid+t.score, priced+1
			}
			if t.first > 0 {
				first = append(first, seconds(t.first))
			}
			if t.tokens < 0 {
				continue
			}
			n := float64(t.tokens)
			all, points, tokens = all+n, points+t.score, append(tokens, n)
			if eval.Outcomes[t.outcome] == eval.Correct {
				correct = append(correct, n)
			} else {
				wrong = append(wrong, n)
			}
			if t.total > 0 {
				rate = append(rate, n/seconds(t.total))
			}
		}
	}
	if len(tokens) > 0 {
		q := stats.Quantiles(tokens, 0.5, 0.9, 0.99)
		r.Tokens = &Tokens{
			Mean: all / float64(len(tokens)), P50: q[0], P90: q[1], P99: q[2], PerCorrect: ratio(all, points),
			CorrectP50: median(correct), WrongP50: median(wrong), Known: len(tokens), Estimated: sh.estimated,
		}
		r.MeanOutputTokens = &r.Tokens.Mean
	}
	if priced > 0 && !math.IsInf(cost, 0) && !math.IsNaN(cost) {
		r.Cost = &Cost{Total: cost, PerCorrect: ratio(cost, paid), Known: priced}
	}
	if len(first)+len(rate) > 0 {
		r.Speed = &Speed{TokensPerSecond: median(rate), FirstTokenP50: median(first)}
		if len(first) > 0 {
			r.Speed.FirstTokenP90 = known(stats.Quantile(first, 0.9))
		}
	}
}

func ratio(a, b float64) *float64 {
	if b <= 0 {
		return nil
	}
	return known(a / b)
}

func median(x []float64) *float64 {
	if len(x) == 0 {
		return nil
	}
	return known(stats.Quantile(x, 0.5))
}

// seconds gives back the decimal that a time was: it was kept in few bits.
func seconds(t float32) float64 { return math.Max(1e-4, math.Round(float64(t)*1e4)/1e4) }
