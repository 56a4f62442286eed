package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/internal/telemetry"
	"github.com/evalr/evalr/runners"
	"github.com/evalr/evalr/runners/batch"
	"github.com/evalr/evalr/runners/cache"
	"github.com/evalr/evalr/runners/flow"
	"github.com/evalr/evalr/runners/local"
	"github.com/evalr/evalr/runners/money"
)

// endpoint is the flow to the service of a target; nil for what is no service. A
// server is shared by all its models; services that sell many limit each by itself.
func (h *house) endpoint(t runners.Target, d Conduct) *flow.Endpoint {
	if t.Recorded() {
		return nil
	}
	if h.flows == nil {
		h.flows = map[string]*flow.Endpoint{}
	}
	name := t.Service()
	if t.Kind.KeyNeeded && t.Own() {
		name += " " + t.Model
	}
	if h.flows[name] == nil {
		h.flows[name] = flow.New(d.limits())
	}
	return h.flows[name]
}

// A kit is what stands between the engine and the providers of a run: a cache of
// answers, retries and limits, and the purse.
type kit struct {
	purse *money.Purse
	cache *cache.Cache
	trace *telemetry.Tracer
	jobs  map[string]*money.Price // by label
	plain map[string]eval.Runner  // by label: without the cache
	note  func(string, ...any)

	batches []*batch.Runner
	closers []func()

	mu    sync.Mutex
	ended error // why the run may ask nothing further
}

// outfit puts the kit around the models of a house. What was spent before in the
// same run folder counts.
func (h *house) outfit(ctx context.Context, note func(string, ...any)) (*kit, error) {
	k := &kit{jobs: map[string]*money.Price{}, plain: map[string]eval.Runner{}, note: note}
	warn := func(s string) { note("warning: %s", s) }
	caps, err := h.spec.caps()
	if err != nil {
		return nil, usage(err, "")
	}
	if k.trace, err = telemetry.Start(ctx, telemetry.Options{Version: versionString(), Warn: warn}); err != nil {
		return nil, usage(err, "")
	}
	prices, err := h.spec.prices()
	if err != nil {
		return nil, err
	}
	if k.purse, err = h.openPurse(caps, note); err != nil {
		return nil, err
	}
	if h.spec.Cache != "" {
		if k.cache, err = cache.Open(h.spec.Cache, warn); err != nil {
			return nil, unwritable(err, "")
		}
	}
	tariffs := map[string]*money.Tariff{}
	for _, d := range slices.Concat(h.desks, h.judges) {
		if d.target.Recorded() { // what was recorded cost what it cost then
			continue
		}
		price := priceOf(prices, d)
		tariff := money.NewTariff(price)
		if price.Hourly() { // its time is shared by all who ask it
			server := fmt.Sprint(d.target.Service(), " ", *price.GPUHour)
			if tariffs[server] == nil {
				tariffs[server] = tariff
			}
			tariff = tariffs[server]
		}
		r, err := k.around(h, d, tariff)
		if err != nil {
			return nil, err
		}
		if err := eval.Vet(r, d.asking.request()); err != nil {
			return nil, unfit(d, err)
		}
		if d.model != nil {
			k.jobs[d.label] = price
		}
		d.settle(r)
	}
	return k, nil
}

// affordable says, before there is a run folder, why a model cannot be asked under
// the limits of the run, or not by batches.
func (h *house) affordable() error {
	caps, err := h.spec.caps()
	if err != nil {
		return usage(err, "")
	}
	prices, err := h.spec.prices()
	if err != nil {
		return err
	}
	purse, err := money.NewPurse(caps, money.Spent{}, nil)
	if err != nil {
		return usage(err, "")
	}
	for _, d := range slices.Concat(h.desks, h.judges) {
		if d.target.Recorded() {
			continue
		}
		if err := eval.Vet(purse.Wrap(d.bare, money.NewTariff(priceOf(prices, d))), d.asking.request()); err != nil {
			return unfit(d, err)
		}
		_, batches := eval.Find[batch.Provider](d.bare)
		if own := slices.Contains(local.Kinds(), d.target.Kind.Kind); d.conduct.Batch && (!batches || own) {
			return unfit(d, fmt.Errorf("%s has no batches: leave --batch out", d.target.Kind.Kind))
		}
		if p := prices.Of(pricedAs(d)); d.conduct.GPUHour > 0 && p != nil && p.From == "" {
			return unfit(d, errors.New("its service is paid by tokens, and not by the hour: give gpu_hour for the models of your own servers alone, under models in a file"))
		}
	}
	return nil
}

// unfit says why a model cannot be asked as it is to be.
func unfit(d *desk, err error) error {
	if d.model == nil {
		return usage(fmt.Errorf("judge %s: %w", d.label, err), "what a judge may generate is limited by --judge-max-tokens, or by max_tokens under judge.models in a file")
	}
	return usage(fmt.Errorf("model %s: %w", d.label, err), "")
}

// around puts the kit around one model, outermost first: a span of the attempt,
// cache, retry and limit, purse, a span of the try, provider.
func (k *kit) around(h *house, d *desk, tariff *money.Tariff) (eval.Runner, error) {
	r := k.trace.Tries(d.bare, telemetry.Service{Kind: d.target.Kind.Kind, Model: d.target.Model, BaseURL: d.target.Base})
	if d.conduct.Batch {
		batched, err := k.batched(h, d, r, tariff.Price)
		if err != nil {
			return nil, err
		}
		r = batched
	} else {
		r = h.endpoint(d.target, d.conduct).Wrap(k.purse.Wrap(r, tariff))
	}
	r = witness{r, k, d.model == nil}
	if d.model != nil { // a judge may bear the name of a model
		k.plain[d.label] = r
	}
	if k.cache != nil {
		id := cache.Identity{Kind: d.target.Kind.Kind, Model: d.target.Model, BaseURL: d.target.Base, Fingerprint: d.facts.Fingerprint()}
		if d.server != nil {
			id.BaseURL = "" // another port each time
		}
		r = k.cache.Wrap(r, id)
	}
	return k.trace.Attempts(r), nil
}

// close settles the purse and sends what spans there are.
func (k *kit) close(ctx context.Context, note func(string, ...any)) error {
	for _, c := range k.closers {
		c()
	}
	if err := k.trace.Close(context.WithoutCancel(ctx)); err != nil {
		note("warning: %v", err)
	}
	return k.purse.Close()
}

// priceOf finds what a model costs; nil if nobody knows.
func priceOf(prices *money.Prices, d *desk) *money.Price {
	if d.conduct.GPUHour > 0 {
		usd := d.conduct.GPUHour
		return &money.Price{Model: d.target.Model, GPUHour: &usd, Source: "--gpu-hour"}
	}
	return prices.Of(pricedAs(d))
}

// pricedAs is what a price is looked up for.
func pricedAs(d *desk) money.Model {
	return money.Model{Kind: d.target.Kind.Kind, Name: d.target.Model, Elsewhere: !d.target.Own()}
}

// openPurse opens the purse of a run folder. Its ledger is kept without a limit too:
// one may be set when the run is gone on with, and what was in flight when it ended
// is recorded nowhere else.
func (h *house) openPurse(caps money.Caps, note func(string, ...any)) (*money.Purse, error) {
	if !slices.ContainsFunc(slices.Concat(h.desks, h.judges), func(d *desk) bool { return !d.target.Recorded() }) {
		return money.NewPurse(caps, money.Spent{}, nil)
	}
	spent, err := spentIn(h.spec.Out)
	if err != nil {
		return nil, err
	}
	p, err := money.NewPurse(caps, spent, money.FileLedger(h.spec.Out))
	if err != nil {
		return nil, usage(err, "")
	}
	if s := p.State(); h.spec.capped() && (s.Assumed > 0 || s.AssumedTokens > 0) {
		note("an earlier run of this folder died; %s and %d tokens that it may have spent count as spent", money.USD(s.Assumed), s.AssumedTokens)
	}
	return p, nil
}

// spentIn adds up what the recorded attempts of a folder, and their judges, are
// known to have spent.
func spentIn(dir string) (money.Spent, error) {
	var s money.Spent
	run, err := store.Open(dir)
	if err != nil {
		return s, usage(fmt.Errorf("read %s: %w", dir, err), "")
	}
	for a, err := range run.WithoutMeasures().Attempts() {
		if err != nil {
			return s, usage(fmt.Errorf("read %s: %w", dir, err), "")
		}
		if a.Cost != nil {
			s.USD += *a.Cost
		}
		if j := a.Verdict.Judging; j != nil { // judges are paid from the same purse
			s.Tokens += int64(j.Prompt) + int64(j.Output)
			if j.Cost != nil {
				s.USD += *j.Cost
			}
		}
		for _, n := range []*int{a.Response.Usage.Prompt, a.Response.Usage.Output} {
			if n != nil && !a.Response.Cached {
				s.Tokens += int64(*n)
			}
		}
	}
	return s, nil
}

// reason is why the run may ask nothing further; nil if it may.
func (k *kit) reason() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ended
}

// A witness remembers the first word that the run is spent. No model is asked any
// more then, because nobody could judge what it answers; judges may still be, where
// what is left is enough for them.
type witness struct {
	eval.Runner
	kit    *kit
	judges bool
}

// Under is the runner below.
func (w witness) Under() eval.Runner { return w.Runner }

// Generate asks.
func (w witness) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if why := w.kit.reason(); why != nil && !w.judges {
		return eval.Response{}, why
	}
	out, err := w.Runner.Generate(ctx, q)
	if errors.Is(err, eval.ErrSpent) {
		w.kit.mu.Lock()
		if w.kit.ended == nil {
			w.kit.ended = err
		}
		w.kit.mu.Unlock()
	}
	return out, err
}
