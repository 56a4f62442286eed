package batch

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// fetches is how often results are fetched that lack what the service counts.
const fetches = 4

// gather fetches the results of a batch into the folder. They stay there, because
// services keep them for a month at most.
func (r *Runner) gather(j *job) error {
	b := j.rec
	path := b.results(r.o.Dir)
	var got harvest
	tries := 0
	err := r.patiently(j.ctx, attempts{what: "fetch the results of " + b.called()}, func(ctx context.Context) (err error) {
		if tries > 0 { // the files may have been named too late
			if err := r.lookAgain(ctx, b); err != nil {
				return err
			}
		}
		if got, err = r.fetch(ctx, b, path+".part"); err != nil {
			return err
		}
		tries++
		return got.complete(b.Status.Answered, tries >= fetches)
	})
	if err != nil {
		return r.lost(b, errors.Join(err, ignoreMissing(os.Remove(path+".part"))))
	}
	if err := errors.Join(os.Rename(path+".part", path), syncDir(r.o.Dir)); err != nil {
		return fmt.Errorf("keep the results of a batch: %w", err)
	}
	if left, failed := len(b.Requests)-len(got.index), len(got.index)-got.answered; left+failed > 0 {
		r.o.Say(fmt.Sprintf("batch %s failed at %d of its %d requests, and did not get to %d", b.ID, failed, len(b.Requests), left))
	}
	return r.save(b, func() {
		b.Phase, b.index, b.Short = collected, got.index, got.answered < b.Status.Answered
	})
}

func (r *Runner) lookAgain(ctx context.Context, b *record) error {
	s, err := r.service.look(ctx, b.ID)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s.ID = b.ID
	b.Status = s
	return nil
}

// A harvest is what a file of results was found to hold.
type harvest struct {
	index    map[string]span
	answered int
	spoilt   int // lines that are no result
}

// complete says what a harvest lacks. The last one may lack some, but not all:
// what is not there is asked, and paid, again.
func (h harvest) complete(counted int, last bool) error {
	if h.answered >= counted && h.spoilt == 0 || last && (h.answered > 0 || counted == 0) {
		return nil
	}
	f := wire.Protocol(fmt.Sprintf("the service counts %d answers, and its results hold %d, and %d lines that are none", counted, h.answered, h.spoilt))
	f.Temporary = !last
	return f
}

func ignoreMissing(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// fetch writes the results into a file.
func (r *Runner) fetch(ctx context.Context, b *record, path string) (harvest, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return harvest{}, asDisk(err)
	}
	out := bufio.NewWriterSize(f, 64<<10)
	h, err := r.reap(ctx, b, out)
	return h, errors.Join(err, asDisk(errors.Join(out.Flush(), f.Sync(), f.Close())))
}

// reap writes the results, each on its line, and says where each request's is.
// What is no result, or of no request of the batch, or of one a second time, is
// passed over.
func (r *Runner) reap(ctx context.Context, b *record, out io.Writer) (harvest, error) {
	h, at := harvest{index: map[string]span{}}, int64(0)
	err := r.service.results(ctx, b.Status, func(line []byte) error {
		got, err := r.service.parse(line)
		if err != nil {
			h.spoilt++
			return nil
		}
		_, seen := h.index[got.id]
		if _, ours := b.Requests[got.id]; !ours || seen || got.untried {
			return nil
		}
		if got.body != nil {
			h.answered++
		}
		h.index[got.id] = span{at, int64(len(line))}
		at += int64(len(line)) + 1
		_, err = out.Write(append(bytes.Clone(line), '\n'))
		return asDisk(err)
	})
	return h, err
}

// asDisk is the failure of a disk, which does not pass; nil stays nil.
func asDisk(err error) error {
	if err == nil {
		return nil
	}
	return &eval.Failure{Kind: eval.FailInternal, Message: fmt.Sprintf("keep the results of a batch: %v", err)}
}

// load reads where the results are that an earlier process fetched.
func (r *Runner) load(j *job) error {
	b := j.rec
	r.mu.Lock()
	there := b.index != nil
	r.mu.Unlock()
	if there {
		return nil
	}
	f, err := os.Open(b.results(r.o.Dir))
	if errors.Is(err, os.ErrNotExist) { // somebody deleted them; the service may still have them
		if err := r.save(b, func() { b.Phase = ended }); err != nil {
			return err
		}
		return r.carry(j)
	}
	if err != nil {
		return fmt.Errorf("read the results of a batch: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	index, err := r.scan(b, f)
	if err != nil {
		return fmt.Errorf("%s: %w: delete the file, and the results are fetched again", f.Name(), err)
	}
	r.mu.Lock()
	b.index = index
	r.mu.Unlock()
	return nil
}

// scan finds the results in a file that fetch wrote.
func (r *Runner) scan(b *record, from io.Reader) (map[string]span, error) {
	index, at := map[string]span{}, int64(0)
	in := bufio.NewReaderSize(from, 64<<10)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return index, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		got, bad := r.service.parse(bytes.TrimSpace(line))
		if bad != nil {
			return nil, fmt.Errorf("line %d is no result (%w)", n, bad)
		}
		if _, ours := b.Requests[got.id]; ours {
			index[got.id] = span{at, int64(len(line))}
		}
		at += int64(len(line))
	}
}

// answer reads what a batch that has ended says of a request.
func (r *Runner) answer(b *record, id string) (eval.Response, error) {
	where, there := b.index[id]
	if !there {
		why := fmt.Sprintf("batch %s ended (%s) before the request was answered", b.called(), b.Status.State)
		if b.Status.Why != "" {
			why += ": " + b.Status.Why
		}
		out, err := left(&eval.Failure{Kind: eval.FailServer, Message: why, Temporary: true, Begun: b.Short})
		if b.Short { // the answer may have been lost, not missing
			out.Usage = eval.Usage{}
		}
		return out, err
	}
	line := make([]byte, where.size)
	f, err := os.Open(b.results(r.o.Dir))
	if err == nil {
		_, err = f.ReadAt(line, where.at)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return eval.Response{}, fmt.Errorf("read the results of a batch: %w", err)
	}
	got, err := r.service.parse(bytes.TrimSpace(line))
	if err != nil || got.id != id {
		return eval.Response{}, fmt.Errorf("%s was changed under way: start the run again", f.Name())
	}
	switch {
	case got.fault == nil:
	case wire.ContextFull(got.fault):
		return eval.Response{Stop: eval.StopLength, Usage: unused(), Tries: 1}, nil
	default:
		return left(got.fault)
	}
	out, err := r.provider.BatchAnswer(got.body)
	out.Tries = 1
	var bad *eval.Failure
	if err == nil || errors.As(err, &bad) {
		if err != nil { // it was billed, but is of no use
			err = fmt.Errorf("%w: %w", ErrUnanswered, err)
		}
		return out, err
	}
	return out, fmt.Errorf("%w: %w", ErrUnanswered, wire.Protocol(fmt.Sprintf("the answer in the batch is not understood (%v): %s", err, brief(string(got.body)))))
}

// left is what is said of a request that was not answered, and not billed.
func left(f *eval.Failure) (eval.Response, error) {
	return eval.Response{Usage: unused(), Tries: 1}, fmt.Errorf("%w: %w", ErrUnanswered, f)
}
