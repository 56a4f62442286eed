package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"

	"golang.org/x/sync/errgroup"
)

// A pipeline works on the lines of a stream at once and hands on what comes of
// them in the order of the lines. However long the stream, only so much of it is
// in memory.
type pipeline struct {
	jobs   int // workers
	atOnce int // lines that a worker takes at most, where handing over costs more than the work
	ahead  int // handfuls of lines under way at most: they bound the memory
	do     func(context.Context, numbered) any
	flush  func() error // called when the next result is not there yet; nil for none
}

// A lineError is the result of a line that is no good; the rest goes on.
type lineError struct {
	Line  int             `json:"line"`
	ID    json.RawMessage `json:"id,omitempty"`
	Error string          `json:"error"`

	infrastructure bool // no fault of the line
}

// A handful of lines goes to one worker; their results come on the channel.
type handful struct {
	lines []numbered
	to    chan []any
}

// errEnough ends a pipeline from its yield; it is no failure.
var errEnough = errors.New("enough")

// run calls yield with each result in order. It returns the first error of
// reading, of yield or of ctx.
func (p pipeline) run(ctx context.Context, in io.Reader, yield func(any) error) error {
	group, ctx := errgroup.WithContext(ctx)
	order, jobs := make(chan handful, p.ahead), make(chan handful)
	var unread error // kept until what was read before it is handed on
	group.Go(func() error {
		defer close(order)
		defer close(jobs)
		unread = p.feed(ctx, in, order, jobs)
		return nil
	})
	for range p.jobs {
		group.Go(func() error {
			for h := range jobs {
				h.to <- p.all(ctx, h.lines)
			}
			return nil
		})
	}
	group.Go(func() error { return p.drain(ctx, order, yield) })
	switch err := group.Wait(); {
	case errors.Is(err, errEnough):
		return nil
	case err != nil:
		return err
	}
	return unread
}

// feed hands the lines out. What reads them is not waited for: a terminal or a
// pipe may never say more.
func (p pipeline) feed(ctx context.Context, in io.Reader, to ...chan<- handful) error {
	read, failed := make(chan []numbered), make(chan error, 1)
	go func() {
		failed <- eachHandful(in, p.atOnce, func(lines []numbered) error {
			select {
			case read <- lines:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		close(read)
	}()
	for {
		select {
		case lines, more := <-read:
			if !more {
				return <-failed
			}
			h := handful{lines, make(chan []any, 1)}
			for _, c := range to {
				select {
				case c <- h:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (p pipeline) all(ctx context.Context, lines []numbered) []any {
	results := make([]any, len(lines))
	for i, l := range lines {
		if l.problem != "" {
			results[i] = l.bad(l.problem)
		} else if ctx.Err() == nil {
			results[i] = p.do(ctx, l)
		}
	}
	return results
}

func (p pipeline) drain(ctx context.Context, order <-chan handful, yield func(any) error) error {
	waiting := func() error {
		if p.flush == nil {
			return nil
		}
		return p.flush()
	}
	for h := range order {
		if len(h.to) == 0 { // whoever feeds line by line sees each result at once
			if err := waiting(); err != nil {
				return err
			}
		}
		var results []any
		select {
		case results = <-h.to:
		case <-ctx.Done():
			return ctx.Err()
		}
		for _, r := range results {
			if ctx.Err() != nil { // what was cut off is no result
				return errors.Join(ctx.Err(), waiting())
			}
			if err := yield(r); err != nil {
				return errors.Join(err, waiting())
			}
		}
		if len(order) == 0 {
			if err := waiting(); err != nil {
				return err
			}
		}
	}
	return waiting()
}

// lines writes JSON, one object a line.
type lines struct {
	buffer *bufio.Writer
	*json.Encoder
}

func newLines(w io.Writer) lines {
	buffer := bufio.NewWriterSize(w, 1<<16)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	return lines{buffer, encoder}
}

func (l lines) write(v any) error { return l.Encode(v) }

func (l lines) flush() error { return l.buffer.Flush() }
