package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/runners"
	"github.com/evalr/evalr/runners/local"
	"github.com/evalr/evalr/runners/preset"
	"github.com/evalr/evalr/scoring"
)

// resolveModels works presets and sweeps into a spec, so that it says by itself
// how each model is asked. A spec that was read from a run is resolved already.
func resolveModels(spec *Spec, suites []*engine.Suite, note func(string, ...any)) error {
	if spec.resolved {
		return nil
	}
	var out []ModelSpec
	trials := map[string]int{}
	for _, m := range spec.Models {
		asking := spec.over(m.Asking)
		p, explicit, err := presetOf(m.Model, asking.Preset)
		if err != nil {
			return usage(fmt.Errorf("model %s: %w", m.Model, err), "`evalr list presets` shows them with their sources")
		}
		if p != nil {
			m.Asking = m.withPreset(spec.Asking, *p, explicit, note)
			if explicit && !spec.kGiven {
				for _, s := range suites {
					trials[s.Benchmark.Name] = max(trials[s.Benchmark.Name], p.K(len(s.Problems)))
				}
			}
		}
		if err := m.Asking.check(); err != nil { // what the preset gives
			return usage(fmt.Errorf("model %s: %w", m.Model, err), "")
		}
		out = append(out, m.variants(spec.Asking)...)
	}
	spec.Models = out
	for name, k := range trials {
		if k > spec.K && spec.Until == "" {
			if spec.KBy == nil {
				spec.KBy = map[string]int{}
			}
			spec.KBy[name] = k
			note("%s: %d trials of each problem, as the preset says; -k gives another number", name, k)
		}
	}
	return nil
}

// resolvedHash is the hash of the spec with presets and sweeps worked in.
func (s Spec) resolvedHash() string {
	s.Models = slices.Clone(s.Models)
	if resolveModels(&s, nil, func(string, ...any) {}) != nil {
		return "" // opening the models tells what is wrong
	}
	return s.hash()
}

// presetOf finds the preset of a model: the named one, or one that is guessed from
// its name; nil for none.
func presetOf(model, named string) (p *preset.Preset, explicit bool, err error) {
	if named == "none" {
		return nil, false, nil
	}
	if named != "" {
		found, err := preset.Find(named)
		return &found, true, err
	}
	t, err := runners.Parse(model)
	if err != nil || t.Kind.Local {
		return nil, false, nil // opening it tells what is wrong
	}
	if found, ok := preset.Guess(t.Model); ok {
		return &found, false, nil
	}
	return nil, false, nil
}

// withPreset gives how a model is asked, a preset beneath what the user said.
func (m ModelSpec) withPreset(defaults Asking, p preset.Preset, explicit bool, note func(string, ...any)) Asking {
	said := defaults.over(m.Asking)
	under := Asking{
		Temperature: p.Temperature, TopP: p.TopP, MaxTokens: p.MaxTokens, PresencePenalty: p.PresencePenalty,
		Prefill: p.Prefill, Preset: p.Name,
	}
	if kind, _, _ := strings.Cut(m.Model, ":"); kind == "completions" {
		under.Template = p.Template
	}
	if params := p.Params(); len(params) > 0 {
		under.Extra = params
	}
	name := line(m.Model, 60)
	t, err := runners.Parse(m.Model)
	if err == nil && !t.Kind.Local {
		name = line(t.Kind.Kind+":"+t.Model, 60)
	}
	if err == nil && !t.Kind.Prefill && said.Prefill == "" && p.Prefill != "" {
		under.Prefill = ""
		note("%s: the preset's prefill %q is left out, because %s cannot begin an answer", name, p.Prefill, t.Kind.Kind)
	}
	if explicit {
		note("%s: asked by the preset %s (%s)", name, p.Name, p.Source)
	} else {
		note("%s: asked by the preset %s, guessed from its name: %s (--preset none to leave it out)", name, p.Name, cmp.Or(under.summary(), "it sends nothing"))
	}
	if p.System == "none" && said.System != "" {
		note("warning: %s: the preset %s wants no system message, and one is given", name, p.Name)
	}
	if p.MaxTokens != nil && said.MaxTokens != nil && *said.MaxTokens < *p.MaxTokens {
		note("warning: %s: max_tokens is %d, below the preset's %d: thoughts will be cut off more often", name, *said.MaxTokens, *p.MaxTokens)
	}
	for _, e := range said.Effort {
		if len(p.Efforts) > 0 && !slices.Contains(p.Efforts, e) {
			note("warning: %s: the preset %s knows the efforts %s, not %s", name, p.Name, strings.Join(p.Efforts, ", "), e)
		}
	}
	said.Preset = p.Name
	return under.over(said)
}

// variants are the models of a sweep over efforts and thinking budgets, each with
// a label that says which it is; without a sweep the model itself.
func (m ModelSpec) variants(defaults Asking) []ModelSpec {
	asking := defaults.over(m.Asking)
	efforts, budgets := asking.Effort, asking.ThinkingBudget
	if len(efforts) < 2 && len(budgets) < 2 {
		return []ModelSpec{m}
	}
	each := func(l Levels) []Levels {
		if len(l) == 0 {
			return []Levels{nil}
		}
		var out []Levels
		for _, v := range l {
			out = append(out, Levels{v})
		}
		return out
	}
	label := m.Label
	if t, err := runners.Parse(m.Model); label == "" && err == nil {
		label = t.Model
		if local.IsFile(t.Kind.Kind, t.Model) { // as it is served, without the folder
			label = local.Engine{Kind: t.Kind.Kind, Model: t.Model}.Served()
		}
	}
	var out []ModelSpec
	for _, e := range each(efforts) {
		for _, b := range each(budgets) {
			v := m
			v.Effort, v.ThinkingBudget, v.Label = e, b, label
			if len(efforts) > 1 {
				v.Label += "@effort=" + e.one()
			}
			if len(budgets) > 1 {
				v.Label += "@thinking=" + b.one()
			}
			out = append(out, v)
		}
	}
	return out
}

// A desk is one model of a run: who is asked, how, and how that is carried out.
type desk struct {
	model   *engine.Model     // nil for a judge
	settle  func(eval.Runner) // takes the runner with all that stands around it
	label   string
	bare    eval.Runner // asks once
	target  runners.Target
	asking  Asking
	conduct Conduct
	server  *local.Server // that evalr started; nil if none
	facts   eval.EngineFacts
}

// openModels opens every model of the spec. One replay file may hold several.
func (h *house) openModels(spec Spec, note func(string, ...any)) error {
	for _, m := range spec.Models {
		asking, conduct := spec.over(m.Asking), overlay(spec.Conduct, m.Conduct)
		opened, target, err := h.openModel(m.Model, asking, conduct, note)
		if err != nil {
			return err
		}
		if m.Label != "" && len(opened) > 1 {
			return usage(fmt.Errorf("model %s: one label cannot name the %d models of this file", m.Model, len(opened)), "")
		}
		for _, r := range opened {
			if begins, ok := eval.Find[interface{ Prefill() string }](r); ok && asking.Prefill == "" {
				asking.Prefill = begins.Prefill() // the chat template wants it
			}
			if err := eval.Vet(r, asking.request()); err != nil {
				return usage(fmt.Errorf("model %s: %w", m.Model, err), "")
			}
			label, err := h.unique(m.Label, r.Name(), asking)
			if err != nil {
				return err
			}
			d := &desk{label: label, bare: r, target: target, asking: asking, conduct: conduct}
			d.model = &engine.Model{
				Runner: relabel(r, d.label), Sampling: asking.sampling(), System: asking.System, Prefill: asking.Prefill,
				Effort: asking.Effort.one(), ThinkingBudget: asking.thinkingBudget(), Extra: asking.Extra, Concurrency: conduct.atOnce(),
			}
			d.settle = func(r eval.Runner) { d.model.Runner = relabel(r, d.label) }
			h.desks, h.models = append(h.desks, d), append(h.models, d.model)
			kind, _, _ := strings.Cut(m.Model, ":")
			h.infos = append(h.infos, store.ModelInfo{
				Label: d.label, Spec: m.Model, Kind: kind, Preset: asking.Preset, PresetHash: askingHash(asking, spec.Judging, h.judge),
			})
		}
	}
	return nil
}

const openHint = "`evalr list runners` shows the kinds, their addresses and their keys"

// openModel opens what a spec names; an engine that is to be started is pending.
func (h *house) openModel(spec string, a Asking, d Conduct, note func(string, ...any)) ([]eval.Runner, runners.Target, error) {
	if spec == standInSpec {
		opened, err := openStandIn()
		return opened, runners.Target{}, err
	}
	t, err := runners.Parse(spec)
	if err != nil {
		return nil, t, usage(err, openHint)
	}
	if launches(t, d) {
		return []eval.Runner{pending{engineOf(t, d).Served()}}, t, nil
	}
	opened, err := h.openTarget(t, a, d, note)
	return opened, t, err
}

// openTarget opens what is asked at an address. The headers of its answers go to
// the flow of its service.
func (h *house) openTarget(t runners.Target, a Asking, d Conduct, note func(string, ...any)) ([]eval.Runner, error) {
	o := d.options(a)
	o.Warn = func(s string) { note("warning: %s", s) }
	if e := h.endpoint(t, d); e != nil {
		o.Observe = e.Observe
	}
	opened, err := t.Open(o)
	if err != nil {
		return nil, usage(err, openHint)
	}
	return opened, nil
}

// askingHash names how a model is asked and judged: what must be the same for two
// nights to be compared.
func askingHash(a Asking, judging eval.Policy, by scoring.Judge) string {
	judge := ""
	if len(by.Runners) > 0 {
		judge = by.Digest()
	}
	a.Seed, a.Preset = nil, ""
	text, err := json.Marshal(struct {
		Asking  Asking
		Judging eval.Policy
		Judge   string `json:",omitempty"`
	}{a, judging, judge})
	if err != nil {
		panic(err) // structs of plain values
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
