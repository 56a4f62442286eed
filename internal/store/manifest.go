// Package store is the run folder: crash-safe append, the resume set, repair of
// a torn tail, and reading, also while a run is being written.
//
// It must not know what a score means.
package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/evalr/evalr/eval"
)

// The files of a run folder.
const (
	manifestFile    = "run.json"
	problemsFile    = "problems.jsonl.zst"
	attemptsFile    = "attempts.jsonl"
	transcriptsFile = "transcripts.jsonl.zst"
	rescoresDir     = "rescores"
	lockFile        = "lock"
)

// A Manifest says what a run is and how it was made: run.json.
type Manifest struct {
	Name    string `json:"name"`
	Version string `json:"version"` // of evalr
	// Status is running, finished, interrupted or failed.
	Status string `json:"status"`
	// Spec is the resolved spec; SpecHash names what it measures.
	Spec     json.RawMessage `json:"spec"`
	SpecHash string          `json:"spec_hash"`
	Models   []ModelInfo     `json:"models"`
	// Datasets are the files that the problems were read from, by benchmark.
	Datasets map[string][]eval.File `json:"datasets"`
	Policies map[string]eval.Policy `json:"policies"`
	// Domains says of each benchmark whether it is math, code, science or custom;
	// a benchmark that is absent is of unknown domain.
	Domains map[string]string `json:"domains,omitempty"`
	// Planned counts the attempts of the whole run; Skipped, by benchmark, those
	// that a replay file does not hold.
	Planned int            `json:"planned"`
	Skipped map[string]int `json:"skipped,omitempty"`
	// Sandbox is the isolation that code answers ran in; empty if none ran.
	Sandbox string `json:"sandbox,omitempty"`
	// Isolation is the whole of it: what was in force, what was not, and the
	// limits of the programs; nil if none ran.
	Isolation *eval.Isolation `json:"isolation,omitempty"`
	// Judges are the models that judged answers, JudgeDigest names how they did;
	// empty if none did.
	Judges      []string `json:"judges,omitempty"`
	JudgeDigest string   `json:"judge_digest,omitempty"`
	// Adaptive says how trials were given out where a rule decided; nil if all
	// problems had k.
	Adaptive *Adaptive  `json:"adaptive,omitempty"`
	Host     Host       `json:"host"`
	Started  time.Time  `json:"started"`
	Updated  time.Time  `json:"updated"`
	Finished *time.Time `json:"finished,omitempty"`
	Warnings []string   `json:"warnings,omitempty"`

	// Dir is where the manifest was read from; it is not written.
	Dir string `json:"-"`
}

// Adaptive says what adaptive sampling spent, and what it came to. Trials count
// all models and benchmarks, the judged ones alone.
type Adaptive struct {
	KMax     int    `json:"k_max"`
	Until    string `json:"until"`
	Baseline string `json:"baseline,omitempty"`
	Rounds   int    `json:"rounds"`
	Spent    int    `json:"spent"`
	// Uniform is what as many trials of every problem would have cost for the
	// same rerun uncertainty, estimated from the noise within problems that the
	// run saw; Full is k_max trials of every problem.
	Uniform int       `json:"uniform"`
	Full    int       `json:"full"`
	Reached []Reached `json:"reached"`
}

// Reached is where one model at one benchmark stands. Scores, differences and
// widths are in [-1, 1].
type Reached struct {
	Model     string `json:"model"`
	Benchmark string `json:"benchmark"`
	// Score is the mean of the even and the odd trials of each problem, over
	// problems; HalfWidth is of its rerun interval at 95%.
	Score     float64 `json:"score"`
	HalfWidth float64 `json:"half_width"`
	Trials    int     `json:"trials"`
	Uniform   int     `json:"uniform"`
	Full      int     `json:"full"`
	// Reason is why sampling ended: reached, lower, higher, equivalent, hopeless,
	// k_max or replay (which holds no more); empty while it goes on.
	Reason string `json:"reason,omitempty"`
	// Difference is to the baseline, with the interval that decided.
	Difference *Difference `json:"difference,omitempty"`
}

// A Difference is that of two scores, with its interval.
type Difference struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// A Host is the machine that made a run.
type Host struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
	Go   string `json:"go"`
}

// A ModelInfo is one model of a run.
type ModelInfo struct {
	Label string `json:"label"`
	Spec  string `json:"spec"`
	Kind  string `json:"kind"`
	// ServedAs and Fingerprints are what the server reported, each once.
	ServedAs     []string `json:"served_as,omitempty"`
	Fingerprints []string `json:"fingerprints,omitempty"`
	// Preset is the name of how the model is asked; empty means unknown.
	Preset string `json:"preset,omitempty"`
	// PresetHash names how the model is asked and judged: equal hashes, equal
	// ways. Empty means unknown.
	PresetHash string `json:"preset_hash,omitempty"`
	// Engine is the server's engine and version as the server says them ("vllm
	// 0.11.0"); empty means unknown.
	Engine string `json:"engine,omitempty"`
	// Facts are what the server was found to be before the run; nil means that it
	// was not asked.
	Facts *eval.EngineFacts `json:"facts,omitempty"`
}

// ErrNotARun says that a folder holds no run.
var ErrNotARun = errors.New("not a run folder")

func readManifest(dir string) (Manifest, error) {
	var m Manifest
	text, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if errors.Is(err, os.ErrNotExist) {
		return m, fmt.Errorf("%s: %w: it has no %s", dir, ErrNotARun, manifestFile)
	}
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%s: %w", filepath.Join(dir, manifestFile), err)
	}
	m.Dir = dir
	return m, nil
}

func writeManifest(dir string, m Manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("write the manifest: %w", err)
	}
	return writeAtomic(filepath.Join(dir, manifestFile), append(text, '\n'))
}

// writeAtomic puts a file into place whole or not at all.
func writeAtomic(path string, text []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Chmod(0o644), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// List reads the manifests of the runs under root, newest first. Folders that
// hold no run are passed over.
func List(root string) ([]Manifest, error) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil, err
	}
	var out []Manifest
	for _, e := range entries {
		if m, err := readManifest(filepath.Join(root, e.Name())); err == nil {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b Manifest) int { return b.Started.Compare(a.Started) })
	return out, nil
}

// Find gives the newest unfinished run of a spec under root.
func Find(root, specHash string) (dir string, ok bool, err error) {
	runs, err := List(root)
	if errors.Is(err, os.ErrNotExist) {
		return "", false, nil
	}
	for _, m := range runs {
		if m.SpecHash == specHash && m.Status != "finished" {
			return m.Dir, true, nil
		}
	}
	return "", false, err
}
