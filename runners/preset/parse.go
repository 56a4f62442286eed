package preset

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/evalr/evalr/eval"
)

// parse reads a list of presets, or a single one. Unknown keys are errors. Errors
// say file and line.
func parse(file string, text []byte) ([]Preset, error) {
	var doc yaml.Node
	if err := yaml.Load(text, &doc); err != nil {
		return nil, placed(file, err)
	}
	var list []Preset
	for _, n := range entries(&doc) {
		if n.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("%s:%d: want the keys of a preset, as in temperature: 0.6", file, n.Line)
		}
		if err := known(n, reflect.TypeFor[Preset]()); err != nil {
			return nil, fmt.Errorf("%s:%w", file, err)
		}
		var p Preset
		if err := n.Decode(&p); err != nil {
			return nil, placed(file, err)
		}
		if key, err := p.check(); err != nil {
			return nil, fmt.Errorf("%s:%d: %s: %w", file, lineOf(n, key), key, err)
		}
		list = append(list, p)
	}
	return list, nil
}

// entries are the presets of a document.
func entries(doc *yaml.Node) []*yaml.Node {
	if len(doc.Content) == 0 {
		return nil
	}
	if root := doc.Content[0]; root.Kind == yaml.SequenceNode {
		return root.Content
	}
	return doc.Content[:1]
}

// known reports the first key of a mapping that a type does not have, with its line.
func known(n *yaml.Node, t reflect.Type) error {
	types, names := map[string]reflect.Type{}, []string{}
	for _, f := range reflect.VisibleFields(t) {
		name := f.Tag.Get("yaml")
		types[name], names = f.Type, append(names, name)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		of, ok := types[key.Value]
		if !ok {
			hint := "the keys are " + strings.Join(names, ", ")
			if near := eval.Nearest(key.Value, names); len(near) > 0 {
				hint = "did you mean " + strings.Join(near, " or ") + "?"
			}
			return fmt.Errorf("%d: unknown key %q: %s", key.Line, key.Value, hint)
		}
		if of != reflect.TypeFor[[]Trials]() || value.Kind != yaml.SequenceNode {
			continue
		}
		for _, one := range value.Content {
			if one.Kind != yaml.MappingNode {
				return fmt.Errorf("%d: trials: want a list as in [{upto: 40, k: 32}, {k: 8}]", one.Line)
			}
			if err := known(one, of.Elem()); err != nil {
				return err
			}
		}
	}
	return nil
}

// lineOf is the line of a key of a mapping, else of the mapping.
func lineOf(n *yaml.Node, key string) int {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i].Line
		}
	}
	return n.Line
}

// place is where the YAML library puts the line, noise what else it says of itself,
// and wrongType a value that does not fit.
var (
	place     = regexp.MustCompile(`(?:at )?L(\d+)\.C\d+(?:-[LC\d.]+)?:? ?|line (\d+): `)
	noise     = regexp.MustCompile(`go-yaml load error in (constructor )?|at <unknown position>: |yaml: `)
	wrongType = regexp.MustCompile("cannot construct !!(\\w+) `(.*)` into (\\S+)")
)

// placed is an error of the YAML library as file:line: what is wrong.
func placed(file string, err error) error {
	var many *yaml.LoadErrors
	text := err.Error()
	if errors.As(err, &many) && len(many.Errors) > 0 {
		text = many.Errors[0].Error()
	}
	if m := place.FindStringSubmatch(text); m != nil {
		file += ":" + m[1] + m[2]
		text = place.ReplaceAllString(text, "")
	}
	text = noise.ReplaceAllString(text, "")
	if m := wrongType.FindStringSubmatch(text); m != nil {
		want := map[string]string{"float64": "a number", "int": "a whole number", "string": "a text"}[m[3]]
		text = fmt.Sprintf("want %s, not %q", cmp.Or(want, "another kind of value"), m[2])
	}
	return fmt.Errorf("%s: %s", file, text)
}

// check reports the first value that cannot be meant, by its key.
func (p Preset) check() (key string, err error) {
	for _, glob := range p.Models {
		if _, err := path.Match(glob, ""); err != nil {
			return "models", fmt.Errorf("%q is no glob", glob)
		}
	}
	if p.System != "" && p.System != "none" && p.System != "developer" {
		return "system", fmt.Errorf("%q is neither none nor developer", p.System)
	}
	for _, v := range []struct {
		key       string
		value     *float64
		low, high float64
	}{
		{"temperature", p.Temperature, 0, 5}, {"top_p", p.TopP, 1e-9, 1}, {"min_p", p.MinP, 0, 1}, {"presence_penalty", p.PresencePenalty, -2, 2},
	} {
		if v.value != nil && !(*v.value >= v.low && *v.value <= v.high) { // NaN is neither
			return v.key, fmt.Errorf("%g is out of range: %.0f to %g", *v.value, v.low, v.high)
		}
	}
	switch {
	case p.MaxTokens != nil && *p.MaxTokens < 1:
		return "max_tokens", fmt.Errorf("%d: at least 1 is needed", *p.MaxTokens)
	case p.TopK != nil && *p.TopK < -1: // vLLM: -1 or 0 for all
		return "top_k", fmt.Errorf("%d: a number of tokens is needed", *p.TopK)
	}
	if _, err := json.Marshal(p.Extra); err != nil {
		return "extra", fmt.Errorf("cannot be sent: %w", err)
	}
	return p.checkTrials()
}

// checkTrials reports a line of the trials that cannot be meant.
func (p Preset) checkTrials() (key string, err error) {
	last := 0
	for i, t := range p.Trials {
		switch {
		case t.K < 1:
			return "trials", fmt.Errorf("k = %d: at least 1 is needed", t.K)
		case t.UpTo < 0, t.UpTo != 0 && t.UpTo <= last:
			return "trials", fmt.Errorf("upto: %d: each line has a larger number than the one before", t.UpTo)
		case t.UpTo == 0 && i < len(p.Trials)-1:
			return "trials", errors.New("a line without upto holds for all: it must be the last")
		}
		last = t.UpTo
	}
	return "", nil
}
