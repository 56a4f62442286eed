package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/strict"
)

// A Spec is what a run is to do: the flags of `evalr run`, or a file given by -f.
type Spec struct {
	Name       string         `json:"name,omitempty" jsonschema:"description=name of the run; part of its folder's name"`
	Models     []ModelSpec    `json:"models" jsonschema:"description=models to measure"`
	Benchmarks []string       `json:"benchmarks" jsonschema:"description=names or globs of the catalogue or paths to JSONL files"`
	K          int            `json:"k,omitempty" jsonschema:"minimum=1,description=trials of each problem (default 1)"`
	KMax       int            `json:"k_max,omitempty" jsonschema:"minimum=4,description=trials of a problem at most where until is given (default 64)"`
	Until      string         `json:"until,omitempty" jsonschema:"description=sample adaptively until the rerun interval is so narrow (2pp or 0.02) or the comparison with the baseline is decided"`
	Baseline   string         `json:"baseline,omitempty" jsonschema:"description=run folder to compare with where until is decided"`
	Margin     string         `json:"margin,omitempty" jsonschema:"description=difference that counts as none where until is decided (default 2pp)"`
	Limit      int            `json:"limit,omitempty" jsonschema:"minimum=0,description=only the first N problems of each benchmark"`
	Asking                    // defaults for every model
	Conduct                   // likewise
	KBy        map[string]int `json:"k_by,omitempty" jsonschema:"description=trials of each problem by benchmark where they differ from k"`
	Judges     int            `json:"judges,omitempty" jsonschema:"minimum=0,description=attempts judged at once (default: the number of CPUs)"`
	MaxErrors  *float64       `json:"max_errors,omitempty" jsonschema:"minimum=0,maximum=1,description=share of attempts that may fail before the run ends (default 0.1)"`
	Judging    eval.Policy    `json:"judging,omitzero" jsonschema:"description=how answers are judged where it is not the default"`
	Judge      JudgeSpec      `json:"judge,omitzero" jsonschema:"description=models that judge answers"`
	Tier       string         `json:"tier,omitempty" jsonschema:"enum=auto,enum=native,enum=bubblewrap,enum=docker,enum=podman,enum=none,description=isolation of code answers (default auto)"`
	Shots      Scalar         `json:"shots,omitempty" jsonschema:"oneof_type=string;integer,description=worked examples before each question: a number or protocol (default 0)"`
	Spending
	Cache string   `json:"cache,omitempty" jsonschema:"description=folder of answers to identical requests of earlier runs"`
	Data  []string `json:"data,omitempty" jsonschema:"description=folders with published benchmark files"`
	Out   string   `json:"out,omitempty" jsonschema:"description=the run folder"`

	kGiven   bool   // k was said, by flag or file
	force    bool   // go on with a run whose server is another one
	trial    string // when three tiny requests are sent before a run
	resolved bool   // presets and sweeps are worked in, because the spec was read from a run
}

// A ModelSpec is one model of a run. In YAML it is a mapping or just the model.
type ModelSpec struct {
	Model   string `json:"model" jsonschema:"description=KIND:MODEL[@BASE_URL]"`
	Label   string `json:"label,omitempty" jsonschema:"description=name of the model on the board; must be unique in the run"`
	Asking         // what differs from the run's defaults
	Conduct        // likewise
}

// readSpec reads a file given by -f: a YAML spec, or the run.json of an earlier
// run. An unknown key is an error that names file, line and the nearest key.
func readSpec(path string) (Spec, error) {
	var spec Spec
	text, err := os.ReadFile(path)
	if err != nil {
		return spec, usage(fmt.Errorf("read the spec: %w", err), "")
	}
	var manifest struct {
		Spec json.RawMessage `json:"spec"`
	}
	if json.Unmarshal(text, &manifest) == nil && manifest.Spec != nil {
		if err := json.Unmarshal(manifest.Spec, &spec); err != nil {
			return spec, usage(fmt.Errorf("%s: the spec of this run: %w", path, err), "was it written by another version of evalr?")
		}
		spec.resolved = true
		return spec, nil
	}
	// The struct tags are JSON's, so that file, manifest and schema agree.
	if err := strict.Load(path, text, &spec); err != nil {
		return spec, badYAML(err)
	}
	return spec, nil
}

// badYAML is an error of a file that a person wrote, with what to write instead.
func badYAML(err error) error {
	var e *strict.Error
	if !errors.As(err, &e) {
		return usage(err, "")
	}
	return usage(errors.New(e.Place+": "+e.Message), "%s", cmp.Or(e.Hint, "docs/evalr.schema.json describes the file"))
}

// UnmarshalJSON lets a model be given as its spec alone.
func (m *ModelSpec) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &m.Model)
	}
	type plain ModelSpec
	return json.Unmarshal(b, (*plain)(m))
}

// trials is how many trials of each problem of a benchmark are wanted.
func (s Spec) trials(benchmark string) int { return max(s.K, s.KBy[benchmark], 1) }

// hash names what the run measures; two specs of one hash may share a folder.
// How it is carried out (k, until when, concurrency, folders) is not part of it.
func (s Spec) hash() string {
	sum := sha256.Sum256(s.identity())
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (s Spec) identity() []byte {
	s.KMax, s.Until, s.Baseline, s.Margin = 0, "", "", ""
	s.Spending, s.Cache = Spending{}, ""
	s.K, s.KBy, s.Judges, s.MaxErrors, s.Data, s.Out, s.Conduct, s.Name = 0, nil, 0, nil, nil, "", Conduct{}, ""
	s.Models = slices.Clone(s.Models)
	for i := range s.Models {
		s.Models[i].Conduct = Conduct{}
	}
	s.Judge.Models = slices.Clone(s.Judge.Models)
	for i := range s.Judge.Models {
		s.Judge.Models[i].Conduct = Conduct{}
	}
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a struct of plain values
	}
	return text
}

// differences lists, one a line, where two specs measure different things.
func differences(was, is Spec) []string {
	var a, b map[string]any
	_ = json.Unmarshal(was.identity(), &a)
	_ = json.Unmarshal(is.identity(), &b)
	keys := slices.Sorted(maps.Keys(a))
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	var out []string
	show := func(v any) string {
		if v == nil {
			return "unset"
		}
		var text strings.Builder
		e := json.NewEncoder(&text)
		e.SetEscapeHTML(false) // <think> is to be read
		_ = e.Encode(v)
		return strings.TrimSpace(text.String())
	}
	for _, k := range keys {
		if x, y := show(a[k]), show(b[k]); x != y {
			out = append(out, fmt.Sprintf("%s: the run has %s, this command %s", k, x, y))
		}
	}
	return out
}

// label is the run's name for a folder.
func (s Spec) label() string {
	if s.Name != "" {
		return s.Name
	}
	var parts []string
	if len(s.Models) > 0 {
		_, model, _ := strings.Cut(s.Models[0].Model, ":")
		if at := strings.LastIndex(model, "@http"); at > 0 {
			model = model[:at]
		}
		if model = model[strings.LastIndex(model, "/")+1:]; model == "" {
			model = "stand-in" // the only one without a name
		}
		parts = append(parts, model)
	}
	if len(s.Benchmarks) > 0 {
		parts = append(parts, s.Benchmarks[0])
	}
	return strings.Join(parts, "-")
}
