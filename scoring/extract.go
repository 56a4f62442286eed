package scoring

import (
	"encoding/json"
	"strings"

	"github.com/evalr/evalr/scoring/mathx"
)

// A found answer: its text, the rule that found it, where it stands, and
// whether the response says that this is the answer.
type found struct {
	text     string
	whole    string // the equation that text ends, where there is one
	rule     string
	at       int
	explicit bool
}

// extract finds the answer in the final part of a response. n is the number of
// elements of the gold, if it is a bare list: only then are several boxes
// joined. ok is false if there is no answer.
//
// An explicit answer wins; without one, and without an empty box or the words
// that none was found, the rules of low confidence are tried.
func extract(text string, n int) (f found, ok bool) {
	if f, ok = explicit(text, n); ok {
		return f, true
	}
	boxes := allBoxes(text)
	switch {
	case len(boxes) > 0, strings.Contains(lower(text), "<answer>"), unable(lastSentence(text)):
		return found{}, false // an empty box or tag, or words: there is none
	}
	if f, ok = openBox(text); ok {
		return f, true
	}
	return unmarked(text)
}

// explicit finds the answer that a response says is one: by tags, JSON, a box
// or a label. The last of them wins; a label after a box counts only if
// mathematics follows it, because "the answer is consistent" is prose.
func explicit(text string, n int) (f found, ok bool) {
	f.at = -1
	later := func(g found, is bool) {
		if is && g.at > f.at {
			f, ok = g, true
		}
	}
	later(fromJSON(text))
	later(fromTags(text, n))
	box, boxed := lastBox(text, n)
	later(box, boxed && box.text != "")
	label, labelled := lastLabel(text)
	if parts, is := enumerated(text[label.at:], n); labelled && is {
		label.text = parts
	}
	labelled = labelled && unwrapMath(label.text) != "" // not an empty box
	later(label, labelled && (!ok || label.at > f.at && mathx.HasMath(label.text) && !proseAfterBox(label.text)))
	return f, ok
}

// proseAfterBox says whether a label's text is a sentence rather than an answer.
func proseAfterBox(s string) bool { return len(strings.Fields(s)) > 6 && !strings.ContainsAny(s, `\$`) }

// fromJSON reads {"answer": …} where the whole text, or its last fence, is such
// an object.
func fromJSON(text string) (found, bool) {
	body, at := strings.TrimSpace(text), 0
	if strings.HasSuffix(body, "}") && !strings.HasPrefix(body, "{") { // prose before the object
		if i := strings.Index(body, `{"`); i >= 0 {
			body, at = body[i:], i
		}
	}
	if i := strings.LastIndex(body, "```json"); i >= 0 {
		rest := body[i+len("```json"):]
		if j := strings.Index(rest, "```"); j >= 0 {
			body, at = strings.TrimSpace(rest[:j]), i
		}
	}
	if !strings.HasPrefix(body, "{") {
		return found{}, false
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(body), &fields) != nil {
		return found{}, false
	}
	for _, name := range []string{"answer", "final_answer", "Answer"} {
		raw, ok := fields[name]
		if !ok || string(raw) == "null" {
			continue
		}
		var s string
		if json.Unmarshal(raw, &s) != nil {
			s = string(raw)
		}
		if s = strings.TrimSpace(s); s != "" {
			return found{text: unwrapMath(s), rule: "json", at: at + len(body), explicit: true}, true
		}
	}
	return found{}, false
}

// fromTags reads the last <answer>…</answer>; a box inside it wins by position.
func fromTags(text string, n int) (found, bool) {
	low := lower(text)
	end := strings.LastIndex(low, "</answer>")
	if end < 0 {
		end = len(text)
	}
	start := strings.LastIndex(low[:end], "<answer>")
	if start < 0 || end == len(text) && strings.TrimSpace(text[start+len("<answer>"):]) == "" {
		return found{}, false
	}
	inner := strings.TrimSpace(text[start+len("<answer>") : end])
	if box, ok := lastBox(inner, n); ok && box.text != "" {
		box.at, box.rule = start, "answer tag, boxed"
		return box, true
	}
	if inner == "" {
		return found{}, false
	}
	if label, ok := lastLabel(inner); ok {
		label.at, label.rule = start, "answer tag, "+label.rule
		return label, true
	}
	return found{text: payload(inner), rule: "answer tag", at: start, explicit: true}, true
}

// stripMarkup takes Markdown's emphasis off.
func stripMarkup(s string) string {
	s = strings.ReplaceAll(s, "**", "")
	return strings.Trim(s, " \t\n*`_>")
}

// lastSentence is the last sentence of a text, roughly.
func lastSentence(text string) string {
	text = strings.TrimRight(text, " \n.!")
	if i := strings.LastIndexAny(text, "\n.!?"); i >= 0 {
		return text[i+1:]
	}
	return text
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
