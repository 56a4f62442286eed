package scoring

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
)

// cases gives a whole program each input and compares what it prints.
func (s *programs) cases(ctx context.Context, t *eval.Tests, code string) (judged, error) {
	j := judged{why: "standard output compared"}
	if t.Checker != nil {
		j.why = "standard output judged by the problem's checker"
	}
	for i, c := range t.Cases {
		r, err := s.runs(ctx, sandbox.Program{Language: t.Language, Source: code, Stdin: []byte(c.Input)}, limits(s.cpu))
		if err != nil {
			return judged{}, err
		}
		check := eval.Check{Name: c.Name}
		if check.Name == "" {
			check.Name = fmt.Sprintf("case %d", i+1)
		}
		if r.Status == sandbox.OK {
			check.OK, check.Note, err = s.printed(ctx, t, c, r.Stdout)
		} else {
			check.Note = ended(r) + " " + lastLine(r.Stderr)
		}
		if err != nil {
			return judged{}, err
		}
		j.checks = append(j.checks, check)
		if !check.OK {
			break // one wrong case decides; the others would only take time
		}
	}
	return j, nil
}

// printed says whether an output is right.
func (s *programs) printed(ctx context.Context, t *eval.Tests, c eval.Case, output []byte) (ok bool, note string, err error) {
	if t.Checker != nil {
		return s.checked(ctx, t.Checker, c, output)
	}
	if SameOutput(c.Output, string(output), t.Tolerance) {
		return true, "", nil
	}
	return false, "printed " + clip(string(output), 80) + ", want " + clip(c.Output, 80), nil
}

// checked asks the problem's own checker, a program that the dataset brings. It
// runs in the sandbox too: the output that it reads is hostile.
func (s *programs) checked(ctx context.Context, c *eval.Checker, of eval.Case, output []byte) (ok bool, note string, err error) {
	r, err := s.runs(ctx, sandbox.Program{
		Language: c.Language, Source: c.Source,
		Files: map[string][]byte{"input": []byte(of.Input), "output": output, "expected": []byte(of.Output)},
		Args:  []string{"/program/input", "/program/output", "/program/expected"},
	}, limits(s.cpu))
	if err != nil {
		return false, "", err
	}
	switch {
	case r.Status == sandbox.OK:
		return true, "", nil
	case r.Status == sandbox.RuntimeError && r.Signal == "" && r.ExitCode == 1:
		said := r.Stdout
		if len(said) == 0 {
			said = r.Stderr
		}
		return false, "the checker says: " + clip(string(said), 200), nil
	}
	return false, "", fmt.Errorf("the problem's checker failed: %s, exit code %d: %s", r.Status, r.ExitCode, lastLine(r.Stderr))
}

// SameOutput says whether a program printed what was wanted: the same tokens,
// where space between them is nothing. With a tolerance in [0, 1), decimal numbers
// may differ by it, absolutely or in parts of the wanted number, and NaN equals
// nothing.
func SameOutput(want, got string, tolerance float64) bool {
	for {
		var a, b string
		a, want = token(want)
		b, got = token(got)
		if a == "" || b == "" {
			return a == b
		}
		if a != b && !near(a, b, tolerance) || tolerance > 0 && notANumber(a) {
			return false
		}
	}
}

// token cuts the first token off a text; space is ASCII's alone.
func token(s string) (token, rest string) {
	s = strings.TrimLeft(s, asciiSpace)
	if i := strings.IndexAny(s, asciiSpace); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

const asciiSpace = " \t\n\v\f\r"

func notANumber(s string) bool { return strings.EqualFold(strings.TrimLeft(s, "+-"), "nan") }

func near(want, got string, tolerance float64) bool {
	if tolerance <= 0 {
		return false
	}
	w, ok := decimal(want)
	g, ok2 := decimal(got)
	return ok && ok2 && math.Abs(g-w) <= tolerance*max(1, math.Abs(w))
}

// Bounds of a token that is read as a number.
const (
	longestDecimal  = 400
	longestExponent = 4
)

// decimal reads a finite decimal number in ASCII: no hexadecimal, no
// underscores, no words.
func decimal(s string) (float64, bool) {
	digits := strings.TrimLeft(s, "+-")
	if len(s) > longestDecimal || len(s)-len(digits) > 1 {
		return 0, false
	}
	mantissa, exponent, has := strings.Cut(strings.ReplaceAll(digits, "E", "e"), "e")
	exponent = strings.TrimPrefix(strings.TrimPrefix(exponent, "-"), "+")
	whole, part, _ := strings.Cut(mantissa, ".")
	if !allDigits(whole+part) || has && (len(exponent) > longestExponent || !allDigits(exponent)) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsInf(f, 0)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
