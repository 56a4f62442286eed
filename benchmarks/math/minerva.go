package math

import (
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

// minervaTolerance is the relative error within which numbers agree: what the
// harness of Qwen2.5-Math uses, whose numbers are the ones usually published.
const minervaTolerance = 1e-4

// MinervaMATH is the 272 problems from MIT OpenCourseWare of Minerva
// (Lewkowycz et al. 2022, arXiv 2206.14858, appendix): numbers, often rounded,
// equations and expressions.
func MinervaMATH(t scoring.Tools) eval.Benchmark {
	t.Policy = t.Policy.Or(eval.Policy{RelTolerance: minervaTolerance})
	return eval.Benchmark{
		Name: "minerva_math", Domain: "math",
		About: eval.About{
			Summary: "university science and mathematics, OpenCourseWare", Source: "arXiv 2206.14858",
			License: "CC-BY-NC-SA (MIT OCW)", Dataset: "math-ai/minervamath", Files: []string{"test.jsonl", "ocw_test.jsonl"},
		},
		Load:   load(dataset.Source{Folders: []string{"minerva_math"}, Files: []string{"test.jsonl", "ocw_test.jsonl"}}, minervaProblem),
		Prompt: prompt, Scorer: scoring.Math(t), Policy: t.Policy,
	}
}

// minervaProblem reads a row; where there is no answer field the gold is the
// last box of the solution.
func minervaProblem(row dataset.Row) (eval.Problem, error) {
	if row.Has("answer") {
		return plain(row, "problem", "answer")
	}
	p, err := plain(row, "problem", "solution")
	if err != nil {
		return p, err
	}
	gold, ok := scoring.LastBoxed(p.Answer[0])
	if !ok {
		return p, row.Errorf("the solution has no \\boxed answer")
	}
	p.Answer = []string{gold}
	return p, nil
}
