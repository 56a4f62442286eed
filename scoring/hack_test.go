package scoring_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/scoring"
)

// joining are tools whose sandbox joins programs: the isolating one where it
// does, else the one without isolation, which must run nothing harmful.
func joining(t *testing.T) (tools scoring.Tools, isolated bool) {
	t.Helper()
	for _, tier := range []string{"auto", "none"} {
		box, err := sandbox.Open(sandbox.Options{Tier: tier})
		if err != nil {
			continue
		}
		nothing := sandbox.Program{Language: "python", Source: "pass"}
		if _, _, err = box.Talk(t.Context(), nothing, nothing, sandbox.Limits{}); !errors.Is(err, sandbox.ErrNoChannel) {
			return scoring.Tools{Sandbox: box}, tier != "none"
		}
	}
	t.Skip("no sandbox here joins programs")
	return scoring.Tools{}, false
}

// manyForms asks in the ways in which datasets ask.
var manyForms = eval.Problem{ID: "forms", Tests: &eval.Tests{
	Language: "python", Entry: "f", Prompt: "def f(x):\n    \"\"\"The sum of a list.\"\"\"\n", Reference: "def f(x): return sum(x)", Script: `
import math
METADATA = {}
def check(candidate):
    assert candidate([1, 2]) == 3, "first"
    assert abs(candidate([5]) - 5) < 1e-6
    assert math.fabs(candidate([]) - 0) <= 1e-6
    assert candidate([4, 4]) in (8,)
    assert not candidate([0])
    assert str(candidate([7])) == "7"
    assert sorted([candidate([2]), candidate([1])]) == [1, 2]
    assert not (candidate([1]) != 1)
check(f)
`,
}}

// oneForm asks for one thing in one way, so that each way stands alone.
func oneForm(id, script string) eval.Problem {
	return eval.Problem{ID: id, Tests: &eval.Tests{Language: "python", Entry: "f", Reference: "def f(x): return sum(x)", Script: script}}
}

var scripts = []eval.Problem{
	byScript, manyForms,
	oneForm("not", "assert not f([0]) and f([1])"),
	oneForm("near", "assert abs(f([1, 2]) - 3) < 1e-6"),
	oneForm("far", "assert not abs(f([1, 2]) - 3) > 1e-6 and f([1]) == 1"),
	oneForm("member", "assert f([1, 2]) in [3, 3.0]"),
	oneForm("set", "assert {f([1, 2]), f([3])} == {3}"),
	oneForm("swallows", "try:\n    x = f([1, 2])\nexcept Exception:\n    x = None\nexcept:\n    x = 3\nassert x == 3"),
	oneForm("unequal", "assert f([1, 2]) != 4 and f([1, 2]) is not None and f([2]) == 2"),
}

// TestNoHackPasses: programs that aim at the judge instead of the task.
func TestNoHackPasses(t *testing.T) {
	box, isolated := joining(t)
	s := scoring.ProgramWithin(box, time.Second)
	require.Greater(t, len(hacks), 40)
	for _, h := range hacks {
		if h.harmful && !isolated {
			continue
		}
		forms := append([]eval.Problem{byCalls, byCases}, scripts...)
		// The four forms that differ most, and all of them by make slow.
		if h.slow || !isolated || os.Getenv("EVALR_SLOW") == "" {
			forms = []eval.Problem{byCalls, byCases, byScript, manyForms}
		}
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			for _, p := range forms {
				v := judge(t, s, p, "```python\n"+h.code+"\n```")
				assert.NotEqual(t, eval.Correct, v.Outcome, "%s: %s %v", p.ID, v.Why, v.Checks)
				assert.Empty(t, v.Warnings, "no answer chooses how it is judged")
			}
		})
	}
}

// TestWhatAnArgumentBecomesSpoilsNoTest: an answer that changes its arguments
// changes what the test compares with only if the reference does so.
func TestWhatAnArgumentBecomesSpoilsNoTest(t *testing.T) {
	box, _ := joining(t)
	s := scoring.Program(box)
	for _, c := range []struct {
		name, script, reference, answer string
		want                            eval.Outcome
	}{
		{"empties what is compared with", "x = [3, 1]\nassert f(x) == sorted(x)", "def f(x): return sorted(x)", "def f(x):\n    x.clear()\n    return []", eval.Incorrect},
		{"the same, with no reference", "x = [3, 1]\nassert f(x) == sorted(x)", "", "def f(x):\n    x.clear()\n    return []", eval.Incorrect},
		{"sorts in place", "x = [3, 1]\nf(x)\nassert x == [1, 3]", "def f(x): x.sort()", "def f(x):\n    x[:] = [1, 3]", eval.Correct},
		{"sorts in place, with no reference", "x = [3, 1]\nf(x)\nassert x == [1, 3]", "", "def f(x): x.sort()", eval.Correct},
		{"sorts in place, wrongly", "x = [3, 1]\nf(x)\nassert x == [1, 3]", "def f(x): x.sort()", "def f(x): x.reverse(); x.append(1)", eval.Incorrect},
		{"does both", "x = {2: 1}\nassert f(x) == 1\nassert x == {}", "def f(x): return x.popitem()[1]", "def f(x): return x.pop(2)", eval.Correct},
	} {
		p := eval.Problem{Tests: &eval.Tests{Language: "python", Entry: "f", Script: c.script, Reference: c.reference}}
		v := judge(t, s, p, "```python\n"+c.answer+"\n```")
		assert.Equal(t, c.want, v.Outcome, "%s: %s %v", c.name, v.Why, v.Checks)
		assert.Empty(t, v.Warnings, c.name)
	}
}
