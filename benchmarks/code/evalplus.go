package code

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/dataset"
)

// evalPlus reads a row of EvalPlus: inputs and a reference solution, whose
// returned values are the expected ones.
func evalPlus(row dataset.Row, inputs ...string) (eval.Problem, error) {
	f, err := fields(row, "prompt", "entry_point", "canonical_solution")
	if err != nil {
		return eval.Problem{}, err
	}
	var args []string
	for _, name := range inputs {
		list, ok := row.Fields()[name].([]any)
		if !ok && row.Has(name) {
			if object, is := row.Fields()[name].(map[string]any); is && len(object) == 0 {
				continue // some releases write no inputs as {}
			}
			return eval.Problem{}, row.Errorf("the field %q is not a list", name)
		}
		for _, a := range list {
			args = append(args, pythonSource(a))
		}
	}
	tolerance := 0.0
	if text := row.Text("atol"); text != "" {
		if tolerance, err = strconv.ParseFloat(text, 64); err != nil {
			return eval.Problem{}, row.Errorf("atol: %w", err)
		}
	}
	return eval.Problem{
		ID: row.ID(), Text: f["prompt"],
		Tests: &eval.Tests{
			Language: "python", Entry: f["entry_point"],
			Calls: &eval.Calls{Reference: f["canonical_solution"], Args: "[" + strings.Join(args, ", ") + "]", Tolerance: tolerance},
		},
	}, nil
}

// pythonSource writes a JSON value as Python source.
func pythonSource(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case json.Number:
		return v.String()
	case float64: // what JSON does not have
		switch {
		case math.IsNaN(v):
			return "nan"
		case math.IsInf(v, -1):
			return "-inf"
		}
		return "inf"
	case string:
		return strconv.QuoteToASCII(v)
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = pythonSource(x)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for k, x := range v {
			parts = append(parts, strconv.QuoteToASCII(k)+": "+pythonSource(x))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "None"
}
