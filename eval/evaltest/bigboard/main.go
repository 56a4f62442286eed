// Command bigboard writes run folders of made-up attempts, to measure what must
// bear a large number of them:
//
//	go run ./eval/evaltest/bigboard -out DIR -models 20 -benchmarks 10 -problems 500 -trials 10
//
// It writes one folder a model, DIR/model-00 and so on; with -one, all models
// into DIR.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/internal/store"
)

func main() {
	var c evaltest.Campaign
	out := flag.String("out", "", "folder to write")
	one := flag.Bool("one", false, "one run of all models instead of one run a model")
	flag.IntVar(&c.Models, "models", 20, "number of models")
	flag.IntVar(&c.Benchmarks, "benchmarks", 10, "number of benchmarks")
	flag.IntVar(&c.Problems, "problems", 500, "problems of each benchmark")
	flag.IntVar(&c.Trials, "trials", 10, "trials of each problem")
	flag.Parse()
	if err := write(c, *out, *one); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func write(c evaltest.Campaign, out string, one bool) error {
	if out == "" {
		return errors.New("-out is missing")
	}
	if one {
		models := make([]int, c.Models)
		for m := range models {
			models[m] = m
		}
		return writeRun(c, out, models)
	}
	for m := range c.Models {
		if err := writeRun(c, filepath.Join(out, fmt.Sprintf("model-%02d", m)), []int{m}); err != nil {
			return err
		}
	}
	return nil
}

func writeRun(c evaltest.Campaign, dir string, models []int) (err error) {
	j, err := store.Create(dir, manifest(c, models))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	for b := range c.Benchmarks {
		name, _ := c.Benchmark(b)
		if err := j.PutProblems(name, c.ProblemsOf(b)); err != nil {
			return err
		}
	}
	for _, m := range models {
		for a := range c.Attempts(m) {
			if err := j.Append(a); err != nil {
				return err
			}
		}
	}
	return nil
}

func manifest(c evaltest.Campaign, models []int) store.Manifest {
	finished := time.Date(2026, 3, 2, 20, 0, 0, 0, time.UTC)
	m := store.Manifest{
		Name: "made-up", Version: "bigboard", Status: "finished", Spec: json.RawMessage(`{}`), SpecHash: "made-up",
		Datasets: map[string][]eval.File{}, Policies: map[string]eval.Policy{}, Domains: map[string]string{},
		Planned: len(models) * c.Benchmarks * c.Problems * c.Trials,
		Started: finished.Add(-32 * time.Hour), Finished: &finished,
	}
	for b := range c.Benchmarks {
		name, domain := c.Benchmark(b)
		m.Domains[name], m.Policies[name] = domain, eval.Policy{}
	}
	for _, i := range models {
		m.Models = append(m.Models, store.ModelInfo{Label: c.Model(i), Spec: "vllm:" + c.Model(i), Kind: "vllm", Preset: "default", PresetHash: "made-up"})
	}
	return m
}
