package money

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/evalr/evalr/eval"
)

// Wrap puts the purse around one try at a provider: the worst case is reserved
// before the request is sent, and what it took is settled after. The Response
// gets its Cost, also beside a Failure; nil means unknown. What is in flight at
// the deadline is given up. A nil Tariff is an unknown price.
func (p *Purse) Wrap(under eval.Runner, t *Tariff) eval.Runner {
	if t == nil {
		t = NewTariff(nil)
	}
	return &paid{under: under, purse: p, tariff: t}
}

type paid struct {
	under  eval.Runner
	purse  *Purse
	tariff *Tariff
	pace   pace
}

// Name is that of the runner below.
func (m *paid) Name() string { return m.under.Name() }

// Under is the runner below.
func (m *paid) Under() eval.Runner { return m.under }

// Vet says, before anything is sent, why a request cannot be sent under the caps.
func (m *paid) Vet(q eval.Request) error {
	if err := m.purse.check(m.Name(), m.tariff, WorstOf(q)); err != nil {
		return err
	}
	return eval.Vet(m.under, q)
}

// Generate reserves, asks and settles.
func (m *paid) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	worst := WorstOf(q)
	if err := m.purse.check(m.Name(), m.tariff, worst); err != nil {
		return eval.Response{Cost: new(float64)}, &eval.Failure{Kind: eval.FailRequest, Message: err.Error()}
	}
	waiting := time.Now()
	run, stop := m.purse.until(ctx)
	defer stop()
	hold, err := m.begin(run, worst)
	if err != nil {
		if ctx.Err() == nil && errors.Is(context.Cause(run), eval.ErrSpent) {
			err = context.Cause(run)
		}
		return eval.Response{}, err
	}
	defer hold.Lose() // of a panic below; otherwise settled before
	if m.tariff.server != nil {
		timed, cancel := context.WithCancelCause(run)
		defer cancel(nil)
		hold.onSpent(cancel)
		run = timed
	}

	var t trail
	began := time.Now()
	out, err := m.under.Generate(t.follow(run), q)
	out.Timing.Queue += began.Sub(waiting)
	switch {
	case err == nil:
		m.pace.add(time.Since(began))
		out.Cost = hold.Pay(out.Usage)
		return out, nil
	case out.Usage.Prompt != nil && out.Usage.Output != nil:
		out.Cost = hold.Pay(out.Usage)
	case t.free(err):
		out.Cost = hold.Free()
	default:
		out.Cost = hold.Lose()
	}
	if cause := context.Cause(run); ctx.Err() == nil && errors.Is(cause, eval.ErrSpent) {
		return out, cause
	}
	return out, err
}

// begin reserves what a request may take, if it can be expected to end in time.
func (m *paid) begin(ctx context.Context, w Worst) (*Hold, error) {
	expected := m.pace.expect()
	if err := m.purse.inTime(expected); err != nil {
		return nil, err
	}
	hold, err := m.purse.Reserve(ctx, m.tariff, w, expected)
	if err != nil {
		return nil, err
	}
	if err := m.purse.inTime(expected); err != nil { // waiting took long
		hold.Free()
		return nil, err
	}
	return hold, nil
}

// until ends with the deadline.
func (p *Purse) until(ctx context.Context) (context.Context, context.CancelFunc) {
	d := p.caps.Deadline
	if d.IsZero() {
		return ctx, func() {}
	}
	return context.WithDeadlineCause(ctx, d, fmt.Errorf("%w: the deadline of %s has come", eval.ErrSpent, clock(d)))
}

// inTime says why a request that takes so long is not begun any more.
func (p *Purse) inTime(expected time.Duration) error {
	d := p.caps.Deadline
	if d.IsZero() {
		return nil
	}
	switch left := time.Until(d); {
	case left <= 0:
		return fmt.Errorf("%w: the deadline of %s has come", eval.ErrSpent, clock(d))
	case left < expected:
		return fmt.Errorf("%w: the deadline of %s is %s away, and nine of ten requests take up to %s",
			eval.ErrSpent, clock(d), left.Round(time.Second), expected.Round(time.Second))
	}
	return nil
}

func clock(t time.Time) string { return t.Format("2006-01-02 15:04") }
