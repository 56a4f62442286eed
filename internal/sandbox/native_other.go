//go:build !linux

package sandbox

import (
	"context"
	"errors"
)

// Init does nothing: only Linux isolates.
func Init() {}

type native struct{}

// Tier is "native".
func (native) Tier() string { return "native" }

// Run refuses.
func (native) Run(context.Context, Program, Limits) (Result, error) {
	return Result{}, &notIsolated{"make namespaces", errors.New("this system has none"), "run evalr on Linux"}
}

// Probes says that only Linux isolates.
func Probes(context.Context) []Probe {
	return []Probe{{Name: "native tier", Detail: "only Linux has namespaces", Remedy: "run evalr on Linux, or use --tier none for programs that you trust"}}
}
