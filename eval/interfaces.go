package eval

import (
	"context"
	"errors"
)

// ErrSpent is returned by a Runner, possibly wrapped, when this run may ask
// nothing further: its money, tokens or time are used up. The attempt is given up
// unrecorded, as one that was cancelled, and no other is begun.
var ErrSpent = errors.New("what this run may spend is used up")

// A Runner answers requests.
//
// Generate returns a *Failure (possibly wrapped) when the model could not be
// asked or did not answer; any other error but ErrSpent is a defect. The Response
// beside a Failure may hold the Usage, Cost and Tries of what was spent all the
// same. When ctx is cancelled it returns ctx.Err(). A Response with Stop =
// StopLength is a success.
type Runner interface {
	// Name is the label of the model, unique in a run: Key.Model.
	Name() string
	Generate(ctx context.Context, req Request) (Response, error)
}

// A Holder is a Runner that can answer only certain attempts, as a replay file
// does. A run plans only the Keys that it holds.
type Holder interface {
	Holds(Key) bool
}

// A Vetter is a Runner that can tell, before anything is sent, what its provider
// cannot do of a request; the error names the parameter and what to give instead.
type Vetter interface {
	Vet(Request) error
}

// A Decorator is a Runner that adds to another one.
type Decorator interface {
	Under() Runner
}

// Find gives the first of r and the Runners under it that is a T.
func Find[T any](r Runner) (found T, ok bool) {
	for r != nil {
		if found, ok = r.(T); ok {
			return found, true
		}
		d, more := r.(Decorator)
		if !more {
			break
		}
		r = d.Under()
	}
	return found, false
}

// Vet asks r, or what it decorates, whether it can send a request like this.
func Vet(r Runner, q Request) error {
	if v, ok := Find[Vetter](r); ok {
		return v.Vet(q)
	}
	return nil
}

// A Scorer judges a response after Split.
//
// The error means "could not judge" (an unparsable gold, a sandbox that broke):
// it becomes Attempt.Err. An answer that cannot be understood is Incorrect.
type Scorer interface {
	Score(ctx context.Context, p Problem, r Response) (Verdict, error)
}

// An Asker is a Scorer that asks models, which takes time and money: it is for
// answers, not for guesses.
type Asker interface {
	// Unasked judges answers to p without asking anybody; nil if that cannot be.
	Unasked(p Problem) Scorer
}

// Unasked gives what judges guesses at p as s judges answers, but without asking a
// model; nil if only a model can.
func Unasked(s Scorer, p Problem) Scorer {
	if a, ok := s.(Asker); ok {
		return a.Unasked(p)
	}
	return s
}
