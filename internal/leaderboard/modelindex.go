package leaderboard

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	yaml "go.yaml.in/yaml/v4"
)

// The metadata of a model card as Hugging Face reads it. What is not known is
// absent; "verified" is Hugging Face's to say.
type (
	modelIndex struct {
		Index []indexedModel `yaml:"model-index"`
	}
	indexedModel struct {
		Name    string          `yaml:"name"`
		Results []indexedResult `yaml:"results"`
	}
	indexedResult struct {
		Task    indexedType     `yaml:"task"`
		Dataset indexedType     `yaml:"dataset"`
		Metrics []indexedMetric `yaml:"metrics"`
	}
	indexedType struct {
		Type string `yaml:"type"`
		Name string `yaml:"name,omitempty"`
	}
	indexedMetric struct {
		Type  string         `yaml:"type"`
		Name  string         `yaml:"name"`
		Value float64        `yaml:"value"`
		Args  map[string]any `yaml:"args,omitempty"`
	}
)

// ModelIndex writes the metadata "model-index" of a model card as YAML, a
// document a model. Values are in percent.
func ModelIndex(w io.Writer, b Board, _ Layout) error {
	var models []indexedModel
	for _, r := range b.Rows {
		if r.Score == nil || r.ThirdParty != nil {
			continue
		}
		name := plain(r.Model)
		at := slices.IndexFunc(models, func(m indexedModel) bool { return m.Name == name })
		if at < 0 {
			at = len(models)
			models = append(models, indexedModel{Name: name})
		}
		models[at].Results = append(models[at].Results, r.indexed())
	}
	slices.SortFunc(models, func(a, b indexedModel) int { return cmp.Compare(a.Name, b.Name) })
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	for _, m := range models {
		if err := e.Encode(modelIndex{[]indexedModel{m}}); err != nil {
			return fmt.Errorf("write the model index: %w", err)
		}
	}
	return e.Close()
}

func (r Row) indexed() indexedResult {
	name := plain(r.Benchmark)
	out := indexedResult{Task: indexedType{Type: "text-generation"}, Dataset: indexedType{Type: name, Name: name}}
	score := indexedMetric{
		Type: "accuracy", Value: percentage(*r.Score),
		Name: fmt.Sprintf("mean over %d problems of the mean of %d trials", r.Problems, r.Trials),
		Args: map[string]any{"problems": r.Problems, "trials": r.Trials},
	}
	if r.Trials == 1 {
		score.Name = fmt.Sprintf("mean over %d problems", r.Problems)
	}
	if r.sheet != nil && r.sheet.graded {
		score.Type = "score"
	}
	if r.CILow != nil && r.CIHigh != nil {
		score.Args["ci95_low"], score.Args["ci95_high"] = percentage(*r.CILow), percentage(*r.CIHigh)
	}
	for name, n := range map[string]int{"truncated": r.Outcomes.Truncated, "errors": r.Outcomes.Error} {
		if n > 0 {
			score.Args[name] = n
		}
	}
	out.Metrics = append(out.Metrics, score)
	for _, k := range usualKs {
		if p, ok := r.PassAt[k]; ok && k > 1 {
			out.Metrics = append(out.Metrics, indexedMetric{Type: fmt.Sprintf("pass@%d", k), Name: fmt.Sprintf("pass@%d", k), Value: percentage(p)})
		}
	}
	return out
}

// percentage has two decimals, which is more than any interval resolves.
func percentage(share float64) float64 {
	return float64(int64(share*10_000+0.5)) / 100
}
