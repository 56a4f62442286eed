package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/runners"
	"github.com/evalr/evalr/runners/local"
	"github.com/evalr/evalr/runners/preset"
)

// checkVar is the environment variable of the default of --check.
const checkVar = "EVALR_CHECK"

// launches says whether the model of a target is served by an engine that evalr
// has to start.
func launches(t runners.Target, d Conduct) bool {
	return t.Own() && (d.Launch || local.IsFile(t.Kind.Kind, t.Model))
}

// engineOf is the engine of a target.
func engineOf(t runners.Target, d Conduct) local.Engine {
	return local.Engine{Kind: t.Kind.Kind, Model: t.Model, Args: d.EngineArgs}
}

// startable refuses engines that cannot be started, before a run folder is made.
func (h *house) startable() error {
	any, hint := false, ""
	if len(h.desks) > 1 {
		hint = "in a file, launch can be said of each model (docs/engines.md)"
	}
	for _, d := range slices.Concat(h.desks, h.judges) {
		starts := launches(d.target, d.conduct)
		any = any || starts
		switch {
		case starts && d.target.Recorded():
			return usage(fmt.Errorf("model %s: there is no engine to be started", d.label), "leave out --launch")
		case starts:
			if err := engineOf(d.target, d.conduct).Vet(); err != nil {
				return usage(err, "%s", hint)
			}
		case d.conduct.Launch:
			return usage(fmt.Errorf("model %s: it is to be started here (launch), and an address is given, %s: leave out either of them", d.label, d.target.Base), "%s", hint)
		}
	}
	if !any && len(h.desks) > 0 && len(h.spec.EngineArgs) > 0 {
		return usage(errors.New("arguments of an engine are given, and none is started"), "--launch starts one; a server that runs already has its own arguments")
	}
	return nil
}

// A pending runner stands for a model whose engine is not started yet.
type pending struct{ name string }

// Name is the name by which the engine will know the model.
func (p pending) Name() string { return p.name }

// Generate is not called before the engine is started.
func (p pending) Generate(context.Context, eval.Request) (eval.Response, error) {
	return eval.Response{}, errors.New("the engine is not started")
}

// start starts the engines of a run, and looks at every server before it is asked.
func (h *house) start(ctx context.Context, journal *store.Journal, note func(string, ...any)) error {
	if err := h.startEngines(ctx, note); err != nil {
		return err
	}
	return h.probe(ctx, journal, note)
}

// startEngines starts the engines of models and judges.
func (h *house) startEngines(ctx context.Context, note func(string, ...any)) error {
	for _, d := range slices.Concat(h.desks, h.judges) {
		if !launches(d.target, d.conduct) {
			continue
		}
		server, err := h.launch(ctx, d, note)
		if err != nil {
			return err
		}
		d.target.Base, d.target.Model, d.server = server.Base(), server.Model(), server
		if d.target.Kind.Kind == "ollama" { // asked by its own protocol, as one that runs already
			d.target.Base = strings.TrimSuffix(d.target.Base, "/v1")
		}
		opened, err := h.openTarget(d.target, d.asking, d.conduct, note)
		if err != nil {
			return err
		}
		d.bare = server.Wrap(opened[0])
		if err := eval.Vet(d.bare, d.asking.request()); err != nil {
			return usage(fmt.Errorf("model %s: %w", d.label, err), "")
		}
		d.settle(d.bare)
	}
	return nil
}

// launch starts the engine of a desk, once for all desks that share it.
func (h *house) launch(ctx context.Context, d *desk, note func(string, ...any)) (*local.Server, error) {
	e := engineOf(d.target, d.conduct)
	name := e.String() + "\x00" + strings.Join(e.Args, "\x00")
	if s := h.servers[name]; s != nil {
		return s, nil
	}
	if h.spec.Out != "" {
		e.Log = filepath.Join(h.spec.Out, "engine-"+fileName(d.label)+".log")
	}
	server, err := local.Launch(ctx, e, func(s string) { note("%s", s) })
	var failed *local.StartError
	switch {
	case errors.As(err, &failed):
		return nil, infrastructure(err, "%s", failed.Remedy)
	case err != nil:
		return nil, infrastructure(err, "")
	}
	if h.servers == nil {
		h.servers = map[string]*local.Server{}
	}
	h.servers[name] = server
	return server, nil
}

// probe asks every server what it is, records it, and refuses to go on with a run
// that another one began.
func (h *house) probe(ctx context.Context, journal *store.Journal, note func(string, ...any)) error {
	facts := map[string]eval.EngineFacts{}
	for _, d := range h.desks {
		if !d.probed() {
			continue
		}
		target := local.Target{Kind: d.target.Kind.Kind, Model: d.target.Model, Base: d.target.Base}
		if d.server != nil {
			target = d.server.Target()
		}
		target.Header = d.target.Sign(os.Getenv) // an engine has its key from the environment too
		found, err := local.Probe(ctx, target)
		if err != nil {
			return infrastructure(fmt.Errorf("model %s: %w", d.label, err), "start the server, or give its address (KIND:MODEL@http://HOST:PORT/v1) and its key (%s)", cmp.Or(d.target.Kind.KeyVar, "none is known of this kind"))
		}
		facts[d.label] = found
		d.facts = found
		d.doubt(found, note)
	}
	return h.sameEngines(journal, facts, note)
}

// probed says whether what serves a model can be asked what it is: services that
// sell many models cannot.
func (d *desk) probed() bool {
	if d.target.Recorded() || d.target.Base == "" {
		return false
	}
	return slices.Contains(local.Kinds(), d.target.Kind.Kind) || here(d.target.Base)
}

// here says whether an address is on this machine.
func here(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// doubt says what does not fit between how a model is asked and what serves it.
func (d *desk) doubt(f eval.EngineFacts, note func(string, ...any)) {
	if f.Served != nil && !*f.Served {
		text := "warning: " + d.label + ": " + d.target.Base + " does not list the model " + d.target.Model
		if len(f.Near) > 0 {
			text += ": did you mean " + strings.Join(f.Near, " or ") + "?"
		} else if len(f.Models) > 0 {
			text += ": it lists " + strings.Join(f.Models, ", ")
		}
		note("%s", text)
	}
	if f.Prefills != nil && *f.Prefills && d.model.Prefill != "" && strings.Contains(d.model.Prefill, "<think>") {
		note("%s: the chat template begins the thought by itself: the prefill %q is left out", d.label, d.model.Prefill)
		d.model.Prefill = ""
	}
	most := d.model.Sampling.MaxTokens
	if f.Context == 0 || most == nil || *most < f.Context {
		return
	}
	if d.budgetOfPreset(*most) {
		note("warning: %s: the preset's max_tokens of %d do not fit the server's context of %d tokens: how much is generated is left to the server, and thoughts will be cut off more often", d.label, *most, f.Context)
		d.model.Sampling.MaxTokens = nil
		return
	}
	note("warning: %s: max_tokens %d do not fit the server's context of %d tokens: many servers refuse such requests", d.label, *most, f.Context)
}

// budgetOfPreset says whether a limit is that of the model's preset. A resume must
// come to the same as the run before it, so who said it cannot count.
func (d *desk) budgetOfPreset(most int) bool {
	p, err := preset.Find(d.asking.Preset)
	return d.asking.Preset != "" && err == nil && p.MaxTokens != nil && *p.MaxTokens == most
}

// sameEngines compares what serves the models with what served them when the run
// began, and records it.
func (h *house) sameEngines(journal *store.Journal, facts map[string]eval.EngineFacts, note func(string, ...any)) error {
	for _, was := range journal.Manifest().Models {
		is, ok := facts[was.Label]
		if !ok || was.Facts == nil {
			continue
		}
		if d := was.Facts.Differences(is); len(d) > 0 {
			text := fmt.Sprintf("%s: another server answers for %s than when the run began: %s", h.spec.Out, was.Label, strings.Join(d, "; "))
			if !h.spec.force {
				return usage(errors.New(text), "start the server as it was, give another %s for a new run, or --force to go on all the same", h.elsewhere())
			}
			note("warning: %s", text)
			h.notes = append(h.notes, text)
		}
	}
	err := journal.SetManifest(func(m *store.Manifest) {
		m.Models = slices.Clone(m.Models)
		for i := range m.Models {
			if f, ok := facts[m.Models[i].Label]; ok {
				m.Models[i].Facts = &f
				m.Models[i].Engine = engineAndVersion(f)
				m.Models[i].Fingerprints = once(m.Models[i].Fingerprints, f.Fingerprint())
			}
		}
		m.Warnings = h.notes
	})
	if err != nil {
		return unwritable(fmt.Errorf("write the manifest: %w", err), "")
	}
	return nil
}

// whenChecked says which servers are checked: auto, always or never.
func (s Spec) whenChecked() string { return cmp.Or(s.trial, os.Getenv(checkVar), "auto") }

// engineAndVersion is what two runs are compared by. Without a version, which a busy
// server may fail to tell, it is not known whether they are served alike.
func engineAndVersion(f eval.EngineFacts) string {
	if f.Version == "" {
		return ""
	}
	return strings.TrimSpace(f.Engine + " " + f.Version)
}

// check sends three tiny requests to each server of our own, or to all, and says
// what would spoil the run.
func (h *house) check(ctx context.Context, k *kit, note func(string, ...any)) {
	when := h.spec.whenChecked()
	seen := map[string]bool{}
	for _, d := range h.desks {
		ours := d.server != nil || here(d.target.Base)
		if d.target.Recorded() || when == "never" || when == "auto" && !ours {
			continue
		}
		asked, _ := json.Marshal(d.asking)
		name := d.target.Service() + d.target.Model + string(asked)
		if seen[name] {
			continue
		}
		seen[name] = true
		for _, doubt := range local.Check(ctx, manner{k.plain[d.label], d.model.Prefill, d.asking}) {
			note("warning: %s: check of %s", d.label, printable(doubt.String()))
		}
	}
}

// A manner asks as a model of the run is asked.
type manner struct {
	eval.Runner
	prefill string
	asking  Asking
}

// Generate puts how the model is asked over a request, but for its bounds.
func (m manner) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	most := q.Sampling.MaxTokens
	q.Sampling = m.asking.sampling()
	q.Sampling.MaxTokens, q.Sampling.Seed = most, nil
	q.Prefill, q.Effort, q.ThinkingBudget, q.Extra = m.prefill, m.asking.Effort.one(), m.asking.thinkingBudget(), m.asking.Extra
	return m.Runner.Generate(ctx, q)
}
