package math

import (
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

// OlympiadBench is the 675 text-only English mathematics problems with a final
// answer (He et al. 2024, arXiv 2402.14008).
func OlympiadBench(t scoring.Tools) eval.Benchmark {
	return eval.Benchmark{
		Name: "olympiadbench", Domain: "math",
		About: eval.About{
			Summary: "olympiad problems in English, text only", Source: "https://github.com/OpenBMB/OlympiadBench",
			License: "Apache-2.0", Dataset: "Hothan/OlympiadBench", Files: []string{"test.jsonl"},
		},
		Load:   load(dataset.Source{Folders: []string{"olympiadbench"}, Files: []string{"test.jsonl"}}, olympiadProblem),
		Prompt: prompt, Scorer: scoring.Math(t),
	}
}

// olympiadProblem reads a row. The golds of final_answer belong together: with
// is_multiple_answer all of them are wanted, so they are one list. Some rows
// carry a unit and an absolute precision.
func olympiadProblem(row dataset.Row) (eval.Problem, error) {
	text, err := row.String("question")
	if err != nil {
		return eval.Problem{}, err
	}
	if context := row.Text("context"); context != "" {
		text = context + "\n\n" + text
	}
	golds, err := row.Strings("final_answer")
	if err != nil {
		return eval.Problem{}, err
	}
	if len(golds) == 0 {
		return eval.Problem{}, row.Errorf("final_answer is empty")
	}
	for i, g := range golds {
		golds[i] = unwrapList(g)
	}
	p := eval.Problem{ID: row.ID(), Text: text, Answer: []string{strings.Join(golds, ", ")}, Subject: row.Text("subfield"), Meta: map[string]string{}}
	if unit := row.Text("unit"); unit != "" {
		p.Meta["unit"] = unit
	}
	if precision := row.Text("error"); precision != "" {
		p.Meta["abs_tolerance"] = precision
	}
	return p, nil
}

// unwrapList turns "$69$,$84$" into "69,84" and "$x$" into "x": each element is
// in dollars, which would make the list look like text.
func unwrapList(gold string) string {
	return strings.TrimSpace(strings.ReplaceAll(gold, "$", ""))
}
