package runners

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"github.com/evalr/evalr/eval"
)

// openAI asks any service that speaks the Chat Completions protocol. go-openai
// builds the requests; answers are read by this package, because the library
// loses what an evaluation needs (docs/adr/0003).
type openAI struct {
	kind    Kind
	model   string
	base    string
	key     secret
	options Options
	client  *openai.Client
	http    *http.Client
}

func newOpenAI(kind Kind, model, base string, key secret, o Options) *openAI {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = o.Concurrency, o.Concurrency
	transport.MaxConnsPerHost = 0
	transport.ResponseHeaderTimeout = o.FirstByte
	transport.DialContext = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	client := &http.Client{
		Transport: tap{transport},
		// A redirect would carry the key to wherever the server points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	config := openai.DefaultConfig(key.value())
	config.BaseURL, config.HTTPClient = strings.TrimRight(base, "/"), client
	return &openAI{kind, model, config.BaseURL, key, o, openai.NewClientWithConfig(config), client}
}

// Name is the model as the service knows it.
func (r *openAI) Name() string { return r.model }

// Generate asks once; Retry asks again.
func (r *openAI) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	body, extra, err := r.body(q)
	if err != nil {
		return eval.Response{}, err
	}
	x := &exchange{extra: extra}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var out eval.Response
	if r.options.NoStream {
		out, err = r.whole(withExchange(ctx, x), body, x)
	} else {
		out, err = r.stream(withExchange(ctx, x), body, x, cancel)
	}
	if err == nil {
		out.Timing.Total = time.Since(x.sent)
		return out, nil
	}
	if cause := context.Cause(ctx); errors.Is(cause, errStalled) {
		err = cause
	} else if ctx.Err() != nil {
		return eval.Response{}, ctx.Err()
	}
	f := r.failure(err, x)
	if contextFull(f) {
		return eval.Response{Stop: eval.StopLength, Timing: eval.Timing{Total: time.Since(x.sent)}}, nil
	}
	return eval.Response{}, f
}

// body builds the request. What go-openai would drop (a zero) or refuse (fields
// for names that begin with o1, o3, o4 or gpt-5) goes into extra.
func (r *openAI) body(q eval.Request) (openai.ChatCompletionRequest, map[string]any, error) {
	body := openai.ChatCompletionRequest{Model: r.model, Stream: !r.options.NoStream, Stop: q.Sampling.Stop, Seed: q.Sampling.Seed}
	extra := map[string]any{}
	messages := make([]map[string]string, 0, len(q.Messages)+1)
	for _, m := range q.Messages {
		messages = append(messages, map[string]string{"role": string(m.Role), "content": m.Content})
	}
	if q.Prefill != "" {
		if !r.kind.Prefill {
			return body, nil, &eval.Failure{Kind: eval.FailRequest, Message: r.kind.Kind + " cannot begin the model's answer: leave the prefill out, or use vllm or sglang", Tries: 0}
		}
		messages = append(messages, map[string]string{"role": string(eval.Assistant), "content": q.Prefill})
		extra["continue_final_message"], extra["add_generation_prompt"] = true, false
	}
	extra["messages"] = messages // the library leaves out empty contents
	s := q.Sampling
	set(extra, "temperature", s.Temperature)
	set(extra, "top_p", s.TopP)
	set(extra, "presence_penalty", s.PresencePenalty)
	set(extra, "frequency_penalty", s.FrequencyPenalty)
	if s.MaxTokens != nil {
		name := "max_tokens"
		if r.kind.Kind == "openai" && reasoningName(r.model) {
			name = "max_completion_tokens"
		}
		extra[name] = *s.MaxTokens
	}
	if q.Effort != "" {
		extra["reasoning_effort"] = q.Effort
	}
	if body.Stream {
		body.StreamOptions = &openai.StreamOptions{IncludeUsage: true}
	}
	for k, v := range q.Extra {
		extra[k] = v
	}
	return body, extra, nil
}

func set(extra map[string]any, name string, v *float64) {
	if v != nil {
		extra[name] = *v
	}
}

// reasoningName says whether a model of OpenAI wants max_completion_tokens.
func reasoningName(model string) bool {
	for _, p := range []string{"o1", "o3", "o4", "gpt-5"} {
		if strings.HasPrefix(model, p) {
			return true
		}
	}
	return false
}

// whole asks for the answer in one piece.
func (r *openAI) whole(ctx context.Context, body openai.ChatCompletionRequest, x *exchange) (eval.Response, error) {
	x.answers = true
	_, err := r.client.CreateChatCompletion(ctx, body)
	if err != nil && (x.status == 0 || x.body == nil) {
		return eval.Response{}, err
	}
	if x.status != http.StatusOK {
		return eval.Response{}, r.refused(x)
	}
	// The library's answer lacks `reasoning` and errors in a 200: the bytes count.
	var c chunk
	if err := json.Unmarshal(x.body, &c); err != nil {
		return eval.Response{}, notJSON(x, x.body, r.base)
	}
	var a assembly
	if err := a.add(c, time.Time{}); err != nil {
		return eval.Response{}, err
	}
	return a.response(true)
}

// errStalled says that a server went silent in the middle of an answer.
var errStalled = errors.New("the server went silent in the middle of its answer")

// stream asks for the answer as it is made.
func (r *openAI) stream(ctx context.Context, body openai.ChatCompletionRequest, x *exchange, stall context.CancelCauseFunc) (eval.Response, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return eval.Response{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.base+"/chat/completions", bytes.NewReader(text))
	if err != nil {
		return eval.Response{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	if !r.key.empty() {
		req.Header.Set("Authorization", "Bearer "+r.key.value())
	}
	resp, err := r.http.Do(req)
	if err != nil {
		return eval.Response{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or given up
	kind := resp.Header.Get("Content-Type")
	if resp.StatusCode != http.StatusOK || !strings.Contains(kind, "event-stream") {
		x.body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody))
		switch {
		case err != nil:
			return eval.Response{}, err
		case resp.StatusCode != http.StatusOK:
			return eval.Response{}, r.refused(x)
		}
		return r.unstreamed(x)
	}
	watch := time.AfterFunc(r.options.Stall, func() { stall(errStalled) })
	defer watch.Stop()
	return r.assemble(resp.Body, x, func() { watch.Reset(r.options.Stall) })
}

// unstreamed reads a 200 that is no stream: a server that ignores the wish to
// stream, or an error, or a page.
func (r *openAI) unstreamed(x *exchange) (eval.Response, error) {
	var c chunk
	if err := json.Unmarshal(x.body, &c); err != nil {
		return eval.Response{}, notJSON(x, x.body, r.base)
	}
	var a assembly
	if err := a.add(c, time.Time{}); err != nil {
		return eval.Response{}, err
	}
	return a.response(true)
}

// assemble reads a stream to its end. alive is called at every event.
func (r *openAI) assemble(stream io.Reader, x *exchange, alive func()) (eval.Response, error) {
	var a assembly
	done := false
	in := newEvents(stream)
	for {
		ev, err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return eval.Response{}, err
		}
		alive()
		data := bytes.TrimSpace(ev.data)
		switch {
		case string(data) == "[DONE]":
			done = true
			continue
		case len(data) == 0:
			continue
		}
		var c chunk
		if err := json.Unmarshal(data, &c); err != nil {
			if ev.name == "error" {
				return eval.Response{}, serverError(string(data))
			}
			return eval.Response{}, &eval.Failure{Kind: eval.FailProtocol, Message: "a piece of the stream is no JSON: " + short(string(data)), Temporary: true}
		}
		if ev.name == "error" && c.Error == nil {
			return eval.Response{}, serverError(string(data))
		}
		if err := a.add(c, time.Now()); err != nil {
			return eval.Response{}, err
		}
	}
	if !a.first.IsZero() {
		a.out.Timing.FirstToken = a.first.Sub(x.sent)
	}
	return a.response(done)
}

// refused is the failure of a status other than 200.
func (r *openAI) refused(x *exchange) error {
	message := ""
	var c chunk
	if json.Unmarshal(x.body, &c) == nil && c.Error != nil {
		message = c.Error.text()
	} else {
		message = short(string(x.body))
	}
	f := &eval.Failure{Status: x.status, RetryAfter: retryAfter(x.header, time.Now())}
	f.Message = fmt.Sprintf("%d %s: %s", x.status, http.StatusText(x.status), message)
	switch s := x.status; {
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		f.Kind = eval.FailAuth
		if r.kind.KeyVar != "" {
			f.Message += " (is " + r.kind.KeyVar + " right?)"
		}
	case s == http.StatusTooManyRequests:
		f.Kind, f.Temporary = eval.FailRateLimit, true
	case s == http.StatusRequestTimeout:
		f.Kind, f.Temporary = eval.FailTimeout, true
	case s >= 500:
		f.Kind, f.Temporary = eval.FailServer, true
	case s == http.StatusNotFound:
		f.Kind = eval.FailRequest
		f.Message += fmt.Sprintf(" (does %s serve the model %q? the address usually ends in /v1)", r.base, r.model)
	default:
		f.Kind = eval.FailRequest
	}
	return f
}

// failure turns any error into a Failure without the key.
func (r *openAI) failure(err error, x *exchange) *eval.Failure {
	var f *eval.Failure
	if !errors.As(err, &f) {
		f = transportFailure(err, r.base)
	}
	out := *f
	out.Message = r.key.scrub(out.Message)
	if out.Status == 0 {
		out.Status = x.status
	}
	return &out
}

// transportFailure names what went wrong on the wire.
func transportFailure(err error, base string) *eval.Failure {
	f := &eval.Failure{Kind: eval.FailConnection, Message: err.Error(), Temporary: true}
	var timeout net.Error
	switch {
	case errors.Is(err, errStalled), errors.As(err, &timeout) && timeout.Timeout():
		f.Kind = eval.FailTimeout
	case errors.Is(err, errLongLine):
		f.Kind = eval.FailProtocol
	case strings.Contains(err.Error(), "connection refused"):
		f.Message = "nothing answers at " + base + " (connection refused): is the server running, and the address right?"
	case strings.Contains(err.Error(), "no such host"):
		f.Message, f.Temporary = "there is no host of the address "+base, false
	case errors.Is(err, io.ErrUnexpectedEOF):
		f.Kind, f.Message = eval.FailProtocol, "the connection ended in the middle of the answer"
	}
	return f
}

// contextFull says whether a server refused because prompt and budget do not
// fit its context: that is truncation, not a failure.
func contextFull(f *eval.Failure) bool {
	if f.Kind != eval.FailRequest {
		return false
	}
	m := strings.ToLower(f.Message)
	return strings.Contains(m, "context_length_exceeded") || strings.Contains(m, "maximum context length") ||
		strings.Contains(m, "context length") && strings.Contains(m, "exceed") || strings.Contains(m, "exceeds the available context size")
}

func notJSON(x *exchange, body []byte, base string) error {
	what := "no JSON: " + short(string(body))
	if trimmed := bytes.TrimSpace(body); len(trimmed) == 0 {
		what = "nothing"
	} else if trimmed[0] == '<' {
		what = "a web page (is " + base + " the right address? it usually ends in /v1)"
	}
	return &eval.Failure{Kind: eval.FailProtocol, Message: "the server sent " + what, Status: x.status, Temporary: true}
}

func serverError(message string) *eval.Failure {
	return &eval.Failure{Kind: eval.FailServer, Message: "the server reports an error in its answer: " + short(message), Temporary: true}
}

// short is the beginning of a text on one line.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 300 {
		return s[:300] + " …"
	}
	return s
}
