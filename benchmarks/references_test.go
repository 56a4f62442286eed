package benchmarks_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/scoring"
)

// joining are tools whose sandbox joins programs: the isolating one where it
// does, else the one without isolation. The programs are the datasets' own.
func joining(t *testing.T) (tools scoring.Tools, isolated bool) {
	t.Helper()
	for _, tier := range []string{"auto", "none"} {
		box, err := sandbox.Open(sandbox.Options{Tier: tier})
		if err != nil {
			continue
		}
		nothing := sandbox.Program{Language: "python", Source: "pass"}
		if _, _, err = box.Talk(t.Context(), nothing, nothing, sandbox.Limits{}); !errors.Is(err, sandbox.ErrNoChannel) {
			return scoring.Tools{Sandbox: box}, tier != "none"
		}
	}
	t.Skip("no sandbox here joins programs")
	return scoring.Tools{}, false
}

// TestReferenceSolutionsPassTheirAssertions judges each dataset's own solution
// by its assertions: HumanEval's all cross the channel. Without isolation, where
// each program costs a cold start, every fourth will do.
func TestReferenceSolutionsPassTheirAssertions(t *testing.T) {
	if testing.Short() {
		t.Skip("runs 1,138 programs")
	}
	data := shared(t, "data")
	for name, want := range map[string][]string{
		"humaneval":   nil,
		"mbpp_google": {"367", "601", "927"}, // they build trees and pairs of the answer's own classes
	} {
		t.Run(name, func(t *testing.T) {
			tools, _ := joining(t)
			found, err := benchmarks.Select(tools, []string{name})
			require.NoError(t, err)
			set, err := found[0].Load(t.Context(), eval.Data{Dirs: []string{data}})
			require.NoError(t, err)
			var mu sync.Mutex
			var inside, wrong []string
			group, ctx := errgroup.WithContext(context.Background())
			group.SetLimit(4)
			for i, p := range set.Problems {
				// One in four, and all of them by make slow.
				if os.Getenv("EVALR_SLOW") == "" && i%4 != 0 {
					continue
				}
				group.Go(func() error {
					v, err := found[0].Scorer.Score(ctx, p, eval.Response{Text: "```python\n" + p.Meta["solution"] + "\n```", State: eval.ThoughtClosed, Stop: eval.StopEnd})
					if err != nil {
						return err
					}
					mu.Lock()
					defer mu.Unlock()
					if len(v.Warnings) > 0 && strings.HasPrefix(v.Warnings[0], scoring.InProcess) {
						inside = append(inside, p.ID)
						t.Logf("%s: %s", p.ID, v.Warnings[0])
					}
					if v.Outcome != eval.Correct {
						wrong = append(wrong, p.ID)
						t.Logf("%s: %v", p.ID, v.Checks)
					}
					return nil
				})
			}
			require.NoError(t, group.Wait())
			assert.Subset(t, append([]string{}, want...), append([]string{}, inside...), "judged in the answer's process")
			assert.Empty(t, wrong, "fails its own tests")
		})
	}
}
