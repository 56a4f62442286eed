package flow

import (
	"context"
	"net/http"

	"github.com/evalr/evalr/eval"
)

// A result is how a request ended, as far as the flow is concerned.
type result struct {
	end     end
	failure *eval.Failure
	work    float64 // output tokens, known or guessed
	needed  amounts // tokens, 0 where unknown
}

type end int

const (
	untold     end = iota // cancelled, too slow, or a defect: says nothing of the server
	answered              // the server answered
	refused               // 429
	overloaded            // 503, 529
	broken                // the server could not be reached, hung up, or failed
	other                 // rejected, or answered what cannot be understood
)

func resultOf(ctx context.Context, out eval.Response, err error) result {
	if err == nil {
		return result{end: answered, work: work(out), needed: needed(out.Usage)}
	}
	f, ok := failure(err)
	if !ok || passing(ctx, err) {
		return result{end: untold}
	}
	r := result{end: other, failure: f}
	switch {
	case f.Kind == eval.FailRateLimit || f.Status == http.StatusTooManyRequests:
		if f.Temporary { // else the account is used up, and slowing down is of no use
			r.end = refused
		}
	case overload(f.Status):
		r.end = overloaded
	case f.Kind == eval.FailConnection || f.Status >= 500 || f.Kind == eval.FailServer && f.Status == 0:
		r.end = broken
	case f.Kind == eval.FailTimeout || f.Kind == eval.FailInternal || f.Status == 0 && f.Kind == eval.FailRequest:
		r.end = untold // a long thought, a defect, or nothing was sent
	}
	return r
}

// statusOverloaded is what Anthropic's servers say when they are overloaded for
// everyone: https://learn.microsoft.com/microsoft-cloud/dev/dev-proxy/concepts/anthropic-529-overloaded-error
const statusOverloaded = 529

func overload(status int) bool {
	return status == http.StatusServiceUnavailable || status == statusOverloaded
}

// bytesPerToken is a rough guess, used only to compare answers with one another.
const bytesPerToken = 4

// work is the output in tokens; where the server does not count them, it is
// guessed from the length, and an answer without text is one piece of work.
func work(out eval.Response) float64 {
	if n := out.Usage.Output; n != nil && *n > 0 {
		return float64(*n)
	}
	return max(1, float64(len(out.Raw)+len(out.Reasoning))/bytesPerToken)
}

func needed(u eval.Usage) (out amounts) {
	if u.Prompt != nil {
		out[input] = float64(max(*u.Prompt, 0))
	}
	if u.Output != nil {
		out[output] = float64(max(*u.Output, 0))
	}
	out[tokens] = out[input] + out[output]
	return out
}

// spent sums up what failed tries cost.
type spent struct {
	dollars float64
	known   bool // some try had a cost
	unknown bool // some try may have cost what nobody knows
	usage   eval.Usage
}

func (s *spent) add(out eval.Response) {
	if out.Cost != nil {
		s.dollars += *out.Cost
		s.known = true
	} else {
		s.unknown = true
	}
	sum(&s.usage.Prompt, out.Usage.Prompt)
	sum(&s.usage.Output, out.Usage.Output)
	sum(&s.usage.Reasoning, out.Usage.Reasoning)
	sum(&s.usage.Cached, out.Usage.Cached)
	s.usage.Estimated = s.usage.Estimated || out.Usage.Estimated
}

// with is the cost together with that of the answer.
func (s *spent) with(answer *float64) *float64 {
	if answer == nil || s.unknown {
		return nil
	}
	total := s.dollars + *answer
	return &total
}

// cost is that of the failed tries alone.
func (s *spent) cost() *float64 {
	if !s.known || s.unknown {
		return nil
	}
	total := s.dollars
	return &total
}

func sum(total **int, n *int) {
	if n == nil {
		return
	}
	t := *n
	if *total != nil {
		t += **total
	}
	*total = &t
}
