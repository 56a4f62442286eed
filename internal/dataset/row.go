package dataset

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// A Row is one record of a dataset. The accessors return errors that name file,
// line and field; a missing field is an error unless the method says otherwise.
type Row struct {
	fields map[string]any
	text   []byte // of a JSON line
	index  int
	where  string
}

// Where names file and line, for errors.
func (r Row) Where() string { return r.where }

// Errorf is an error about this row.
func (r Row) Errorf(format string, args ...any) error {
	return fmt.Errorf("%s: %w", r.where, fmt.Errorf(format, args...))
}

// Has says whether a field is there and not null.
func (r Row) Has(field string) bool { return r.fields[field] != nil }

// Fields gives the decoded fields; numbers of JSON are json.Number.
func (r Row) Fields() map[string]any { return r.fields }

// ID gives the dataset's own id: the first of task_id, question_id, unique_id,
// id and idx that is there, else the zero-based number of the row.
func (r Row) ID() string {
	for _, field := range []string{"task_id", "question_id", "unique_id", "id", "idx"} {
		if text, ok := scalar(r.fields[field]); ok && text != "" {
			return text
		}
	}
	return strconv.Itoa(r.index)
}

// Raw gives a field as JSON, with the keys of objects in their order; ok is
// false if it is missing or the row is not a JSON line. Infinity and NaN stand
// as strings behind NonFinite.
func (r Row) Raw(field string) (raw json.RawMessage, ok bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(r.text, &fields) != nil {
		return nil, false
	}
	raw, ok = fields[field]
	return raw, ok
}

// String gives a field as text; numbers and booleans are written out.
func (r Row) String(field string) (string, error) {
	v, ok := r.fields[field]
	if !ok || v == nil {
		return "", r.Errorf("the field %q is missing", field)
	}
	text, ok := scalar(v)
	if !ok {
		return "", r.Errorf("the field %q is not text", field)
	}
	return text, nil
}

// Text is String for a field that may be missing: then it is empty.
func (r Row) Text(field string) string {
	text, _ := scalar(r.fields[field])
	return text
}

// Strings gives a field that is a list of texts.
func (r Row) Strings(field string) ([]string, error) {
	list, ok := r.fields[field].([]any)
	if !ok {
		if texts, ok := r.fields[field].([]string); ok {
			return texts, nil
		}
		return nil, r.Errorf("the field %q is not a list", field)
	}
	out := make([]string, len(list))
	for i, v := range list {
		text, ok := scalar(v)
		if !ok {
			return nil, r.Errorf("the field %q: element %d is not text", field, i)
		}
		out[i] = text
	}
	return out, nil
}

// Row gives a field that is an object, as a row of its own.
func (r Row) Row(field string) (Row, error) {
	fields, ok := r.fields[field].(map[string]any)
	if !ok {
		return Row{}, r.Errorf("the field %q is not an object", field)
	}
	return Row{fields: fields, index: r.index, where: r.where + ": " + field}, nil
}

// Rows gives a field that is a list of objects.
func (r Row) Rows(field string) ([]Row, error) {
	switch list := r.fields[field].(type) {
	case []any:
		var out []Row
		for i, v := range list {
			fields, ok := v.(map[string]any)
			if !ok {
				return nil, r.Errorf("the field %q: element %d is not an object", field, i)
			}
			out = append(out, Row{fields: fields, index: i, where: fmt.Sprintf("%s: %s[%d]", r.where, field, i)})
		}
		return out, nil
	case []map[string]any:
		var out []Row
		for i, fields := range list {
			out = append(out, Row{fields: fields, index: i, where: fmt.Sprintf("%s: %s[%d]", r.where, field, i)})
		}
		return out, nil
	}
	return nil, r.Errorf("the field %q is not a list of objects", field)
}

// scalar writes out a text, a number or a boolean.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []byte:
		return string(v), true
	case json.Number:
		// An id that a tool turned into a float is still that id.
		return strings.TrimSuffix(v.String(), ".0"), true
	case bool:
		return strconv.FormatBool(v), true
	case int32:
		return strconv.FormatInt(int64(v), 10), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	case float32:
		return strconv.FormatFloat(float64(v), 'g', -1, 32), true
	}
	return "", false
}
