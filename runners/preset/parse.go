package preset

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"reflect"

	"go.yaml.in/yaml/v4"

	"github.com/evalr/evalr/internal/strict"
)

// parse reads a list of presets, or a single one. Unknown keys are errors. Errors
// say file and line.
func parse(file string, text []byte) ([]Preset, error) {
	root, err := strict.Parse(file, text)
	if err != nil {
		return nil, err
	}
	entries := []*yaml.Node{root}
	if root.Kind == yaml.SequenceNode {
		entries = root.Content
	}
	var list []Preset
	for _, n := range entries {
		if n.Kind != yaml.MappingNode {
			return nil, fmt.Errorf("%s:%d: want the keys of a preset, as in temperature: 0.6", file, n.Line)
		}
		if err := strict.CheckKeys(file, n, reflect.TypeFor[Preset]()); err != nil {
			return nil, err
		}
		var p Preset
		if err := strict.Decode(file, n, &p); err != nil {
			return nil, err
		}
		if key, err := p.check(); err != nil {
			return nil, fmt.Errorf("%s:%d: %s: %w", file, strict.Line(n, key), key, err)
		}
		list = append(list, p)
	}
	return list, nil
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
