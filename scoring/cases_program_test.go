package scoring_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring"
)

func TestOutputsAreJudgedAsTheProblemSays(t *testing.T) {
	s := scoring.Program(tools(t))
	half := []eval.Case{{Input: "1\n", Output: "0.333333"}}
	even := &eval.Checker{Language: "python", Source: "import sys\ninput, output, expected = (open(p).read() for p in sys.argv[1:])\nassert input == '1\\n' and expected == '0.333333'\nsys.exit(0 if int(output) % 2 == 0 else print('odd') or 1)"}
	for _, c := range []struct {
		name    string
		tests   eval.Tests
		program string
		want    eval.Outcome
	}{
		{"exactly", eval.Tests{Cases: half}, "print(1 / 3)", eval.Incorrect},
		{"within a tolerance", eval.Tests{Cases: half, Tolerance: 1e-5}, "print(1 / 3)", eval.Correct},
		{"not within it", eval.Tests{Cases: half, Tolerance: 1e-5}, "print(0.3334)", eval.Incorrect},
		{"not a number", eval.Tests{Cases: half, Tolerance: 1e9}, "print(float('nan'))", eval.Incorrect},
		{"by a checker", eval.Tests{Cases: half, Checker: even}, "print(4)", eval.Correct},
		{"wrong by a checker", eval.Tests{Cases: half, Checker: even}, "print(3)", eval.Incorrect},
		{"failing before a checker", eval.Tests{Cases: half, Checker: even}, "print(4)\nraise SystemExit(3)", eval.Incorrect},
	} {
		c.tests.Language = "python"
		v := judge(t, s, eval.Problem{Tests: &c.tests}, "```python\n"+c.program+"\n```")
		assert.Equal(t, c.want, v.Outcome, "%s: %v", c.name, v.Checks)
	}
}

func TestACheckerThatFailsIsNoWrongAnswer(t *testing.T) {
	s := scoring.ProgramWithin(tools(t), 1e9)
	for name, source := range map[string]string{
		"ends with 3": "raise SystemExit(3)", "is killed": "import os; os.kill(os.getpid(), 9)", "does not end": "while True: pass",
	} {
		p := eval.Problem{Tests: &eval.Tests{Language: "python", Cases: []eval.Case{{Output: "1"}}, Checker: &eval.Checker{Language: "python", Source: source}}}
		_, err := s.Score(t.Context(), p, eval.Response{Text: "```python\nprint(1)\n```", State: eval.ThoughtClosed, Stop: eval.StopEnd})
		require.ErrorContains(t, err, "the problem's checker failed", name)
	}
}

func TestProgramsOfOtherLanguages(t *testing.T) {
	s := scoring.Program(tools(t))
	for _, c := range []struct {
		language, text string
		want           eval.Outcome
	}{
		{"bash", "```bash\nread x; echo $((x * x))\n```", eval.Correct},
		{"bash", "Save this:\n```python\nprint(9)\n```\nor run\n```sh\nread x; echo $((x * x))\n```", eval.Correct},
		{"bash", "```shell\necho 8\n```", eval.Incorrect},
		{"bash", "read x; echo $((x * x))", eval.Correct},
		{"bash", "I do not know.", eval.NoAnswer},
	} {
		p := eval.Problem{Tests: &eval.Tests{Language: c.language, Cases: []eval.Case{{Input: "3\n", Output: "9"}}}}
		v := judge(t, s, p, c.text)
		assert.Equal(t, c.want, v.Outcome, "%q: %v", c.text, v.Checks)
	}
	p := eval.Problem{Tests: &eval.Tests{Language: "bash", Script: "true"}}
	_, err := s.Score(t.Context(), p, eval.Response{Text: "```bash\ntrue\n```", State: eval.ThoughtClosed})
	require.ErrorContains(t, err, "only whole programs")
}
