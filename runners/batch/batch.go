// Package batch asks by the batch services of providers: requests are collected
// and handed in together, answered within a day at a lower price, and never paid
// twice, whenever the program dies.
//
// It must not know what a request or an answer says, what anything costs, or
// which runs there are: a Provider builds the bodies and reads the answers, and a
// folder is all that it keeps.
package batch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// A Provider is a Runner whose requests can stand in a batch.
type Provider interface {
	// Batches says where batches are taken: the client of the service, and the
	// endpoint of single requests as the service names it ("/v1/chat/completions",
	// "/v1/messages"). The endpoint decides the shape of the batches.
	Batches() (client *wire.Client, endpoint string)
	// BatchBody is the body of a request, which must not be streamed. Equal requests
	// have equal bodies.
	BatchBody(q eval.Request) ([]byte, error)
	// BatchAnswer reads the body of an answer that came in one piece.
	BatchAnswer(body []byte) (eval.Response, error)
}

// Options of a Runner.
type Options struct {
	// Dir is the folder of the run's batches; it is made if it is missing.
	Dir string
	// Runner is who would be asked without batches. It must be a Provider, or
	// decorate one.
	Runner eval.Runner
	// Again is into how many further batches a request goes that its batch did not
	// get to, because it expired, failed or was cancelled.
	Again int
	// Quiet is how long no further request may arrive before a batch is handed in;
	// 0 means 2 s. Longest is the longest wait of its first request; 0 means a
	// minute.
	Quiet, Longest time.Duration
	// MaxRequests and MaxBytes of a batch; 0 means what the service takes.
	MaxRequests int
	MaxBytes    int64
	// Poll is the first wait before a batch is looked at again, PollMost the longest;
	// 0 means 30 s and 2 minutes.
	Poll, PollMost time.Duration
	// Settle is how long after a submission of which nobody knows what became the
	// service's list is not yet believed; 0 means a minute.
	Settle time.Duration
	// Say is told, line by line, what becomes of the batches, and may be called by
	// many at once; nil means nobody.
	Say func(string)
}

func (o Options) filled(most limits) Options {
	set(&o.Quiet, 2*time.Second)
	set(&o.Longest, time.Minute)
	set(&o.Poll, 30*time.Second)
	set(&o.PollMost, max(2*time.Minute, o.Poll))
	set(&o.Settle, time.Minute)
	set(&o.MaxRequests, most.requests)
	set(&o.MaxBytes, most.bytes)
	if o.Say == nil {
		o.Say = func(string) {}
	}
	return o
}

func set[T int | int64 | time.Duration](v *T, standard T) {
	if *v <= 0 {
		*v = standard
	}
}

// ErrUnanswered says that a batch ended without an answer to a request, and that
// the request was not billed unless the Response beside it tells a usage. The
// error wraps a *eval.Failure too.
var ErrUnanswered = errors.New("the batch ended without an answer")

// A Runner collects requests into batches. It may be used by many at once, and
// should be: what waits together goes together.
type Runner struct {
	o        Options
	provider Provider
	service  service
	endpoint string
	salt     string
	ctx      context.Context
	close    context.CancelFunc
	running  sync.WaitGroup
	handing  chan struct{} // one batch is handed in at a time: they are large

	mu      sync.Mutex
	calls   map[string]*call     // asked and not settled, by custom id
	queue   []*call              // waiting for a batch to be full
	queued  int64                // bytes of the queue
	first   time.Time            // when the queue began
	timer   *time.Timer          // of the quiet
	records map[string]*record   // by the client's id
	holding map[string][]*record // by custom id, oldest first
	jobs    map[string]*job      // by the client's id
}

// Open makes a Runner and reads what is known of earlier batches.
func Open(o Options) (*Runner, error) {
	provider, ok := eval.Find[Provider](o.Runner)
	if !ok {
		return nil, fmt.Errorf("%s has no batches: leave --batch out", o.Runner.Name())
	}
	client, endpoint := provider.Batches()
	service := serviceAt(client, endpoint)
	r := &Runner{
		o: o.filled(service.limits()), provider: provider, service: service, endpoint: endpoint,
		handing: make(chan struct{}, 1), calls: map[string]*call{}, jobs: map[string]*job{},
	}
	r.ctx, r.close = context.WithCancel(context.Background())
	var err error
	if r.records, err = readRecords(o.Dir); err != nil {
		return nil, err
	}
	r.holding = holding(r.records)
	if r.salt, err = readSalt(o.Dir, len(r.records) > 0); err != nil {
		return nil, err
	}
	return r, nil
}

// Name is that of the runner below.
func (r *Runner) Name() string { return r.o.Runner.Name() }

// Under is the runner below, which is not asked.
func (r *Runner) Under() eval.Runner { return r.o.Runner }

// Concurrency is how many requests should wait at once: all of them, because
// what does not wait misses the batch. Whoever holds fewer pays no more, but
// waits for one batch after the other.
func (r *Runner) Concurrency() int { return math.MaxInt32 }

// Close stops looking after batches, which go on at the service.
func (r *Runner) Close() {
	r.mu.Lock()
	r.close()
	if r.timer != nil {
		r.timer.Stop()
	}
	for _, c := range r.queue {
		r.settle(c, nil, context.Canceled)
	}
	r.queue = nil
	r.mu.Unlock()
	r.running.Wait()
}

// Generate waits until a batch has answered the request. A request that an earlier
// batch held, also one of a program that died, is never sent again while that may
// have an answer. When ctx ends its error is returned at once, and a batch that
// was submitted goes on.
func (r *Runner) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if err := ctx.Err(); err != nil {
		return eval.Response{Usage: unused()}, err
	}
	id, size, err := r.identify(q)
	if err != nil {
		return eval.Response{Usage: unused()}, err
	}
	c := r.join(id, size, q)
	select {
	case <-c.done:
	case <-ctx.Done():
		if r.leave(c) {
			return eval.Response{}, ctx.Err()
		}
		return eval.Response{Usage: unused()}, ctx.Err()
	}
	if c.err != nil {
		return eval.Response{Usage: unused()}, c.err
	}
	return r.answer(c.rec, id)
}

// Submitted says whether a request stands in a batch that may be billed for
// already.
func (r *Runner) Submitted(q eval.Request) bool {
	id, _, err := r.identify(q)
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.holding[id]
	return err == nil && len(all) > 0 && !all[len(all)-1].Sent.IsZero()
}

// identify gives the custom id of a request and its size in a batch. The id is
// the same in every process of the run, and in no other run: a hash of the run's
// salt, the attempt's key, the service and the body, in 48 of the 64 characters
// that the services allow.
func (r *Runner) identify(q eval.Request) (id string, size int64, err error) {
	body, err := r.provider.BatchBody(q)
	if err != nil {
		return "", 0, err
	}
	whole, err := json.Marshal([]any{r.salt, q.Key, r.service.base(), r.endpoint, json.RawMessage(body)})
	if err != nil {
		return "", 0, fmt.Errorf("build the request: %w", err)
	}
	sum := sha256.Sum256(whole)
	id = hex.EncodeToString(sum[:24])
	line, err := r.service.line(id, body)
	if err != nil {
		return "", 0, fmt.Errorf("build the request: %w", err)
	}
	size = int64(len(line)) + 1
	if size > r.o.MaxBytes-envelope {
		return "", 0, &eval.Failure{Kind: eval.FailRequest, Message: fmt.Sprintf("the request has %d bytes, and a batch takes %d: leave --batch out", size, r.o.MaxBytes)}
	}
	return id, size, nil
}

// envelope is what a batch needs besides its requests, in bytes.
const envelope = 1 << 10

// unused is the usage of a request that was not billed.
func unused() eval.Usage { return eval.Usage{Prompt: new(int), Output: new(int)} }
