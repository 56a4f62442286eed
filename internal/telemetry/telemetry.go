// Package telemetry tells other systems what evalr does: spans of requests to
// models, sent by OTLP, and log lines. Without an endpoint in the environment
// nothing is made or sent.
//
// It must not know providers, benchmarks or verdicts, and says nothing of what
// messages hold.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// A Tracer makes spans. The nil Tracer makes none and adds nothing to a Runner.
type Tracer struct {
	tracer   trace.Tracer
	provider *sdktrace.TracerProvider
	ended    atomic.Int64
	exporter *countingExporter
}

// Options of Start.
type Options struct {
	Version string // of evalr
	// Env looks up environment variables that turn tracing on; nil means the
	// process's. The exporter reads its own from the process.
	Env func(string) string
	// Warn is told once that spans cannot be sent; nil drops it.
	Warn func(string)
}

// queued is how many spans may wait to be sent. Thousands of requests may end at
// once; what does not fit is lost, and Close says so.
const queued = 1 << 16

// Start begins to trace if the environment names an endpoint
// (OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT); else the
// Tracer is nil, which is one that does nothing.
func Start(ctx context.Context, o Options) (*Tracer, error) {
	if o.Env == nil {
		o.Env = os.Getenv
	}
	if !wanted(o.Env) {
		return nil, nil
	}
	if p := first(o.Env, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"); strings.HasPrefix(p, "grpc") {
		return nil, fmt.Errorf("start tracing: spans are sent by HTTP, not by %q: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf and the collector's HTTP port (usually 4318)", p)
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("start tracing: %w", err)
	}
	about, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", "evalr"), attribute.String("service.version", o.Version)),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("start tracing: OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	if o.Warn != nil {
		var once sync.Once
		otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
			once.Do(func() { o.Warn("spans cannot be sent: " + err.Error()) })
		}))
	}
	t := &Tracer{exporter: &countingExporter{SpanExporter: exporter}}
	t.provider = sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(t.exporter, sdktrace.WithMaxQueueSize(queued)), sdktrace.WithResource(about), sdktrace.WithSpanProcessor(counter{t}))
	t.tracer = t.provider.Tracer("github.com/evalr/evalr", trace.WithInstrumentationVersion(o.Version))
	return t, nil
}

// wanted says whether the environment asks for traces.
func wanted(env func(string) string) bool {
	switch {
	case strings.EqualFold(env("OTEL_SDK_DISABLED"), "true"), env("OTEL_TRACES_EXPORTER") == "none":
		return false
	}
	return first(env, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT") != ""
}

func first(env func(string) string, names ...string) string {
	for _, name := range names {
		if v := env(name); v != "" {
			return v
		}
	}
	return ""
}

// closing bounds how long Close waits for the endpoint.
const closing = 10 * time.Second

// Close sends what waits. The error says how many spans were lost.
func (t *Tracer) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	err := t.provider.Shutdown(ctx)
	if ended, sent := t.ended.Load(), t.exporter.sent.Load(); sent < ended {
		err = errors.Join(fmt.Errorf("%d of %d spans were not sent", ended-sent, ended), err)
	}
	return err
}

// A countingExporter counts what was sent.
type countingExporter struct {
	sdktrace.SpanExporter
	sent atomic.Int64
}

func (e *countingExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	if err == nil {
		e.sent.Add(int64(len(spans)))
	}
	return err
}

// A counter counts the spans that ended and are to be sent.
type counter struct{ t *Tracer }

func (counter) OnStart(context.Context, sdktrace.ReadWriteSpan) {}
func (c counter) OnEnd(s sdktrace.ReadOnlySpan) {
	if s.SpanContext().IsSampled() {
		c.t.ended.Add(1)
	}
}
func (counter) Shutdown(context.Context) error   { return nil }
func (counter) ForceFlush(context.Context) error { return nil }
