package eval

import "context"

// A Runner answers requests.
//
// Generate returns a *Failure (possibly wrapped) when the model could not be
// asked or did not answer; any other error is a defect. When ctx is cancelled it
// returns ctx.Err(). A Response with Stop = StopLength is a success.
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

// A Scorer judges a response after Split.
//
// The error means "could not judge" (an unparsable gold, a sandbox that broke):
// it becomes Attempt.Err. An answer that cannot be understood is Incorrect.
type Scorer interface {
	Score(ctx context.Context, p Problem, r Response) (Verdict, error)
}
