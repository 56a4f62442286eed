package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
)

// labelled gives a runner another name on the board.
type labelled struct {
	eval.Runner
	label string
}

func (l labelled) Name() string { return l.label }

func (l labelled) Under() eval.Runner { return l.Runner }

func (l labelled) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	q.Key.Model = l.Runner.Name()
	return l.Runner.Generate(ctx, q)
}

// labelledHolder is labelled for a runner that holds only certain attempts.
type labelledHolder struct{ labelled }

func (l labelledHolder) Holds(k eval.Key) bool {
	k.Model = l.Runner.Name()
	h, _ := eval.Find[eval.Holder](l.Runner)
	return h.Holds(k)
}

func relabel(r eval.Runner, label string) eval.Runner {
	if label == "" || label == r.Name() {
		return r
	}
	if _, ok := eval.Find[eval.Holder](r); ok {
		return labelledHolder{labelled{r, label}}
	}
	return labelled{r, label}
}

// unique is the label of a model: the given one, or its name, with its effort or
// thinking budget where that tells two of one name apart.
func (h *house) unique(given, name string, a Asking) (string, error) {
	taken := func(n string) bool {
		return slices.ContainsFunc(h.models, func(m *engine.Model) bool { return m.Runner.Name() == n })
	}
	label := cmp.Or(given, name)
	if e := a.Effort.one(); given == "" && taken(label) && e != "" {
		label += "@effort=" + e
	}
	if b := a.ThinkingBudget.one(); given == "" && taken(label) && b != "" {
		label += "@thinking=" + b
	}
	if taken(label) {
		return "", usage(fmt.Errorf("two models are called %q", label), "give one of them a label of its own in a YAML file (models: [{model: …, label: …}]), for `evalr run -f`")
	}
	return label, nil
}
