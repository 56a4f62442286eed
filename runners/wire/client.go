// Package wire carries requests to model services over HTTP and brings their
// answers back: whole, as server-sent events or as JSON lines, with every failure
// named, keys hidden by type, and time taken piece by piece. It never sends a
// request twice.
//
// It must not know what the services say: providers build the bodies and read the
// events.
package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Options of a Client.
type Options struct {
	Base string // the address, without a slash at its end
	Key  Secret
	// Sign puts the key and what else a service wants into the headers; nil sends
	// the key as a bearer token.
	Sign func(http.Header, Secret)
	// KeyVar is the environment variable of the key, for messages.
	KeyVar string
	// Model is what is asked for, for messages.
	Model string
	// Idle is how many connections are kept open while nothing is asked.
	Idle int
	// FirstByte bounds the wait for the first event of an answer, Stall the wait for
	// each further one.
	FirstByte, Stall time.Duration
	// Observe is told status and headers of every answer, and may be called by many
	// at once; nil means nobody.
	Observe func(status int, h http.Header)
}

// A Client asks one service.
type Client struct {
	o    Options
	http *http.Client
}

// New makes a client. Its connections are its own.
func New(o Options) *Client {
	o.Base = strings.TrimRight(o.Base, "/")
	if o.Sign == nil {
		o.Sign = Bearer
	}
	if o.Observe == nil {
		o.Observe = func(int, http.Header) {}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = o.Idle, o.Idle
	transport.MaxConnsPerHost = 0
	transport.DialContext = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	return &Client{o, &http.Client{
		Transport: transport,
		// A redirect would carry the key to wherever the server points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Bearer puts a key into the header as most services want it.
func Bearer(h http.Header, key Secret) {
	if !key.Empty() {
		h.Set("Authorization", "Bearer "+key.Value())
	}
}

// Elsewhere is the exchange of an answer that came by another way, as in a file of
// many.
func (c *Client) Elsewhere() Exchange { return Exchange{key: c.o.Key} }

// Base is the address of the service.
func (c *Client) Base() string { return c.o.Base }

// A Call is one request.
type Call struct {
	Method string // POST if empty
	Path   string // behind the base, with its slash
	Body   []byte
	Header http.Header // put over the usual ones; nil for none
	Stream bool        // the answer is wanted as events
	// Lines says that the answer is a file of JSON lines, whatever type it gives
	// itself; each is an event.
	Lines bool
}

// An Exchange is what the wire knows of a request and its answer.
type Exchange struct {
	Status int
	Header http.Header
	Sent   time.Time
	End    time.Time
	// Events counts those of a streamed answer.
	Events int

	key Secret // that no answer may repeat
}

// An Answer takes an answer as it comes. An error that is no *eval.Failure is
// taken for an answer that cannot be understood.
type Answer interface {
	// Event takes one event of a stream, Whole an answer in one piece. Neither may
	// keep the bytes.
	Event(ev Event, at time.Time) error
	Whole(body []byte) error
}

const (
	maxBody   = 64 << 20  // bytes of an answer in one piece, and of the text of one in many
	maxStream = 512 << 20 // bytes of a stream
	maxFile   = 16 << 30  // bytes of a file of lines: 100,000 long answers
)

// errStalled says that a server went silent in the middle of an answer.
var errStalled = errors.New("the server went silent in the middle of its answer")

// errSilent says that a server never began to answer.
var errSilent = errors.New("the server sent nothing")

// Ask makes a call once and hands the answer to a. The error is the context's if
// that ended, else a *eval.Failure without the key.
func (c *Client) Ask(ctx context.Context, call Call, a Answer) (x Exchange, err error) {
	under, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	x.key = c.o.Key
	err = c.ask(under, call, a, &x, cancel)
	x.End = time.Now()
	if err == nil {
		return x, nil
	}
	if cause := context.Cause(under); errors.Is(cause, errStalled) || errors.Is(cause, errSilent) {
		err = cause
	} else if ctx.Err() != nil {
		return x, ctx.Err()
	}
	return x, c.failure(err, x)
}

// Fetch makes a call once and gives the body of the answer, without the key. Errors
// are those of Ask.
func (c *Client) Fetch(ctx context.Context, call Call) ([]byte, error) {
	var b body
	_, err := c.Ask(ctx, call, &b)
	return []byte(c.o.Key.Scrub(string(b))), err
}

// body is an Answer that is only kept.
type body []byte

func (b *body) Event(ev Event, _ time.Time) error {
	*b = append(append(*b, ev.Data...), '\n')
	return nil
}

func (b *body) Whole(text []byte) error {
	*b = bytes.Clone(text)
	return nil
}

func (c *Client) ask(ctx context.Context, call Call, a Answer, x *Exchange, stall context.CancelCauseFunc) error {
	req, err := c.request(ctx, call)
	if err != nil {
		return err
	}
	x.Sent = time.Now()
	var begun atomic.Bool
	watch := time.AfterFunc(c.o.FirstByte, func() {
		if begun.Load() {
			stall(errStalled)
		}
		stall(errSilent) // the first cause counts
	})
	defer watch.Stop()
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or given up
	x.Status, x.Header = resp.StatusCode, resp.Header
	c.o.Observe(resp.StatusCode, resp.Header)
	kind := strings.ToLower(resp.Header.Get("Content-Type"))
	most := int64(maxStream)
	if call.Lines {
		most = maxFile
	}
	s := stream{body: io.LimitReader(resp.Body, most), most: most, x: x, alive: func() {
		begun.Store(true)
		watch.Reset(c.o.Stall)
	}}
	switch {
	case resp.StatusCode/100 == 2 && call.Lines:
		return s.lines(a)
	case resp.StatusCode/100 == 2 && strings.Contains(kind, "event-stream"):
		return s.events(a)
	case resp.StatusCode/100 == 2 && strings.Contains(kind, "ndjson"):
		return s.lines(a)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return err
	case resp.StatusCode/100 != 2:
		return c.refused(x, text)
	case len(text) > maxBody:
		return protocol("the answer is larger than %d MiB", maxBody>>20)
	case len(bytes.TrimSpace(text)) == 0 && call.Stream:
		return protocol("the server sent nothing")
	}
	x.Events = 1
	if err := a.Whole(text); err != nil {
		return c.notUnderstood(err, text)
	}
	return nil
}

func (c *Client) request(ctx context.Context, call Call) (*http.Request, error) {
	method := call.Method
	if method == "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(ctx, method, c.o.Base+call.Path, bytes.NewReader(call.Body))
	if err != nil {
		return nil, err
	}
	if len(call.Body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	if call.Stream {
		req.Header.Set("Accept", "text/event-stream")
	}
	c.o.Sign(req.Header, c.o.Key)
	for name, values := range call.Header {
		req.Header[name] = values
	}
	return req, nil
}

func (c *Client) notUnderstood(err error, text []byte) error {
	if isFailure(err) {
		return err
	}
	if trimmed := bytes.TrimSpace(text); len(trimmed) == 0 {
		return protocol("the server sent nothing")
	} else if trimmed[0] == '<' {
		f := protocol("the server sent a web page")
		f.Hint = fmt.Sprintf("is %s the right address? it usually ends in /v1", c.o.Base)
		f.Message += " (" + f.Hint + ")"
		return f
	}
	return protocol("the server sent no JSON that is understood (%v): %s", err, short(string(text)))
}
