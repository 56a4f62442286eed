//go:build !linux

package sandbox

import (
	"context"
	"fmt"
)

func openBubblewrap(context.Context) (engine, error) {
	return nil, fmt.Errorf("%w: bubblewrap needs Linux: use --tier docker", ErrNotIsolated)
}

func bubblewrapRemedy(error) string { return "" }
