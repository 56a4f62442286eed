package science

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
		Load: func(_ context.Context, from eval.Data) (eval.Set, error) {
			file, err := mmluPro.Load(from.Dirs, from.Home)
			if err != nil {
				return eval.Set{}, err
			}
			set := eval.Set{Files: []eval.File{{Path: file.Path, SHA256: file.SHA256, Rows: len(file.Rows)}}}
			seen := map[string]bool{}
			for _, row := range file.Rows {
				category := row.Text("category")
				seen[category] = true
				if len(categories) > 0 && !slices.Contains(categories, category) {
					continue
				}
				p, err := mmluProblem(row)
				if err != nil {
					return eval.Set{}, err
				}
				set.Problems = append(set.Problems, p)
			}
			if len(set.Problems) == 0 {
				return eval.Set{}, fmt.Errorf("%s has no question of %s; its categories are %s", file.Path,
					strings.Join(categories, ", "), strings.Join(sortedKeys(seen), ", "))
			}
			return set, nil
		},
		Prompt: choicePrompt, Scorer: scoring.Choice(t),
	}
}

func sortedKeys(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
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
