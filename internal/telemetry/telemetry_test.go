package telemetry_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/telemetry"
)

// A receiver takes spans by OTLP over HTTP.
type receiver struct {
	*httptest.Server
	status int // 0 is 200

	mu       sync.Mutex
	spans    []*otlp.Span
	resource map[string]any
	bodies   string
	types    map[string]bool
}

func receive(t *testing.T) *receiver {
	r := &receiver{types: map[string]bool{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		assert.NoError(t, err)
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.status != 0 {
			w.WriteHeader(r.status)
			return
		}
		assert.Equal(t, "/v1/traces", q.URL.Path)
		r.types[q.Header.Get("Content-Type")] = true
		r.bodies += string(body)
		var in collector.ExportTraceServiceRequest
		assert.NoError(t, proto.Unmarshal(body, &in))
		for _, rs := range in.ResourceSpans {
			r.resource = values(rs.Resource.Attributes)
			for _, ss := range rs.ScopeSpans {
				r.spans = append(r.spans, ss.Spans...)
			}
		}
	}))
	t.Cleanup(r.Close)
	for _, name := range []string{"OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_TRACES_SAMPLER", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME"} {
		t.Setenv(name, "")
	}
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", r.URL)
	return r
}

// values gives attributes as plain ones.
func values(list []*common.KeyValue) map[string]any {
	out := map[string]any{}
	for _, kv := range list {
		switch v := kv.Value.Value.(type) {
		case *common.AnyValue_StringValue:
			out[kv.Key] = v.StringValue
		case *common.AnyValue_IntValue:
			out[kv.Key] = int(v.IntValue)
		case *common.AnyValue_DoubleValue:
			out[kv.Key] = v.DoubleValue
		case *common.AnyValue_BoolValue:
			out[kv.Key] = v.BoolValue
		case *common.AnyValue_ArrayValue:
			var texts []string
			for _, e := range v.ArrayValue.Values {
				texts = append(texts, e.GetStringValue())
			}
			out[kv.Key] = texts
		}
	}
	return out
}

const secretText = "THE QUESTION AND THE ANSWER"

var request = eval.Request{
	Key:      eval.Key{Benchmark: "aime25", Problem: "7", Model: "m@effort=high", Trial: 3},
	Messages: []eval.Message{{Role: eval.User, Content: secretText}}, Prefill: secretText, Effort: "high", ThinkingBudget: new(2048),
	Sampling: eval.Sampling{Temperature: new(0.0), TopP: new(0.95), MaxTokens: new(4096), Seed: new(11), Stop: []string{"###"}, PresencePenalty: new(0.5), FrequencyPenalty: new(-0.5)},
	Extra:    map[string]any{"top_k": 20.0, "other": secretText},
}

// flaky fails once and answers then.
func flaky() eval.Runner {
	n := 0
	return evaltest.Runner{Label: "m@effort=high", F: func(context.Context, eval.Request) (eval.Response, error) {
		if n++; n == 1 {
			return eval.Response{}, &eval.Failure{Kind: eval.FailRateLimit, Message: secretText, Status: 429}
		}
		return eval.Response{
			Raw: secretText, Reasoning: secretText, Stop: eval.StopEnd, Model: "m-2026-01", Cost: new(0.5), Tries: 2,
			Usage:  eval.Usage{Prompt: new(100), Output: new(2000), Reasoning: new(1900), Cached: new(64)},
			Timing: eval.Timing{Queue: time.Second, FirstToken: 250 * time.Millisecond, Total: time.Minute},
		}, nil
	}}
}

// twice asks again once.
type twice struct{ eval.Runner }

func (r twice) Under() eval.Runner { return r.Runner }
func (r twice) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if out, err := r.Runner.Generate(ctx, q); err == nil {
		return out, nil
	}
	return r.Runner.Generate(ctx, q)
}

func TestSpansOfAttemptsAndTries(t *testing.T) {
	r := receive(t)
	tracer, err := telemetry.Start(t.Context(), telemetry.Options{Version: "v1.2.3"})
	require.NoError(t, err)
	require.NotNil(t, tracer)
	inner := tracer.Tries(flaky(), telemetry.Service{Kind: "gemini", Model: "m", BaseURL: "https://api.example.com/v1"})
	runner := tracer.Attempts(twice{inner})
	assert.Equal(t, "m@effort=high", runner.Name())
	_, found := eval.Find[twice](runner)
	assert.True(t, found, "decorators are seen through")
	out, err := runner.Generate(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, secretText, out.Raw)
	require.NoError(t, tracer.Close(t.Context()))

	assert.Equal(t, map[string]bool{"application/x-protobuf": true}, r.types)
	assert.Equal(t, []any{"evalr", "v1.2.3"}, []any{r.resource["service.name"], r.resource["service.version"]})
	assert.NotContains(t, r.bodies, secretText, "nothing of what messages hold")
	require.Len(t, r.spans, 3)
	failed, answered, attempt := r.spans[0], r.spans[1], r.spans[2]
	for _, try := range []*otlp.Span{failed, answered} {
		assert.Equal(t, "chat m", try.Name)
		assert.Equal(t, otlp.Span_SPAN_KIND_CLIENT, try.Kind)
		assert.Equal(t, attempt.SpanId, try.ParentSpanId)
		assert.Equal(t, attempt.TraceId, try.TraceId)
	}
	asked := map[string]any{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "gcp.gemini", "gen_ai.request.model": "m",
		"server.address": "api.example.com", "server.port": 443,
		"gen_ai.request.temperature": 0.0, "gen_ai.request.top_p": 0.95, "gen_ai.request.max_tokens": 4096, "gen_ai.request.seed": 11, "gen_ai.request.top_k": 20,
		"gen_ai.request.presence_penalty": 0.5, "gen_ai.request.frequency_penalty": -0.5,
		"gen_ai.request.stop_sequences": []string{"###"}, "gen_ai.request.reasoning.level": "high", "evalr.thinking_budget": 2048,
		"evalr.benchmark": "aime25", "evalr.problem": "7", "evalr.trial": 3, "evalr.model": "m@effort=high",
	}
	with := func(more map[string]any) map[string]any {
		for k, v := range asked {
			more[k] = v
		}
		return more
	}
	assert.Equal(t, with(map[string]any{"error.type": "rate_limit", "http.response.status_code": 429}), values(failed.Attributes))
	assert.Equal(t, otlp.Status_STATUS_CODE_ERROR, failed.Status.Code)
	assert.Equal(t, with(map[string]any{
		"gen_ai.response.model": "m-2026-01", "gen_ai.response.finish_reasons": []string{"stop"}, "gen_ai.response.time_to_first_chunk": 0.25,
		"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 2000, "gen_ai.usage.reasoning.output_tokens": 1900, "gen_ai.usage.cache_read.input_tokens": 64,
		"evalr.cost_usd": 0.5,
	}), values(answered.Attributes))
	assert.NotEqual(t, otlp.Status_STATUS_CODE_ERROR, answered.Status.GetCode())
	assert.Equal(t, "attempt m@effort=high", attempt.Name)
	assert.Equal(t, otlp.Span_SPAN_KIND_INTERNAL, attempt.Kind)
	assert.Equal(t, map[string]any{
		"evalr.benchmark": "aime25", "evalr.problem": "7", "evalr.trial": 3, "evalr.model": "m@effort=high",
		"evalr.cached": false, "evalr.tries": 2, "evalr.queue_seconds": 1.0,
	}, values(attempt.Attributes), "tokens are on the tries alone")
}

func TestWithoutAnEndpointNothingIsAdded(t *testing.T) {
	for name, env := range map[string]map[string]string{
		"nothing set":  {},
		"disabled":     {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:1", "OTEL_SDK_DISABLED": "TRUE"},
		"not traces":   {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:1", "OTEL_TRACES_EXPORTER": "none"},
		"metrics only": {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://localhost:1"},
	} {
		tracer, err := telemetry.Start(t.Context(), telemetry.Options{Env: func(k string) string { return env[k] }})
		require.NoError(t, err, name)
		require.Nil(t, tracer, name)
		r := twice{flaky()}
		assert.Equal(t, eval.Runner(r).Name(), tracer.Attempts(r).Name())
		_, same := tracer.Attempts(r).(twice)
		assert.True(t, same, "the runner itself, not one around it")
		_, same = tracer.Tries(r, telemetry.Service{}).(twice)
		assert.True(t, same)
		require.NoError(t, tracer.Close(t.Context()))
	}
}

func TestAnEndpointThatWantsAnotherProtocol(t *testing.T) {
	env := map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
	_, err := telemetry.Start(t.Context(), telemetry.Options{Env: func(k string) string { return env[k] }})
	require.ErrorContains(t, err, "http/protobuf")
}

func TestKindsOfErrors(t *testing.T) {
	r := receive(t)
	tracer, err := telemetry.Start(t.Context(), telemetry.Options{})
	require.NoError(t, err)
	all := []error{&eval.Failure{Kind: eval.FailServer}, eval.ErrSpent, context.Canceled, context.DeadlineExceeded, errors.New(secretText)}
	for _, e := range all {
		runner := tracer.Tries(evaltest.Runner{Label: "plain", F: func(context.Context, eval.Request) (eval.Response, error) { return eval.Response{}, e }},
			telemetry.Service{Kind: "vllm", BaseURL: "http://[::1]:8000/v1", Operation: "text_completion"})
		_, err := runner.Generate(t.Context(), eval.Request{})
		require.ErrorIs(t, err, e)
	}
	require.NoError(t, tracer.Close(t.Context()))
	var kinds []any
	for _, s := range r.spans {
		kinds = append(kinds, values(s.Attributes)["error.type"])
		assert.Equal(t, "text_completion plain", s.Name)
		assert.Equal(t, []any{"vllm", "::1", 8000}, []any{values(s.Attributes)["gen_ai.provider.name"], values(s.Attributes)["server.address"], values(s.Attributes)["server.port"]})
	}
	assert.Equal(t, []any{"server", "spent", "cancelled", "timeout", "_OTHER"}, kinds)
	assert.NotContains(t, r.bodies, secretText)
}

// Spans that cannot be sent are said, and never stop a request.
func TestAnEndpointThatRefuses(t *testing.T) {
	r := receive(t)
	r.status = http.StatusBadRequest
	var mu sync.Mutex
	var said []string
	tracer, err := telemetry.Start(t.Context(), telemetry.Options{Warn: func(s string) {
		mu.Lock()
		defer mu.Unlock()
		said = append(said, s)
	}})
	require.NoError(t, err)
	runner := tracer.Attempts(flaky())
	for range 3 {
		_, _ = runner.Generate(t.Context(), request)
	}
	err = tracer.Close(t.Context())
	require.ErrorContains(t, err, "3 of 3 spans were not sent")
	mu.Lock()
	defer mu.Unlock()
	for _, s := range said {
		assert.True(t, strings.HasPrefix(s, "spans cannot be sent: "), s)
	}
	assert.LessOrEqual(t, len(said), 1)
}
