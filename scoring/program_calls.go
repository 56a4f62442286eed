package scoring

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // the drivers
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
)

//go:embed driver/calls.py
var callsDriver string

//go:embed driver/script.py
var scriptDriver string

// A returned is what one call gave: a value, or the type of an exception.
type returned struct {
	Value *pyValue `json:"v"`
	Error string   `json:"e"`
	At    string   `json:"at"`
	Time  float64  `json:"t"` // processor time, in seconds
	Args  *pyValue `json:"a"` // with echo
}

// callTask is what driver/calls.py is told.
type callTask struct {
	Entry   string  `json:"entry"`
	Args    string  `json:"args"`
	Seconds float64 `json:"seconds"`
	Echo    bool    `json:"echo,omitempty"`
}

const referenceCPU = 120 * time.Second

// calls compares the answer's function with the reference, call by call.
func (s *programs) calls(ctx context.Context, t *eval.Tests, code string) ([]eval.Check, string, error) {
	want, err := s.references.of(ctx, s, t)
	if err != nil {
		return nil, "", err
	}
	// As EvalPlus has it, a call may take four times what the reference takes.
	longest, total := 0.0, 0.0
	for _, w := range want {
		longest, total = max(longest, w.Time), total+w.Time
	}
	cpu := programCPU + time.Duration(4*total*float64(time.Second))
	got, status, err := s.call(ctx, t, code, max(callSeconds, 4*longest), cpu)
	if err != nil {
		return nil, "", err
	}
	var checks []eval.Check
	for i, w := range want {
		check := eval.Check{Name: fmt.Sprintf("call %d", i+1)}
		switch {
		case i >= len(got):
			check.Note = "no value: " + status
		case got[i].At != "":
			check.Note = got[i].Error
		case w.Value == nil || got[i].Value == nil:
			check.OK = w.Value == nil && w.Error == got[i].Error
			check.Note = "raised " + got[i].Error
		default:
			check.OK = oracle(t, w, *got[i].Value)
			if !check.OK {
				check.Note = "returned " + clip(got[i].Value.source(), 80) + ", want " + clip(w.Value.source(), 80)
			}
		}
		checks = append(checks, check)
		if i >= len(got) || got[i].At != "" {
			break
		}
	}
	return checks, "returned values compared with the reference's", nil
}

// call calls a program's entry with all arguments in one process.
func (s *programs) call(ctx context.Context, t *eval.Tests, code string, seconds float64, cpu time.Duration) ([]returned, string, error) {
	task, err := json.Marshal(callTask{Entry: t.Entry, Args: t.Calls.Args, Seconds: seconds, Echo: t.Calls.Oracle == OracleRoot})
	if err != nil {
		return nil, "", err
	}
	r, err := s.again(ctx, driven(t.Language, callsDriver, code, task), limits(cpu))
	if err != nil {
		return nil, "", err
	}
	var out []returned
	d := json.NewDecoder(bytes.NewReader(r.Stdout))
	for d.More() {
		var one returned
		if d.Decode(&one) != nil {
			break // cut off by a limit
		}
		out = append(out, one)
	}
	return out, string(r.Status) + " " + lastLine(r.Stderr), nil
}

// references keeps what reference solutions returned, by digest, computed once.
type references struct {
	mu   sync.Mutex
	done map[[32]byte]*reference
}

type reference struct {
	once   sync.Once
	values []returned
	err    error
}

func newReferences() *references { return &references{done: map[[32]byte]*reference{}} }

func (c *references) of(ctx context.Context, s *programs, t *eval.Tests) ([]returned, error) {
	digest := sha256.Sum256([]byte(t.Entry + "\x00" + t.Calls.Reference + "\x00" + t.Calls.Args))
	c.mu.Lock()
	r := c.done[digest]
	if r == nil {
		r = &reference{}
		c.done[digest] = r
	}
	c.mu.Unlock()
	r.once.Do(func() { r.values, r.err = s.reference(ctx, t) })
	if r.err != nil && ctx.Err() == nil {
		return nil, r.err
	}
	if r.err != nil { // an interruption is not the reference's fault
		c.mu.Lock()
		delete(c.done, digest)
		c.mu.Unlock()
	}
	return r.values, r.err
}

func (s *programs) reference(ctx context.Context, t *eval.Tests) ([]returned, error) {
	values, status, err := s.call(ctx, t, t.Calls.Reference, referenceCPU.Seconds(), referenceCPU)
	if err != nil {
		return nil, err
	}
	bad := func(format string, args ...any) error {
		return &eval.Failure{Kind: eval.FailData, Message: "the reference solution " + fmt.Sprintf(format, args...)}
	}
	if len(values) == 0 {
		return nil, bad("returned nothing: %s", status)
	}
	for i, v := range values {
		if v.At != "" {
			return nil, bad("failed at its %s: %s", v.At, v.Error)
		}
		if v.Value != nil && v.Value.kind == pyOther && t.Calls.Oracle != OracleNotNone {
			return nil, bad("returned a %s at call %d, which cannot be compared", v.Value.s, i+1)
		}
	}
	return values, nil
}

// The oracles of EvalPlus for functions with more than one right answer
// (evalplus/evaluate.py and evalplus/eval/__init__.py of evalplus/evalplus).
const (
	OracleSet     = "set"      // the elements count, not their order, number or container
	OracleOrder   = "order"    // the elements and their container count, not their order
	OracleNotNone = "not_none" // whether a value is returned counts
	OracleAny     = "any"      // any value will do
	OracleOrZero  = "or_zero"  // zero is right too
	OracleRoot    = "root"     // a root of the polynomial in the first argument
)

// oracle says whether a returned value is right.
func oracle(t *eval.Tests, want returned, got pyValue) bool {
	tolerance := t.Calls.Tolerance
	w := *want.Value
	switch t.Calls.Oracle {
	case OracleAny:
		return true
	case OracleOrZero:
		if got.number() && got.float() == 0 {
			return true
		}
	case OracleOrder:
		if elements(w) && w.kind == got.kind {
			return subset(w.items, got.items) && subset(got.items, w.items)
		}
	case OracleSet:
		if elements(w) && elements(got) {
			return subset(w.items, got.items) && subset(got.items, w.items)
		}
	case OracleNotNone:
		if got.kind != pyBool {
			got = pyBoolean(got.kind != pyNone)
		}
		if w.kind != pyBool {
			w = pyBoolean(w.kind != pyNone)
		}
		return pyEqual(w, got)
	case OracleRoot:
		return root(want.Args, got, tolerance)
	}
	if pyEqual(w, got) {
		return true
	}
	if tolerance == 0 && floats(w) {
		tolerance = 1e-6
	}
	return tolerance != 0 && w.kind == got.kind && close(w, got, tolerance)
}

func elements(v pyValue) bool {
	return v.kind == pyList || v.kind == pyTuple || v.kind == pySet || v.kind == pyFroz
}

// floats says whether a value is a float, or a list or tuple of floats alone.
func floats(v pyValue) bool {
	if v.kind == pyFloat {
		return true
	}
	if v.kind != pyList && v.kind != pyTuple {
		return false
	}
	for _, x := range v.items {
		if x.kind != pyFloat {
			return false
		}
	}
	return true
}

// close is numpy's allclose with a relative tolerance of 1e-7, on numbers and
// nested lists of one shape.
func close(want, got pyValue, tolerance float64) bool {
	if want.number() && got.number() {
		w, g := want.float(), got.float()
		if math.IsInf(w, 0) || math.IsInf(g, 0) {
			return w == g
		}
		return math.Abs(g-w) <= tolerance+1e-7*math.Abs(w)
	}
	if want.kind == pyCplx && got.kind == pyCplx {
		return math.Hypot(got.f-want.f, got.im-want.im) <= tolerance+1e-7*math.Hypot(want.f, want.im)
	}
	list := func(v pyValue) bool { return v.kind == pyList || v.kind == pyTuple }
	if !list(want) || !list(got) || len(want.items) != len(got.items) {
		return false
	}
	for i := range want.items {
		if !close(want.items[i], got.items[i], tolerance) {
			return false
		}
	}
	return true
}

// root says whether x is a root, within the tolerance, of the polynomial whose
// coefficients are the first argument, the constant one first.
func root(args *pyValue, x pyValue, tolerance float64) bool {
	if args == nil || len(args.items) == 0 || !x.number() {
		return false
	}
	sum, power := 0.0, 1.0
	for _, c := range args.items[0].items {
		if !c.number() {
			return false
		}
		sum += c.float() * power
		power *= x.float()
	}
	return math.Abs(sum) <= max(tolerance, 1e-4)
}

// evaluate evaluates an expression of a model's in the sandbox.
func evaluate(ctx context.Context, box sandbox.Sandbox, expression string) (pyValue, bool, error) {
	if v, ok := parseLiteral(expression); ok {
		return v, true, nil
	}
	task, err := json.Marshal(map[string]string{"expression": expression})
	if err != nil {
		return pyValue{}, false, err
	}
	s := &programs{box: box}
	r, err := s.again(ctx, sandbox.Program{Language: "python", Source: callsDriver, Stdin: task}, limits(programCPU))
	if err != nil {
		return pyValue{}, false, err
	}
	var out returned
	if json.Unmarshal(r.Stdout, &out) != nil || out.Value == nil || out.Value.kind == pyOther {
		return pyValue{}, false, nil
	}
	return *out.Value, true, nil
}
