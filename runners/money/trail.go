package money

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"github.com/evalr/evalr/eval"
)

// A trail is how far a request got on its way to the server, where it went by
// HTTP: one that was never sent cannot be billed.
type trail struct {
	asked atomic.Bool // for a connection
	sent  atomic.Bool // the first bytes
}

func (t *trail) follow(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { t.asked.Store(true) },
		WroteHeaders: func() { t.sent.Store(true) },
	})
}

// free says of a failed request that it cannot be billed: it was never sent, or
// it was refused before anything was generated. In doubt it is billed.
func (t *trail) free(err error) bool {
	var f *eval.Failure
	failed := errors.As(err, &f)
	switch {
	case failed && f.Begun:
		return false
	case t.asked.Load() && !t.sent.Load():
		return true
	case !failed: // cancelled in flight, or a defect
		return errors.Is(err, eval.ErrSpent)
	}
	switch f.Status {
	case http.StatusRequestTimeout, http.StatusGatewayTimeout, 524:
		return false // a time-out that somebody else measured
	}
	switch f.Kind {
	case eval.FailRateLimit, eval.FailAuth, eval.FailRequest:
		return true
	case eval.FailTimeout:
		return false
	case eval.FailConnection:
		return f.Status >= 400 || !t.sent.Load()
	}
	return f.Status >= 400
}
