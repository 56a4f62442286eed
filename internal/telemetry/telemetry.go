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
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr/funcr"
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
	if err := address(o.Env); err != nil {
		return nil, fmt.Errorf("start tracing: %w", err)
	}
	o.listen()
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
	t := &Tracer{exporter: &countingExporter{SpanExporter: exporter}}
	t.provider = sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(t.exporter, sdktrace.WithMaxQueueSize(queued)), sdktrace.WithResource(about), sdktrace.WithSpanProcessor(counter{t}))
	t.tracer = t.provider.Tracer("github.com/evalr/evalr", trace.WithInstrumentationVersion(o.Version))
	return t, nil
}

// listen takes over what the exporter says of itself, which would else go to standard
// error as it is: what a collector answered may be in it.
func (o Options) listen() {
	var once sync.Once
	say := func(text string) {
		once.Do(func() {
			if o.Warn != nil {
				o.Warn("spans cannot be sent: " + oneLine(text))
			}
		})
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { say(err.Error()) }))
	otel.SetLogger(funcr.New(func(_, args string) { say(args) }, funcr.Options{}))
}

// oneLine gives a text that may come from anywhere on one line that is not too long.
func oneLine(text string) string {
	text = strings.Join(strings.Fields(harmless(text)), " ")
	if r := []rune(text); len(r) > 300 {
		text = string(r[:300]) + " …"
	}
	return text
}

// address refuses an endpoint that the exporter would pass over for its default.
func address(env func(string) string) error {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"} {
		text := env(name)
		u, err := url.Parse(text)
		if text != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
			return fmt.Errorf("%s is %q: want an address such as http://localhost:4318", name, text)
		}
	}
	return nil
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
const closing = 5 * time.Second

// Close sends what waits. The error says how many spans were lost.
func (t *Tracer) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
	defer cancel()
	err := t.provider.Shutdown(ctx)
	if ended, sent := t.ended.Load(), t.exporter.sent.Load(); sent < ended {
		lost := fmt.Sprintf("%d of %d spans were not sent", ended-sent, ended)
		if errors.Is(err, context.DeadlineExceeded) {
			lost += fmt.Sprintf(" within %v", closing)
		} else if err != nil {
			lost += ": " + oneLine(err.Error())
		}
		return errors.New(lost)
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
