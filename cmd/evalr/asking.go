package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/evalr/evalr/eval"
)

// effortLevels are those that any service has.
var effortLevels = []string{"none", "minimal", "low", "medium", "high", "xhigh", "max"}

// Asking is how a model is asked. What is unset is not sent.
type Asking struct {
	Temperature      *float64       `json:"temperature,omitempty" jsonschema:"minimum=0"`
	TopP             *float64       `json:"top_p,omitempty" jsonschema:"minimum=0,maximum=1"`
	MaxTokens        *int           `json:"max_tokens,omitempty" jsonschema:"minimum=1,description=tokens to generate at most; the thought counts"`
	PresencePenalty  *float64       `json:"presence_penalty,omitempty"`
	FrequencyPenalty *float64       `json:"frequency_penalty,omitempty"`
	Seed             *int           `json:"seed,omitempty" jsonschema:"description=base from which each attempt's own seed is drawn"`
	Stop             []string       `json:"stop,omitempty" jsonschema:"description=strings that end the generation"`
	System           string         `json:"system,omitempty" jsonschema:"description=system message"`
	Prefill          string         `json:"prefill,omitempty" jsonschema:"description=beginning of the answer that is put into the model's mouth"`
	Preset           string         `json:"preset,omitempty" jsonschema:"description=name of a preset (evalr list presets) or the path of a YAML file; none for none"`
	Effort           Levels         `json:"effort,omitempty" jsonschema:"description=reasoning effort: none minimal low medium high xhigh max; several are measured side by side"`
	ThinkingBudget   Levels         `json:"thinking_budget,omitempty" jsonschema:"description=tokens of thought at most where the service has such a limit; 0 for none and -1 where the model may decide; several are measured side by side"`
	Template         string         `json:"template,omitempty" jsonschema:"description=chat template of completions: a name or the path of a file"`
	Extra            map[string]any `json:"extra,omitempty" jsonschema:"description=parameters passed through as they are: top_k min_p chat_template_kwargs …"`
}

// over gives a with what is set in b put over it.
func (a Asking) over(b Asking) Asking {
	out := overlay(a, b)
	if len(a.Extra) > 0 && len(b.Extra) > 0 {
		out.Extra = maps.Clone(a.Extra)
		maps.Copy(out.Extra, b.Extra)
	}
	return out
}

// overlay gives a struct with the fields that are set in another put over it.
func overlay[T any](under, over T) T {
	set, to := reflect.ValueOf(over), reflect.ValueOf(&under).Elem()
	for i := range set.NumField() {
		if !set.Field(i).IsZero() {
			to.Field(i).Set(set.Field(i))
		}
	}
	return under
}

// A Scalar is a text that may be written as a number in YAML.
type Scalar string

// UnmarshalJSON reads a text or a number.
func (s *Scalar) UnmarshalJSON(b []byte) error {
	var number json.Number
	if json.Unmarshal(b, &number) == nil {
		*s = Scalar(number)
		return nil
	}
	return json.Unmarshal(b, (*string)(s))
}

// A Levels is one value or several, of which each is measured as a model of its
// own. In YAML it is a scalar or a list; on the command line commas part them.
type Levels []string

// levels reads what a flag gives.
func levels(text string) Levels {
	var out Levels
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// UnmarshalJSON reads a text, a number or a list of them.
func (l *Levels) UnmarshalJSON(b []byte) error {
	var list []any
	if len(b) > 0 && b[0] != '[' {
		b = slices.Concat([]byte("["), b, []byte("]"))
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&list); err != nil {
		return err
	}
	*l = nil
	for _, v := range list {
		*l = append(*l, levels(fmt.Sprint(v))...)
	}
	return nil
}

// MarshalJSON writes a single value as itself.
func (l Levels) MarshalJSON() ([]byte, error) {
	var list []any
	for _, v := range l {
		if n, err := strconv.Atoi(v); err == nil {
			list = append(list, n)
		} else {
			list = append(list, v)
		}
	}
	if len(list) == 1 {
		return json.Marshal(list[0])
	}
	return json.Marshal(list)
}

// one is the single value; empty if there is none.
func (l Levels) one() string {
	if len(l) == 0 {
		return ""
	}
	return l[0]
}

// thinkingBudget is the single thinking budget; nil if there is none.
func (a Asking) thinkingBudget() *int {
	n, err := strconv.Atoi(a.ThinkingBudget.one())
	if err != nil {
		return nil
	}
	return &n
}

// request is a request as the model will be sent it, without its messages.
func (a Asking) request() eval.Request {
	return eval.Request{
		Sampling: a.sampling(), Prefill: a.Prefill, Effort: a.Effort.one(), ThinkingBudget: a.thinkingBudget(), Extra: a.Extra,
	}
}

func (a Asking) sampling() eval.Sampling {
	return eval.Sampling{
		Temperature: a.Temperature, TopP: a.TopP, MaxTokens: a.MaxTokens, Seed: a.Seed, Stop: a.Stop,
		PresencePenalty: a.PresencePenalty, FrequencyPenalty: a.FrequencyPenalty,
	}
}

// check reports the first value out of its range.
func (a Asking) check() error {
	within := func(name string, v *float64, low, high float64) error {
		if v != nil && !(*v >= low && *v <= high) { // NaN is neither
			return fmt.Errorf("%s = %g is out of range: %g to %g", name, *v, low, high)
		}
		return nil
	}
	for _, err := range []error{
		within("temperature", a.Temperature, 0, 5), within("top_p", a.TopP, 0, 1),
		within("presence_penalty", a.PresencePenalty, -2, 2), within("frequency_penalty", a.FrequencyPenalty, -2, 2),
	} {
		if err != nil {
			return err
		}
	}
	for _, b := range a.ThinkingBudget {
		if n, err := strconv.Atoi(b); err != nil || n < -1 {
			return fmt.Errorf("thinking_budget = %s: a number of tokens is needed, 0 for no thought, or -1 where the model may decide (gemini)", b)
		}
	}
	for _, e := range a.Effort {
		if !slices.Contains(effortLevels, e) {
			return fmt.Errorf("effort = %s: the levels are %s; each service has some of them", e, strings.Join(effortLevels, ", "))
		}
	}
	if a.MaxTokens != nil && *a.MaxTokens < 1 {
		return fmt.Errorf("max_tokens = %d: at least 1 is needed", *a.MaxTokens)
	}
	for name, list := range map[string]Levels{"effort": a.Effort, "thinking_budget": a.ThinkingBudget} {
		for i, v := range list {
			if slices.Contains(list[:i], v) {
				return fmt.Errorf("%s = %s is given twice: each level is measured once", name, v)
			}
		}
	}
	return a.checkExtra()
}

// ownParams are the parameters by which evalr says what is asked, and n and best_of,
// which would bring several answers for one.
var ownParams = []string{"model", "messages", "prompt", "input", "contents", "n", "best_of"}

// checkExtra reports a parameter that cannot be passed through.
func (a Asking) checkExtra() error {
	for _, name := range ownParams {
		if _, ok := a.Extra[name]; ok {
			return fmt.Errorf("the parameter %s cannot be passed through: evalr sends one question to the model of -m and takes one answer (-k for more)", name)
		}
	}
	if _, err := json.Marshal(a.Extra); err != nil {
		return fmt.Errorf("the parameters that are passed through: %w", err)
	}
	return nil
}
