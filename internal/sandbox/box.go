package sandbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/semaphore"
)

// Options are how a sandbox is opened.
type Options struct {
	// Tier is auto, native, bubblewrap, docker, podman or none; empty is auto.
	Tier string
	// Cold makes everything anew for each program, for one that shall not share
	// even a warm interpreter. Verdicts are the same.
	Cold bool
	// Slots is how many programs run at once; 0 is one a processor.
	Slots int
	// Note is told of work that takes long and is done once; nil for no one.
	Note func(string)
	// Cache is a folder for compiled programs; empty keeps them in memory.
	Cache string
}

// A Box is a Sandbox: it compiles what must be compiled, bounds how many
// programs run at once, and hands tasks to the engine of its tier.
type Box struct {
	engine  engine
	slots   *semaphore.Weighted
	n       int64
	started atomic.Int64 // programs started so far
	builds  *builds
	note    func(string)
}

// Open gives the sandbox of a tier. Every tier but none isolates, or gives an
// error that wraps ErrNotIsolated where the machine cannot; auto is the first of
// native, bubblewrap, docker and podman that does.
// Whether a machine isolates is found by running a canary.
func Open(o Options) (*Box, error) {
	if o.Slots <= 0 {
		o.Slots = runtime.NumCPU()
	}
	e, err := openEngine(o)
	if err != nil {
		return nil, err
	}
	return &Box{engine: e, slots: semaphore.NewWeighted(int64(o.Slots)), n: int64(o.Slots), builds: newBuilds(o.Cache), note: o.Note}, nil
}

// Tier names the isolation.
func (b *Box) Tier() string { return b.engine.tier() }

// Isolation says what protects what, and what does not.
func (b *Box) Isolation() Isolation { return b.engine.isolation() }

// Close ends the box's warm workers.
func (b *Box) Close() error { return b.engine.close() }

// Run compiles and runs a program.
func (b *Box) Run(ctx context.Context, p Program, l Limits) (Result, error) {
	t, r, err := b.prepare(ctx, p, l)
	if err != nil || r != nil {
		return deref(r), err
	}
	return patiently(ctx, b, func() (out Result, err error) { return b.engine.run(ctx, t) }, func(x *Result) []*Result { return []*Result{x} })
}

// Talk runs two programs that are joined.
func (b *Box) Talk(ctx context.Context, first, second Program, l Limits) (ra, rb Result, err error) {
	if !b.engine.joins() {
		return ra, rb, fmt.Errorf("sandbox: %s: %w", b.Tier(), ErrNoChannel)
	}
	ta, bad, err := b.prepare(ctx, first, l)
	if err != nil || bad != nil {
		return deref(bad), rb, err
	}
	tb, bad, err := b.prepare(ctx, second, l)
	if err != nil || bad != nil {
		return ra, deref(bad), err
	}
	// The two take turns: one waits while the other works.
	pair, err := patiently(ctx, b, func() ([2]Result, error) { return b.join(ctx, ta, tb) }, func(x *[2]Result) []*Result { return []*Result{&x[0], &x[1]} })
	return pair[0], pair[1], err
}

// join runs two tasks with a channel between them; when the first ends, the
// second is ended.
func (b *Box) join(ctx context.Context, first, second task) (r [2]Result, err error) {
	if first.channel, second.channel, err = channel(); err != nil {
		return r, fmt.Errorf("sandbox: join two programs: %w", err)
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		var err error
		r[1], err = b.engine.run(inner, second)
		_ = second.channel.Close()
		done <- err
	}()
	r[0], err = b.engine.run(ctx, first)
	_ = first.channel.Close()
	cancel()
	if err2 := <-done; err == nil && err2 != nil && !errors.Is(err2, context.Canceled) {
		err = err2
	}
	return r, err
}

// channel gives the two ends of a stream.
func channel() (*os.File, *os.File, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return nil, nil, err
	}
	for _, fd := range pair {
		syscall.CloseOnExec(fd)
	}
	return os.NewFile(uintptr(pair[0]), "channel"), os.NewFile(uintptr(pair[1]), "channel"), nil
}

// patiently runs what takes one slot; if it ran out of time beside others it is
// run once more alone, because a loaded machine is no fault of the program.
func patiently[T any](ctx context.Context, b *Box, run func() (T, error), results func(*T) []*Result) (T, error) {
	var none T
	if err := b.slots.Acquire(ctx, 1); err != nil {
		return none, err
	}
	before, alone := b.started.Add(1), b.alone()
	first, err := run()
	alone = alone && b.alone() && b.started.Load() == before
	b.slots.Release(1)
	late := slices.IndexFunc(results(&first), func(r *Result) bool { return r.Status == TimeLimit })
	if err != nil || late < 0 || alone {
		return first, err
	}
	if err := b.slots.Acquire(ctx, b.n); err != nil {
		return none, err
	}
	defer b.slots.Release(b.n)
	b.started.Add(1)
	again, err := run()
	if was, is := results(&first)[late], results(&again)[late]; err == nil && was.CPU > 0 {
		is.Again = float64(is.CPU) / float64(was.CPU)
	}
	return again, err
}

// alone says whether the caller holds the only slot taken.
func (b *Box) alone() bool {
	if !b.slots.TryAcquire(b.n - 1) {
		return false
	}
	b.slots.Release(b.n - 1)
	return true
}

// prepare makes the task of a program; a result instead says that it did not
// compile.
func (b *Box) prepare(ctx context.Context, p Program, l Limits) (task, *Result, error) {
	if what := preparation(p.Language); what != "" && b.note != nil {
		b.note(what)
	}
	lang, err := language(p.Language)
	if err != nil {
		return task{}, nil, err
	}
	if err := p.check(lang.file(p.Source)); err != nil {
		return task{}, nil, err
	}
	l = l.Filled()
	files := []file{{name: lang.file(p.Source), data: []byte(p.Source)}}
	for _, name := range slices.Sorted(maps.Keys(p.Files)) {
		files = append(files, file{name: filepath.Clean("/" + name)[1:], data: p.Files[name]})
	}
	if lang.compile != "" {
		built, r, err := b.builds.of(ctx, b, lang, files)
		if err != nil || r != nil {
			return task{}, r, err
		}
		files = slices.Concat(built, files[1:]) // built is kept for others
	}
	t := lang.task(l, p.Source)
	t.argv, t.args, t.files, t.stdin = append(t.argv, p.Args...), p.Args, files, p.Stdin
	return t, nil, nil
}

// openEngine gives the engine of a tier.
func openEngine(o Options) (engine, error) {
	switch o.Tier {
	case "auto", "":
		return openAuto(o)
	case "native":
		e := newNative(o)
		if err := canary(context.Background(), e); err != nil {
			_ = e.close()
			return nil, err
		}
		return e, nil
	case "bubblewrap":
		return openBubblewrap(context.Background())
	case "docker", "podman":
		return openContainer(context.Background(), o.Tier, o.Slots)
	case "none":
		return unprotected{}, nil
	}
	return nil, fmt.Errorf("unknown tier %q: the tiers are auto, native, bubblewrap, docker, podman and none", o.Tier)
}

// openAuto gives the first tier that isolates here. Where none does, the error
// is that of the native one, which asks for the least.
func openAuto(o Options) (engine, error) {
	var first error
	for _, tier := range []string{"native", "bubblewrap", "docker", "podman"} {
		o.Tier = tier
		e, err := openEngine(o)
		if err == nil {
			return e, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

func deref(r *Result) Result {
	if r == nil {
		return Result{}
	}
	return *r
}

// Filled gives the limits with the defaults where nothing is set.
func (l Limits) Filled() Limits {
	if l.CPU <= 0 {
		l.CPU = 10 * time.Second
	}
	if l.Wall <= 0 {
		l.Wall = 3*l.CPU + 2*time.Second
	}
	if l.Memory <= 0 {
		l.Memory = 512 << 20
	}
	if l.Output <= 0 {
		l.Output = 1 << 20
	}
	if l.Processes <= 0 {
		l.Processes = 64
	}
	if l.FileSize <= 0 {
		l.FileSize = 64 << 20
	}
	return l
}
