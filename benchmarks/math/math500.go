package math

import (
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

// MATH500 is the 500 problems of MATH held out by Lightman et al. 2023
// (arXiv 2305.20050).
func MATH500(t scoring.Tools) eval.Benchmark {
	return eval.Benchmark{
		Name: "math500", Domain: "math",
		About: eval.About{
			Summary: "competition problems of five levels", Source: "https://github.com/openai/prm800k",
			License: "MIT", Files: []string{"test.jsonl"},
		},
		Load: load(dataset.Source{Folders: []string{"math500"}, Files: []string{"test.jsonl"}}, func(row dataset.Row) (eval.Problem, error) {
			return plain(row, "problem", "answer")
		}),
		Prompt: prompt, Scorer: scoring.Math(t),
	}
}
