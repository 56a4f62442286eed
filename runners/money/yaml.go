package money

import (
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

// loadError is an error of the YAML library as file:line: what is wrong.
func loadError(path string, err error) error {
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
	for _, noise := range []string{"go-yaml load error in constructor ", "go-yaml load error in ", "at <unknown position>: ", "yaml: "} {
		text = strings.TrimPrefix(text, noise)
	}
	return fmt.Errorf("%s%s: %s", path, line, text)
}

// checkKeys walks a document beside the type that it is to fill and reports the
// first key that the type does not know.
func checkKeys(path string, n *yaml.Node, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case n.Kind == yaml.AliasNode:
		return fmt.Errorf("%s:%d: write the values out: a price file has no aliases", path, n.Line)
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for _, c := range n.Content {
			if err := checkKeys(path, c, t.Elem()); err != nil {
				return err
			}
		}
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Struct:
		return checkFields(path, n, t)
	}
	return nil
}

func checkFields(path string, n *yaml.Node, t reflect.Type) error {
	known := map[string]reflect.Type{}
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name := f.Tag.Get("json"); name != "-" {
			known[name], names = f.Type, append(names, name)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		field, ok := known[key.Value]
		if !ok {
			hint := "the keys are " + strings.Join(names, ", ")
			if near := eval.Nearest(key.Value, names); len(near) > 0 {
				hint = fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
			}
			return fmt.Errorf("%s:%d: unknown key %q: %s", path, key.Line, key.Value, hint)
		}
		if err := checkKeys(path, n.Content[i+1], field); err != nil {
			return err
		}
	}
	return nil
}

func valueOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// lineOf is the line of a key, in n or below; the line of n if it is not there.
func lineOf(n *yaml.Node, key string) int {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i].Line
		}
		if below := n.Content[i+1]; below.Kind == yaml.MappingNode && valueOf(below, key) != nil {
			return lineOf(below, key)
		}
	}
	return n.Line
}
