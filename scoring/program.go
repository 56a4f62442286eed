package scoring

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
)

// Program judges programs by running them in the sandbox, without trust: whole
// programs are given each case's input and their output is compared here;
// functions are called with the same arguments as a reference solution and the
// returned values are compared here; assertions (Tests.Script) run in a process
// of their own, to which the answer's functions are known by the plain values
// they return. So expected values never enter the answer's process. Assertions
// that no channel can carry share the answer's process, and the verdict warns of
// it (InProcess).
func Program(t Tools) eval.Scorer {
	p := &programs{box: t.Sandbox, cache: t.Cache, cpu: programCPU}
	return scorerFunc(p.score)
}

// InProcess names the warning of verdicts whose assertions ran in the answer's
// own process: a program that aims at them could forge them.
const InProcess = "in_process_asserts"

// Languages are those that whole programs can be in.
func Languages() []string { return slices.Sorted(maps.Keys(statements)) }

// programs judges programs; it keeps what it learned of reference solutions.
type programs struct {
	box        sandbox.Sandbox
	cache      Cache
	cpu        time.Duration // of an answer
	references memo[[]returned]
	plans      memo[plan]
}

// Limits of programs. Time decides only where a program does not end: the
// limits are many times what a reference takes.
const (
	programCPU    = 15 * time.Second
	programMemory = 1 << 30
	programOutput = 32 << 20
	callSeconds   = 4.0 // processor time of one call, as EvalPlus allows at least
)

// A judged is what the tests said of a program.
type judged struct {
	checks   []eval.Check
	why      string
	warnings []string
}

func (s *programs) score(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
	if t := p.Tests; t == nil || t.Calls == nil && t.Script == "" && len(t.Cases) == 0 {
		return eval.Verdict{}, &eval.Failure{Kind: eval.FailData, Message: "the problem has no tests"}
	}
	if p.Tests.Language != "python" && len(p.Tests.Cases) == 0 {
		return eval.Verdict{}, &eval.Failure{Kind: eval.FailData, Message: "only whole programs can be in " + p.Tests.Language}
	}
	if s.box == nil {
		return eval.Verdict{}, fmt.Errorf("programs need a sandbox")
	}
	v, decided, cut := unanswered(r)
	if decided && v.Outcome == eval.Truncated && r.State != eval.ThoughtOpen && closedFence(r.Text) {
		decided, cut = false, true // the program was whole before the text was cut
	}
	if decided {
		return v, nil
	}
	code, rule := programOf(r.Text, p.Tests)
	if code == "" || cut && !closedFence(r.Text) {
		return noAnswer(r.Text, cut), nil
	}
	if p.Tests.Prompt != "" && p.Tests.Entry != "" && !defines(code, p.Tests.Entry) {
		code = p.Tests.Prompt + code
		rule += ", continued from the prompt"
	}
	j, err := s.run(ctx, p.Tests, code)
	if err != nil {
		return eval.Verdict{}, err
	}
	j.why = rule + "; " + j.why
	return j.verdict(code), nil
}

// run runs the tests on a program.
func (s *programs) run(ctx context.Context, t *eval.Tests, code string) (judged, error) {
	switch {
	case t.Calls != nil:
		return s.calls(ctx, t, code)
	case t.Script != "":
		return s.script(ctx, t, code)
	}
	return s.cases(ctx, t, code)
}

// verdict is correct if every check is; failing checks are kept, of the passing
// ones only as many as a person would read.
func (j judged) verdict(code string) eval.Verdict {
	v := eval.Verdict{Outcome: eval.Correct, Score: 1, Answer: code, Why: j.why, Warnings: j.warnings}
	passed := 0
	for _, c := range j.checks {
		if c.OK {
			passed++
		} else {
			v.Outcome, v.Score = eval.Incorrect, 0
		}
		if !c.OK && len(v.Checks) < 5 || c.OK && len(j.checks) <= 20 {
			v.Checks = append(v.Checks, c)
		}
	}
	v.Why += fmt.Sprintf("; %d of %d tests passed", passed, len(j.checks))
	return v
}

// runs runs a program; a failure of the sandbox is an error.
func (s *programs) runs(ctx context.Context, p sandbox.Program, l sandbox.Limits) (sandbox.Result, error) {
	r, err := s.box.Run(ctx, p, l)
	if err == nil {
		err = sandboxFailed(r)
	}
	return r, err
}

func sandboxFailed(r sandbox.Result) error {
	if r.Status != sandbox.InternalError {
		return nil
	}
	return fmt.Errorf("the sandbox failed: %s", r.Message)
}

// ended says how a program ended, and how often it was tried: one that was late
// beside others was run again alone.
func ended(r sandbox.Result) string {
	if r.Again > 0 {
		return fmt.Sprintf("%s (twice; alone it took %.2f of the processor time)", r.Status, r.Again)
	}
	return string(r.Status)
}

func limits(cpu time.Duration) sandbox.Limits {
	return sandbox.Limits{CPU: cpu, Memory: programMemory, Output: programOutput}
}

func lastLine(text []byte) string {
	s := strings.TrimSpace(string(text))
	return clip(s[strings.LastIndexByte(s, '\n')+1:], 200)
}

// clip is the beginning of a text on one line.
func clip(s string, n int) string {
	s = spaced(s)
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "") + "…"
	}
	return s
}
