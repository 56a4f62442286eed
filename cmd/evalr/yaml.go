package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/evalr/evalr/eval"
)

// yamlPlace is where the library's errors say that they are.
var yamlPlace = regexp.MustCompile(`(?:at )?L(\d+)\.C\d+:? ?|line (\d+): `)

// yamlError is an error of the YAML library as file:line: what is wrong.
func yamlError(path string, err error) error {
	text := err.Error()
	var many *yaml.LoadErrors
	if errors.As(err, &many) && len(many.Errors) > 0 {
		text = many.Errors[0].Error()
	}
	line := ""
	if m := yamlPlace.FindStringSubmatch(text); m != nil {
		line = ":" + m[1] + m[2]
		text = yamlPlace.ReplaceAllString(text, "")
	}
	for _, noise := range []string{"go-yaml load error in constructor ", "go-yaml load error in ", "yaml: "} {
		text = strings.TrimPrefix(text, noise)
	}
	return usage(fmt.Errorf("%s%s: %s", path, line, text), "docs/evalr.schema.json describes the file")
}

// checkKeys walks a document beside the type that it is to fill and reports the
// first key that the type does not know.
func checkKeys(path string, n *yaml.Node, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case n.Kind == yaml.DocumentNode:
		return checkKeys(path, n.Content[0], t)
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for _, c := range n.Content {
			if err := checkKeys(path, c, t.Elem()); err != nil {
				return err
			}
		}
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Struct:
		known := map[string]reflect.Type{}
		var names []string
		for _, f := range reflect.VisibleFields(t) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
				known[name] = f.Type
				names = append(names, name)
			}
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			field, ok := known[key.Value]
			if !ok {
				return unknownKey(path, key, names)
			}
			if err := checkKeys(path, n.Content[i+1], field); err != nil {
				return err
			}
		}
	}
	return nil
}

func unknownKey(path string, key *yaml.Node, names []string) error {
	hint := "the keys are " + strings.Join(names, ", ")
	if near := eval.Nearest(key.Value, names); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
	}
	return usage(fmt.Errorf("%s:%d: unknown key %q", path, key.Line, key.Value), "%s", hint)
}

// decodeNode decodes a checked document by its JSON tags; a value of the wrong
// kind is reported with its line.
func decodeNode(path string, n *yaml.Node, into any) error {
	var plain any
	if err := n.Decode(&plain); err != nil {
		return yamlError(path, err)
	}
	text, err := json.Marshal(plain)
	if err != nil { // .nan, or a key that is no text
		return usage(fmt.Errorf("%s: %w", path, err), "docs/evalr.schema.json describes the file")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	err = decoder.Decode(into)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		field := embedded.Replace(wrong.Field)
		err = fmt.Errorf("%s:%d: %s: want %s, not %s", path, lineOf(n, field, wrong.Value), field, kindName(wrong.Type), wrong.Value)
	}
	if err != nil {
		return usage(err, "docs/evalr.schema.json describes the file")
	}
	return nil
}

// embedded takes out of a field path what only Go calls so.
var embedded = strings.NewReplacer("Asking.", "", "Conduct.", "", "Spending.", "")

// lineOf finds the line of a dotted field path that holds a value of a kind, as JSON
// calls it; where there is none the line of what comes nearest.
func lineOf(n *yaml.Node, field, kind string) int {
	if n.Kind == yaml.DocumentNode {
		n = n.Content[0]
	}
	line := n.Line
	part, rest, _ := strings.Cut(field, ".")
	for i, c := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			if at, v := find(c, field); v != nil && isKind(v, kind) {
				return at
			}
		case n.Kind == yaml.MappingNode && i%2 == 0 && c.Value == part:
			if rest == "" {
				return c.Line
			}
			return max(c.Line, lineOf(n.Content[i+1], rest, kind))
		}
	}
	return line
}

// find gives the value at a dotted path of mappings, and the line of its key.
func find(n *yaml.Node, field string) (line int, v *yaml.Node) {
	part, rest, _ := strings.Cut(field, ".")
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != part {
			continue
		}
		if rest == "" {
			return n.Content[i].Line, n.Content[i+1]
		}
		return find(n.Content[i+1], rest)
	}
	return 0, nil
}

// isKind says whether a node is of a kind, as JSON calls it.
func isKind(n *yaml.Node, kind string) bool {
	kind, _, _ = strings.Cut(kind, " ") // number 1.5
	switch kind {
	case "string":
		return n.Tag == "!!str"
	case "number":
		return n.Tag == "!!int" || n.Tag == "!!float"
	case "bool":
		return n.Tag == "!!bool"
	case "object":
		return n.Kind == yaml.MappingNode
	}
	return n.Kind == yaml.SequenceNode
}

func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "a mapping"
	default:
		return "a " + t.String()
	}
}
