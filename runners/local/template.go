package local

import (
	"regexp"
	"strings"
)

// The tags around a thought that templates write.
const (
	opening = "<think>"
	closing = "</think>"
)

// endsInThought says whether a prompt ends inside a thought, so that the model
// goes on with it.
func endsInThought(prompt string) bool {
	last := strings.LastIndex(prompt, opening)
	return last >= 0 && !strings.Contains(prompt[last:], closing) && strings.TrimSpace(prompt[last+len(opening):]) == ""
}

// empty is a thought without content, as templates write it to keep a model from
// thinking; line breaks stand as \n in them.
var empty = regexp.MustCompile(regexp.QuoteMeta(opening) + `(\s|\\n)*` + regexp.QuoteMeta(closing))

// conditional are the switches on which a template may make the thought depend.
var conditional = regexp.MustCompile(`enable_thinking|reasoning_effort|\bthinking\b`)

// prefills says, from the source of a chat template alone, whether it begins the
// thought; nil means that it cannot be told. What counts is what a Jinja template
// writes after its last mention of add_generation_prompt; an Ollama template has no
// such mention, and its end counts.
func prefills(template string) *bool {
	if template == "" {
		return nil
	}
	last := strings.LastIndex(template, "add_generation_prompt")
	if last < 0 {
		if endsInThought(template) {
			return new(true)
		}
		return nil // it may be rendered by a program
	}
	end := template[last:]
	rest := empty.ReplaceAllString(end, "")
	switch {
	case !strings.Contains(rest, opening):
		return new(false)
	case conditional.MatchString(end):
		return nil // it depends on the request
	}
	return new(true)
}
