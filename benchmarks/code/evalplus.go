package code

import (
	"bytes"
	"encoding/json"
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
		raw, ok := row.Raw(name)
		if !ok || string(raw) == "{}" { // some releases write no inputs as {}
			continue
		}
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return eval.Problem{}, row.Errorf("the field %q is not a list", name)
		}
		for _, a := range list {
			source, err := pythonSource(a)
			if err != nil {
				return eval.Problem{}, row.Errorf("the field %q: %w", name, err)
			}
			args = append(args, source)
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

// pythonSource writes JSON as Python source. The order of keys is kept: to
// Python it matters.
func pythonSource(raw json.RawMessage) (string, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var b strings.Builder
	err := writePython(&b, d)
	return b.String(), err
}

func writePython(b *strings.Builder, d *json.Decoder) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case nil:
		b.WriteString("None")
	case bool:
		b.WriteString(map[bool]string{true: "True", false: "False"}[v])
	case json.Number:
		b.WriteString(v.String())
	case string:
		if word, ok := strings.CutPrefix(v, dataset.NonFinite); ok {
			b.WriteString(map[string]string{"Infinity": "inf", "-Infinity": "-inf", "NaN": "nan"}[word])
			return nil
		}
		b.WriteString(strconv.QuoteToASCII(v))
	case json.Delim:
		return writeCollection(b, d, v)
	}
	return nil
}

func writeCollection(b *strings.Builder, d *json.Decoder, open json.Delim) error {
	b.WriteString(open.String())
	for n := 0; d.More(); n++ {
		if n > 0 {
			b.WriteString(", ")
		}
		if err := writePython(b, d); err != nil {
			return err
		}
		if open == '{' {
			b.WriteString(": ")
			if err := writePython(b, d); err != nil {
				return err
			}
		}
	}
	shut, err := d.Token()
	if err != nil {
		return err
	}
	b.WriteString(shut.(json.Delim).String())
	return nil
}
