// Package benchmarks is the catalogue: every benchmark that evalr knows, in one
// visible literal, and a user's own files. It must not know models.
package benchmarks

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/evalr/evalr/benchmarks/code"
	"github.com/evalr/evalr/benchmarks/math"
	"github.com/evalr/evalr/benchmarks/science"
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring"
)

// All lists the catalogue. To add a benchmark, add its line here.
func All(t scoring.Tools) []eval.Benchmark {
	all := []eval.Benchmark{
		math.Own(t),
		math.GSM8K(t),
		math.MATH500(t),
		math.AIME24(t),
		math.AIME25(t),
		math.MinervaMATH(t),
		math.OlympiadBench(t),

		code.Own(t),
		code.HumanEval(t),
		code.HumanEvalPlus(t),
		code.MBPP(t),
		code.MBPPPlus(t),
		code.MBPPGoogle(t),
		code.CRUXEvalI(t),
		code.CRUXEvalO(t),

		science.Own(t),
		science.MMLUPro(t),
		science.MMLUProScience(t),
		science.ARCChallenge(t),
	}
	for i := range all { // a benchmark that judges by the defaults has set none
		all[i].Policy = all[i].Policy.Or(t.Policy)
	}
	return all
}

// Select gives the benchmarks that the patterns name, each once, in the order
// of the patterns: names, globs such as "aime*", and mmlu_pro:CATEGORY. An
// unknown name is an error that offers the nearest ones.
func Select(t scoring.Tools, patterns []string) ([]eval.Benchmark, error) {
	all := All(t)
	var out []eval.Benchmark
	add := func(b eval.Benchmark) {
		if !slices.ContainsFunc(out, func(o eval.Benchmark) bool { return o.Name == b.Name }) {
			out = append(out, b)
		}
	}
	for _, pattern := range patterns {
		if category, ok := strings.CutPrefix(pattern, "mmlu_pro:"); ok {
			add(science.MMLUProCategory(t, category))
			continue
		}
		found := false
		for _, b := range all {
			if ok, err := path.Match(pattern, b.Name); err != nil {
				return nil, fmt.Errorf("benchmark %q: %w", pattern, err)
			} else if ok {
				add(b)
				found = true
			}
		}
		if !found {
			return nil, unknown(pattern, all)
		}
	}
	return out, nil
}

func unknown(pattern string, all []eval.Benchmark) error {
	var names []string
	for _, b := range all {
		names = append(names, b.Name)
	}
	if near := eval.Nearest(pattern, names); len(near) > 0 {
		return fmt.Errorf("unknown benchmark %q: did you mean %s?", pattern, strings.Join(near, " or "))
	}
	return fmt.Errorf("unknown benchmark %q", pattern)
}
