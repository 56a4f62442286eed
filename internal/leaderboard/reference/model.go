package reference

import (
	_ "embed" // models.yaml
	"fmt"
	"regexp"
	"strings"
	"sync"
)

//go:embed models.yaml
var modelsYAML []byte

// A Fact is a value and the source in which it was read.
type Fact[T any] struct {
	Value  T      `yaml:"value"`
	Source string `yaml:"source"`
}

// Facts are what is known of a model. A nil fact was read nowhere.
type Facts struct {
	Name string `yaml:"name"`
	// Aliases are names under which the model is served, without what Model strips.
	Aliases []string `yaml:"aliases"`
	// TotalParamsB and ActiveParamsB are in 10⁹; of a dense model they are equal.
	TotalParamsB  *Fact[float64] `yaml:"total_params_b"`
	ActiveParamsB *Fact[float64] `yaml:"active_params_b"`
	OpenWeights   *Fact[bool]    `yaml:"open_weights"`
	License       *Fact[string]  `yaml:"license"`
	// Released is YYYY-MM-DD, or YYYY-MM.
	Released        *Fact[string] `yaml:"released"`
	TrainingCompute *Fact[string] `yaml:"training_compute"`
}

// Model gives the facts of a model by the name under which it was served or measured:
// case, owner ("deepseek-ai/"), quantisation ("-AWQ", ":Q4_K_M") and what a board adds
// ("@effort=high", " (run)") are stripped, and what is left must be an alias. A name that
// goes on is another model: Qwen3-8B-Base and any fine-tune are unknown rather than
// mistaken. False if nothing is known.
func Model(name string) (Facts, bool) {
	byAlias, err := models()
	if err != nil {
		return Facts{}, false // the tests read the embedded file
	}
	for name = bare(name); ; {
		if f, ok := byAlias[name]; ok {
			return f, true
		}
		shorter := variant.ReplaceAllString(name, "")
		if shorter == name {
			return Facts{}, false
		}
		name = shorter
	}
}

// variant is the end of a name that says how the same weights were stored or offered.
var variant = regexp.MustCompile(`[-_:.](i?q[1-8](_[a-z0-9]+)*|[1-8]-?bit|fp4|fp8|fp16|bf16|f16|nvfp4|mxfp4|int4|int8|w[48]a(8|16)|awq|gptq|gguf|mlx|bnb|exl[23]|ud|hf|free|latest)$`)

// bare is a name without owner and the board's additions, in lower case.
func bare(name string) string {
	name, _, _ = strings.Cut(name, " (")
	name, _, _ = strings.Cut(name, "@")
	name = name[strings.LastIndex(name, "/")+1:]
	return strings.ToLower(strings.TrimSpace(name))
}

var models = sync.OnceValues(func() (map[string]Facts, error) { return readModels(modelsYAML) })

func readModels(text []byte) (map[string]Facts, error) {
	var file struct {
		Sources []string `yaml:"sources"`
		Models  []Facts  `yaml:"models"`
	}
	if err := decode("models.yaml", text, &file); err != nil {
		return nil, err
	}
	byAlias := map[string]Facts{}
	for _, m := range file.Models {
		for _, a := range m.Aliases {
			if other, taken := byAlias[a]; taken {
				return nil, fmt.Errorf("read models.yaml: %s is an alias of %s and of %s", a, other.Name, m.Name)
			}
			byAlias[a] = m
		}
	}
	return byAlias, nil
}
