package scoring_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/scoring"
)

// TestHonestValuesCross: what functions return arrives with its type, and what
// is derived from a plain type as that type.
func TestHonestValuesCross(t *testing.T) {
	box, _ := joining(t)
	values := []string{
		"None", "True", "False", "0", "-7", "1 << 3000", "-(1 << 70)", "0.1", "-0.0", "1e300", "float('inf')", "float('-inf')", "1 + 2j", "-0.5j",
		"''", "'text'", "'\\ud800 alone'", "'é\\0漢😀'", "b''", "b'\\xff\\0'", "bytearray(b'ab')", "[]", "[1, [2, (3,)]]", "()", "(1, 'a', None)", "set()", "{1, 'a', (2,)}", "frozenset([1])",
		"{}", "{'a': [1], (1, 2): {3: 4}, None: True}", "[[[[[[[[[[1]]]]]]]]]]", "list(range(1000))", "'x' * 100000",
	}
	derived := map[string]string{
		"collections.OrderedDict(a=1)": "{'a': 1}", "collections.Counter('aab')": "{'a': 2, 'b': 1}", "collections.defaultdict(list, {1: [2]})": "{1: [2]}",
		"collections.namedtuple('P', 'x y')(1, 2)": "(1, 2)", "type('I', (int,), {})(5)": "5", "type('S', (str,), {})('s')": "'s'", "enum.IntEnum('E', 'a b').b": "2",
		"type('F', (float,), {})(2.5)": "2.5", "type('L', (list,), {})([1])": "[1]", "type('Z', (set,), {})([1])": "{1}", "type('B', (bytes,), {})(b'a')": "b'a'",
	}
	var script, answer strings.Builder
	answer.WriteString("import collections, enum\ndef f(i): return values[i]\ndef g(x): return x\nvalues = [\n")
	add := func(given, wanted string) {
		i := strings.Count(script.String(), "\n")
		fmt.Fprintf(&script, "w = %s; v = f(%d); assert v == w and type(v) is type(w) and repr(v) == repr(w) and repr(g(w)) == repr(w), (v, w)\n", wanted, i)
		fmt.Fprintf(&answer, "%s,\n", given)
	}
	for _, v := range values {
		add(v, v)
	}
	for given, wanted := range derived {
		add(given, wanted)
	}
	answer.WriteString("]\n")
	script.WriteString("n = g(float('nan')); assert n != n\n")
	v := judge(t, scoring.Program(box), eval.Problem{Tests: &eval.Tests{Language: "python", Script: script.String()}}, "```python\n"+answer.String()+"```")
	assert.Equal(t, eval.Correct, v.Outcome, "%v", v.Checks)
	assert.Empty(t, v.Warnings)
}

// TestTestsReachWhatTheyName: helpers of the prompt, of the answer and of Python
// are found, and errors arrive as what they are.
func TestTestsReachWhatTheyName(t *testing.T) {
	box, _ := joining(t)
	s := scoring.Program(box)
	for name, c := range map[string]struct {
		tests  eval.Tests
		answer string
		want   eval.Outcome
	}{
		"the prompt's helper is trusted, not the answer's": {
			eval.Tests{Entry: "f", Prompt: "def twice(x):\n    return 2 * x\ndef f(x):\n    \"half\"\n", Script: "assert f(twice(3)) == 3"},
			"def twice(x): return 0\ndef f(x): return 0", eval.Incorrect,
		},
		"the prompt's helper": {
			eval.Tests{Entry: "f", Prompt: "def twice(x):\n    return 2 * x\ndef f(x):\n    \"half\"\n", Script: "assert f(twice(3)) == 3"},
			"def f(x): return x // 2", eval.Correct,
		},
		"the answer's function and value":  {eval.Tests{Script: "assert f(3) == N and g(f) == 'f'"}, "N = 6\ndef f(x): return 2 * x\ndef g(h): return h.__name__", eval.Correct},
		"a module that the answer imports": {eval.Tests{Script: "assert math.isclose(f(), 1.0)"}, "import math\ndef f(): return math.cos(0)", eval.Correct},
		"a function that hides Python's":   {eval.Tests{Entry: "sum", Script: "assert sum(2, 3) == 6"}, "def sum(a, b): return a * b", eval.Correct},
		"a type as argument":               {eval.Tests{Script: "assert f(int) == 'int'"}, "def f(t): return t.__name__", eval.Correct},
		"named arguments":                  {eval.Tests{Script: "assert f(1, b=2) == (1, 2)"}, "def f(a, b): return a, b", eval.Correct},
		"an error that is wanted":          {eval.Tests{Script: "try:\n    f()\n    raise SystemExit\nexcept ValueError as e:\n    assert str(e) == 'no'"}, "class E(ValueError): pass\ndef f(): raise E('no')", eval.Correct},
		"an error of another kind":         {eval.Tests{Script: "try:\n    f()\n    raise SystemExit\nexcept ValueError:\n    pass"}, "def f(): raise KeyError", eval.Incorrect},
		"a dataclass":                      {eval.Tests{Script: "assert f() == 3"}, "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\ndef f(): return P(3).x", eval.Correct},
		"a name that nobody has":           {eval.Tests{Script: "assert nowhere(3)"}, "def f(): pass", eval.Incorrect},
		"tests that print":                 {eval.Tests{Script: "print('ok'); assert f() == 1"}, "def f(): print('x'); return 1", eval.Correct},
	} {
		c.tests.Language = "python"
		v := judge(t, s, eval.Problem{Tests: &c.tests}, "```python\n"+c.answer+"\n```")
		assert.Equal(t, c.want, v.Outcome, "%s: %s %v", name, v.Why, v.Checks)
		assert.Empty(t, v.Warnings, name)
	}
}

// TestTheReferenceDecidesWhatSharesAProcess: never the answer does.
func TestTheReferenceDecidesWhatSharesAProcess(t *testing.T) {
	box, _ := joining(t)
	s := scoring.Program(box)
	node := "class Node:\n    def __init__(s, v): s.v = v\ndef f(n): return n.v + n.w\n"
	objects := eval.Problem{Tests: &eval.Tests{Language: "python", Entry: "f", Script: "n = Node(1)\nn.w = 2\nassert f(n) == 3\n", Reference: node}}
	for answer, want := range map[string]eval.Outcome{
		node:                               eval.Correct,
		strings.Replace(node, "+", "-", 1): eval.Incorrect,
		"import os; os._exit(0)":           eval.Incorrect,
		"import os; os.write(1, b'ok')":    eval.Incorrect,
		"import builtins\nbuiltins.exec = lambda *a: None\n": eval.Incorrect,
		node + "import sys\nsys.settrace(lambda *a: exit())": eval.Correct, // it is right, and no longer traced
		"import atexit, os\natexit.register(os._exit, 0)":    eval.Incorrect,
		"import os\nprint(os.read(0, 1 << 20)); os._exit(0)": eval.Incorrect,
		"import os, fcntl, re\nheard = b''\nfor i in range(256):\n    try:\n        fcntl.fcntl(i, 4, 2048 | fcntl.fcntl(i, 3))\n        heard += os.read(i, 1 << 16)\n    except OSError: pass\n" +
			"for w in re.findall(rb'[A-Z2-7]{26}', heard):\n    for i in range(256):\n        try: os.write(i, w)\n        except OSError: pass\nos._exit(0)": eval.Incorrect,
		"import os\nfor i in range(3, 256):\n    try: os.close(i)\n    except OSError: pass\nimport time; time.sleep(0.5)": eval.Incorrect,
		"raise SystemExit": eval.Incorrect,
		"class Node:\n    pass\ndef f(n): raise SystemExit(0)": eval.Incorrect,
	} {
		v := judge(t, s, objects, "```python\n"+answer+"\n```")
		assert.Equal(t, want, v.Outcome, "%s: %v", answer, v.Checks)
		require.Len(t, v.Warnings, 1)
		assert.Contains(t, v.Warnings[0], scoring.InProcess+": ")
		assert.Contains(t, v.Why, scoring.InProcess)
	}
	callback := eval.Problem{Tests: &eval.Tests{Language: "python", Entry: "f", Script: "assert f(lambda x: x + 1) == 2\n"}}
	v := judge(t, s, callback, "```python\ndef f(g): return g(1)\n```")
	assert.Equal(t, eval.Correct, v.Outcome)
	assert.Contains(t, v.Warnings, scoring.InProcess+": a function cannot be given to another process")
	plain := eval.Problem{Tests: &eval.Tests{Language: "python", Entry: "f", Script: "assert f(1) == 2\n"}}
	v = judge(t, s, plain, "```python\ndef f(g): return lambda: 2\n```")
	assert.Equal(t, eval.Incorrect, v.Outcome)
	assert.Empty(t, v.Warnings, "an object of the answer's is no reason")
	broken := eval.Problem{Tests: &eval.Tests{Language: "python", Entry: "f", Script: "assert f(1) == 2\n", Reference: "def f(x): return 1"}}
	v = judge(t, s, broken, "```python\ndef f(g): return 2\n```")
	assert.Equal(t, eval.Correct, v.Outcome)
	require.Len(t, v.Warnings, 1)
	assert.Contains(t, v.Warnings[0], "fails its own tests")
}

// shelf is a Cache; damage is done to what is taken from it.
type shelf struct {
	sync.Mutex
	kept        map[string][]byte
	damage      func([]byte) []byte
	loads, hits int
}

func (s *shelf) Load(key string) ([]byte, bool) {
	s.Lock()
	defer s.Unlock()
	data, ok := s.kept[key]
	s.loads++
	if ok {
		s.hits++
		data = s.damage(append([]byte{}, data...))
	}
	return data, ok
}

func (s *shelf) Store(key string, data []byte) {
	s.Lock()
	defer s.Unlock()
	s.kept[key] = data
}

// counting counts how often programs are run.
type counting struct {
	sandbox.Sandbox
	runs *int
}

func (c counting) Run(ctx context.Context, p sandbox.Program, l sandbox.Limits) (sandbox.Result, error) {
	*c.runs++
	return c.Sandbox.Run(ctx, p, l)
}

func (c counting) Talk(ctx context.Context, a, b sandbox.Program, l sandbox.Limits) (sandbox.Result, sandbox.Result, error) {
	*c.runs++
	return c.Sandbox.Talk(ctx, a, b, l)
}

// TestReferencesAreComputedOnce: across runs too, and again where what was kept
// is damaged.
func TestReferencesAreComputedOnce(t *testing.T) {
	box, _ := joining(t)
	runs := 0
	whole := func(b []byte) []byte { return b }
	cache := &shelf{kept: map[string][]byte{}, damage: whole}
	box.Sandbox, box.Cache = counting{box.Sandbox, &runs}, cache
	score := func(p eval.Problem) int {
		runs = 0
		v := judge(t, scoring.Program(box), p, "```python\ndef f(x): return sum(x)\n```")
		require.Equal(t, eval.Correct, v.Outcome, "%v", v.Checks)
		return runs
	}
	for _, p := range []eval.Problem{byCalls, manyForms} {
		assert.Equal(t, 2, score(p), "%s: reference and answer", p.ID)
		assert.Equal(t, 1, score(p), "%s: the reference is known", p.ID)
		for name, damage := range map[string]func([]byte) []byte{
			"cut off": func(b []byte) []byte { return b[:len(b)/2] }, "empty": func([]byte) []byte { return nil },
			"a bit": func(b []byte) []byte { b[len(b)-3] ^= 4; return b }, "the seal": func(b []byte) []byte { b[0]++; return b },
			"zeros": func(b []byte) []byte { return make([]byte, len(b)) },
		} {
			cache.damage = damage
			assert.Equal(t, 2, score(p), "%s, %s: made again", p.ID, name)
		}
		cache.damage = whole
		assert.Equal(t, 1, score(p), p.ID)
	}
}

// failing is a sandbox that fails for a while.
type failing struct {
	sandbox.Sandbox
	left int
}

func (f *failing) Run(ctx context.Context, p sandbox.Program, l sandbox.Limits) (sandbox.Result, error) {
	if f.left--; f.left >= 0 {
		return sandbox.Result{Status: sandbox.InternalError, Message: "no room"}, nil
	}
	return f.Sandbox.Run(ctx, p, l)
}

func (f *failing) Talk(ctx context.Context, a, b sandbox.Program, l sandbox.Limits) (sandbox.Result, sandbox.Result, error) {
	if f.left--; f.left >= 0 {
		return sandbox.Result{Status: sandbox.OK, Stdout: []byte("unstarted")}, sandbox.Result{Status: sandbox.InternalError, Message: "no room"}, nil
	}
	return f.Sandbox.Talk(ctx, a, b, l)
}

// TestASandboxThatFailsIsNoWrongAnswer: neither the answer's nor, for good, the
// reference's.
func TestASandboxThatFailsIsNoWrongAnswer(t *testing.T) {
	box, _ := joining(t)
	for _, p := range []eval.Problem{byCalls, byScript, manyForms, byCases} {
		s := scoring.Program(scoring.Tools{Sandbox: &failing{box.Sandbox, 2}})
		r := eval.Response{Text: "```python\ndef f(x): return sum(x)\nif __name__ == '__main__': print(sum(map(int, input().split())))\n```", State: eval.ThoughtClosed, Stop: eval.StopEnd}
		for range 2 {
			_, err := s.Score(t.Context(), p, r)
			require.ErrorContains(t, err, "no room", p.ID)
		}
		v, err := s.Score(t.Context(), p, r)
		require.NoError(t, err, p.ID)
		assert.Equal(t, eval.Correct, v.Outcome, p.ID)
	}
}
