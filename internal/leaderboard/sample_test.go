package leaderboard_test

import (
	"fmt"
	"hash/fnv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/leaderboard/reference"
)

// hostile is a name that tries to break every format at once.
const hostile = "we|rd\n`x` <b>&amp; @me #12 _y_ $z$ %d \\end{table} \"q\" 'r' ]]> --> ${a}~^ \x1b[31m \u202eabc \xff 模型"

// A player is a model of the sample: how good it is, and how it answers.
type player struct {
	label   string
	skill   float64
	info    leaderboard.ModelInfo
	tokens  int
	price   float64 // US dollars an answer; 0 unknown
	badness float64 // share of errors and of truncations
	only    string  // the one benchmark it was asked; "" all
}

func pointer[T any](x T) *T { return &x }

var players = []player{
	{label: "deepseek-ai/DeepSeek-R1", skill: 0.8, tokens: 9000, price: 0.02, badness: 0.05, info: leaderboard.ModelInfo{
		Kind: "vllm", Engine: "vllm 0.11.0", Preset: "deepseek-r1", Facts: leaderboard.Facts{
			TotalParams: pointer(671.0), ActiveParams: pointer(37.0), OpenWeights: pointer(true), Compute: "2.788M H800 GPU hours", Released: "2025-01-20",
		}}},
	{label: "Qwen/Qwen3-8B", skill: 0.7, tokens: 12000, badness: 0.02, info: leaderboard.ModelInfo{
		Kind: "vllm", Engine: "vllm 0.11.0", Preset: "qwen3-think", Facts: leaderboard.Facts{Released: "2025-04-29"},
	}},
	{label: "o4-mini@effort=high", skill: 0.78, tokens: 4000, price: 0.05, info: leaderboard.ModelInfo{
		Kind: "openai", Facts: leaderboard.Facts{OpenWeights: pointer(false)},
	}},
	{label: hostile, skill: 0.3, tokens: 700, only: "aime25"},
}

// chance is a number in [0, 1) that depends on the parts alone.
func chance(parts ...any) float64 {
	h := fnv.New64a()
	fmt.Fprintln(h, parts...)
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return float64(x%100_003) / 100_003
}

// answer is what a player says to a problem.
func (p player) answer(benchmark string, problem, trial int) eval.Attempt {
	luck := chance(p.label, benchmark, problem, trial)
	hard := chance(benchmark, problem)
	outcome := eval.Incorrect
	switch {
	case luck < p.badness/2:
		outcome = "error"
	case luck < p.badness:
		outcome = eval.Truncated
	case luck > 0.99:
		outcome = eval.NoAnswer
	case luck < p.skill*(1.4-hard):
		outcome = eval.Correct
	}
	a := try(p.label, benchmark, problem, trial, outcome)
	if outcome == "error" {
		return a
	}
	length := int(float64(p.tokens) * (0.5 + hard + luck/2))
	a.Response.Usage.Output = &length
	a.Response.Timing = eval.Timing{FirstToken: time.Duration(200+100*luck) * time.Millisecond, Total: time.Duration(length) * 20 * time.Millisecond}
	a.Verdict.Canonical = string(outcome) + fmt.Sprint(int(luck*10))
	a.Measures = map[string]float64{"markers_backtrack": 10 * luck}
	if p.price > 0 {
		a.Cost = pointer(p.price * (1 + luck))
	}
	if luck > 0.97 {
		a.Verdict.Warnings = []string{"boxes_compete: 1; the last, 2, was taken"}
	}
	return a
}

// sampled is a board with everything that needs care: three benchmarks of three
// domains, clusters, errors, truncations, a model that lacks benchmarks, one
// with errors alone and one with a hostile name, a run that is not finished.
func sampled(t *testing.T, o leaderboard.Options) leaderboard.Board {
	t.Helper()
	sets := map[string]leaderboard.BenchmarkInfo{
		"aime25": {Domain: "math"}, "science-own": {Domain: "science"}, "humaneval": {Domain: "code"},
	}
	sizes := map[string]int{"aime25": 30, "science-own": 24, "humaneval": 40}
	first := leaderboard.Source{
		Name: "runs/first", Trials: 4, Date: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), Version: "v0.1.0",
		Models: map[string]leaderboard.ModelInfo{}, Benchmarks: map[string]leaderboard.BenchmarkInfo{},
		Isolation: &eval.Isolation{Tier: "native", Guards: []string{"seccomp", "landlock 7"}},
	}
	var all []eval.Attempt
	for _, name := range []string{"humaneval", "science-own", "aime25"} {
		info := sets[name]
		for i := range sizes[name] {
			p := eval.Problem{ID: fmt.Sprint(i), Difficulty: []string{"easy", "hard"}[i%2]}
			switch name {
			case "aime25":
				p.Date = "2025-02-06"
			case "science-own":
				p.Cluster = fmt.Sprint("passage ", i/3)
			}
			info.Problems = append(info.Problems, p)
			for _, m := range players {
				for k := range 4 {
					if m.only == "" || m.only == name {
						all = append(all, m.answer(name, i, k))
					}
				}
			}
		}
		first.Benchmarks[name] = info
	}
	for _, m := range players {
		first.Models[m.label] = m.info
	}
	first.Attempts = source(all...).Attempts
	second := source(try("=cmd()", "aime25", 1, 0, "error"))
	second.Name, second.Unfinished, second.Isolation = "runs/second", true, &eval.Isolation{Tier: "none", Weaknesses: []string{"programs run with the user's own rights"}}
	b, err := leaderboard.Build([]leaderboard.Source{first, second}, o)
	require.NoError(t, err)
	b.Publish([]reference.Score{
		{Model: "DeepSeek-R1", Benchmark: "aime25", Metric: "pass@1", Value: 70, ReportedBy: "DeepSeek", Source: "DeepSeek-R1-0528 model card", Note: "of the first release"},
		{Model: "DeepSeek-R1", Benchmark: "aime25", Metric: "cons@64", Value: 86.7, ReportedBy: "DeepSeek", Source: "the same"},
		{Model: "o4-mini", Benchmark: "elsewhere", Metric: "pass@1", Value: 92.7, ReportedBy: "OpenAI", Source: "the same"},
	})
	return b
}
