package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/scoring"
)

// A testLine is one input for a program and, where there is one, the output that
// is wanted.
type testLine struct {
	ID     json.RawMessage `json:"id"`
	Input  *string         `json:"input"`
	Output *string         `json:"output"`
}

// testSlips are other names of a test's keys.
var testSlips = map[string]string{"stdin": "input", "in": "input", "stdout": "output", "out": "output", "expected": "output", "expected_output": "output"}

// A testResult is what came of a test.
type testResult struct {
	ID json.RawMessage `json:"id"`
	execResult
	Passed *bool `json:"passed,omitempty"`

	err error // the program could not be run at all
}

// readTest reads a line of a file of tests.
func readTest(l numbered) (t testLine, err error) {
	if l.problem != "" {
		return t, errors.New(l.problem)
	}
	if err := l.read(&t, testSlips); err != nil {
		return t, err
	}
	if t.Input == nil {
		return t, errors.New(`"input" is missing`)
	}
	return t, nil
}

// checkTests reads a file of tests to its end, so that a bad line is found before
// anything is run, and counts them.
func checkTests(path string, in io.Reader) (n int, err error) {
	err = eachHandful(in, most, func(lines []numbered) error {
		for _, l := range lines {
			if _, err := readTest(l); err != nil {
				return usage(fmt.Errorf("exec: %s: line %d: %w", path, l.number, err), `a line is a test: {"id": "a", "input": "7\n", "output": "49\n"}; id and output may be absent`)
			}
		}
		n += len(lines)
		return nil
	})
	if err == nil && n == 0 {
		err = usage(fmt.Errorf("exec: %s holds no tests", path), `a line is a test: {"input": "7\n", "output": "49\n"}`)
	}
	return n, err
}

// tested runs a program once for each line of a file.
func (o *execOptions) tested(ctx context.Context, path string) error {
	p, err := o.program(path)
	if err != nil {
		return err
	}
	file, err := os.Open(o.tests)
	if err != nil {
		return usage(fmt.Errorf("exec: read the tests: %w", err), "")
	}
	defer file.Close() //nolint:errcheck // read only
	planned, err := checkTests(o.tests, file)
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return usage(fmt.Errorf("exec: read the tests: %w", err), "--tests wants a file that can be read twice")
	}
	box, err := o.open(o.jobs)
	if err != nil {
		return err
	}
	defer box.Close() //nolint:errcheck // nothing is lost with it
	t := newTally(o.err, planned)
	out := newLines(o.out)
	err = o.pipeline(out, func(ctx context.Context, l numbered) any { return o.test(ctx, box, p, l) }).
		run(ctx, file, func(result any) error {
			r := result.(testResult)
			if r.err != nil {
				return sandboxError(fmt.Errorf("exec: test %s: %w", r.ID, r.err))
			}
			t.add(r.execResult, r.Passed)
			if err := out.write(r); err != nil {
				return err
			}
			if o.failFast && r.failed() {
				return errEnough
			}
			return nil
		})
	t.close()
	if err != nil {
		return err
	}
	fmt.Fprintln(o.err, t.tests())
	return nil
}

// failed says that a test is not passed: another output, or a program that did
// not end well.
func (r testResult) failed() bool {
	return r.Status != sandbox.OK || r.Passed != nil && !*r.Passed
}

// test runs one test. One without a name has its place in the file as its name.
func (o *execOptions) test(ctx context.Context, box *sandbox.Box, p sandbox.Program, l numbered) testResult {
	in, err := readTest(l)
	if err != nil { // the file changed while it was read
		return testResult{ID: json.RawMessage(strconv.Itoa(l.number)), err: err}
	}
	if in.ID == nil {
		in.ID = json.RawMessage(strconv.Itoa(l.number))
	}
	p.Stdin = []byte(*in.Input)
	r, err := box.Run(ctx, p, o.limits)
	if err != nil {
		return testResult{ID: in.ID, err: err}
	}
	out := testResult{ID: in.ID, execResult: shown(r)}
	if in.Output != nil {
		passed := r.Status == sandbox.OK && scoring.SameOutput(*in.Output, string(r.Stdout), o.tolerance)
		out.Passed = &passed
	}
	return out
}

// tests says in a line how the tests went.
func (t *tally) tests() string {
	text := fmt.Sprintf("%d of %d tests passed", t.passed, t.compared)
	if t.compared == 0 {
		text = fmt.Sprintf("%d of %d tests ran to their end (they give no output to compare)", t.status[sandbox.OK], t.done)
	} else if rest := t.done - t.compared; rest > 0 {
		text += fmt.Sprintf(", %d more give no output to compare", rest)
	}
	if t.done < t.planned {
		text += fmt.Sprintf(" (stopped at the first failure; %d left out)", t.planned-t.done)
	}
	return fmt.Sprintf("%s, %s; slowest %s; isolation %s", text, brief(time.Since(t.started)), brief(t.slowest), t.isolation)
}
