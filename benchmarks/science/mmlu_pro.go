package science

import (
	"slices"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

var mmluPro = dataset.Source{
	Folders: []string{"mmlu_pro"},
	Files:   []string{"mmlu_pro_test.jsonl.gz", "mmlu_pro_test.jsonl"},
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
		Prompt: choicePrompt, Scorer: scoring.Choice(t),
	}
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
	if err := labelled(gold, len(options)); err != nil {
		return eval.Problem{}, row.Errorf("%w", err)
	}
	return eval.Problem{ID: row.ID(), Text: text, Choices: options, Answer: []string{gold}, Subject: row.Text("category")}, nil
}
