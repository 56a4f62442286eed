// Package preset holds how the makers of models say that these are asked. It must
// not know services, benchmarks or verdicts.
package preset

import (
	"cmp"
	_ "embed"
	"fmt"
	"os"
	"path"
	"strings"

	"github.com/evalr/evalr/eval"
)

// A Preset says how a family of models is asked. What is absent is not sent.
type Preset struct {
	Name   string   `json:"name"`
	Models []string `json:"models"` // globs of names in lower case, without owner
	About  string   `json:"about"`
	Source string   `json:"source"`

	Temperature     *float64 `json:"temperature"`
	TopP            *float64 `json:"top_p"`
	TopK            *int     `json:"top_k"`
	MinP            *float64 `json:"min_p"`
	PresencePenalty *float64 `json:"presence_penalty"`
	MaxTokens       *int     `json:"max_tokens"`

	Prefill  string         `json:"prefill"`
	System   string         `json:"system"`  // none, developer or empty: as one likes
	Thought  string         `json:"thought"` // where the thought stands
	Efforts  []string       `json:"efforts"` // levels of reasoning effort
	Extra    map[string]any `json:"extra"`
	Trials   []Trials       `json:"trials"`
	Template string         `json:"template"` // for plain completions
}

// Trials is a number of trials for benchmarks of at most UpTo problems; an UpTo of
// 0 is for all.
type Trials struct {
	UpTo int `json:"upto"`
	K    int `json:"k"`
}

// K is how many trials the preset wants of a benchmark; 0 if it does not say.
func (p Preset) K(problems int) int {
	for _, t := range p.Trials {
		if t.UpTo == 0 || problems <= t.UpTo {
			return t.K
		}
	}
	return 0
}

// Params gives the parameters beyond the usual ones that are passed through.
func (p Preset) Params() map[string]any {
	out := map[string]any{}
	for k, v := range p.Extra {
		out[k] = v
	}
	if p.TopK != nil {
		out["top_k"] = *p.TopK
	}
	if p.MinP != nil {
		out["min_p"] = *p.MinP
	}
	return out
}

//go:embed presets.yaml
var shipped []byte

// All lists the presets that come with evalr.
func All() []Preset {
	list, err := parse("presets.yaml", shipped)
	if err != nil {
		panic(err) // a test reads it
	}
	return list
}

// Guess finds the preset of a model by its name: the first whose globs match it,
// in lower case and without its owner.
func Guess(model string) (Preset, bool) {
	name := strings.ToLower(model[strings.LastIndexByte(model, '/')+1:])
	if strings.HasSuffix(name, "-base") { // was never taught to answer
		return Preset{}, false
	}
	for _, p := range All() {
		for _, glob := range p.Models {
			if ok, _ := path.Match(glob, name); ok {
				return p, true
			}
		}
	}
	return Preset{}, false
}

// Find gives the preset of a name, or that of the YAML file at a path (one preset,
// or a list of which the file's first counts).
func Find(name string) (Preset, error) {
	if strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") || strings.ContainsRune(name, os.PathSeparator) {
		return read(name)
	}
	var names []string
	for _, p := range All() {
		if p.Name == name {
			return p, nil
		}
		names = append(names, p.Name)
	}
	if near := eval.Nearest(name, names); len(near) > 0 {
		return Preset{}, fmt.Errorf("unknown preset %q: did you mean %s?", name, strings.Join(near, " or "))
	}
	return Preset{}, fmt.Errorf("unknown preset %q: the presets are %s, or the path of a YAML file", name, strings.Join(names, ", "))
}

func read(file string) (Preset, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Preset{}, fmt.Errorf("read the preset: %w", err)
	}
	list, err := parse(file, text)
	switch {
	case err != nil:
		return Preset{}, err
	case len(list) == 0:
		return Preset{}, fmt.Errorf("%s: there is no preset in it", file)
	}
	p := list[0]
	p.Name = cmp.Or(p.Name, strings.TrimSuffix(path.Base(file), path.Ext(file)))
	p.Source = cmp.Or(p.Source, file)
	return p, nil
}
