package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/runners"
	"github.com/evalr/evalr/runners/flow"
	"github.com/evalr/evalr/runners/local"
	"github.com/evalr/evalr/scoring"
)

// A house is a spec with everything it names opened and loaded.
type house struct {
	spec    Spec
	models  []*engine.Model
	desks   []*desk // of the same models
	flows   map[string]*flow.Endpoint
	judges  []*desk // that judge answers
	judge   scoring.Judge
	servers map[string]*local.Server // that were started
	infos   []store.ModelInfo
	suites  []*engine.Suite
	sandbox *lazySandbox
	files   map[string][]eval.File
	notes   []string // doubts about the data, which go into the manifest
	// unjudged are the answers that are recorded without a verdict.
	unjudged map[eval.Key]bool
	endings  []func() // what else ends with it
	unattended
}

// furnish opens the models, selects and loads the benchmarks, and opens the
// sandbox if any answer will be run. It puts what `auto` was resolved to into
// the spec.
func furnish(ctx context.Context, spec *Spec, note func(string, ...any)) (*house, error) {
	h := &house{sandbox: &lazySandbox{tier: spec.Tier, note: func(what string) { note("%s", what) }}, files: map[string][]eval.File{}, unjudged: map[eval.Key]bool{}}
	if err := resolveAuto(ctx, spec, note); err != nil {
		return nil, err
	}
	if err := h.openJudges(*spec, note); err != nil {
		return nil, err
	}
	chosen, err := selectBenchmarks(*spec, h.sandbox, h.judge)
	if err != nil {
		return nil, err
	}
	for _, b := range chosen {
		suite, err := h.load(ctx, *spec, b, note)
		if err != nil {
			return nil, err
		}
		h.suites = append(h.suites, suite)
	}
	if err := resolveModels(spec, h.suites, note); err != nil {
		return nil, err
	}
	if err := h.openModels(*spec, note); err != nil {
		return nil, err
	}
	if err := h.openSandbox(note); err != nil {
		return nil, err
	}
	h.spec = *spec
	return h, nil
}

// selectBenchmarks finds what a spec's patterns name: the catalogue's benchmarks
// and the user's own files, judged by the spec's policy.
func selectBenchmarks(spec Spec, box sandbox.Sandbox, judge scoring.Judge) ([]eval.Benchmark, error) {
	tools := scoring.Tools{Sandbox: box, Policy: spec.Judging, Cache: referenceCache(), Judge: judge}
	var out []eval.Benchmark
	var names []string
	for _, p := range spec.Benchmarks {
		if !isFile(p) {
			names = append(names, p)
			continue
		}
		b, err := benchmarks.File(p, tools)
		if err != nil {
			return nil, usage(err, "docs/own-benchmark.md describes the file")
		}
		out = append(out, b)
	}
	if len(names) > 0 {
		found, err := benchmarks.Select(tools, names)
		if err != nil {
			return nil, usage(err, "`evalr list benchmarks` names them all; a path to a JSONL file runs your own")
		}
		out = append(found, out...)
	}
	if spec.Judge.Second {
		return out, secondOpinions(out, tools)
	}
	return out, nil
}

// isFile says whether a benchmark is named by a path.
func isFile(pattern string) bool {
	if strings.ContainsRune(pattern, os.PathSeparator) || strings.HasSuffix(pattern, ".jsonl") {
		return true
	}
	info, err := os.Stat(pattern)
	return err == nil && info.Mode().IsRegular()
}

func (h *house) load(ctx context.Context, spec Spec, b eval.Benchmark, note func(string, ...any)) (*engine.Suite, error) {
	set, err := b.Load(ctx, dataOf(spec))
	if err != nil {
		return nil, usage(fmt.Errorf("load %s: %w", b.Name, err), "")
	}
	h.files[b.Name] = set.Files
	for _, w := range set.Warnings {
		note("warning: %s: %s", b.Name, w)
		h.notes = append(h.notes, b.Name+": "+w)
	}
	problems := set.Problems
	if spec.Limit > 0 && spec.Limit < len(problems) {
		problems = problems[:spec.Limit]
	}
	suite := &engine.Suite{Benchmark: b, Problems: problems}
	return suite, h.addShots(ctx, spec, suite)
}

// addShots puts worked examples before the questions of a suite.
func (h *house) addShots(ctx context.Context, spec Spec, s *engine.Suite) error {
	if spec.Shots == "" {
		return nil
	}
	n, err := benchmarks.ShotCount(s.Benchmark, string(spec.Shots))
	if err != nil {
		return usage(err, "")
	}
	examples, files, err := benchmarks.Examples(ctx, s.Benchmark, dataOf(spec), n)
	if err != nil {
		return usage(err, "")
	}
	s.Examples = examples
	name := s.Benchmark.Name
	for _, f := range files {
		if !slices.ContainsFunc(h.files[name], func(g eval.File) bool { return g.Path == f.Path }) {
			h.files[name] = append(h.files[name], f)
		}
	}
	return nil
}

func dataOf(spec Spec) eval.Data { return eval.Data{Dirs: spec.Data, Home: homeDir()} }

// homeDir is evalr's own cache folder; empty if the user has none.
func homeDir() string {
	if home := os.Getenv("EVALR_HOME"); home != "" {
		return home
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "evalr")
}

// resolveAuto puts what answers on this machine, else the stand-in, in the
// place of the model `auto`.
func resolveAuto(ctx context.Context, spec *Spec, note func(string, ...any)) error {
	i := slices.IndexFunc(spec.Models, func(m ModelSpec) bool { return m.Model == "auto" })
	if i < 0 {
		return nil
	}
	spec.Models = slices.Clone(spec.Models)
	if found, said, ok := runners.Probe(ctx); ok {
		note("%s", said)
		spec.Models[i].Model = found
		return nil
	}
	note("no local server answers on the usual ports: a stand-in answers, which is not a model\n" +
		"(its answers are made from the worked solutions, with seeded mistakes; code answers really run)")
	spec.Models[i].Model = standInSpec
	return nil
}

// openSandbox refuses to start a run whose code answers could not be isolated.
func (h *house) openSandbox(note func(string, ...any)) error {
	runs := func(s *engine.Suite) bool {
		return s.Benchmark.Domain == "code" || slices.ContainsFunc(s.Problems, func(p eval.Problem) bool { return p.Tests != nil })
	}
	if !slices.ContainsFunc(h.suites, runs) {
		return nil
	}
	if err := h.sandbox.open(); err != nil {
		return sandboxError(err)
	}
	if h.sandbox.Tier() == "none" {
		note("%s; the run is marked so", unprotected("code answers run"))
	}
	return nil
}

// close ends what the house has opened.
func (h *house) close() {
	for _, d := range slices.Concat(h.desks, h.judges) {
		if c, ok := eval.Find[io.Closer](d.bare); ok {
			_ = c.Close() // nothing is lost with it
		}
	}
	for _, s := range h.servers {
		_ = s.Close() // likewise
	}
	for _, end := range h.endings {
		end()
	}
	_ = h.sandbox.Close() // likewise
}

// manifest describes the run before it starts.
func (h *house) manifest(spec []byte) store.Manifest {
	m := store.Manifest{
		Name: h.spec.label(), Version: versionString(), Status: "running",
		Spec: spec, SpecHash: h.spec.hash(), Models: h.infos, Datasets: h.files,
		Policies: map[string]eval.Policy{}, Domains: map[string]string{}, Started: time.Now().UTC(), Warnings: h.notes,
	}
	if len(h.judge.Runners) > 0 {
		m.Judges, m.JudgeDigest = h.judge.Names(), h.judge.Digest()
	}
	m.Hold(h.sandbox.isolation())
	m.Host.OS, m.Host.Arch, m.Host.CPUs, m.Host.Go = runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version()
	for _, s := range h.suites {
		m.Policies[s.Benchmark.Name] = s.Benchmark.Policy
		m.Domains[s.Benchmark.Name] = s.Benchmark.Domain
	}
	return m
}
