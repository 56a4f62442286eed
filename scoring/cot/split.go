// Package cot is about chains of thought: parting the thought from the answer,
// and measuring it. It must not know models.
package cot

import (
	"strings"
	"unicode/utf8"

	"github.com/evalr/evalr/eval"
)

// Split sets Thought, State and Text of a response from Raw, Reasoning and
// Stop. prefill is what was put into the model's mouth; a thought that it opens
// is open when the response begins.
//
// What stands in a thought never becomes Text. A closing tag without an opening
// one ends a thought that the chat template opened, so all before it is
// thought. A thought that is not closed leaves no Text. Split is linear in the
// length of the response.
func Split(r eval.Response, prefill string) eval.Response {
	p := parts{stop: r.Stop}
	switch {
	case strings.Contains(r.Raw, harmonyChannel):
		p.harmony(r.Raw)
	default:
		// Where the server itself parts the thought, what it gives for the answer is not
		// that which the prefill opened.
		p.tags(r.Raw, opens(prefill) && r.Reasoning == "")
	}
	if r.Reasoning != "" {
		p.apart(r.Reasoning)
	}
	if p.state == eval.ThoughtNone && r.Usage.Reasoning != nil && *r.Usage.Reasoning > 0 {
		p.state = eval.ThoughtHidden
	}
	r.Thought, r.State, r.Text = strings.TrimSpace(p.thought), p.state, trimLines(p.text)
	if r.State == eval.ThoughtOpen {
		r.Text = ""
	}
	return r
}

// trimLines takes blank lines off both ends; the first line keeps its
// indentation, which matters where a program is continued.
func trimLines(s string) string {
	s = strings.TrimRight(s, " \t\r\n")
	for {
		line, rest, ok := strings.Cut(s, "\n")
		if !ok || strings.TrimSpace(line) != "" {
			return s
		}
		s = rest
	}
}

// parts is what a response falls into.
type parts struct {
	thought, text string
	state         eval.ThoughtState
	stop          eval.Stop
}

// apart adds a thought that the server delivered in a field of its own: it is
// closed if an answer followed, or if the model ended by itself.
func (p *parts) apart(reasoning string) {
	p.thought = reasoning + p.thought
	switch {
	case p.state == eval.ThoughtOpen:
	case strings.TrimSpace(p.text) == "" && p.stop == eval.StopLength:
		p.state = eval.ThoughtOpen
	default:
		p.state = eval.ThoughtClosed
	}
}

// A tag opens or closes a thought.
type tag struct {
	name  string // lower case
	close bool
	line  bool // the rest of its line names the channel and belongs to the tag
}

// tagList holds every tag by which models mark thoughts. The closing tag of one
// style closes a thought of any, because styles are mixed in practice.
var tagList = []tag{
	{name: "<think>"}, {name: "</think>", close: true},
	{name: "<thinking>"}, {name: "</thinking>", close: true},
	{name: "<thought>"}, {name: "</thought>", close: true},
	{name: "<reasoning>"}, {name: "</reasoning>", close: true},
	{name: "<seed:think>"}, {name: "</seed:think>", close: true},
	{name: "[think]"}, {name: "[/think]", close: true},
	{name: "<|begin_of_thought|>"}, {name: "<|end_of_thought|>", close: true},
	{name: "◁think▷"}, {name: "◁/think▷", close: true},
	{name: "<|channel>", line: true}, {name: "<channel|>", close: true},
}

// markers stand around an answer and are no part of it.
var markers = []string{
	"<|begin_of_solution|>", "<|end_of_solution|>", "<|im_end|>", "<|eot_id|>", "<|endoftext|>", "<|return|>", "<|end|>", "</s>",
}

// opens says whether a prefill leaves a thought open.
func opens(prefill string) bool {
	depth := 0
	for i := 0; i < len(prefill); {
		t, n := tagAt(prefill, i)
		switch {
		case n == 0:
			i++
			continue
		case t.close:
			depth = 0
		default:
			depth++
		}
		i += n
	}
	return depth > 0
}

// tags parts a response by its tags. Depth counts thoughts within thoughts.
func (p *parts) tags(raw string, open bool) {
	var thought, text strings.Builder
	depth, seen := 0, false
	if open {
		depth = 1
	}
	from := 0
	flush := func(to int) {
		if depth > 0 {
			thought.WriteString(raw[from:to])
		} else {
			text.WriteString(raw[from:to])
		}
	}
	for i := next(raw, 0); i < len(raw); {
		t, n := tagAt(raw, i)
		if n == 0 || quoted(raw, i, n) {
			i = next(raw, i+1)
			continue
		}
		flush(i)
		switch {
		case !t.close:
			depth++
		case depth > 0:
			depth--
			seen = true
		default: // the template opened it: all so far was thought
			thought.WriteString(text.String())
			text.Reset()
			seen = true
		}
		from = i + n
		i = next(raw, from)
	}
	flush(len(raw))
	p.thought = thought.String()
	p.text = strip(text.String())
	switch {
	case depth > 0:
		p.state = eval.ThoughtOpen
	case seen:
		p.state = eval.ThoughtClosed
	default:
		p.state = eval.ThoughtNone
	}
}

// next finds the next place at or after i where a tag may begin.
func next(s string, i int) int {
	if n := strings.IndexAny(s[min(i, len(s)):], "<[◁"); n >= 0 {
		return i + n
	}
	return len(s)
}

// longestChannel bounds the name of a channel, in bytes.
const longestChannel = 20

// tagAt gives the tag at s[i:] and its length, 0 if there is none.
func tagAt(s string, i int) (tag, int) {
	for _, t := range tagList {
		if len(s)-i < len(t.name) || !strings.EqualFold(s[i:i+len(t.name)], t.name) {
			continue
		}
		n := len(t.name)
		if t.line {
			// A channel's name is a word; anything longer is already text, and
			// is not searched.
			window := s[i:min(len(s), i+n+longestChannel+1)]
			end := strings.IndexByte(window, '\n')
			if end < 0 {
				end = len(window)
			}
			if end-n <= longestChannel {
				n = end
			}
		}
		return t, n
	}
	return tag{}, 0
}

// quoted says whether the tag at s[i:i+n] stands between quotation marks: then
// it is being talked about.
func quoted(s string, i, n int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+n:])
	switch before {
	case '`', '"', '\'':
		return before == after
	case '“':
		return after == '”'
	case '‘':
		return after == '’'
	case '«':
		return after == '»'
	}
	return false
}

// strip takes the markers off an answer.
func strip(text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	for _, m := range markers {
		text = strings.ReplaceAll(text, m, "")
	}
	return text
}

// The control words of the harmony format (gpt-oss).
const (
	harmonyChannel = "<|channel|>"
	harmonyMessage = "<|message|>"
)

// harmony parts a response of channels: what the final channel says is the
// answer, everything else is thought.
func (p *parts) harmony(raw string) {
	var thought, text strings.Builder
	final, ended := false, true
	for rest := raw; ; {
		_, after, ok := strings.Cut(rest, harmonyChannel)
		if !ok {
			break
		}
		name, body, ok := strings.Cut(after, harmonyMessage)
		if !ok {
			ended = false
			break
		}
		end := harmonyEnd(body)
		ended = end < len(body)
		if strings.HasPrefix(strings.TrimSpace(name), "final") {
			final = true
			text.WriteString(body[:end])
		} else {
			final = false
			thought.WriteString(body[:end])
		}
		rest = body[end:]
	}
	p.thought, p.text = thought.String(), text.String()
	p.state = eval.ThoughtClosed
	if !final && (!ended || p.stop == eval.StopLength) {
		p.state = eval.ThoughtOpen
	}
	if p.thought == "" && final {
		p.state = eval.ThoughtNone
	}
}

// harmonyEnd gives where the message ends that body begins with. It looks no
// further than that, so that many messages cost no more than one.
func harmonyEnd(body string) int {
	for i := 0; ; i += len("<|") {
		n := strings.Index(body[i:], "<|")
		if n < 0 {
			return len(body)
		}
		i += n
		for _, mark := range [...]string{"<|end|>", "<|return|>", "<|call|>", "<|start|>", harmonyChannel} {
			if strings.HasPrefix(body[i:], mark) {
				return i
			}
		}
	}
}
