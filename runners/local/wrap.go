package local

import (
	"context"
	"errors"
	"time"

	"github.com/evalr/evalr/eval"
)

// Wrap lets requests wait while the engine is down. A request that is under way
// when the engine dies fails as it does, but only when the engine is ready again,
// so that whoever tries again finds it there. Once the engine is given up every
// request fails with the reason.
//
// Its place is directly around the provider, below retry.
func (s *Server) Wrap(r eval.Runner) eval.Runner {
	if s.foreign {
		return r
	}
	return &supervised{r, s}
}

type supervised struct {
	under  eval.Runner
	server *Server
}

func (w *supervised) Name() string { return w.under.Name() }

// Under is the runner that asks.
func (w *supervised) Under() eval.Runner { return w.under }

func (w *supervised) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	born, err := w.server.await(ctx)
	if err != nil {
		return eval.Response{}, err
	}
	out, err := w.under.Generate(ctx, q)
	var f *eval.Failure
	if err == nil || !errors.As(err, &f) || !broken(f) {
		return out, err
	}
	if given := w.server.settle(ctx, born); given != nil {
		told := *f
		told.Message, told.Hint, told.Temporary = given.Message, given.Hint, false
		return out, &told
	}
	if ctx.Err() != nil {
		return out, ctx.Err()
	}
	return out, err
}

// broken says whether a failure may be the engine's death.
func broken(f *eval.Failure) bool {
	return f.Kind == eval.FailConnection || f.Kind == eval.FailProtocol || f.Kind == eval.FailTimeout || f.Status == 503
}

// await returns when the engine is up, or the reason why it never will be.
func (s *Server) await(ctx context.Context) (*kept, error) {
	for {
		up, dead, changed, born := s.state()
		switch {
		case dead != nil:
			told := *dead
			return nil, &told
		case up:
			return born, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// settle returns when the engine answers again after a request to it broke: at
// once if it does, or if another start of it has become ready since. It returns
// why it never will, if it is given up. An engine that lives and does not answer is
// waited for no longer than the pace allows.
func (s *Server) settle(ctx context.Context, born *kept) *eval.Failure {
	late := time.After(s.plan.pace.settle)
	for {
		up, dead, changed, now := s.state()
		switch {
		case dead != nil:
			return dead
		case up && (now != born || s.healthy(ctx)):
			return nil
		case !up:
			late = nil // the supervision decides
		}
		select {
		case <-changed:
		case <-time.After(s.plan.pace.poll):
		case <-late:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}
