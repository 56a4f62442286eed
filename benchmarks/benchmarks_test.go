package benchmarks_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/scoring"
)

// shared gives a folder of the shared reference data, or skips.
func shared(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("EVALR_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	path := filepath.Join(root, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is absent: set EVALR_SHARED to the shared reference data to run this test", path)
	}
	return path
}

// tools have a sandbox where this machine isolates.
func tools(t *testing.T) scoring.Tools {
	box, err := sandbox.Open(sandbox.Options{})
	if err != nil {
		t.Skipf("this machine cannot isolate: %v", err)
	}
	return scoring.Tools{Sandbox: box}
}

func TestEveryBenchmarkKeepsTheContract(t *testing.T) {
	data := shared(t, "data")
	sizes := map[string]int{
		"gsm8k": 1319, "math500": 500, "aime24": 30, "aime25": 30, "minerva_math": 272, "olympiadbench": 675,
		"humaneval": 164, "humaneval_plus": 164, "mbpp": 399, "mbpp_plus": 399, "mbpp_google": 974, "cruxeval-i": 800, "cruxeval-o": 800,
		"mmlu_pro": 12032, "mmlu_pro_science": 3148, "arc_challenge": 1172,
	}
	for _, b := range benchmarks.All(tools(t)) {
		t.Run(b.Name, func(t *testing.T) {
			from := eval.Data{Dirs: []string{data}}
			evaltest.BenchmarkContract(t, b, from)
			if n, ok := sizes[b.Name]; ok {
				set, err := b.Load(t.Context(), from)
				require.NoError(t, err)
				assert.Len(t, set.Problems, n)
				require.NotEmpty(t, set.Files)
				assert.Len(t, set.Files[0].SHA256, 64)
			} else {
				assert.True(t, b.About.Embedded)
			}
		})
	}
}

// TestEmbeddedSetsKeepTheContract needs no data.
func TestEmbeddedSetsKeepTheContract(t *testing.T) {
	least := map[string]int{"evalr-math": 20, "evalr-code": 12, "evalr-science": 20}
	found, err := benchmarks.Select(tools(t), []string{"evalr-*"})
	require.NoError(t, err)
	require.Len(t, found, 3)
	for _, b := range found {
		t.Run(b.Name, func(t *testing.T) {
			evaltest.BenchmarkContract(t, b, eval.Data{})
			set, err := b.Load(t.Context(), eval.Data{})
			require.NoError(t, err)
			assert.GreaterOrEqual(t, len(set.Problems), least[b.Name])
			grades := map[string]bool{}
			for _, p := range set.Problems {
				grades[p.Difficulty] = true
				assert.NotEmpty(t, p.Meta["solution"], p.ID)
				assert.NotEmpty(t, p.Subject, p.ID)
			}
			assert.Len(t, grades, 5, "graded 1 to 5")
		})
	}
}

// TestTheWorkedSolutionsAreRight gives each problem its own gold, and runs each
// reference solution on its tests.
func TestTheWorkedSolutionsAreRight(t *testing.T) {
	found, err := benchmarks.Select(tools(t), []string{"evalr-*"})
	require.NoError(t, err)
	for _, b := range found {
		set, err := b.Load(t.Context(), eval.Data{})
		require.NoError(t, err)
		for _, p := range set.Problems {
			answer := "```python\n" + p.Meta["reference"] + "```"
			switch {
			case len(p.Choices) > 0:
				answer = "Answer: " + p.Answer[0]
			case p.Tests == nil:
				answer = `\boxed{` + p.Answer[0] + `}`
			}
			v, err := b.Scorer.Score(t.Context(), p, eval.Response{Text: answer, State: eval.ThoughtClosed, Stop: eval.StopEnd})
			require.NoError(t, err, p.ID)
			assert.Equal(t, eval.Correct, v.Outcome, "%s: %s %v", p.ID, v.Why, v.Checks)
		}
	}
}

// TestEveryNumberIsRecomputed runs the checks of the embedded sets: expressions
// about the gold, in Python, in the sandbox.
func TestEveryNumberIsRecomputed(t *testing.T) {
	box := tools(t).Sandbox
	found, err := benchmarks.Select(scoring.Tools{}, []string{"evalr-math", "evalr-science"})
	require.NoError(t, err)
	program := `
import functools, math, re
from fractions import Fraction as F
def number(s):
    s = s.replace("\\frac", "").strip()
    m = re.fullmatch(r"(-?)\{(\d+)\}\{(\d+)\}", s)
    if m: return F(int(m[2]), int(m[3])) * (-1 if m[1] else 1)
    m = re.match(r"-?[\d.]+(e-?\d+)?", s)
    return F(m[0]) if m else None
`
	numbers, checked := 0, 0
	for _, b := range found {
		set, err := b.Load(t.Context(), eval.Data{})
		require.NoError(t, err)
		for _, p := range set.Problems {
			if len(p.Choices) > 0 {
				continue
			}
			numbers++
			if !assert.NotEmpty(t, p.Meta["check"], "%s has no check", p.ID) {
				continue
			}
			checked++
			gold := strings.Trim(strings.NewReplacer(`\{`, "", `\}`, "", "(", "", ")", "").Replace(p.Answer[0]), " ")
			program += fmt.Sprintf("text = %q\ngold = number(text)\ngolds = [number(x) for x in text.split(',')]\nclose = lambda x: abs(x - float(gold)) <= 0.002 * abs(float(gold))\n", gold)
			program += fmt.Sprintf("if not (%s): print(%q)\n", p.Meta["check"], p.ID)
		}
	}
	r, err := box.Run(t.Context(), sandbox.Program{Language: "python", Source: program}, sandbox.Limits{})
	require.NoError(t, err)
	require.Equal(t, sandbox.OK, r.Status, string(r.Stderr))
	assert.Empty(t, string(r.Stdout), "golds that their check does not confirm")
	assert.Equal(t, numbers, checked)
}

// TestTranscriptsFindTheirProblems looks whether problem ids and golds are those
// of the recorded outputs.
func TestTranscriptsFindTheirProblems(t *testing.T) {
	data := shared(t, "data")
	files, err := filepath.Glob(filepath.Join(shared(t, "transcripts"), "*.jsonl.gz"))
	require.NoError(t, err)
	for _, file := range files {
		f, err := os.Open(file)
		require.NoError(t, err)
		z, err := gzip.NewReader(f)
		require.NoError(t, err)
		d := json.NewDecoder(z)
		var problems map[string]eval.Problem
		missing := 0
		for d.More() {
			var row struct {
				Benchmark, Problem string
			}
			require.NoError(t, d.Decode(&row))
			if strings.HasPrefix(row.Benchmark, "multipl_e") {
				break
			}
			if problems == nil {
				found, err := benchmarks.Select(scoring.Tools{}, []string{row.Benchmark})
				require.NoError(t, err)
				set, err := found[0].Load(t.Context(), eval.Data{Dirs: []string{data}})
				require.NoError(t, err)
				problems = map[string]eval.Problem{}
				for _, p := range set.Problems {
					problems[p.ID] = p
				}
			}
			if _, ok := problems[row.Problem]; !ok {
				missing++
			}
		}
		assert.Zero(t, missing, file)
		_ = f.Close()
	}
}

func TestSelect(t *testing.T) {
	names := func(patterns ...string) []string {
		found, err := benchmarks.Select(scoring.Tools{}, patterns)
		require.NoError(t, err)
		var out []string
		for _, b := range found {
			out = append(out, b.Name)
		}
		return out
	}
	assert.Equal(t, []string{"aime24", "aime25"}, names("aime*"))
	assert.Equal(t, []string{"gsm8k", "aime24", "aime25"}, names("gsm8k", "aime*", "gsm8k"))
	assert.Equal(t, []string{"mmlu_pro:law"}, names("mmlu_pro:law"))
	_, err := benchmarks.Select(scoring.Tools{}, []string{"humanevl"})
	require.ErrorContains(t, err, "humaneval")
	_, err = benchmarks.Select(scoring.Tools{}, []string{"["})
	require.Error(t, err)
}

func TestFormatsOfOneBenchmarkAgree(t *testing.T) {
	data := shared(t, "data")
	for name, files := range map[string][2]string{"aime24": {"test.jsonl", "aime24.parquet"}, "aime25": {"aime25.json", "aime25.parquet"}} {
		var golds [2]map[string]int
		for i, file := range files {
			dir := t.TempDir()
			text, err := os.ReadFile(filepath.Join(data, name, file))
			require.NoError(t, err)
			require.NoError(t, os.Mkdir(filepath.Join(dir, name), 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(dir, name, file), text, 0o644))
			found, err := benchmarks.Select(scoring.Tools{}, []string{name})
			require.NoError(t, err)
			set, err := found[0].Load(t.Context(), eval.Data{Dirs: []string{dir}})
			require.NoError(t, err)
			golds[i] = map[string]int{}
			for _, p := range set.Problems {
				golds[i][strings.TrimLeft(p.Answer[0], "0")]++
			}
		}
		assert.Equal(t, golds[0], golds[1], name)
	}
}

func TestABenchmarkOfOnesOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.jsonl")
	write := func(text string) { require.NoError(t, os.WriteFile(path, []byte(text), 0o644)) }
	write(`{"question":"2+2?","answer":4}
{"id":"x","question":"Which?","choices":["a","b"],"answer":"B"}
{"id":"y","question":"Capital?","answer":["Bern","Berne"],"scorer":"exact"}
`)
	b, err := benchmarks.File(path, scoring.Tools{})
	require.NoError(t, err)
	assert.Equal(t, "mine", b.Name)
	set, err := b.Load(t.Context(), eval.Data{})
	require.NoError(t, err)
	for i, text := range []string{`\boxed{4}`, "Answer: B", "Berne"} {
		v, err := b.Scorer.Score(t.Context(), set.Problems[i], eval.Response{Text: text, State: eval.ThoughtClosed})
		require.NoError(t, err)
		assert.Equal(t, eval.Correct, v.Outcome, text)
	}
	for text, says := range map[string]string{
		`{"question":"2+2?"}`:                                                                    `mine.jsonl:1: the field "answer" is missing`,
		"{\"question\":\"a\",\"answer\":1}\n{\"answer\":1}":                                      "mine.jsonl:2",
		`{"question":"a","anwser":1}`:                                                            "did you mean answer",
		`{"question":"a","answer":1,"scorer":"guess"}`:                                           "guess",
		`{"question":"a","tests":[]}`:                                                            "tests",
		`{"question":"a","tests":"assert f()","language":"c"}`:                                   "assertions can be in Python alone",
		`{"question":"a","tests":[{"input":"1","output":"1"}],"language":"cobol"}`:               "unknown language",
		`{"question":"a","tests":[{"input":"1","output":"1"}],"tolerance":"small"}`:              "tolerance",
		`{"question":"a","tests":[{"input":"1","output":"1"}],"tolerance":-1}`:                   "tolerance",
		`{"question":"a","tests":[{"input":"1","output":"1"}],"checker":{"sauce":"x"}}`:          "checker",
		`{"question":"a","tests":[{"input":"1","output":"1"}],"checker":""}`:                     "empty",
		`{"question":"a","tests":[{"input":"1"}]}`:                                               "output",
		"{\"id\":1,\"question\":\"a\",\"answer\":1}\n{\"id\":1,\"question\":\"b\",\"answer\":1}": "stands at",
		"": "no problem",
	} {
		write(text)
		_, err := benchmarks.File(path, scoring.Tools{})
		assert.ErrorContains(t, err, says, text)
	}
}

// TestProgramsOfOnesOwn reads languages, tolerances and checkers.
func TestProgramsOfOnesOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(`{"question":"Halve.","tests":[{"input":"1","output":"0.5"}],"language":"cpp","tolerance":1e-6}
{"question":"Any even number.","tests":[{"input":"1"}],"checker":"import sys\nsys.exit(int(open(sys.argv[2]).read()) % 2)"}
{"question":"Double.","tests":"assert f(2) == 4","entry":"f","reference":"def f(x): return 2 * x"}
`), 0o644))
	b, err := benchmarks.File(path, scoring.Tools{})
	require.NoError(t, err)
	set, err := b.Load(t.Context(), eval.Data{})
	require.NoError(t, err)
	tests := set.Problems[0].Tests
	assert.Equal(t, []any{"cpp", 1e-6}, []any{tests.Language, tests.Tolerance})
	assert.Contains(t, b.Prompt(set.Problems[0])[0].Content, "```cpp")
	assert.Equal(t, "python", set.Problems[1].Tests.Checker.Language)
	assert.Contains(t, set.Problems[1].Tests.Checker.Source, "argv")
	assert.Equal(t, "def f(x): return 2 * x", set.Problems[2].Tests.Reference)
}
