package evaltest

import (
	"fmt"
	"hash/fnv"
	"iter"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
)

// A Campaign is made-up attempts of many models at many benchmarks, for
// measuring what must bear a large number of them. The same Campaign gives the
// same attempts. Models differ in ability, problems in difficulty, and problems
// of one cluster lie close together.
type Campaign struct {
	Models, Benchmarks, Problems, Trials int
}

// campaignDomains are those of the benchmarks, in turn.
var campaignDomains = []string{"math", "science", "code", "custom"}

// Model names a model, counted from zero.
func (c Campaign) Model(m int) string { return fmt.Sprintf("maker/reasoner-%02d-instruct", m) }

// Benchmark names a benchmark, counted from zero, and its domain.
func (c Campaign) Benchmark(b int) (name, domain string) {
	domain = campaignDomains[b%len(campaignDomains)]
	return fmt.Sprintf("%s-set-%02d", domain, b), domain
}

// ProblemsOf gives the problems of a benchmark. In every second one, five
// problems in a row share a cluster.
func (c Campaign) ProblemsOf(b int) []eval.Problem {
	name, domain := c.Benchmark(b)
	out := make([]eval.Problem, c.Problems)
	for i := range out {
		p := eval.Problem{ID: fmt.Sprintf("%s/%04d", name, i), Text: fmt.Sprintf("Made-up question %d.", i), Difficulty: fmt.Sprint(1 + i%5)}
		if b%2 == 1 {
			p.Cluster = fmt.Sprintf("text-%03d", i/5)
		}
		switch domain {
		case "code":
			p.Tests = &eval.Tests{Language: "python", Entry: "f", Script: "assert f(1) == 1"}
		case "science":
			p.Choices, p.Answer = []string{"one", "two", "three", "four"}, []string{string(rune('A' + i%4))}
		default:
			p.Answer = []string{gold(i)}
		}
		out[i] = p
	}
	return out
}

func gold(i int) string {
	if i%3 == 0 {
		return fmt.Sprintf(`\frac{%d}{%d}`, i+1, i%7+2)
	}
	return fmt.Sprint(17 * i)
}

// Attempts gives the attempts of a model in the order of a run. One in a hundred
// fails, and half of those are made again at the end of their benchmark.
func (c Campaign) Attempts(m int) iter.Seq[eval.Attempt] {
	return func(yield func(eval.Attempt) bool) {
		for b := range c.Benchmarks {
			var again []eval.Attempt
			problems := c.ProblemsOf(b)
			for i, p := range problems {
				for t := range c.Trials {
					name, domain := c.Benchmark(b)
					k := eval.Key{Benchmark: name, Problem: p.ID, Model: c.Model(m), Trial: t}
					r := rand.New(rand.NewPCG(seedOf(k.String()), 0))
					a := c.attempt(k, r)
					a.Verdict = verdict(domain, i, r.Float64() < c.chance(m, p), r)
					if r.IntN(100) == 0 {
						if r.IntN(2) == 0 {
							again = append(again, a)
						}
						a.Verdict, a.Measures, a.Cost = eval.Verdict{}, nil, nil
						a.Response = eval.Response{Timing: a.Response.Timing}
						a.Err = &eval.Failure{Kind: eval.FailTimeout, Message: "no answer within 10m0s", Tries: 6}
					}
					if !yield(a) {
						return
					}
				}
			}
			for _, a := range again {
				a.Started = a.Started.Add(24 * time.Hour)
				if !yield(a) {
					return
				}
			}
		}
	}
}

// chance is that of a model to solve a problem: a logistic curve over ability
// less difficulty.
func (c Campaign) chance(m int, p eval.Problem) float64 {
	cluster := p.Cluster
	if cluster == "" {
		cluster = p.ID
	}
	ability := 2 * (float64(m)/float64(max(c.Models-1, 1)) - 0.4)
	difficulty := rand.New(rand.NewPCG(seedOf(cluster), 1)).NormFloat64() + rand.New(rand.NewPCG(seedOf(p.ID), 2)).NormFloat64()/2
	return 1 / (1 + math.Exp(difficulty-ability))
}

func seedOf(s string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(s))
	return h.Sum64()
}

// attempt gives all of an attempt but its verdict.
func (c Campaign) attempt(k eval.Key, r *rand.Rand) eval.Attempt {
	prompt, thought := 90+r.IntN(200), int(math.Exp(7+r.NormFloat64()))
	output, cached := thought+80+r.IntN(300), 64*r.IntN(3)
	total := time.Duration(output) * 11 * time.Millisecond
	cost := float64(prompt)*0.15e-6 + float64(output)*0.6e-6
	return eval.Attempt{
		Key:     k,
		Request: eval.Request{Messages: []eval.Message{{Role: eval.User, Content: "Made-up question. Give the answer in a box."}}},
		Response: eval.Response{
			Raw: "<think>" + strings.Repeat("Wait, let me check that once more. ", 3+r.IntN(5)) + "</think>The answer is in the box.",
			// What Split would find.
			State: eval.ThoughtClosed, Stop: eval.StopEnd,
			Usage: eval.Usage{Prompt: &prompt, Output: &output, Reasoning: &thought, Cached: &cached},
			Timing: eval.Timing{
				Queue: time.Duration(r.IntN(3_000_000)) * time.Microsecond, FirstToken: time.Duration(80_000+r.IntN(400_000)) * time.Microsecond,
				Total: total + time.Duration(r.IntN(1_000_000))*time.Microsecond,
			},
			Model: k.Model + "-2026-01-15", Fingerprint: "fp_44709d6fcb",
		},
		Measures: measures(thought, r),
		Cost:     &cost,
		Started:  time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(r.Int64N(int64(8 * time.Hour)))),
	}
}

// measures are as many as are taken of a thought, of whole numbers and shares.
func measures(tokens int, r *rand.Rand) map[string]float64 {
	out := map[string]float64{"tokens": float64(tokens), "words": math.Round(float64(tokens) * 0.74), "characters": float64(tokens * 4)}
	for _, name := range []string{"steps", "sentences", "backtracks", "checks", "hedges", "restarts", "questions", "equations"} {
		out[name] = float64(r.IntN(1 + tokens/20))
	}
	for _, name := range []string{"repetition", "compression", "unique_words", "answer_first_seen", "after_answer_share", "language_share", "longest_loop_share", "math_share", "hedge_rate"} {
		out[name] = math.Round(r.Float64()*1e6) / 1e6 // measures are kept to six decimals
	}
	return out
}

// verdict judges attempt i the way the scorers of its domain word it.
func verdict(domain string, i int, right bool, r *rand.Rand) eval.Verdict {
	v := eval.Verdict{Outcome: eval.Incorrect}
	if right {
		v.Outcome, v.Score = eval.Correct, 1
	} else if r.IntN(8) == 0 {
		v.Outcome = []eval.Outcome{eval.Truncated, eval.Truncated, eval.NoAnswer, eval.Refused}[r.IntN(4)]
		v.Why = "no final answer"
		return v
	}
	switch domain {
	case "code":
		v.Answer, v.Why = "def f(x):\n    return x\n", "last code block; all tests were run"
		for n := range 1 + i%6 {
			v.Checks = append(v.Checks, eval.Check{Name: fmt.Sprintf("test %d", n+1), OK: right || n > 0})
		}
	case "science":
		v.Answer, v.Why = string(rune('A'+i%4)), "label after 'answer:'"
		if !right {
			v.Answer = string(rune('A' + (i+1+r.IntN(3))%4))
		}
		v.Canonical = v.Answer
	default:
		v.Answer, v.Why = gold(i), "boxed; equal as rationals"
		if !right {
			v.Answer, v.Why = gold(i+1+r.IntN(5)), "boxed; not equal"
		}
		v.Canonical = v.Answer
	}
	if r.IntN(50) == 0 {
		v.Warnings = []string{"several boxes; the last was taken"}
	}
	return v
}
