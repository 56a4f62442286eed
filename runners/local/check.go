package local

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
)

// A Doubt is something about a model's answers that would spoil a run.
type Doubt struct {
	Check string `json:"check"` // what was looked at: "answer", "thought" or "cut"
	Text  string `json:"text"`
	Hint  string `json:"hint,omitempty"` // what would help; empty if that is not known
}

func (d Doubt) String() string {
	if d.Hint == "" || strings.Contains(d.Text, d.Hint) {
		return d.Check + ": " + d.Text
	}
	return d.Check + ": " + d.Text + ": " + d.Hint
}

// Bounds of the three requests.
const (
	checkTimeout = time.Minute
	smallTokens  = 2048 // a thought about a small sum fits
	tinyTokens   = 16   // some services allow no fewer
)

// Check sends three tiny requests and looks whether a run could make sense of such
// answers: an answer in a box, a thought that can be told from the answer, an
// answer that was cut and says so. It takes a minute at most; nil means no doubt.
func Check(ctx context.Context, r eval.Runner) []Doubt {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	asks := []struct {
		name, text string
		tokens     int
		judge      func(eval.Response) []Doubt
	}{
		{"answer", `What is 2 + 3? Give the result in \boxed{}.`, smallTokens, boxed},
		{"thought", "A farmer has 17 sheep. All but 9 run away. How many are left? Think first.", smallTokens, separated},
		{"cut", "Count from 1 to 200 in words, one number a line.", tinyTokens, wasCut},
	}
	found := make([][]Doubt, len(asks))
	var all sync.WaitGroup
	for i, a := range asks {
		all.Go(func() {
			q := eval.Request{Key: eval.Key{Benchmark: "check", Problem: a.name, Model: r.Name()}, Messages: []eval.Message{{Role: eval.User, Content: a.text}}}
			q.Sampling.MaxTokens = new(a.tokens)
			out, err := r.Generate(ctx, q)
			if err != nil {
				found[i] = []Doubt{failed(a.name, err)}
				return
			}
			found[i] = a.judge(out)
		})
	}
	all.Wait()
	var out []Doubt
	for _, d := range slices.Concat(found...) {
		// What fails in the same way is said once.
		if i := slices.IndexFunc(out, func(o Doubt) bool { return o.Text == d.Text }); i >= 0 {
			out[i].Check += ", " + d.Check
			continue
		}
		out = append(out, d)
	}
	return out
}

func failed(check string, err error) Doubt {
	d := Doubt{Check: check, Text: "the request failed: " + err.Error()}
	var f *eval.Failure
	switch {
	case errors.As(err, &f):
		d.Hint = f.Hint
	case errors.Is(err, context.DeadlineExceeded):
		d.Text = fmt.Sprintf("no whole answer within %v", checkTimeout)
		d.Hint = "the server is slow: expect long runs, or lower the concurrency"
	}
	return d
}

// boxed looks for the answer in its box.
func boxed(r eval.Response) []Doubt {
	switch {
	case r.Stop == eval.StopRefusal:
		return []Doubt{{"answer", "the model refused a sum", "is a filter in the way?"}}
	case r.Raw == "" && r.Reasoning == "":
		return []Doubt{{"answer", "the answer is empty", "is the chat template the model's own?"}}
	case r.Stop == eval.StopLength:
		return []Doubt{{"answer", "the answer to a small sum was cut " + after(r), "the model may not end its answers: check its chat template, its end-of-turn token and the server's context"}}
	case strings.Contains(r.Raw, `\boxed{5}`), strings.Contains(r.Raw, `\boxed{ 5 }`):
		return nil
	case r.Raw == "" || !strings.Contains(r.Raw, "boxed") && strings.Contains(r.Reasoning, `\boxed{`):
		return []Doubt{{"answer", "all came as thought, and nothing as answer", "the server's reasoning parser does not fit the model"}}
	case strings.Contains(r.Raw, `\boxed{`):
		return []Doubt{{"answer", "the box does not hold 5", "the model may be too weak, or its weights damaged"}}
	}
	return []Doubt{{"answer", "no box in the answer: " + shown(r.Raw), "answers will have to be found in plain text"}}
}

// separated looks where the thought is.
func separated(r eval.Response) []Doubt {
	opened, closed := strings.Contains(r.Raw, opening), strings.Contains(r.Raw, closing)
	hidden := r.Usage.Reasoning != nil && *r.Usage.Reasoning > 0
	switch {
	case r.Reasoning != "" && (opened || closed):
		return []Doubt{{"thought", "a part of the thought is in the answer, with its tags, and a part is not", "the server's reasoning parser does not fit the model"}}
	case r.Reasoning != "", opened && closed, hidden:
		return nil
	case closed:
		return nil // the template began the thought
	case opened && r.Stop != eval.StopLength:
		return []Doubt{{"thought", "a thought was begun and never ended", "the end-of-thought tag may be lost: check the server's skip_special_tokens and reasoning parser"}}
	case r.Stop == eval.StopLength:
		return []Doubt{{"thought", "cut " + after(r) + ": it cannot be told where the thought ends", ""}}
	}
	return []Doubt{{"thought", "the answer shows no thought", "right for a model that does not reason; else switch thinking on (--effort, chat_template_kwargs)"}}
}

// after says when an answer was cut.
func after(r eval.Response) string {
	if r.Usage.Output == nil {
		return fmt.Sprintf("at a limit of %d tokens", smallTokens)
	}
	return fmt.Sprintf("after %d tokens (%d were allowed)", *r.Usage.Output, smallTokens)
}

// wasCut looks whether a limit of tokens is obeyed and said.
func wasCut(r eval.Response) []Doubt {
	if r.Stop == eval.StopLength {
		return nil
	}
	if r.Usage.Output != nil && *r.Usage.Output <= tinyTokens {
		if *r.Usage.Output < tinyTokens {
			return nil // it ended by itself before
		}
		return []Doubt{{"cut", fmt.Sprintf("an answer of %d tokens, the limit, does not say that it was cut (finish %q)", tinyTokens, r.Stop), "truncated answers would be judged as whole ones"}}
	}
	return []Doubt{{"cut", fmt.Sprintf("a limit of %d tokens was not obeyed", tinyTokens), "the limit of the run will not hold: set it on the server"}}
}
