package flow_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/evalr/evalr/eval"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// script is a Runner that does what its function says, and counts.
type script struct {
	calls atomic.Int64
	f     func(ctx context.Context, call int, q eval.Request) (eval.Response, error)
}

func (s *script) Name() string { return "m" }

func (s *script) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	return s.f(ctx, int(s.calls.Add(1)), q)
}

var good = eval.Response{Raw: "ok"}

// failing is a Runner whose first n calls end in the failure.
func failing(n int, f eval.Failure) *script {
	return &script{f: func(_ context.Context, call int, _ eval.Request) (eval.Response, error) {
		if call <= n {
			told := f
			return eval.Response{}, &told
		}
		return good, nil
	}}
}

// trial is the i-th request.
func trial(i int) eval.Request { return eval.Request{Key: eval.Key{Trial: i}} }

func asFailure(t *testing.T, err error) *eval.Failure {
	t.Helper()
	var f *eval.Failure
	require.Truef(t, errors.As(err, &f), "want a Failure, got %v", err)
	return f
}

var (
	busy    = eval.Failure{Kind: eval.FailRateLimit, Status: 429, Message: "429 Too Many Requests", Temporary: true}
	broken  = eval.Failure{Kind: eval.FailServer, Status: 500, Message: "500 Internal Server Error: request 7f3a", Temporary: true}
	gateway = eval.Failure{Kind: eval.FailServer, Status: 502, Message: "502 Bad Gateway", Temporary: true}
	nobody  = eval.Failure{Kind: eval.FailConnection, Message: "connection refused", Temporary: true}
)
