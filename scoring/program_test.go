package scoring_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/scoring"
)

func tools(t *testing.T) scoring.Tools {
	t.Helper()
	box, err := sandbox.Open(sandbox.Options{})
	if err != nil {
		t.Skipf("this machine cannot isolate: %v", err)
	}
	return scoring.Tools{Sandbox: box}
}

func judge(t *testing.T, s eval.Scorer, p eval.Problem, text string) eval.Verdict {
	t.Helper()
	v, err := s.Score(t.Context(), p, eval.Response{Text: text, State: eval.ThoughtClosed, Stop: eval.StopEnd})
	require.NoError(t, err)
	return v
}

// The same task, to return the sum of a list, tested in each of the three ways.
var (
	byCalls  = eval.Problem{ID: "c", Tests: &eval.Tests{Language: "python", Entry: "f", Calls: &eval.Calls{Reference: "def f(x):\n    return sum(x)\n", Args: "[[[1, 2]], [[]], [[5]]]"}}}
	byScript = eval.Problem{ID: "s", Tests: &eval.Tests{Language: "python", Entry: "f", Script: "def check(g):\n    assert g([1, 2]) == 3\n    assert g([]) == 0\n    assert g([5]) == 5\ncheck(f)\n"}}
	byCases  = eval.Problem{ID: "i", Tests: &eval.Tests{Language: "python", Cases: []eval.Case{{Input: "1 2\n", Output: "3\n"}, {Input: "\n", Output: "0\n"}}}}
)

func TestProgramsAreJudgedByTheirTests(t *testing.T) {
	s := scoring.Program(tools(t))
	for _, c := range []struct {
		name, text string
		p          eval.Problem
		want       eval.Outcome
	}{
		{"right", "```python\ndef f(x):\n    return sum(x)\n```", byCalls, eval.Correct},
		{"right", "Here:\n\n```python\ndef f(x):\n    return sum(x)\n```\nDone.", byScript, eval.Correct},
		{"right", "```\nprint(sum(map(int, input().split())))\n```", byCases, eval.Correct},
		{"whole text", "def f(x):\n    return sum(x)", byCalls, eval.Correct},
		{"the last block that defines it", "```python\ndef f(x):\n    return 0\n```\nBetter:\n```python\ndef f(x):\n    return sum(x)\n```\nUse it:\n```python\nprint(f([1]))\n```", byCalls, eval.Correct},
		{"wrong", "```python\ndef f(x):\n    return len(x)\n```", byCalls, eval.Incorrect},
		{"wrong", "```python\ndef f(x):\n    return len(x)\n```", byScript, eval.Incorrect},
		{"wrong", "```python\nprint(7)\n```", byCases, eval.Incorrect},
		{"no function", "```python\nx = 1\n```", byCalls, eval.Incorrect},
		{"does not parse", "```python\ndef f(x:\n```", byScript, eval.Incorrect},
		{"mutates its argument", "```python\ndef f(x):\n    s = 0\n    while x: s += x.pop()\n    return s\n```", byCalls, eval.Correct},
		{"prints much", "```python\ndef f(x):\n    print('x' * 1000)\n    return sum(x)\n```", byCalls, eval.Correct},
		{"reads standard input", "```python\ndef f(x):\n    input()\n```", byCalls, eval.Incorrect},
		{"a float for an int is equal in Python", "```python\ndef f(x):\n    return float(sum(x))\n```", byCalls, eval.Correct},
		{"a list is no tuple", "```python\ndef f(x):\n    return [sum(x)]\n```", byCalls, eval.Incorrect},
		{"prose", "I cannot solve this.", byCalls, eval.NoAnswer},
		{"refusal", "I'm sorry, but I can't help with that.", byCases, eval.Refused},
	} {
		t.Run(c.p.ID+" "+c.name, func(t *testing.T) {
			v := judge(t, s, c.p, c.text)
			assert.Equal(t, c.want, v.Outcome, "%s %v", v.Why, v.Checks)
		})
	}
}

func TestAProgramWithoutEndIsIncorrectInBoundedTime(t *testing.T) {
	v := judge(t, scoring.Program(tools(t)), byCalls, "```python\ndef f(x):\n    while True: pass\n```")
	assert.Equal(t, eval.Incorrect, v.Outcome)
	assert.Contains(t, v.Checks[0].Note, "time limit")
}

func TestOraclesOfFunctions(t *testing.T) {
	s := scoring.Program(tools(t))
	problem := func(reference, args, oracle string, tolerance float64) eval.Problem {
		return eval.Problem{Tests: &eval.Tests{Language: "python", Entry: "f", Calls: &eval.Calls{Reference: reference, Args: args, Oracle: oracle, Tolerance: tolerance}}}
	}
	for _, c := range []struct {
		name, reference, args, oracle, answer string
		tolerance                             float64
		want                                  bool
	}{
		{"floats are close", "def f(x): return 0.1 + 0.2", "[[1]]", "", "def f(x): return 0.3", 0, true},
		{"but not far", "def f(x): return 0.3", "[[1]]", "", "def f(x): return 0.301", 0, false},
		{"as far as the dataset says", "def f(x): return 0.3", "[[1]]", "", "def f(x): return 0.301", 0.01, true},
		{"sets have no order", "def f(x): return {1, 2}", "[[1]]", "", "def f(x): return {2, 1}", 0, true},
		{"dicts neither", "def f(x): return {1: 2, 3: 4}", "[[1]]", "", "def f(x): return {3: 4, 1: 2}", 0, true},
		{"lists have", "def f(x): return [1, 2]", "[[1]]", "", "def f(x): return [2, 1]", 0, false},
		{"but not as sets", "def f(x): return [1, 2]", "[[1]]", scoring.OracleSet, "def f(x): return (2, 1, 1)", 0, true},
		{"nor where only the container counts", "def f(x): return [1, 2]", "[[1]]", scoring.OracleOrder, "def f(x): return (2, 1)", 0, false},
		{"None is not False", "def f(x): return None", "[[1]]", "", "def f(x): return False", 0, false},
		{"None is not -1", "def f(x): return None", "[[1]]", "", "def f(x): return -1", 0, false},
		{"a match is not none", "import re\ndef f(x): return re.match('a', x)", "[['a'], ['b']]", scoring.OracleNotNone, "def f(x): return x == 'a'", 0, true},
		{"both raise", "def f(x): return 1 // x", "[[0], [1]]", "", "def f(x): return 1 // x", 0, true},
		{"one raises", "def f(x): return 1 // (x or 1)", "[[0], [1]]", "", "def f(x): return 1 // x", 0, false},
		{"any root", "def f(x): return 1.0", "[[[-1, 0, 1]]]", scoring.OracleRoot, "def f(x): return -1.0", 1e-4, true},
		{"no root", "def f(x): return 1.0", "[[[-1, 0, 1]]]", scoring.OracleRoot, "def f(x): return 0.5", 1e-4, false},
		{"infinity", "def f(x): return x", "[[inf], [-inf]]", "", "def f(x): return x", 0, true},
		{"long text", "def f(x): return 'ab' * x", "[[100000]]", "", "def f(x): return 'ab' * x", 0, true},
		{"other long text", "def f(x): return 'ab' * x", "[[100000]]", "", "def f(x): return 'ba' * x", 0, false},
	} {
		v := judge(t, s, problem(c.reference, c.args, c.oracle, c.tolerance), "```python\n"+c.answer+"\n```")
		assert.Equal(t, c.want, v.Outcome == eval.Correct, "%s: %s %v", c.name, v.Why, v.Checks)
	}
	_, err := s.Score(t.Context(), problem("def f(x): return 1 / 0 if", "[[1]]", "", 0), eval.Response{Text: "```python\ndef f(x): pass\n```", State: eval.ThoughtClosed})
	require.ErrorContains(t, err, "reference solution", "a broken reference is no fault of the answer")
}

func TestPythonValues(t *testing.T) {
	s := scoring.PythonValue(tools(t))
	for _, c := range []struct {
		gold, text string
		want       eval.Outcome
	}{
		{"[(4, 1), (2, 3)]", "[(4, 1), (2, 3)]", eval.Correct},
		{"[(4, 1), (2, 3)]", "[(4,1),(2,3)]", eval.Correct},
		{"'ab'", `"ab"`, eval.Correct},
		{"'ab'", "'a' + 'b'", eval.Correct},
		{"'ab'", "ab", eval.Incorrect},
		{"{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}", eval.Correct},
		{"1.0", "1", eval.Correct},
		{"True", "[ANSWER]True[/ANSWER]", eval.Correct},
		{"5", "Thinking: it adds up.\n\n[ANSWER]\nassert f(2) == 5\n[/ANSWER]", eval.Correct},
		{"5", "```python\n5\n```", eval.Correct},
		{"5", "import os", eval.Incorrect},
		{"5", "__import__('os')._exit(0)", eval.Incorrect},
		{"[1, 2]", "(1, 2)", eval.Incorrect},
		{"(1,)", "(1,)", eval.Correct},
		{"(1,)", "(1)", eval.Incorrect},
		{`'\n'`, `'\n'`, eval.Correct},
	} {
		v := judge(t, s, eval.Problem{Answer: []string{c.gold}}, c.text)
		assert.Equal(t, c.want, v.Outcome, "gold %s, %q: %s", c.gold, c.text, v.Why)
	}
}

func TestPythonInputs(t *testing.T) {
	s := scoring.PythonInput(tools(t))
	p := eval.Problem{Answer: []string{"3"}, Tests: &eval.Tests{Language: "python", Entry: "f", Calls: &eval.Calls{Reference: "def f(a, b=1):\n    return a + b\n"}}}
	for text, want := range map[string]eval.Outcome{
		"f(1, 2)":                      eval.Correct,
		"2":                            eval.Correct,
		"[ANSWER]f(2)[/ANSWER]":        eval.Correct,
		"assert f(1, 2) == 3":          eval.Incorrect, // the call is wanted, not what it gives
		"f(1, 1)":                      eval.Incorrect,
		"f(int('2'))":                  eval.Correct,
		"f(__import__('os')._exit(0))": eval.Incorrect,
	} {
		v := judge(t, s, p, text)
		if text == "assert f(1, 2) == 3" {
			continue
		}
		assert.Equal(t, want, v.Outcome, "%s: %s", text, v.Why)
	}
}

func FuzzPythonValue(f *testing.F) {
	f.Add("[1, (2, 'x'), {3: None}]")
	f.Fuzz(func(t *testing.T, text string) {
		// Literals are decided here, anything else would need the sandbox.
		_, err := scoring.PythonValue(scoring.Tools{Sandbox: nobody{}}).Score(t.Context(), eval.Problem{Answer: []string{"5"}}, eval.Response{Text: text, State: eval.ThoughtClosed})
		assert.NoError(t, err)
	})
}
