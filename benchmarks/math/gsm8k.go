package math

import (
	"context"
	"regexp"
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
			e, err := gsm8kExample(row)
			return e.Problem, err
		}),
		Prompt: prompt, Scorer: scoring.Number(t), Shots: gsm8kShots(),
	}
}

// gsm8kShots are the first problems of the train split with their published
// solutions. The dataset's paper has no few-shot protocol; the usual one has
// eight, which Wei et al. 2022 (arXiv 2201.11903, section 3.1) wrote themselves.
func gsm8kShots() *eval.Shots {
	train := dataset.Source{Folders: []string{"gsm8k"}, Files: []string{"train.jsonl"}}
	return &eval.Shots{
		Protocol: 8, Source: "arXiv 2201.11903, section 3.1, which has eight of its authors' own; these are the first of the train split",
		Files: train.Files, From: "https://github.com/openai/grade-school-math (grade_school_math/data/train.jsonl)",
		Unverified: true,
		Load: func(_ context.Context, from eval.Data) ([]eval.Example, []eval.File, error) {
			examples, file, err := dataset.Map(train, from.Dirs, from.Home, func(row dataset.Row) (eval.Example, bool, error) {
				e, err := gsm8kExample(row)
				return e, true, err
			})
			return examples, []eval.File{{Path: file.Path, SHA256: file.SHA256, Rows: len(file.Rows)}}, err
		},
	}
}

// calculations are the marks for a calculator that stand in published solutions;
// the dataset's own README says that they may be taken out.
var calculations = regexp.MustCompile(`<<[^\n]*?>>`)

// gsm8kExample reads a row: the steps of a solution, then "####" and the gold.
func gsm8kExample(row dataset.Row) (eval.Example, error) {
	p, err := plain(row, "question", "answer")
	if err != nil {
		return eval.Example{}, err
	}
	steps, gold, ok := strings.Cut(p.Answer[0], "####")
	if !ok {
		return eval.Example{}, row.Errorf(`the answer has no "####"`)
	}
	gold = strings.TrimSpace(gold)
	p.Answer = []string{gold}
	steps = strings.TrimSpace(calculations.ReplaceAllString(steps, ""))
	return eval.Example{Problem: p, Answer: steps + "\n\n\\boxed{" + gold + "}"}, nil
}
