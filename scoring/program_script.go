package scoring

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
)

// A plan says how a script of assertions is run. It is made from the test and
// its reference solution alone, never from an answer.
type plan struct {
	crosses bool // the tests run apart from the answer
	back    int  // which mutated arguments come back: backNone, backIfNone, backAll
	strict  bool // the reference gives plain values alone, so an answer must
	why     string
}

// Which arguments that a call mutated take their new value in the test. As few
// as the reference needs: what comes back can spoil what the test compares with.
const (
	backNone   = iota
	backIfNone // of calls that return None, as functions that work in place do
	backAll
)

// A plan without a reference is made of what most tests need.
var unreferenced = plan{crosses: true, back: backIfNone}

// What a test says of a program.
type result struct {
	passed, opaque bool
	barred         bool // the test cannot cross; no fault of the answer
	limited        bool // a limit ended it: no property of the program
	note           string
}

// script runs assertions about a program.
func (s *programs) script(ctx context.Context, t *eval.Tests, code string) (judged, error) {
	p, err := s.planOf(ctx, t)
	if err != nil {
		return judged{}, err
	}
	if p.crosses {
		r, err := s.across(ctx, t, code, p)
		switch {
		case errors.Is(err, sandbox.ErrNoChannel):
			p = plan{why: "this sandbox has no channel"}
		case err != nil:
			return judged{}, err
		case r.barred && t.Reference == "":
			p = plan{why: r.note}
		default:
			return judged{checks: []eval.Check{r.check()}, why: "assertions in a process of their own"}, nil
		}
	}
	r, err := s.inside(ctx, t, code)
	if err != nil {
		return judged{}, err
	}
	return judged{
		checks: []eval.Check{r.check()}, why: "assertions in the answer's process (" + InProcess + ")",
		warnings: []string{InProcess + ": " + p.why},
	}, nil
}

func (r result) check() eval.Check {
	return eval.Check{Name: "assertions", OK: r.passed, Note: r.note}
}

// planOf finds the least that the reference solution needs to pass the tests.
func (s *programs) planOf(ctx context.Context, t *eval.Tests) (plan, error) {
	if t.Reference == "" {
		return unreferenced, nil
	}
	key := digest("plan", checkerDriver, subjectDriver, notaryDriver, scriptDriver, t.Entry, t.Prompt, t.Script, t.Reference)
	return s.plans.of(key, func() (plan, error) {
		if data, ok := load(s.cache, key); ok {
			if p, ok := parsePlan(string(data)); ok {
				return p, nil
			}
		}
		p, sure, err := s.planning(ctx, t)
		if err == nil && sure {
			store(s.cache, key, []byte(p.String()))
		}
		return p, err
	})
}

// planning tries the reference. sure says that no limit had a part in it.
func (s *programs) planning(ctx context.Context, t *eval.Tests) (p plan, sure bool, err error) {
	sure = true
	var first result
	for back := backNone; back <= backAll; back++ {
		p := plan{crosses: true, back: back}
		r, err := s.across(ctx, t, t.Reference, p)
		if errors.Is(err, sandbox.ErrNoChannel) {
			return plan{why: "this sandbox has no channel"}, false, nil
		}
		if err != nil {
			return plan{}, false, err
		}
		if r.passed {
			p.strict = !r.opaque
			return p, sure, nil
		}
		if back == backNone {
			first = r
		}
		sure = sure && !r.limited
		if r.barred {
			break
		}
	}
	r, err := s.inside(ctx, t, t.Reference)
	if err != nil {
		return plan{}, false, err
	}
	if !r.passed {
		return plan{why: "the reference solution fails its own tests: " + r.note}, sure && !r.limited, nil
	}
	return plan{why: first.note}, sure, nil
}

// String writes a plan for the cache.
func (p plan) String() string {
	return fmt.Sprintf("%t %d %t %s", p.crosses, p.back, p.strict, p.why)
}

func parsePlan(s string) (p plan, ok bool) {
	n, err := fmt.Sscanf(s, "%t %d %t", &p.crosses, &p.back, &p.strict)
	parts := strings.SplitN(s, " ", 4)
	if err != nil || n != 3 || len(parts) != 4 || p.back < backNone || p.back > backAll {
		return plan{}, false
	}
	p.why = parts[3]
	return p, true
}

// across runs the assertions in a process of their own, joined to the program's.
func (s *programs) across(ctx context.Context, t *eval.Tests, code string, p plan) (result, error) {
	word, strict := rand.Text(), 0
	if p.strict {
		strict = 1
	}
	stdin := newJob().text("word", word).text("entry", t.Entry).text("prompt", t.Prompt).text("script", t.Script).
		int("back", p.back).int("strict", strict).stdin(6)
	l := limits(s.cpu)
	l.Wall = 2 * s.cpu
	checker, subject, err := s.box.Talk(ctx, driven(checkerDriver, "", stdin), driven(subjectDriver, code, nil), l)
	if err != nil {
		return result{}, err
	}
	if err := sandboxFailed(checker); err != nil {
		return result{}, err
	}
	said := string(checker.Stdout)
	r := result{passed: checker.Status == sandbox.OK && (said == word || said == word+" opaque"), opaque: said == word+" opaque"}
	if r.passed {
		return r, nil
	}
	r.limited = limited(checker) || limited(subject)
	if checker.Status != sandbox.OK {
		r.note = fmt.Sprintf("the tests did not end with what the program gave: %s %s", ended(checker), lastLine(checker.Stderr))
		return r, nil
	}
	// The first word is the checker's, whatever the program made it say.
	kind, why, _ := strings.Cut(said, " ")
	r.note = clip(why, 400)
	switch kind {
	case "failed":
	case "barred":
		r.barred = true
	case "ended":
		r.note += ": " + strings.TrimSpace(ended(subject)+" "+lastLine(subject.Stderr))
	case "unstarted":
		return result{}, unstarted(subject)
	default:
		return result{}, fmt.Errorf("the checker of assertions said %q", clip(said, 80))
	}
	return r, nil
}

// unstarted is the error of a program whose driver never ran. Once it has, an end
// is the program's own doing: that the sandbox ends it when its partner ends must
// not turn a wrong answer into an error.
func unstarted(r sandbox.Result) error {
	return fmt.Errorf("the sandbox failed: the program did not start: %s %s", r.Status, r.Message)
}

func limited(r sandbox.Result) bool {
	return r.Status == sandbox.TimeLimit || r.Status == sandbox.MemoryLimit
}

// inside runs the assertions in the program's own process. Where programs can be
// joined, a notary hands them over once the program was loaded.
func (s *programs) inside(ctx context.Context, t *eval.Tests, code string) (result, error) {
	word := rand.Text()
	stdin := newJob().text("word", word).text("script", t.Script).stdin(2)
	program := driven(scriptDriver, code, nil)
	program.Args = []string{"channel"}
	r, other, err := s.box.Talk(ctx, driven(notaryDriver, "", stdin), program, limits(s.cpu))
	if errors.Is(err, sandbox.ErrNoChannel) {
		r, err = s.box.Run(ctx, driven(scriptDriver, code, stdin), limits(s.cpu))
		other = r
	}
	if err == nil {
		err = sandboxFailed(r)
	}
	if err == nil && string(r.Stdout) == "unstarted" {
		err = unstarted(other)
	}
	if err != nil {
		return result{}, err
	}
	said := string(r.Stdout)
	out := result{passed: r.Status == sandbox.OK && said == word, limited: limited(r) || limited(other)}
	switch {
	case out.passed:
	case said == "":
		out.note = strings.TrimSpace("the program ended before its tests did: " + ended(other) + " " + lastLine(other.Stderr))
	default:
		out.note = strings.TrimSpace(ended(r) + " " + clip(strings.ReplaceAll(said, word, ""), 200))
	}
	return out, nil
}
