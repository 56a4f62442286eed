//go:build !linux

package sandbox

import (
	"context"
	"errors"
)

// newNative gives an engine that refuses: only Linux has namespaces.
func newNative(Options) refusing { return refusing{} }

type refusing struct{}

func (refusing) tier() string { return "native" }

func (refusing) joins() bool { return false }

func (refusing) close() error { return nil }

func (refusing) isolation() Isolation { return Isolation{Tier: "native"} }

func (refusing) run(context.Context, task) (Result, error) {
	return Result{}, errors.Join(ErrNotIsolated, errors.New("only Linux has namespaces: run evalr on Linux, or use --tier none for programs that you trust"))
}

// Probes says that only Linux isolates.
func Probes(ctx context.Context) []Probe {
	return append([]Probe{{Name: "native tier", Detail: "only Linux has namespaces", Remedy: "run evalr on Linux, or use --tier none for programs that you trust"}}, tierProbes(ctx)...)
}

func canary(ctx context.Context, e engine) error {
	_, err := e.run(ctx, task{})
	return err
}
