package benchmarks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
	"github.com/evalr/evalr/scoring"
)

// fields of a row of a user's own file; docs/own-benchmark.md describes them.
var ownFields = []string{"id", "question", "answer", "choices", "tests", "prompt", "entry", "reference", "language", "tolerance", "checker", "scorer", "rubric", "subject", "difficulty", "date", "cluster"}

// File is a user's own benchmark: a file of rows with a question and an answer.
// How it is judged is inferred (choices: choice; tests: program; else math)
// unless the rows name a scorer. A row of nothing but "scorer" and "rubric" sets
// both for the rows below it that have none of their own. Errors name file and line.
func File(path string, t scoring.Tools) (eval.Benchmark, error) {
	file, err := dataset.Read(path)
	if err != nil {
		return eval.Benchmark{}, err
	}
	if len(file.Rows) == 0 {
		return eval.Benchmark{}, fmt.Errorf("%s holds no problem", path)
	}
	set := eval.Set{Files: []eval.File{{Path: path, SHA256: file.SHA256, Rows: len(file.Rows)}}}
	kinds := map[string]string{} // by problem
	seen := map[string]string{}
	var usual ownJudging
	for _, row := range file.Rows {
		if usual.sets(row) {
			continue
		}
		p, kind, err := ownProblem(row, usual)
		if err != nil {
			return eval.Benchmark{}, err
		}
		if at, twice := seen[p.ID]; twice {
			return eval.Benchmark{}, row.Errorf("the id %q stands at %s already", p.ID, at)
		}
		seen[p.ID], kinds[p.ID] = row.Where(), kind
		set.Problems = append(set.Problems, p)
	}
	if len(set.Problems) == 0 {
		return eval.Benchmark{}, fmt.Errorf("%s holds no problem", path)
	}
	scorer, err := scoring.PerProblem(kinds, t)
	if err != nil {
		return eval.Benchmark{}, fmt.Errorf("%s: %w", path, err)
	}
	name := filepath.Base(path)
	name, _, _ = strings.Cut(name, ".")
	return eval.Benchmark{
		Name: name, Domain: "custom",
		About: eval.About{Summary: "your own file " + path, Files: []string{filepath.Base(path)}},
		Load:  func(context.Context, eval.Data) (eval.Set, error) { return set, nil },
		Prompt: func(p eval.Problem) []eval.Message {
			return []eval.Message{{Role: eval.User, Content: ownPrompt(p, kinds[p.ID])}}
		},
		Scorer: scorer, Policy: t.Policy,
	}, nil
}

// ownJudging is how rows are judged that do not say it themselves.
type ownJudging struct{ scorer, rubric string }

// sets takes over a row that is no problem but says how those below it are judged.
func (j *ownJudging) sets(row dataset.Row) bool {
	for field := range row.Fields() {
		if row.Has(field) && field != "scorer" && field != "rubric" {
			return false
		}
	}
	if !row.Has("scorer") && !row.Has("rubric") {
		return false
	}
	*j = ownJudging{row.Text("scorer"), row.Text("rubric")}
	return true
}

func ownProblem(row dataset.Row, usual ownJudging) (p eval.Problem, kind string, err error) {
	for field := range row.Fields() {
		if !slices.Contains(ownFields, field) && eval.Nearest(field, ownFields) != nil {
			return p, "", row.Errorf("unknown field %q: did you mean %s?", field, eval.Nearest(field, ownFields)[0])
		}
	}
	p = eval.Problem{
		ID: row.ID(), Subject: row.Text("subject"), Difficulty: row.Text("difficulty"),
		Date: row.Text("date"), Cluster: row.Text("cluster"),
	}
	if p.Text, err = row.String("question"); err != nil {
		return p, "", err
	}
	kind = first(row.Text("scorer"), usual.scorer)
	rubric := row.Text("rubric")
	switch {
	case rubric != "" && kind != "judge":
		return p, "", row.Errorf(`a rubric is for judges alone: add "scorer": "judge"`)
	case kind == "judge" && first(rubric, usual.rubric) != "":
		p.Meta = map[string]string{scoring.RubricKey: first(rubric, usual.rubric)}
	}
	if row.Has("choices") {
		if p.Choices, err = row.Strings("choices"); err != nil {
			return p, "", err
		}
	}
	if row.Has("tests") {
		if kind == "judge" {
			return p, "", row.Errorf(`a judge runs no tests: leave out "tests", or "scorer"`)
		}
		p.Tests, err = ownTests(row)
		return p, first(kind, "program"), err
	}
	if kind == "judge" && !row.Has("answer") {
		if p.Meta == nil {
			return p, "", row.Errorf(`a judge has nothing to go by: add an "answer", a "rubric" or both`)
		}
		return p, kind, nil
	}
	if p.Answer, err = row.Strings("answer"); err != nil {
		var one string
		if one, err = row.String("answer"); err != nil {
			return p, "", err
		}
		p.Answer = []string{one}
	}
	if len(p.Answer) == 0 {
		return p, "", row.Errorf("the answer is an empty list")
	}
	if p.Choices != nil {
		return p, first(kind, "choice"), nil
	}
	return p, first(kind, "math"), nil
}

// ownTests reads a list of {"input", "output"} cases, or a text of assertions
// about the function named by "entry".
func ownTests(row dataset.Row) (*eval.Tests, error) {
	tests := &eval.Tests{
		Language: first(row.Text("language"), "python"), Entry: row.Text("entry"), Prompt: row.Text("prompt"), Reference: row.Text("reference"),
	}
	if !slices.Contains(scoring.Languages(), tests.Language) {
		return nil, row.Errorf("unknown language %q: programs can be in %s", tests.Language, strings.Join(scoring.Languages(), ", "))
	}
	if script := row.Text("tests"); script != "" {
		if tests.Language != "python" {
			return nil, row.Errorf("assertions can be in Python alone: for %s give a list of {\"input\", \"output\"}", tests.Language)
		}
		tests.Script = script
		return tests, nil
	}
	cases, err := row.Rows("tests")
	if err != nil {
		return nil, row.Errorf(`"tests" is neither a text of assertions nor a list of {"input", "output"}`)
	}
	if err := ownComparison(row, tests); err != nil {
		return nil, err
	}
	for _, c := range cases {
		output, err := c.String("output")
		if err != nil && (tests.Checker == nil || c.Has("output")) {
			return nil, err
		}
		tests.Cases = append(tests.Cases, eval.Case{Input: c.Text("input"), Output: output})
	}
	if len(tests.Cases) == 0 {
		return nil, row.Errorf("the list of tests is empty")
	}
	return tests, nil
}

// ownComparison reads how outputs are compared.
func ownComparison(row dataset.Row, tests *eval.Tests) error {
	if raw, ok := row.Raw("tolerance"); ok {
		if err := json.Unmarshal(raw, &tests.Tolerance); err != nil || tests.Tolerance < 0 {
			return row.Errorf(`"tolerance" is no positive number`)
		}
	}
	raw, ok := row.Raw("checker")
	if !ok {
		return nil
	}
	checker := &eval.Checker{Language: "python"}
	if json.Unmarshal(raw, &checker.Source) != nil {
		strict := json.NewDecoder(bytes.NewReader(raw))
		strict.DisallowUnknownFields()
		if err := strict.Decode(checker); err != nil {
			return row.Errorf(`"checker" is neither a Python program nor {"language", "source"}`)
		}
	}
	if !slices.Contains(scoring.Languages(), checker.Language) {
		return row.Errorf("unknown language %q of the checker", checker.Language)
	}
	if checker.Source == "" {
		return row.Errorf("the checker is empty")
	}
	tests.Checker = checker
	return nil
}

func ownPrompt(p eval.Problem, kind string) string {
	switch {
	case kind == "choice", kind == "judge" && p.Choices != nil:
		var b strings.Builder
		fmt.Fprintf(&b, "%s\n\n", p.Text)
		for i, c := range p.Choices {
			fmt.Fprintf(&b, "%c. %s\n", 'A'+i, c)
		}
		b.WriteString("\nThink step by step, then end with a line \"Answer: X\", where X is the letter of one option.")
		return b.String()
	case kind == "program":
		return p.Text + "\n\nGive the whole program in one ```" + language(p) + " block."
	case kind == "math", kind == "number":
		return p.Text + "\n\nPlease reason step by step, and put your final answer within \\boxed{}."
	}
	return p.Text
}

func language(p eval.Problem) string {
	if p.Tests == nil {
		return "python"
	}
	return p.Tests.Language
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
