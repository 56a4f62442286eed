// Package strict reads YAML that people write by hand: an unknown key, or a value of
// the wrong kind, is an error that names file, line and what to write instead. It
// must not know what the files are for.
package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/evalr/evalr/eval"
)

// An Error is what is wrong with a file, and where.
type Error struct {
	Place   string // path:line, or the path
	Message string
	Hint    string // what to write instead; empty if that is not known
}

// Error gives place, message and hint in one line.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Place + ": " + e.Message
	}
	return e.Place + ": " + e.Message + ": " + e.Hint
}

// Load reads a document into a struct by its JSON tags, so that one set of names
// holds for YAML, JSON and a schema. Errors are of type *Error.
func Load(path string, text []byte, into any) error {
	n, err := Parse(path, text)
	if err != nil {
		return err
	}
	if err := CheckKeys(path, n, reflect.TypeOf(into)); err != nil {
		return err
	}
	return Decode(path, n, into)
}

// Parse reads the one document of a file.
func Parse(path string, text []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Load(text, &doc); err != nil {
		return nil, loadError(path, err)
	}
	if doc.Kind == yaml.DocumentNode && len(doc.Content) > 0 {
		return doc.Content[0], nil
	}
	return &doc, nil
}

// place is where the library's errors say that they are.
var place = regexp.MustCompile(`(?:at )?L(\d+)\.C\d+:? ?|line (\d+): `)

// loadError is an error of the library without the library's own words.
func loadError(path string, err error) error {
	text := err.Error()
	var many *yaml.LoadErrors
	if errors.As(err, &many) && len(many.Errors) > 0 {
		text = many.Errors[0].Error()
	}
	if m := place.FindStringSubmatch(text); m != nil {
		path += ":" + m[1] + m[2]
		text = place.ReplaceAllString(text, "")
	}
	for _, noise := range []string{"go-yaml load error in constructor ", "go-yaml load error in ", "at <unknown position>: ", "yaml: "} {
		text = strings.TrimPrefix(text, noise)
	}
	return &Error{Place: path, Message: text}
}

// deepest is how far documents may be nested; an alias may contain itself.
const deepest = 100

// CheckKeys walks a document beside the type that it is to fill and reports the
// first key that the type does not know.
func CheckKeys(path string, n *yaml.Node, t reflect.Type) error { return checkKeys(path, n, t, 0) }

func checkKeys(path string, n *yaml.Node, t reflect.Type, depth int) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case depth > deepest:
		return &Error{Place: at(path, n.Line), Message: "the document is nested too deeply"}
	case n.Kind == yaml.AliasNode:
		return checkKeys(path, n.Alias, t, depth+1)
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for _, c := range n.Content {
			if err := checkKeys(path, c, t.Elem(), depth+1); err != nil {
				return err
			}
		}
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Struct:
		return checkFields(path, n, t, depth)
	}
	return nil
}

func checkFields(path string, n *yaml.Node, t reflect.Type, depth int) error {
	known := map[string]reflect.Type{}
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			known[name], names = f.Type, append(names, name)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		field, ok := known[key.Value]
		if !ok {
			e := &Error{Place: at(path, key.Line), Message: fmt.Sprintf("unknown key %q", key.Value), Hint: "the keys are " + strings.Join(names, ", ")}
			if near := eval.Nearest(key.Value, names); len(near) > 0 {
				e.Hint = fmt.Sprintf("did you mean %s?", strings.Join(near, " or "))
			}
			return e
		}
		if err := checkKeys(path, n.Content[i+1], field, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func at(path string, line int) string {
	if line == 0 {
		return path
	}
	return fmt.Sprintf("%s:%d", path, line)
}

// Decode decodes a checked document by its JSON tags.
func Decode(path string, n *yaml.Node, into any) error {
	var plain any
	if err := n.Decode(&plain); err != nil {
		return loadError(path, err)
	}
	text, err := json.Marshal(dated(plain))
	if err != nil {
		return &Error{Place: at(path, n.Line), Message: "want plain keys and values"}
	}
	err = json.NewDecoder(bytes.NewReader(text)).Decode(into)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		field := plainPath(wrong.Field)
		return &Error{Place: at(path, lineOf(n, field, wrong.Value)), Message: fmt.Sprintf("%s: want %s, not a %s", field, KindName(wrong.Type), wrong.Value)}
	case err != nil:
		return &Error{Place: at(path, n.Line), Message: err.Error()}
	}
	return nil
}

// plainPath takes out of a path of keys what only Go calls so: the names of embedded
// structs.
func plainPath(field string) string {
	parts := strings.Split(field, ".")
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p != "" && p[0] >= 'A' && p[0] <= 'Z' }), ".")
}

// Line finds the line of a dotted path of keys, as far as it is there.
func Line(n *yaml.Node, field string) int { return lineOf(n, field, "") }

// lineOf finds the line of a dotted path that holds a value of a kind, as JSON calls
// it; where there is none the line of what comes nearest.
func lineOf(n *yaml.Node, field, kind string) int {
	part, rest, _ := strings.Cut(field, ".")
	for i, c := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			if line, v := find(c, field); v != nil && isKind(v, kind) {
				return line
			}
		case n.Kind == yaml.MappingNode && i%2 == 0 && c.Value == part:
			if rest == "" {
				return c.Line
			}
			return max(c.Line, lineOf(n.Content[i+1], rest, kind))
		}
	}
	return n.Line
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

// isKind says whether a node is of a kind, as JSON calls it; of none, any is.
func isKind(n *yaml.Node, kind string) bool {
	kind, _, _ = strings.Cut(kind, " ") // number 1.5
	switch kind {
	case "":
		return true
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

// KindName is a type as people who write files call it.
func KindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.String:
		return "a text"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "a mapping"
	default:
		return "a " + t.String()
	}
}

// dated turns the times that YAML makes of dates back into texts.
func dated(x any) any {
	switch x := x.(type) {
	case map[string]any:
		for k, v := range x {
			x[k] = dated(v)
		}
	case []any:
		for i, v := range x {
			x[i] = dated(v)
		}
	case time.Time:
		if x.Equal(x.Truncate(24 * time.Hour)) {
			return x.Format(time.DateOnly)
		}
		return x.Format(time.RFC3339)
	}
	return x
}
