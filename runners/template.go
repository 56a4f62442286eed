package runners

import (
	"errors"
	"fmt"
	"os"
	"strings"
	texttemplate "text/template"

	"github.com/evalr/evalr/eval"
)

// A template turns the messages of a chat into the one text that a model goes on
// from. It is a Go text/template that is given .Messages, each with .Role and
// .Content, and the functions trim, afterThought and refuse. It may define
// further ones: "stop" holds the strings that end the model's turn, "special" the
// marks that the model does not take for text, one a line each, and "prefill" the
// beginning that every answer must have.
//
// The mark of the beginning of the text is left out: servers put it there.
type template struct {
	name           string
	text           *texttemplate.Template
	stops, special []string
	prefill        string
}

type templateData struct{ Messages []templateMessage }

type templateMessage struct{ Role, Content string }

const maxTemplate = 1 << 20 // bytes

var templateFuncs = texttemplate.FuncMap{
	"trim":         strings.TrimSpace,
	"afterThought": afterThought,
	"refuse":       func(why string) (string, error) { return "", errors.New(why) },
}

// afterThought leaves the thought of an earlier answer out.
func afterThought(text string) string {
	const end = "</think>"
	if i := strings.LastIndex(text, end); i >= 0 {
		return text[i+len(end):]
	}
	return text
}

// openTemplate gives a built-in template by its name, one that is given as text,
// or one of a file.
func openTemplate(what string) (*template, error) {
	if text, ok := builtinTemplate(what); ok {
		return newTemplate(what, text)
	}
	if strings.Contains(what, "{{") {
		return newTemplate("given", what)
	}
	info, err := os.Stat(what)
	switch {
	case err != nil:
		names := templateNames()
		if near := eval.Nearest(what, names); len(near) > 0 {
			return nil, fmt.Errorf("template %q: neither built in nor a file: did you mean %s?", what, strings.Join(near, " or "))
		}
		return nil, fmt.Errorf("template %q: neither built in nor a file: %s", what, templateChoices())
	case info.Size() > maxTemplate:
		return nil, fmt.Errorf("template %s: larger than %d KiB: is it the right file?", what, maxTemplate>>10)
	}
	text, err := os.ReadFile(what)
	if err != nil {
		return nil, fmt.Errorf("read a template: %w", err)
	}
	return newTemplate(what, string(text))
}

// templateChoices says what may be given as a template.
func templateChoices() string {
	return "give one of " + strings.Join(templateNames(), ", ") + ", or a Go text/template as a file or as text"
}

// newTemplate parses a template. White space at its ends does not count, because
// editors put it there: one that is wanted is written {{"\n"}}.
func newTemplate(name, text string) (*template, error) {
	parsed, err := texttemplate.New(name).Funcs(templateFuncs).Option("missingkey=error").Parse(strings.TrimSpace(text))
	if err != nil {
		hint := ""
		if strings.Contains(text, "{%") {
			hint = " (it looks like Jinja: what is wanted is a Go text/template)"
		}
		return nil, fmt.Errorf("template %s: %w%s", name, err, hint)
	}
	t := &template{name: name, text: parsed}
	lines := map[string]*[]string{"stop": &t.stops, "special": &t.special}
	for part, into := range lines {
		said, err := t.part(part)
		if err != nil {
			return nil, err
		}
		*into = strings.Fields(said)
	}
	if t.prefill, err = t.part("prefill"); err != nil {
		return nil, err
	}
	return t, nil
}

// part gives what a template defines beside itself; empty if nothing.
func (t *template) part(name string) (string, error) {
	defined := t.text.Lookup(name)
	if defined == nil {
		return "", nil
	}
	var out strings.Builder
	if err := defined.Execute(&out, nil); err != nil {
		return "", fmt.Errorf("template %s: %w", t.name, err)
	}
	return out.String(), nil
}

// render gives the text that the model goes on from.
func (t *template) render(messages []eval.Message, prefill string) (string, error) {
	data := templateData{}
	for _, m := range messages {
		data.Messages = append(data.Messages, templateMessage{string(m.Role), m.Content})
	}
	var out strings.Builder
	if err := t.text.Execute(&out, data); err != nil {
		var inner texttemplate.ExecError
		if errors.As(err, &inner) && errors.Unwrap(inner.Err) != nil {
			err = errors.Unwrap(inner.Err)
		}
		return "", fmt.Errorf("template %s: %w", t.name, err)
	}
	out.WriteString(prefill)
	return out.String(), nil
}

// mark finds a mark of the chat format in the text of a message.
func (t *template) mark(messages []eval.Message) (found string, ok bool) {
	for _, m := range messages {
		for _, marks := range [][]string{t.special, t.stops} {
			for _, mark := range marks {
				if strings.Contains(m.Content, mark) {
					return mark, true
				}
			}
		}
	}
	return "", false
}
