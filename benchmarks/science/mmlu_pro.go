package science

import (
	"context"
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

var mmluPro = dataset.Source{
	Folders: []string{"mmlu_pro"},
	Files:   []string{"mmlu_pro_test.jsonl.gz", "mmlu_pro_test.jsonl", "test-00000-of-00001.parquet"},
}

// MMLUPro is the test split of MMLU-Pro (Wang et al. 2024, arXiv 2406.01574):
// 12,032 questions with up to ten options.
func MMLUPro(t scoring.Tools) eval.Benchmark {
	return mmluOf(t, "mmlu_pro", "questions of 14 subjects with up to ten options")
}

// MMLUProScience is MMLU-Pro's physics, chemistry and biology.
func MMLUProScience(t scoring.Tools) eval.Benchmark {
	return mmluOf(t, "mmlu_pro_science", "MMLU-Pro: physics, chemistry and biology", "physics", "chemistry", "biology")
}

// MMLUProCategory is one category of MMLU-Pro.
func MMLUProCategory(t scoring.Tools, category string) eval.Benchmark {
	return mmluOf(t, "mmlu_pro:"+category, "MMLU-Pro: "+category, category)
}

// mmluOf is the questions of some categories; of none given, all.
func mmluOf(t scoring.Tools, name, summary string, categories ...string) eval.Benchmark {
	return eval.Benchmark{
		Name: name, Domain: "science",
		About: eval.About{
			Summary: summary, Source: "https://github.com/TIGER-AI-Lab/MMLU-Pro",
			License: "MIT", Dataset: "TIGER-Lab/MMLU-Pro", Files: mmluPro.Files,
		},
		Load: load(mmluPro, func(row dataset.Row) (eval.Problem, bool, error) {
			if len(categories) > 0 && !slices.Contains(categories, row.Text("category")) {
				return eval.Problem{}, false, nil
			}
			p, err := mmluProblem(row)
			return p, true, err
		}),
		Prompt: choicePrompt, Scorer: scoring.Choice(t), Shots: mmluShots(categories),
	}
}

// mmluExamples is the validation split: the hub's own file name, and those that
// go with the names of the test split.
var mmluExamples = dataset.Source{
	Folders: mmluPro.Folders,
	Files:   []string{"validation-00000-of-00001.parquet", "mmlu_pro_validation.jsonl.gz", "mmlu_pro_validation.jsonl"},
}

// mmluShots are the validation split's examples of a question's own category,
// five of each, which is also how many the publisher's program shows
// (evaluate_from_local.py: select_by_category, --ntrain 5).
func mmluShots(categories []string) *eval.Shots {
	return &eval.Shots{
		Protocol: 5, Source: "arXiv 2406.01574 and https://github.com/TIGER-AI-Lab/MMLU-Pro (evaluate_from_local.py)",
		Files: mmluExamples.Files, From: "the hub's dataset TIGER-Lab/MMLU-Pro (data/validation-00000-of-00001.parquet)",
		Unverified: true,
		Load: func(_ context.Context, from eval.Data) ([]eval.Example, []eval.File, error) {
			examples, file, err := dataset.Map(mmluExamples, from.Dirs, from.Home, func(row dataset.Row) (eval.Example, bool, error) {
				if len(categories) > 0 && !slices.Contains(categories, row.Text("category")) {
					return eval.Example{}, false, nil
				}
				e, err := mmluExample(row)
				return e, true, err
			})
			return examples, []eval.File{{Path: file.Path, SHA256: file.SHA256, Rows: len(file.Rows)}}, err
		},
		Group: func(p eval.Problem) string { return p.Subject },
	}
}

// mmluExample reads a row of the validation split, whose cot_content is a worked
// answer that begins with "A:". The line that the prompt asks for is put behind.
func mmluExample(row dataset.Row) (eval.Example, error) {
	p, err := mmluProblem(row)
	if err != nil {
		return eval.Example{}, err
	}
	thought, err := row.String("cot_content")
	if err != nil {
		return eval.Example{}, err
	}
	thought = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(thought), "A:"))
	if thought == "" {
		return eval.Example{}, row.Errorf("cot_content is empty: this is no file of worked examples; the validation split has them")
	}
	return eval.Example{Problem: p, Answer: thought + "\n\nAnswer: " + p.Answer[0]}, nil
}

func mmluProblem(row dataset.Row) (eval.Problem, error) {
	text, err := row.String("question")
	if err != nil {
		return eval.Problem{}, err
	}
	options, err := row.Strings("options")
	if err != nil {
		return eval.Problem{}, err
	}
	gold, err := row.String("answer")
	if err != nil {
		return eval.Problem{}, err
	}
	for len(options) > 0 && options[len(options)-1] == "N/A" { // some releases fill up to ten
		options = options[:len(options)-1]
	}
	if err := labelled(gold, len(options)); err != nil {
		return eval.Problem{}, row.Errorf("%w", err)
	}
	return eval.Problem{ID: row.ID(), Text: text, Choices: options, Answer: []string{gold}, Subject: row.Text("category")}, nil
}
