package benchmarks

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
)

// ShotCount reads how many worked examples are asked for: a number, or "protocol"
// for as many as the benchmark's protocol has, which is none where it has none.
func ShotCount(b eval.Benchmark, asked string) (int, error) {
	if asked == "protocol" {
		if b.Shots == nil {
			return 0, nil
		}
		return b.Shots.Protocol, nil
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 0 {
		return 0, fmt.Errorf(`--shots %q: give a number from 0 up, or "protocol"`, asked)
	}
	return n, nil
}

// Examples binds n worked examples to a benchmark: what it gives says, for a
// problem, the messages that stand before its question, in turns of user and
// assistant. A problem is shown examples of its own group and never itself. With
// them come the files that were read. Of n = 0 all are nil.
//
// It returns an error if the benchmark has no examples, their file is not there,
// or there are fewer than n; the error says what would help.
func Examples(ctx context.Context, b eval.Benchmark, from eval.Data, n int) (func(eval.Problem) ([]eval.Message, error), []eval.File, error) {
	switch {
	case n == 0:
		return nil, nil, nil
	case n < 0:
		return nil, nil, fmt.Errorf("%s: --shots %d: give a number from 0 up", b.Name, n)
	case b.Shots == nil:
		return nil, nil, fmt.Errorf("%s: --shots %d: it has no worked examples: leave --shots away, or give protocol, which shows none here", b.Name, n)
	}
	all, files, err := b.Shots.Load(ctx, from)
	switch {
	case errors.Is(err, dataset.ErrNotFound):
		return nil, nil, fmt.Errorf("%s: --shots needs %s beside %s, from %s: %w",
			b.Name, strings.Join(b.Shots.Files, " or "), b.About.Files[0], b.Shots.From, err)
	case err != nil:
		return nil, nil, fmt.Errorf("%s: read the worked examples: %w", b.Name, err)
	}
	s := shots{benchmark: b, n: n, groups: map[string][]eval.Example{}}
	for _, e := range all {
		s.groups[s.group(e.Problem)] = append(s.groups[s.group(e.Problem)], e)
	}
	if err := s.suffice(); err != nil {
		return nil, nil, err
	}
	return s.before, files, nil
}

// shots are the examples of a benchmark, of which n are shown.
type shots struct {
	benchmark eval.Benchmark
	n         int
	groups    map[string][]eval.Example
}

func (s shots) group(p eval.Problem) string {
	if s.benchmark.Shots.Group == nil {
		return ""
	}
	return s.benchmark.Shots.Group(p)
}

// suffice says whether every group has enough.
func (s shots) suffice() error {
	for _, name := range slices.Sorted(maps.Keys(s.groups)) {
		there := len(s.groups[name])
		if s.benchmark.Shots.Among {
			there--
		}
		if there < s.n {
			return fmt.Errorf("%s: --shots %d: there are %d%s: ask for at most %d", s.benchmark.Name, s.n, there, of(name), there)
		}
	}
	return nil
}

// before gives the messages that stand before a problem's question.
func (s shots) before(p eval.Problem) ([]eval.Message, error) {
	var out []eval.Message
	shown := 0
	for _, e := range s.groups[s.group(p)] {
		if shown == s.n {
			break
		}
		if same(e.Problem, p) {
			continue
		}
		out = append(out, s.benchmark.Prompt(e.Problem)...)
		out = append(out, eval.Message{Role: eval.Assistant, Content: e.Answer})
		shown++
	}
	if shown < s.n {
		return nil, fmt.Errorf("%s/%s: %d worked examples are wanted, there are %d%s", s.benchmark.Name, p.ID, s.n, shown, of(s.group(p)))
	}
	return out, nil
}

func of(group string) string {
	if group == "" {
		return ""
	}
	return fmt.Sprintf(" of %q", group)
}

// same says whether two problems ask the same: ids will not do, because those of
// two splits are often both row numbers.
func same(a, b eval.Problem) bool {
	return strings.TrimSpace(a.Text) == strings.TrimSpace(b.Text) &&
		slices.Equal(slices.Sorted(slices.Values(a.Choices)), slices.Sorted(slices.Values(b.Choices)))
}
