package telemetry_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/telemetry"
)

// BenchmarkSpans is what an attempt of one try costs more with tracing on.
func BenchmarkSpans(b *testing.B) {
	sink := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer sink.Close()
	b.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", sink.URL)
	tracer, err := telemetry.Start(b.Context(), telemetry.Options{})
	require.NoError(b, err)
	r := tracer.Attempts(tracer.Tries(evaltest.Runner{Label: "m", F: func(context.Context, eval.Request) (eval.Response, error) {
		return eval.Response{Stop: eval.StopEnd, Usage: eval.Usage{Output: new(10)}}, nil
	}}, telemetry.Service{Kind: "vllm", BaseURL: "http://localhost:8000/v1"}))
	b.ReportAllocs()
	for b.Loop() {
		_, err := r.Generate(b.Context(), request)
		require.NoError(b, err)
	}
}
