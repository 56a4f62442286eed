package batch

import (
	"context"
	"errors"

	"github.com/evalr/evalr/eval"
)

// Or asks batched, and once otherwise what a batch left unanswered. Each may have
// its own price around it: neither is inside the other. Otherwise is asked by as
// many at once as batched had waiting, and so must hold its own limit.
func Or(batched, otherwise eval.Runner) eval.Runner { return &or{batched, otherwise} }

type or struct{ batched, otherwise eval.Runner }

func (o *or) Name() string { return o.batched.Name() }

// Under is the runner of batches.
func (o *or) Under() eval.Runner { return o.batched }

func (o *or) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	out, err := o.batched.Generate(ctx, q)
	if !errors.Is(err, ErrUnanswered) {
		return out, err
	}
	again, err := o.otherwise.Generate(ctx, q)
	again.Tries += out.Tries
	switch {
	case out.Cost == nil: // the batch may have been billed for it
		again.Cost = nil
	case again.Cost != nil:
		again.Cost = new(*out.Cost + *again.Cost)
	}
	var f *eval.Failure
	if errors.As(err, &f) && out.Tries > 0 {
		told := *f
		told.Tries += out.Tries
		return again, &told
	}
	return again, err
}
