package local

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/evalr/evalr/eval"
)

// LaunchFast is Launch with short waits, for tests.
func LaunchFast(ctx context.Context, e Engine, say func(string)) (*Server, error) {
	return launch(ctx, e, say, pace{
		poll: 5 * time.Millisecond, slow: 20 * time.Millisecond, say: 20 * time.Millisecond,
		first: 10 * time.Millisecond, most: 50 * time.Millisecond, grace: 300 * time.Millisecond, settle: 2 * time.Second,
	})
}

// KeeperPID is the process that keeps the engine.
func (s *Server) KeeperPID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept.cmd.Process.Pid
}

// ProbeBy probes by another transport.
func ProbeBy(ctx context.Context, t Target, by http.RoundTripper) (eval.EngineFacts, error) {
	return probeBy(ctx, t, &http.Client{Transport: by})
}

var (
	Clean      = clean
	Remedy     = remedy
	Prefills   = prefills
	EndsInIt   = endsInThought
	ParseGGUF  = parseGGUF
	WithoutKey = withoutKeys
	OllamaRoot = ollamaRoot
)

// Facts gives what a header tells: architecture, parameters, active ones, experts.
func (g ggufFacts) Facts() (string, int64, int64, int, int, int) {
	return g.architecture, g.parameters, g.active, g.experts, g.used, g.context
}

// CountWeights counts the weights of one file's header.
func CountWeights(r io.Reader, experts, used int) (all, active int64, err error) {
	w := weights{each: map[string]map[int]int64{}}
	err = w.add(r)
	return w.all, w.active(experts, used), err
}

// Sample is sample.
func Sample(path string) string { return sample(path) }
