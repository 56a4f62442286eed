package batch

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// A service is the shape of a batch API.
type service interface {
	// base is the address.
	base() string
	limits() limits
	// line is a request as it stands in a batch.
	line(id string, body []byte) ([]byte, error)
	// pack puts lines together to what is uploaded or submitted.
	pack(lines [][]byte) []byte
	// upload brings what was packed to the service, where that is a step of its own;
	// nothing is billed for it. It gives the file's id.
	upload(ctx context.Context, client string, packed []byte) (file string, err error)
	// create submits a batch.
	create(ctx context.Context, b *record, packed []byte) (status, error)
	// look asks how a batch is.
	look(ctx context.Context, id string) (status, error)
	// find looks for a batch of which it is not known whether it was submitted. known
	// tells the ids of other batches.
	find(ctx context.Context, b *record, known func(id string) bool) (status, finding, error)
	// results hands on the lines of all results of a batch that has ended.
	results(ctx context.Context, s status, take func(line []byte) error) error
	// parse reads a line of the results.
	parse(line []byte) (result, error)
	// cancel asks the service to give a batch up.
	cancel(ctx context.Context, id string) error
}

// limits of one batch.
type limits struct {
	requests int
	bytes    int64
}

// A finding is what became of a batch.
type finding int

const (
	absent  finding = iota // the service does not list it
	present                // it was submitted
	unknown                // one that is not done yet may be it
)

// A status is how a batch is, as the service tells it.
type status struct {
	ID    string `json:"id,omitempty"`
	State string `json:"state,omitempty"` // in the service's own word
	// Done says that the service has ended with it.
	Done bool `json:"done,omitempty"`
	// Total, Answered and Failed count its requests; a service may tell them only at
	// the end.
	Total    int `json:"total,omitempty"`
	Answered int `json:"answered,omitempty"`
	Failed   int `json:"failed,omitempty"`
	// Files hold the results, where they are files.
	Files []string `json:"files,omitempty"`
	// Why it failed as a whole.
	Why string `json:"why,omitempty"`
}

// A result is what a batch says of one request.
type result struct {
	id   string
	body []byte // of the answer; nil if there is none
	// fault is why there is no answer.
	fault *eval.Failure
	// untried says that the service did not get to the request.
	untried bool
}

// serviceAt gives the shape of an endpoint's batches.
func serviceAt(client *wire.Client, endpoint string) service {
	if endpoint == "/v1/messages" {
		return newMessages(client)
	}
	return &files{client, endpoint}
}

// shortly bounds a small question: how a batch is, or which there are.
const shortly = 2 * time.Minute

// ask makes a small call once and gives the body of the answer.
func ask(ctx context.Context, client *wire.Client, call wire.Call) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, shortly)
	defer cancel()
	return client.Fetch(ctx, call)
}

func read(path string) wire.Call { return wire.Call{Method: http.MethodGet, Path: path} }

// lines reads a file of JSON lines.
func lines(ctx context.Context, client *wire.Client, path string, take func([]byte) error) error {
	_, err := client.Ask(ctx, wire.Call{Method: http.MethodGet, Path: path, Lines: true}, taker(take))
	return err
}

// A taker is an Answer of lines.
type taker func([]byte) error

func (t taker) Event(ev wire.Event, _ time.Time) error { return t(ev.Data) }

func (t taker) Whole(body []byte) error { return t(body) }

// passes says whether a failure may pass, so that the same call may succeed later.
func passes(ctx context.Context, err error) bool {
	var f *eval.Failure
	if errors.As(err, &f) {
		return f.Temporary
	}
	return ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded)
}

// unsent says of a submission that failed that the service did not take it: it was
// refused, or never got there. Anything else leaves it open.
func unsent(err error) bool {
	var f *eval.Failure
	if !errors.As(err, &f) {
		return false
	}
	switch f.Status {
	case 0:
		return f.Kind == eval.FailConnection && !f.Begun
	case http.StatusRequestTimeout, http.StatusConflict:
		return false
	}
	return f.Status/100 == 3 || f.Status/100 == 4
}
