package runners

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A tap sits between the client library and the network. It merges parameters
// that the library cannot send into the body, and keeps what the library would
// lose: status, headers and the bytes of the answer.
type tap struct{ under http.RoundTripper }

// An exchange is one request and its response, as they went over the wire.
type exchange struct {
	extra map[string]any // body fields put over the library's

	status  int
	header  http.Header
	body    []byte // of an answer in one piece, at most maxBody bytes
	sent    time.Time
	answers bool // keep the body
}

const maxBody = 64 << 20

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

func (t tap) RoundTrip(r *http.Request) (*http.Response, error) {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	if x == nil {
		return t.under.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	if err := x.merge(r); err != nil {
		return nil, err
	}
	x.sent = time.Now()
	resp, err := t.under.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	x.status, x.header = resp.StatusCode, resp.Header
	if x.answers {
		x.body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody))
		if cerr := resp.Body.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return nil, err
		}
		resp.Body = io.NopCloser(bytes.NewReader(x.body))
	}
	return resp, nil
}

// merge puts the extra fields over those of the body.
func (x *exchange) merge(r *http.Request) error {
	if len(x.extra) == 0 || r.Body == nil {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	_ = r.Body.Close()
	fields := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		return fmt.Errorf("merge parameters: %w", err)
	}
	maps.Copy(fields, x.extra)
	if body, err = json.Marshal(fields); err != nil {
		return fmt.Errorf("merge parameters: %w", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return nil
}

// retryAfter reads the server's wish to be left alone: seconds or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil && s >= 0 {
		return time.Duration(s * float64(time.Second))
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return at.Sub(now)
	}
	return 0
}
