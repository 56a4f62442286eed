package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/runners/batch"
	"github.com/evalr/evalr/runners/money"
)

const batchDir = "batches"

// batched asks a model by its service's batches, and what those leave the ordinary
// way. A purse stands around either.
func (k *kit) batched(h *house, d *desk, one eval.Runner, price *money.Price) (eval.Runner, error) {
	r, err := openBatches(h.spec.Out, one, k.note)
	if err != nil {
		return nil, usage(fmt.Errorf("model %s: %w", d.label, err), "")
	}
	k.closers, k.batches = append(k.closers, r.Close), append(k.batches, r)
	if d.model != nil {
		d.model.Concurrency = r.Concurrency()
	}
	cheap := price
	if price != nil {
		cheap = price.Batch()
	}
	otherwise := h.endpoint(d.target, d.conduct).Wrap(k.purse.Wrap(one, money.NewTariff(price)))
	return batch.Or(collected{k.purse.Wrap(r, money.NewTariff(cheap)), r, cheap}, otherwise), nil
}

func openBatches(dir string, one eval.Runner, note func(string, ...any)) (*batch.Runner, error) {
	return batch.Open(batch.Options{Dir: filepath.Join(dir, batchDir), Runner: one, Say: func(s string) { note("%s", s) }})
}

// A collected runner asks for what is in a batch already without reserving for it
// once more: it was reserved when the batch was submitted.
type collected struct {
	eval.Runner // with a purse
	batches     *batch.Runner
	price       *money.Price
}

// Under is the runner below.
func (c collected) Under() eval.Runner { return c.Runner }

// Generate collects, or asks.
func (c collected) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if !c.batches.Submitted(q) {
		return c.Runner.Generate(ctx, q)
	}
	out, err := c.batches.Generate(ctx, q)
	out.Cost = c.price.Cost(out.Usage)
	return out, err
}

func newBatch(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "batch list|cancel RUN",
		Short: "List or cancel the batches that a run has submitted",
		Example: examples(
			"evalr batch list runs/20261126-080000-o4-mini", "what was submitted, and how far it is as last seen",
			"evalr batch cancel runs/20261126-080000-o4-mini", "give up what has not ended; what was answered is billed, and collected by resuming the run",
		),
		Args: exactly(2, "list or cancel, and a run folder"),
		RunE: func(c *cobra.Command, args []string) error {
			switch args[0] {
			case "list":
				return listBatches(s, args[1])
			case "cancel":
				return cancelBatches(c.Context(), s, args[1])
			}
			return usage(fmt.Errorf("batch: %q is neither list nor cancel", args[0]), "usage: %s", c.UseLine())
		},
	}
	return c
}

func listBatches(s streams, dir string) error {
	if _, err := store.Open(dir); err != nil {
		return usage(fmt.Errorf("batch list: %w", err), "`evalr list runs` names the runs")
	}
	all, err := batch.List(filepath.Join(dir, batchDir))
	if err != nil {
		return usage(fmt.Errorf("batch list: %w", err), "")
	}
	if len(all) == 0 {
		fmt.Fprintf(s.err, "%s has submitted no batches\n", dir)
		return nil
	}
	var rows [][]string
	for _, b := range all {
		rows = append(rows, []string{orDash(b.ID), b.Model, b.Status, fmt.Sprint(b.Requests), fmt.Sprint(b.Answered), fmt.Sprint(b.Failed), b.Since.Local().Format("2006-01-02 15:04"), age(b.Since)})
	}
	return printTable(s, []string{"batch", "model", "status", "requests", "answered", "failed", "since", "age"}, rows)
}

func age(since time.Time) string { return time.Since(since).Round(time.Minute).String() }

// cancelBatches gives up the batches of a run's models.
func cancelBatches(ctx context.Context, s streams, dir string) error {
	run, err := store.Open(dir)
	if err != nil {
		return usage(fmt.Errorf("batch cancel: %w", err), "`evalr list runs` names the runs")
	}
	var spec Spec
	if err := json.Unmarshal(run.Manifest().Spec, &spec); err != nil {
		return usage(fmt.Errorf("read the run's spec: %w", err), "")
	}
	note := func(format string, args ...any) { fmt.Fprintf(s.err, format+"\n", args...) }
	h := &house{spec: spec}
	if err := errors.Join(h.openModels(spec, note), h.openJudges(spec, note)); err != nil {
		return err
	}
	var failed []error
	cancelled := map[string]bool{}
	for _, d := range slices.Concat(h.desks, h.judges) {
		r, err := openBatches(dir, d.bare, note)
		if err != nil {
			continue // a model without batches has none to cancel
		}
		ids, err := r.Cancel(ctx)
		r.Close()
		for _, id := range ids {
			cancelled[id] = true
		}
		failed = append(failed, err)
	}
	note("asked to cancel %d batches; what they answered is collected by: %s", len(cancelled), resumeCommand(dir))
	if err := errors.Join(failed...); err != nil {
		return infrastructure(fmt.Errorf("batch cancel: %w", err), "")
	}
	return nil
}

// batchText is batch_abc in_progress 120/500, of the batches of a runner that have not
// ended.
func batchText(r *batch.Runner) string {
	var parts []string
	for _, b := range r.State() {
		if !b.Done && b.Model == r.Name() {
			parts = append(parts, fmt.Sprintf("%s %s %d/%d", orDash(line(b.ID, 40)), b.Status, b.Answered, b.Requests))
		}
	}
	return strings.Join(parts, ", ")
}
