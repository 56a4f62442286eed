package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A State is how a batch is known to be.
type State struct {
	ID     string // as the service names it; empty if it has given none yet
	Client string // as this program names it
	Model  string
	// Status is the service's own word, or where the batch is in this program.
	Status   string
	Requests int
	Answered int // as far as the service says
	Failed   int
	Since    time.Time // when it was submitted; written down, if it was not
	// Done says that its results are in the folder.
	Done bool
}

// State lists the batches of the run, oldest first.
func (r *Runner) State() []State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return states(r.records)
}

// List reads the batches of a folder, oldest first, and asks nobody.
func List(dir string) ([]State, error) {
	records, err := readRecords(dir)
	if err != nil {
		return nil, err
	}
	return states(records), nil
}

func states(records map[string]*record) []State {
	var all []State
	for _, b := range records {
		s := State{
			ID: b.ID, Client: b.Client, Model: b.Model, Status: string(b.Phase), Requests: len(b.Requests),
			Answered: b.Status.Answered, Failed: b.Status.Failed, Since: b.Sent, Done: b.Phase == collected,
		}
		if b.Status.State != "" {
			s.Status = b.Status.State
		}
		if s.Since.IsZero() {
			s.Since = b.Written
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b State) int { return a.Since.Compare(b.Since) })
	return all
}

// Cancel asks the service to give up all batches that have not ended. What they
// have answered until then is billed, and is collected by whoever waits for it.
// It gives the ids of those batches.
func (r *Runner) Cancel(ctx context.Context) (ids []string, err error) {
	r.mu.Lock()
	for _, b := range r.records {
		if b.Phase == submitted && b.Base == r.service.base() && b.Endpoint == r.endpoint {
			ids = append(ids, b.ID)
		}
	}
	r.mu.Unlock()
	slices.Sort(ids)
	for _, id := range ids {
		if failed := r.service.cancel(ctx, id); failed != nil {
			err = errors.Join(err, fmt.Errorf("cancel the batch %s: %w", id, failed))
		}
	}
	return ids, err
}
