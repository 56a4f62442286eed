package main

import (
	"context"

	"github.com/evalr/evalr/eval"
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
