package math

import (
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

// GSM8K is the test split of grade-school mathematics (Cobbe et al. 2021,
// arXiv 2110.14168): 1,319 word problems with integer answers.
func GSM8K(t scoring.Tools) eval.Benchmark {
	return eval.Benchmark{
		Name: "gsm8k", Domain: "math",
		About: eval.About{
			Summary: "grade-school word problems", Source: "https://github.com/openai/grade-school-math",
			License: "MIT", Dataset: "openai/gsm8k", Files: []string{"test.jsonl"},
		},
		Load: load(dataset.Source{Folders: []string{"gsm8k"}, Files: []string{"test.jsonl"}}, func(row dataset.Row) (eval.Problem, error) {
			p, err := plain(row, "question", "answer")
			if err != nil {
				return p, err
			}
			_, gold, ok := strings.Cut(p.Answer[0], "####")
			if !ok {
				return p, row.Errorf(`the answer has no "####"`)
			}
			p.Answer = []string{strings.TrimSpace(gold)}
			return p, nil
		}),
		Prompt: prompt, Scorer: scoring.Number(t),
	}
}
