package telemetry

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/evalr/evalr/eval"
)

// A Service is where a Runner sends its requests, as far as it is known.
type Service struct {
	Kind    string // the word before the colon of a model spec
	Model   string // as requested; empty means the Runner's name
	BaseURL string
	// Operation is chat unless the service completes plain text: text_completion.
	Operation string
}

// Attempts makes a span of each attempt around all of its tries; it is the
// outermost decorator. The nil Tracer gives r itself.
func (t *Tracer) Attempts(r eval.Runner) eval.Runner {
	if t == nil {
		return r
	}
	return &attempts{t.tracer, r}
}

type attempts struct {
	tracer trace.Tracer
	under  eval.Runner
}

func (a *attempts) Name() string       { return a.under.Name() }
func (a *attempts) Under() eval.Runner { return a.under }

// Generate answers within a span that says which attempt it is. Tokens stand on the
// spans of tries alone, so that nobody counts them twice.
func (a *attempts) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	ctx, span := a.tracer.Start(ctx, "attempt "+a.under.Name(), trace.WithAttributes(keyAttributes(q.Key, a.under.Name())...))
	defer span.End()
	r, err := a.under.Generate(ctx, q)
	if !span.IsRecording() {
		return r, err
	}
	span.SetAttributes(attribute.Bool("evalr.cached", r.Cached))
	if r.Tries > 0 {
		span.SetAttributes(attribute.Int("evalr.tries", r.Tries))
	}
	if r.Timing.Queue > 0 {
		span.SetAttributes(attribute.Float64("evalr.queue_seconds", r.Timing.Queue.Seconds()))
	}
	fail(span, err)
	return r, err
}

// Tries makes a span of each try by the OpenTelemetry conventions for generative AI:
// open-telemetry/semantic-conventions-genai, docs/gen-ai/client-inference.md, read
// in November 2026. It is the innermost decorator, next to the provider.
func (t *Tracer) Tries(r eval.Runner, s Service) eval.Runner {
	if t == nil {
		return r
	}
	if s.Model == "" {
		s.Model = r.Name()
	}
	if s.Operation == "" {
		s.Operation = "chat"
	}
	return &tries{t.tracer, r, s.Operation + " " + s.Model, s.attributes()}
}

type tries struct {
	tracer trace.Tracer
	under  eval.Runner
	span   string
	always []attribute.KeyValue
}

func (t *tries) Name() string       { return t.under.Name() }
func (t *tries) Under() eval.Runner { return t.under }

// Generate asks the provider within a span.
func (t *tries) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	ctx, span := t.tracer.Start(ctx, t.span, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(t.always...))
	defer span.End()
	if span.IsRecording() {
		span.SetAttributes(requestAttributes(q)...)
		span.SetAttributes(keyAttributes(q.Key, t.under.Name())...)
	}
	r, err := t.under.Generate(ctx, q)
	if span.IsRecording() {
		span.SetAttributes(responseAttributes(r)...)
		fail(span, err)
	}
	return r, err
}

// providers are the conventions' names of services that have another one here.
// Kinds that are not in it are named as they are.
var providers = map[string]string{
	"gemini": "gcp.gemini", "google": "gcp.gemini", "mistral": "mistral_ai", "xai": "x_ai", "responses": "openai", "azure": "azure.ai.openai",
}

func (s Service) attributes() []attribute.KeyValue {
	provider := s.Kind
	if name, ok := providers[provider]; ok {
		provider = name
	}
	out := []attribute.KeyValue{
		attribute.String("gen_ai.operation.name", s.Operation), attribute.String("gen_ai.provider.name", provider), attribute.String("gen_ai.request.model", s.Model),
	}
	u, err := url.Parse(s.BaseURL)
	if err != nil || u.Hostname() == "" {
		return out
	}
	port, err := strconv.Atoi(u.Port())
	switch {
	case err == nil:
	case u.Scheme == "http":
		port = 80
	default:
		port = 443
	}
	return append(out, attribute.String("server.address", u.Hostname()), attribute.Int("server.port", port))
}

func keyAttributes(k eval.Key, model string) []attribute.KeyValue {
	return []attribute.KeyValue{
		attribute.String("evalr.benchmark", k.Benchmark), attribute.String("evalr.problem", k.Problem),
		attribute.String("evalr.model", model), attribute.Int("evalr.trial", k.Trial),
	}
}

// requestAttributes are what was set of a request, without its messages.
func requestAttributes(q eval.Request) []attribute.KeyValue {
	var out []attribute.KeyValue
	s := q.Sampling
	for _, f := range [...]struct {
		name string
		x    *float64
	}{
		{"gen_ai.request.temperature", s.Temperature}, {"gen_ai.request.top_p", s.TopP},
		{"gen_ai.request.presence_penalty", s.PresencePenalty}, {"gen_ai.request.frequency_penalty", s.FrequencyPenalty},
	} {
		if f.x != nil {
			out = append(out, attribute.Float64(f.name, *f.x))
		}
	}
	out = integer(out, "gen_ai.request.max_tokens", s.MaxTokens)
	out = integer(out, "gen_ai.request.seed", s.Seed)
	if len(s.Stop) > 0 {
		out = append(out, attribute.StringSlice("gen_ai.request.stop_sequences", s.Stop))
	}
	if q.Effort != "" {
		out = append(out, attribute.String("gen_ai.request.reasoning.level", q.Effort))
	}
	if k, ok := whole(q.Extra["top_k"]); ok {
		out = append(out, attribute.Int("gen_ai.request.top_k", k))
	}
	return integer(out, "evalr.thinking_budget", q.ThinkingBudget)
}

// whole gives a number of a parameter that is passed through, whatever read it.
func whole(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case float64:
		return int(v), v == float64(int(v))
	}
	return 0, false
}

func responseAttributes(r eval.Response) []attribute.KeyValue {
	var out []attribute.KeyValue
	if r.Model != "" {
		out = append(out, attribute.String("gen_ai.response.model", r.Model))
	}
	if r.Stop != eval.StopUnknown {
		out = append(out, attribute.StringSlice("gen_ai.response.finish_reasons", []string{string(r.Stop)}))
	}
	if r.Timing.FirstToken > 0 {
		out = append(out, attribute.Float64("gen_ai.response.time_to_first_chunk", r.Timing.FirstToken.Seconds()))
	}
	out = integer(out, "gen_ai.usage.input_tokens", r.Usage.Prompt)
	out = integer(out, "gen_ai.usage.output_tokens", r.Usage.Output)
	out = integer(out, "gen_ai.usage.reasoning.output_tokens", r.Usage.Reasoning)
	out = integer(out, "gen_ai.usage.cache_read.input_tokens", r.Usage.Cached)
	if r.Cost != nil {
		out = append(out, attribute.Float64("evalr.cost_usd", *r.Cost))
	}
	return out
}

func integer(out []attribute.KeyValue, name string, n *int) []attribute.KeyValue {
	if n == nil {
		return out
	}
	return append(out, attribute.Int(name, *n))
}

// fail marks a span as failed. The message of a Failure may repeat what a server
// sent, and stays here.
func fail(span trace.Span, err error) {
	if err == nil {
		return
	}
	kind := "_OTHER" // the conventions' word for what has none
	var f *eval.Failure
	switch {
	case errors.As(err, &f):
		kind = f.Kind
		if f.Status > 0 {
			span.SetAttributes(attribute.Int("http.response.status_code", f.Status))
		}
	case errors.Is(err, eval.ErrSpent):
		kind = "spent"
	case errors.Is(err, context.Canceled):
		kind = "cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		kind = eval.FailTimeout
	}
	span.SetAttributes(attribute.String("error.type", kind))
	span.SetStatus(codes.Error, kind)
}
