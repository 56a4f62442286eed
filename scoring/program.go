package scoring

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
)

// Program judges programs by running them in the sandbox. Whole programs are
// given each case's input and their output is compared here; functions are
// called with the same arguments as a reference solution and the returned
// values are compared here, so expected values never enter the answer's
// process. Assertions (Tests.Script) share the answer's process, and the verdict
// says so.
func Program(t Tools) eval.Scorer {
	p := &programs{box: t.Sandbox, references: newReferences()}
	return scorerFunc(p.score)
}

// programs judges programs; it keeps what reference solutions returned.
type programs struct {
	box        sandbox.Sandbox
	references *references
}

// Limits of programs. Time decides only where a program does not end: the
// limits are many times what a reference takes, and a time limit is tried again
// before it stands, because a loaded machine is no fault of the answer.
const (
	programCPU    = 15 * time.Second
	programMemory = 1 << 30
	programOutput = 32 << 20
	callSeconds   = 4.0 // processor time of one call, as EvalPlus allows at least
)

func (s *programs) score(ctx context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
	if p.Tests == nil {
		return eval.Verdict{}, &eval.Failure{Kind: eval.FailData, Message: "the problem has no tests"}
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
	checks, why, err := s.run(ctx, p.Tests, code)
	if err != nil {
		return eval.Verdict{}, err
	}
	return verdictOf(checks, rule+"; "+why, code), nil
}

// run runs the tests on a program.
func (s *programs) run(ctx context.Context, t *eval.Tests, code string) ([]eval.Check, string, error) {
	switch {
	case t.Calls != nil:
		return s.calls(ctx, t, code)
	case t.Script != "":
		return s.script(ctx, t, code)
	}
	return s.cases(ctx, t, code)
}

// verdictOf is correct if every check is; failing checks are kept, of the
// passing ones only as many as a person would read.
func verdictOf(checks []eval.Check, why, code string) eval.Verdict {
	v := eval.Verdict{Outcome: eval.Correct, Score: 1, Answer: code, Why: why}
	passed := 0
	for _, c := range checks {
		if c.OK {
			passed++
		} else {
			v.Outcome, v.Score = eval.Incorrect, 0
		}
		if !c.OK && len(v.Checks) < 5 || c.OK && len(checks) <= 20 {
			v.Checks = append(v.Checks, c)
		}
	}
	v.Why += fmt.Sprintf("; %d of %d tests passed", passed, len(checks))
	return v
}

// again runs a program; one that ran out of time is run once more.
func (s *programs) again(ctx context.Context, p sandbox.Program, l sandbox.Limits) (sandbox.Result, error) {
	r, err := s.box.Run(ctx, p, l)
	if err == nil && r.Status == sandbox.TimeLimit && r.CPU < l.CPU {
		r, err = s.box.Run(ctx, p, l)
	}
	if err == nil && r.Status == sandbox.InternalError {
		err = fmt.Errorf("the sandbox failed: %s", r.Message)
	}
	return r, err
}

func limits(cpu time.Duration) sandbox.Limits {
	return sandbox.Limits{CPU: cpu, Memory: programMemory, Output: programOutput}
}

// cases gives a whole program each input and compares what it prints.
func (s *programs) cases(ctx context.Context, t *eval.Tests, code string) ([]eval.Check, string, error) {
	var checks []eval.Check
	for i, c := range t.Cases {
		r, err := s.again(ctx, sandbox.Program{Language: t.Language, Source: code, Stdin: []byte(c.Input)}, limits(programCPU))
		if err != nil {
			return nil, "", err
		}
		check := eval.Check{Name: c.Name, OK: r.Status == sandbox.OK && sameOutput(c.Output, string(r.Stdout))}
		if check.Name == "" {
			check.Name = fmt.Sprintf("case %d", i+1)
		}
		switch {
		case r.Status != sandbox.OK:
			check.Note = string(r.Status) + " " + lastLine(r.Stderr)
		case !check.OK:
			check.Note = "printed " + clip(string(r.Stdout), 80) + ", want " + clip(c.Output, 80)
		}
		checks = append(checks, check)
		if !check.OK {
			break // one wrong case decides; the others would only take time
		}
	}
	return checks, "standard output compared", nil
}

// sameOutput compares outputs by their tokens; space between them is nothing.
func sameOutput(want, got string) bool {
	a, b := strings.Fields(want), strings.Fields(got)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// script runs assertions in the answer's process.
func (s *programs) script(ctx context.Context, t *eval.Tests, code string) ([]eval.Check, string, error) {
	word := rand.Text()
	task, err := json.Marshal(map[string]string{"word": word, "script": t.Script})
	if err != nil {
		return nil, "", err
	}
	r, err := s.again(ctx, driven(t.Language, scriptDriver, code, task), limits(programCPU))
	if err != nil {
		return nil, "", err
	}
	check := eval.Check{Name: "assertions", OK: r.Status == sandbox.OK && string(r.Stdout) == word}
	if !check.OK {
		check.Note = strings.TrimSpace(string(r.Status) + " " + clip(string(r.Stdout), 200))
		if r.Status == sandbox.OK && len(r.Stdout) == 0 {
			check.Note = "the program ended before its tests did"
		}
	}
	return []eval.Check{check}, "assertions in the answer's process (in_process_asserts)", nil
}

// driven is a driver with the answer beside it.
func driven(language, driver, code string, task []byte) sandbox.Program {
	return sandbox.Program{Language: language, Source: driver, Stdin: task, Files: map[string][]byte{"answer.py": []byte(code)}}
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
