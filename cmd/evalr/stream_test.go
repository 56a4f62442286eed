package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAPipelineReadsNoFurtherThanItsBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		var started atomic.Int64
		p := pipeline{jobs: 3, atOnce: 1, ahead: 10, do: func(_ context.Context, l numbered) any {
			started.Add(1)
			if l.number == 1 {
				<-hang
			}
			return l.number
		}}
		var got []any
		done := make(chan error)
		go func() {
			done <- p.run(t.Context(), strings.NewReader(strings.Repeat("x\n", 1000)), func(r any) error { got = append(got, r); return nil })
		}()
		synctest.Wait()
		assert.LessOrEqual(t, started.Load(), int64(12), "the first is slow")
		close(hang)
		require.NoError(t, <-done)
		require.Len(t, got, 1000)
		for i, r := range got {
			assert.Equal(t, i+1, r)
		}
	})
}

func TestAPipelineEndsThoughNobodyEndsItsInput(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, feed := io.Pipe()
	defer feed.Close() //nolint:errcheck // never fails
	p := pipeline{jobs: 2, atOnce: 1, ahead: 4, do: func(_ context.Context, l numbered) any { return l.number }}
	go func() { _, _ = feed.Write([]byte("a\n")) }()
	err := p.run(ctx, in, func(any) error { cancel(); return nil })
	require.ErrorIs(t, err, context.Canceled)
}

func TestAPipelineStopsWhenItsReaderHasEnough(t *testing.T) {
	p := pipeline{jobs: 2, atOnce: 1, ahead: 4, do: func(_ context.Context, l numbered) any { return l.number }}
	var got []any
	err := p.run(t.Context(), strings.NewReader(strings.Repeat("x\n", 100)), func(r any) error {
		if got = append(got, r); len(got) == 5 {
			return errEnough
		}
		return nil
	})
	require.NoError(t, err)
	assert.Len(t, got, 5)
}

func TestAPipelineHandsOnWhatItReadBeforeAnError(t *testing.T) {
	broken := errors.New("broken")
	p := pipeline{jobs: 2, atOnce: 1, ahead: 4, do: func(_ context.Context, l numbered) any { return string(l.text) }}
	var got []any
	err := p.run(t.Context(), io.MultiReader(strings.NewReader("a\nb\n"), failing{broken}), func(r any) error { got = append(got, r); return nil })
	require.ErrorIs(t, err, broken)
	assert.Equal(t, []any{"a", "b"}, got)
}
