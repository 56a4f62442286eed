package science

import (
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

var arc = dataset.Source{
	Folders: []string{"arc_challenge"},
	Files:   []string{"arc_challenge_test_derived.jsonl", "test.jsonl"},
}

// ARCChallenge is the test split of the AI2 Reasoning Challenge (Clark et al.
// 2018, arXiv 1803.05457): 1,172 grade-school science questions. Some label
// their options 1 to 4; they are asked, and judged, by letter.
func ARCChallenge(t scoring.Tools) eval.Benchmark {
	return eval.Benchmark{
		Name: "arc_challenge", Domain: "science",
		About: eval.About{
			Summary: "grade-school science, the hard part", Source: "arXiv 1803.05457",
			License: "CC-BY-SA-4.0", Dataset: "allenai/ai2_arc", Files: arc.Files,
		},
		Load: load(arc, func(row dataset.Row) (eval.Problem, bool, error) {
			p, err := arcProblem(row)
			return p, true, err
		}),
		Prompt: choicePrompt, Scorer: scoring.Choice(t),
	}
}

func arcProblem(row dataset.Row) (eval.Problem, error) {
	text, err := row.String("question")
	if err != nil {
		return eval.Problem{}, err
	}
	choices, err := row.Row("choices")
	if err != nil {
		return eval.Problem{}, err
	}
	options, err := choices.Strings("text")
	if err != nil {
		return eval.Problem{}, err
	}
	labels, err := choices.Strings("label")
	if err != nil {
		return eval.Problem{}, err
	}
	key, err := row.String("answerKey")
	if err != nil {
		return eval.Problem{}, err
	}
	for i, label := range labels {
		if label == key && i < len(options) && i < len(letters) {
			return eval.Problem{ID: row.ID(), Text: text, Choices: options, Answer: []string{letters[i : i+1]}}, nil
		}
	}
	return eval.Problem{}, row.Errorf("the answer %q is none of the labels %s", key, strings.Join(labels, ", "))
}
