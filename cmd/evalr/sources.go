package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/leaderboard"
	"github.com/evalr/evalr/internal/leaderboard/reference"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/scoring"
)

// boardOf builds the leaderboard of some run folders.
func boardOf(dirs []string, o leaderboard.Options) (leaderboard.Board, error) {
	sources, err := sourcesOf(dirs)
	if err != nil {
		return leaderboard.Board{}, err
	}
	board, err := leaderboard.Build(sources, o)
	if err != nil {
		return board, usage(fmt.Errorf("build the leaderboard: %w", err), "")
	}
	return board, nil
}

// sourcesOf opens run folders; one that is named twice counts once.
func sourcesOf(dirs []string) ([]leaderboard.Source, error) {
	var sources []leaderboard.Source
	opened := map[string]bool{}
	for _, dir := range dirs {
		if real, err := realPath(dir); err == nil {
			if opened[real] {
				continue
			}
			opened[real] = true
		}
		s, err := sourceOf(dir)
		if err != nil {
			return nil, err
		}
		sources = append(sources, s)
	}
	return sources, nil
}

// realPath is the one name of a folder that may have several.
func realPath(dir string) (string, error) {
	whole, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(whole)
}

// sourceOf opens a run folder for the leaderboard.
func sourceOf(dir string) (leaderboard.Source, error) {
	run, err := store.Open(dir)
	if err != nil {
		return leaderboard.Source{}, usage(fmt.Errorf("read %s: %w", dir, err), "a run folder holds run.json and attempts.jsonl; `evalr list runs` names them")
	}
	m := run.Manifest()
	s := leaderboard.Source{
		Name: dir, Attempts: run.WithoutMeasures().Attempts(), Measured: run.Attempts(), Isolation: m.Held(), Unfinished: m.Status != "finished", Date: m.Started, Sampling: samplings(m.Adaptive), Version: m.Version,
		Benchmarks: map[string]leaderboard.BenchmarkInfo{}, Models: map[string]leaderboard.ModelInfo{},
	}
	problems, err := run.Problems()
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return s, usage(fmt.Errorf("read %s: %w", dir, err), "")
	}
	for name, list := range problems {
		s.Benchmarks[name] = leaderboard.BenchmarkInfo{
			Domain: domainOf(m, name), Digest: digestOf(m.Datasets[name], list), Policy: policyName(m.Policies[name]), Problems: withoutTexts(list),
		}
	}
	for _, info := range m.Models {
		s.Models[info.Label] = leaderboard.ModelInfo{
			Kind: info.Kind, Engine: info.Engine, Preset: info.Preset, PresetHash: info.PresetHash,
			Served: append(info.ServedAs, info.Fingerprints...), Facts: withServed(factsOf(info.Label), info.Facts),
			Adaptive: m.Adaptive != nil,
		}
	}
	var spec Spec
	if json.Unmarshal(m.Spec, &spec) == nil && !replays(m) {
		s.Trials = max(spec.K, 1)
	}
	return s, nil
}

// withoutTexts gives of problems what a board needs: a year of nights is not to
// keep the texts and tests of each in memory.
func withoutTexts(problems []eval.Problem) []eval.Problem {
	out := make([]eval.Problem, len(problems))
	for i, p := range problems {
		out[i] = eval.Problem{ID: p.ID, Cluster: p.Cluster, Date: p.Date, Difficulty: p.Difficulty, Subject: p.Subject}
	}
	return out
}

// factsOf gives what is known of a model by its label.
func factsOf(label string) leaderboard.Facts {
	known, ok := reference.Model(label)
	if !ok {
		return leaderboard.Facts{}
	}
	var f leaderboard.Facts
	if x := known.TotalParamsB; x != nil {
		f.TotalParams = &x.Value
	}
	if x := known.ActiveParamsB; x != nil {
		f.ActiveParams = &x.Value
	}
	if x := known.OpenWeights; x != nil {
		f.OpenWeights = &x.Value
	}
	if x := known.TrainingCompute; x != nil {
		f.Compute = x.Value
	}
	if x := known.Released; x != nil {
		f.Released = x.Value
	}
	return f
}

// withServed adds the numbers of parameters that a server told where no publication
// does.
func withServed(f leaderboard.Facts, served *eval.EngineFacts) leaderboard.Facts {
	if served == nil || f.TotalParams != nil || f.ActiveParams != nil {
		return f
	}
	billions := func(n int64) *float64 {
		if n <= 0 {
			return nil
		}
		return new(float64(n) / 1e9)
	}
	f.TotalParams, f.ActiveParams = billions(served.Parameters), billions(served.Active)
	f.ParamsServed = f.TotalParams != nil || f.ActiveParams != nil
	return f
}

// replays says whether a model of the run answers from a file, which may hold
// other numbers of trials than were asked for.
func replays(m store.Manifest) bool {
	for _, info := range m.Models {
		if info.Kind == "replay" {
			return true
		}
	}
	return false
}

// domainOf is as the run recorded it, else as the catalogue has it.
func domainOf(m store.Manifest, benchmark string) string {
	if d := m.Domains[benchmark]; d != "" {
		return d
	}
	if found, err := benchmarks.Select(scoring.Tools{}, []string{benchmark}); err == nil && len(found) == 1 {
		return found[0].Domain
	}
	return ""
}

// digestOf names what a run asked: the files and which of their problems.
func digestOf(files []eval.File, problems []eval.Problem) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintln(h, f.SHA256)
	}
	for _, p := range problems {
		fmt.Fprintln(h, p.ID)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

func policyName(p eval.Policy) string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // a struct of plain values
	}
	return string(text)
}

// writeDerived renews leaderboard.md and results.json.
func writeDerived(dir string, board leaderboard.Board) error {
	md, err := os.Create(filepath.Join(dir, "leaderboard.md"))
	if err != nil {
		return err
	}
	err = errors.Join(leaderboard.Markdown(md, board, leaderboard.Layout{}), md.Close())
	js, jerr := os.Create(filepath.Join(dir, "results.json"))
	if jerr != nil {
		return errors.Join(err, jerr)
	}
	return errors.Join(err, leaderboard.JSON(js, board, leaderboard.Layout{}), js.Close())
}
