package runners

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// An answer puts itself together from its pieces and knows how it ended.
type answer interface {
	wire.Answer
	// end sets the stop; the error is that of an answer that is none.
	end() error
	// spent is what the server counted so far.
	spent() eval.Usage
	Response(wire.Exchange) eval.Response
}

// ask makes a call once and gives the response that a holds.
func ask(ctx context.Context, c *wire.Client, call wire.Call, a answer) (eval.Response, error) {
	x, err := c.Ask(ctx, call, a)
	return finish(a, x, err)
}

// finish gives the response of an answer that ended with err.
func finish(a answer, x wire.Exchange, err error) (eval.Response, error) {
	if wire.ContextFull(err) || promptTooLong(err) {
		return eval.Response{Stop: eval.StopLength, Timing: eval.Timing{Total: x.End.Sub(x.Sent)}}, nil
	}
	if err == nil {
		err = a.end()
	}
	if err != nil {
		return eval.Response{Usage: wire.Counted(a.spent())}, x.Fail(err)
	}
	return a.Response(x), nil
}

// promptTooLong knows Anthropic's words for a full context: "prompt is too long:
// 208310 tokens > 200000 maximum".
func promptTooLong(err error) bool {
	var f *eval.Failure
	return errors.As(err, &f) && f.Kind == eval.FailRequest && strings.Contains(f.Message, "prompt is too long")
}

// unsent is the failure of a request that cannot be sent as it is.
func unsent(err error) error {
	return &eval.Failure{Kind: eval.FailRequest, Message: err.Error()}
}

// encode gives a body as JSON with the parameters that are passed through put
// over it: an object over an object field by field, all else as a whole.
func encode(body, extra map[string]any) ([]byte, error) {
	for name, v := range extra {
		over, both := v.(map[string]any)
		under, has := body[name].(map[string]any)
		if !both || !has {
			body[name] = v
			continue
		}
		for k, v := range over {
			under[k] = v
		}
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("build the request: %w", err)
	}
	return text, nil
}

// errWentOn is the failure of a stream that brings text behind the end of its answer:
// the answer came twice, or another one got into it.
func errWentOn() error { return wire.Protocol("the server went on after the end of its answer") }

// errSeveral is the failure of more than one answer.
func errSeveral() error {
	f := wire.Protocol("the server sent several answers to one request")
	f.Hint = "leave out the parameter that asks for them (n, candidateCount)"
	return f
}

// A param is a parameter of a request, and whether it is set.
type param struct {
	name string
	set  bool
}

// lacks is the error of parameters that are set although who has none of them.
func lacks(who string, params ...param) error {
	var given []string
	for _, p := range params {
		if p.set {
			given = append(given, p.name)
		}
	}
	if len(given) == 0 {
		return nil
	}
	return fmt.Errorf("%s does not take %s: leave it unset", who, strings.Join(given, " and "))
}

// noEffort is the error of an effort that who does not have, with those it has.
func noEffort(who, effort string, have []string) error {
	if len(have) == 0 {
		return fmt.Errorf("%s has no reasoning effort: leave --effort out", who)
	}
	return fmt.Errorf("%s has no reasoning effort %q: it has %s", who, effort, strings.Join(have, ", "))
}

// streamError is the failure of an error that stands in an answer; kind is the
// service's own word for it.
func streamError(kind, text string) error {
	f := wire.ServerError(text)
	switch kind {
	case "rate_limit_error", "rate_limit_exceeded", "RESOURCE_EXHAUSTED":
		f.Kind = eval.FailRateLimit
	case "invalid_request_error", "invalid_prompt", "not_found_error", "INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION":
		f.Kind, f.Temporary = eval.FailRequest, false
	case "authentication_error", "permission_error", "PERMISSION_DENIED", "UNAUTHENTICATED":
		f.Kind, f.Temporary = eval.FailAuth, false
	}
	return f
}

// withoutSystem takes the system messages apart from the others, for services that
// have a place of their own for them.
func withoutSystem(messages []eval.Message) (system string, rest []eval.Message) {
	var all []string
	for _, m := range messages {
		if m.Role == eval.System {
			all = append(all, m.Content)
		} else {
			rest = append(rest, m)
		}
	}
	return strings.Join(all, "\n\n"), rest
}
