package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/stats"
	"github.com/evalr/evalr/internal/store"
)

// A scoreBook holds the judged scores of a run: of a model at a benchmark by
// problem.
type scoreBook map[[2]string]map[string]*stats.Streams

func readScores(run *store.Run) (scoreBook, error) {
	book := scoreBook{}
	for a, err := range run.Attempts() {
		if err != nil {
			return nil, err
		}
		if a.Err != nil {
			continue
		}
		key := [2]string{a.Key.Model, a.Key.Benchmark}
		if book[key] == nil {
			book[key] = map[string]*stats.Streams{}
		}
		if book[key][a.Key.Problem] == nil {
			book[key][a.Key.Problem] = &stats.Streams{}
		}
		putScore(book[key][a.Key.Problem], a.Key.Trial, a.Verdict.Score)
	}
	return book, nil
}

// A baseline is the run that is compared with.
type baseline struct {
	dir  string
	run  store.Manifest
	book scoreBook
}

func openBaseline(dir, out string) (*baseline, error) {
	if dir == out {
		return nil, usage(fmt.Errorf("%s is the run itself, no baseline of it", dir), "")
	}
	run, err := store.Open(dir)
	if err != nil {
		return nil, usage(fmt.Errorf("read the baseline: %w", err), "a run folder holds run.json and attempts.jsonl; `evalr list runs` names them")
	}
	book, err := readScores(run)
	if err != nil {
		return nil, usage(fmt.Errorf("read the baseline: %w", err), "")
	}
	return &baseline{dir, run.Manifest(), book}, nil
}

// scores gives the baseline's scores of a benchmark: those of the model of that
// name, else of the only one there is. It refuses what cannot be compared.
func (b *baseline) scores(h *house, model string, s *engine.Suite) (map[string]*stats.Streams, error) {
	name := s.Benchmark.Name
	if old, ok := b.run.Datasets[name]; ok && !slices.EqualFunc(old, h.files[name], sameFile) {
		return nil, usage(fmt.Errorf("baseline %s: the files of %s are not those of this run", b.dir, name), "give the same --data")
	}
	if !samePolicy(b.run.Policies[name], s.Benchmark.Policy) {
		return nil, usage(fmt.Errorf("baseline %s: %s was judged by another policy", b.dir, name), "run.json has the policies")
	}
	found := b.book[[2]string{model, name}]
	if found == nil {
		var others []string
		for key := range maps.Keys(b.book) {
			if key[1] == name {
				others = append(others, key[0])
			}
		}
		slices.Sort(others)
		if len(others) != 1 {
			return nil, usage(fmt.Errorf("baseline %s: no model %s at %s (%s)", b.dir, model, name, cmp.Or(strings.Join(others, ", "), "none")),
				"it must hold the model of that name, or one alone")
		}
		found = b.book[[2]string{others[0], name}]
	}
	for _, p := range s.Problems {
		if found[p.ID] != nil {
			return found, nil
		}
	}
	return nil, usage(fmt.Errorf("baseline %s: it has none of the problems of %s", b.dir, name), "")
}

func samePolicy(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}
