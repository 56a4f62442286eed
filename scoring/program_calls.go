package scoring

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
)

// How a call ended, in the words of driver/calls.py.
const (
	callValue  = "v"
	callError  = "e"
	callImport = "import" // the program failed before any call
	callTime   = "call"   // the call took too long, and no other was made
	callEnd    = "end"    // stands behind the last call
)

// tooLarge is the value of a call whose value even a digest was too much for.
// Where the reference gives it, any value will do.
const tooLarge = "o9:too large"

// A returned is what one call gave: a value, still encoded, or the class of an
// exception.
type returned struct {
	kind  string
	value []byte
	spent float64 // processor time, in seconds
	args  []byte  // the encoded arguments, where they are asked for
}

// records reads what driver/calls.py wrote, up to the first that is amiss.
func records(b []byte) []returned {
	var out []returned
	for {
		text, rest, ok := message(b)
		if !ok {
			return out
		}
		v, err := pythonValue(text)
		if err != nil || v.kind != pyTuple || len(v.items) != 4 {
			return out
		}
		for i, kind := range []pyKind{pyStr, pyBytes, pyFloat, pyBytes} {
			if v.items[i].kind != kind {
				return out
			}
		}
		out = append(out, returned{kind: v.items[0].s, value: []byte(v.items[1].s), spent: v.items[2].f, args: []byte(v.items[3].s)})
		b = rest
	}
}

// Memory of functions, in bytes: of most, and of those whose reference needs more,
// for which it is what EvalPlus allows (evalplus/eval/__init__.py). The end of a
// reference's records says which.
const (
	callsMemory = 1 << 30
	callsLarge  = 4 << 30
	saysLarge   = "large"
)

const referenceCPU = 120 * time.Second

// calls compares the answer's function with the reference, call by call.
func (s *programs) calls(ctx context.Context, t *eval.Tests, code string) (judged, error) {
	want, err := s.reference(ctx, t)
	if err != nil {
		return judged{}, err
	}
	// As EvalPlus has it, a call may take four times what the reference takes.
	longest, total := 0.0, 0.0
	for _, w := range want {
		longest, total = max(longest, w.spent), total+w.spent
	}
	cpu := s.cpu + time.Duration(4*total*float64(time.Second))
	l := limits(cpu)
	if string(want[len(want)-1].args) == saysLarge {
		l.Memory = callsLarge
	}
	got, status, err := s.call(ctx, t, code, max(callSeconds, 4*longest), l)
	if err != nil {
		return judged{}, err
	}
	var checks []eval.Check
	for i, w := range want[:len(want)-1] { // the last says that it is the last
		check := eval.Check{Name: fmt.Sprintf("call %d", i+1), Note: "no value: " + status}
		if i < len(got) {
			check.OK, check.Note = compare(t.Calls, w, got[i])
		}
		checks = append(checks, check)
		if i >= len(got) || got[i].kind != callValue && got[i].kind != callError {
			break
		}
	}
	return judged{checks: checks, why: "returned values compared with the reference's"}, nil
}

// compare says whether a call gave what the reference's call gave, and if not,
// what it gave.
func compare(t *eval.Calls, want, got returned) (ok bool, note string) {
	if got.kind != callValue || want.kind != callValue {
		if got.kind == callValue {
			return false, "returned a value, where the reference raises " + string(want.value)
		}
		ok = want.kind == callError && got.kind == callError && string(want.value) == string(got.value)
		return ok, "raised " + clip(string(got.value), 200)
	}
	if string(want.value) == tooLarge {
		return true, "too large to compare"
	}
	// The same bytes are the same value, NaN apart; most calls end here.
	if t.Oracle == "" && bytes.Equal(want.value, got.value) && !bytes.Contains(want.value, []byte("nan")) {
		return true, ""
	}
	w, err := pythonValue(want.value)
	if err != nil {
		return false, "the reference's value is not readable"
	}
	g, err := pythonValue(got.value)
	if err != nil {
		return false, "returned what is not readable"
	}
	var args *pyValue
	if a, err := pythonValue(want.args); err == nil {
		args = &a
	}
	if oracle(t, w, g, args) {
		return true, ""
	}
	return false, "returned " + clip(g.brief().source(), 80) + ", want " + clip(w.brief().source(), 80)
}

// call calls a program's entry with all arguments in one process.
func (s *programs) call(ctx context.Context, t *eval.Tests, code string, seconds float64, l sandbox.Limits) ([]returned, string, error) {
	echo := 0
	if t.Calls.Oracle == OracleRoot {
		echo = 1
	}
	stdin := newJob().text("entry", t.Entry).text("args", t.Calls.Args).float("seconds", seconds).int("echo", echo).stdin(4)
	r, err := s.runs(ctx, driven(callsDriver, code, stdin), l)
	if err != nil {
		return nil, "", err
	}
	return records(r.Stdout), ended(r) + " " + lastLine(r.Stderr), nil
}

// reference gives what the reference solution returns, computed once and kept.
func (s *programs) reference(ctx context.Context, t *eval.Tests) ([]returned, error) {
	key := digest("calls", callsDriver, t.Entry, t.Calls.Reference, t.Calls.Args, t.Calls.Oracle)
	return s.references.of(key, func() ([]returned, error) {
		if data, ok := load(s.cache, key); ok {
			if values := records(data); wholeReference(t, values, "") == nil {
				return values, nil
			}
		}
		l, large := limits(referenceCPU), false
		l.Memory = callsMemory
		values, status, err := s.call(ctx, t, t.Calls.Reference, referenceCPU.Seconds(), l)
		if err == nil && strings.HasPrefix(status, string(sandbox.MemoryLimit)) {
			l.Memory, large = callsLarge, true
			values, status, err = s.call(ctx, t, t.Calls.Reference, referenceCPU.Seconds(), l)
		}
		if err != nil {
			return nil, err
		}
		if large && len(values) > 0 {
			values[len(values)-1].args = []byte(saysLarge)
		}
		if err := wholeReference(t, values, status); err != nil {
			return nil, err
		}
		store(s.cache, key, recorded(values))
		return values, nil
	})
}

// wholeReference says what keeps a reference's values from being compared with.
func wholeReference(t *eval.Tests, values []returned, status string) error {
	bad := func(format string, args ...any) error {
		return &eval.Failure{Kind: eval.FailData, Message: "the reference solution " + fmt.Sprintf(format, args...)}
	}
	for i, r := range values {
		switch r.kind {
		case callError:
		case callValue:
			v, err := pythonValue(r.value)
			if err != nil {
				return bad("returned what is not readable at call %d: %v", i+1, err)
			}
			if v.other() && string(r.value) != tooLarge && t.Calls.Oracle != OracleNotNone {
				return bad("returned an object at call %d, which cannot be compared", i+1)
			}
		case callEnd:
			if i > 0 && i == len(values)-1 {
				return nil
			}
			return bad("made no call")
		default:
			return bad("failed at its %s: %s", r.kind, r.value)
		}
	}
	return bad("ended after %d calls, before the last: %s", len(values), status)
}

// recorded writes records as driver/calls.py does.
func recorded(values []returned) []byte {
	var out []byte
	for _, r := range values {
		text := fmt.Appendf(nil, "t4:s%d:%sb%d:%sf%g;b%d:%s", len(r.kind), r.kind, len(r.value), r.value, r.spent, len(r.args), r.args)
		n := len(text)
		out = append(append(out, byte(n>>24), byte(n>>16), byte(n>>8), byte(n)), text...)
	}
	return out
}

// evaluate evaluates an expression of a model's in the sandbox.
func evaluate(ctx context.Context, box sandbox.Sandbox, expression string) (pyValue, bool, error) {
	if v, ok := parseLiteral(expression); ok {
		return v, true, nil
	}
	s := &programs{box: box, cpu: programCPU}
	r, err := s.runs(ctx, driven(expressionDriver, "", newJob().text("expression", expression).stdin(1)), limits(s.cpu))
	if err != nil {
		return pyValue{}, false, err
	}
	text, _, ok := message(r.Stdout)
	if !ok {
		return pyValue{}, false, nil
	}
	v, err := pythonValue(text)
	return v, err == nil && !v.other(), nil
}
