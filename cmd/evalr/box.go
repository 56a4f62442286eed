package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
)

// tierNames are what --tier takes.
const tierNames = "auto, native, bubblewrap, docker, podman or none"

// boxOptions adds to the options of a sandbox where compiled programs are kept.
func boxOptions(o sandbox.Options) sandbox.Options {
	o.Cache = compiledDir()
	return o
}

// compiledDir is the folder of compiled programs; empty, which keeps them in
// memory, if it cannot be written.
func compiledDir() string {
	home := homeDir()
	if home == "" {
		return ""
	}
	dir := filepath.Join(home, "compiled")
	if os.MkdirAll(dir, 0o755) != nil || writable(dir) != nil {
		return ""
	}
	return dir
}

// unprotected says loudly that nothing protects the machine.
func unprotected(what string) string {
	return "WARNING: --tier none: " + what + " with NO ISOLATION, with your rights: your files, your keys, your network"
}

func sandboxError(err error) error {
	if errors.Is(err, sandbox.ErrNotIsolated) {
		return infrastructure(err, "`evalr doctor` shows what is missing; --tier none runs programs unprotected, and marks the run")
	}
	return usage(err, "")
}

// A lazySandbox opens the sandbox when it is first needed, so that commands
// that run nothing need no isolation. It remembers the limits of what it ran.
type lazySandbox struct {
	tier string
	note func(string) // of work that takes long; may be nil
	once sync.Once
	box  *sandbox.Box
	err  error

	mu     sync.Mutex
	limits eval.ProgramLimits
}

func (l *lazySandbox) open() error {
	l.once.Do(func() { l.box, l.err = sandbox.Open(boxOptions(sandbox.Options{Tier: l.tier, Note: l.note})) })
	return l.err
}

// Run runs a program in the sandbox, opening it first.
func (l *lazySandbox) Run(ctx context.Context, p sandbox.Program, limits sandbox.Limits) (sandbox.Result, error) {
	if err := l.open(); err != nil {
		return sandbox.Result{}, err
	}
	l.remember(limits)
	return l.box.Run(ctx, p, limits)
}

// Talk runs two programs that are joined, opening the sandbox first.
func (l *lazySandbox) Talk(ctx context.Context, a, b sandbox.Program, limits sandbox.Limits) (sandbox.Result, sandbox.Result, error) {
	if err := l.open(); err != nil {
		return sandbox.Result{}, sandbox.Result{}, err
	}
	l.remember(limits)
	return l.box.Talk(ctx, a, b, limits)
}

// Tier is the isolation; empty as long as nothing was run.
func (l *lazySandbox) Tier() string {
	if l.box == nil {
		return ""
	}
	return l.box.Tier()
}

// Close ends the sandbox, if it was opened.
func (l *lazySandbox) Close() error {
	if l.box == nil {
		return nil
	}
	return l.box.Close()
}

// isolation is what goes into the records; nil if nothing was opened.
func (l *lazySandbox) isolation() *eval.Isolation {
	if l.box == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	i := l.box.Isolation()
	return &eval.Isolation{Tier: i.Tier, Guards: i.Guards, Weaknesses: i.Weaknesses, Limits: l.limits}
}

// remember widens what is remembered of limits.
func (l *lazySandbox) remember(x sandbox.Limits) {
	l.mu.Lock()
	defer l.mu.Unlock()
	x = x.Filled()
	l.limits.CPUSeconds.Widen(x.CPU.Seconds())
	l.limits.WallSeconds.Widen(x.Wall.Seconds())
	l.limits.MemoryBytes.Widen(float64(x.Memory))
	l.limits.OutputBytes.Widen(float64(x.Output))
	l.limits.Processes.Widen(float64(x.Processes))
}

// either gives the first number if it is positive.
func either[T int | int64 | time.Duration](first, second T) T {
	if first > 0 {
		return first
	}
	return second
}
