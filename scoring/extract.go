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

// LastBoxed gives the content of the last \boxed{…} or \fbox{…} that is
// balanced and not empty, nested boxes unwrapped.
func LastBoxed(text string) (string, bool) {
	box, ok := lastBox(text, 1)
	return box.text, ok && box.text != ""
}

// lastBox finds the last balanced box that is not empty. n > 1 joins the boxes
// of its line if there are just n. ok with an empty text says that all boxes
// are empty.
func lastBox(text string, n int) (f found, ok bool) {
	boxes := allBoxes(text)
	last := -1
	for i, b := range boxes {
		if strings.TrimSpace(b.text) != "" {
			last = i
		}
	}
	if last < 0 {
		return found{}, len(boxes) > 0
	}
	if n > 1 {
		var line []string
		for _, b := range boxes {
			if sameLine(text, b.at, boxes[last].at) && b.text != "" {
				line = append(line, b.text)
			}
		}
		if len(line) == n {
			return found{text: strings.Join(line, ", "), rule: "boxes joined", at: boxes[last].at, explicit: true}, true
		}
	}
	b := boxes[last]
	if last > 0 && approximates(text, boxes[last-1], b) {
		b = boxes[last-1]
	}
	return found{text: b.text, rule: "boxed", at: b.at, explicit: true}, true
}

// approximates says whether a box holds but the decimals of the box before it on
// the same line: \boxed{π/6} ≈ \boxed{0.5236}.
func approximates(text string, exact, b found) bool {
	if !sameLine(text, exact.at, b.at) || strings.TrimSpace(exact.text) == "" || !strings.Contains(b.text, ".") || strings.Trim(strings.TrimSpace(b.text), "-0123456789.") != "" {
		return false
	}
	between := text[exact.at:b.at]
	return strings.Contains(between, `\approx`) || strings.Contains(between, "≈") || strings.Contains(between, "approximately") || strings.Contains(between, " about ")
}

func sameLine(text string, a, b int) bool {
	return !strings.Contains(text[min(a, b):max(a, b)], "\n")
}

// allBoxes lists the outermost boxes; one that is not closed is left out.
func allBoxes(text string) []found {
	var out []found
	for i := 0; i < len(text); {
		j := indexBox(text, i)
		if j < 0 {
			break
		}
		start := j
		j += len("boxed")
		if text[start] == 'f' {
			j = start + len("fbox")
		}
		content, end, ok := boxContent(text, j)
		if !ok {
			i = j
			continue
		}
		out = append(out, found{text: unwrapBox(content), at: start})
		i = end
	}
	return out
}

// openBox finds the content of a box that is not closed: up to the end of its
// mathematics. It is no explicit answer, because more may have been meant.
func openBox(text string) (found, bool) {
	i := strings.LastIndex(text, `\boxed{`)
	if i < 0 {
		return found{}, false
	}
	inner := text[i+len(`\boxed{`):]
	if end := strings.IndexAny(inner, "$\n"); end >= 0 {
		inner = inner[:end]
	}
	for _, shut := range [...]string{`\]`, `\)`} {
		inner, _, _ = strings.Cut(inner, shut)
	}
	inner = strings.TrimRight(inner, " .")
	return found{text: inner, rule: "a box that is not closed", at: i}, inner != ""
}

// indexBox finds the next "boxed" or "\fbox" at or after i that a brace, a
// parenthesis or a lone token can follow.
func indexBox(text string, i int) int {
	for ; i < len(text); i++ {
		k := strings.IndexByte(text[i:], 'b')
		if k < 0 {
			return -1
		}
		i += k
		switch {
		case strings.HasPrefix(text[i:], "boxed"):
			command := i > 0 && text[i-1] == '\\'
			next := i + len("boxed")
			if command && (next == len(text) || !isLetter(text[next])) || next < len(text) && (text[next] == '{' || text[next] == '(') {
				return i
			}
		case i > 1 && text[i-1] == 'f' && text[i-2] == '\\' && strings.HasPrefix(text[i:], "box"):
			return i - 1
		}
	}
	return -1
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// boxContent reads what follows a box command at i: a balanced group, or a lone
// token. end is behind it.
func boxContent(text string, i int) (content string, end int, ok bool) {
	for i < len(text) && (text[i] == ' ' || text[i] == '\n') {
		i++
	}
	if i == len(text) {
		return "", i, false
	}
	switch text[i] {
	case '{':
		return balanced(text, i, '{', '}')
	case '(':
		return balanced(text, i, '(', ')')
	}
	for end = i; end < len(text) && !strings.ContainsRune(" \n$.,;", rune(text[end])); end++ {
	}
	return text[i:end], end, end > i
}

// balanced reads the group that opens at i; escaped brackets do not count.
func balanced(text string, i int, open, shut byte) (content string, end int, ok bool) {
	depth := 0
	for j := i; j < len(text); j++ {
		switch text[j] {
		case '\\':
			j++
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				return text[i+1 : j], j + 1, true
			}
		}
	}
	return "", len(text), false
}

// unwrapBox takes off boxes within a box and the space around.
func unwrapBox(s string) string {
	for range 8 {
		s = strings.TrimSpace(s)
		inner, rest, ok := wrapped(s)
		if !ok || strings.TrimSpace(rest) != "" {
			break
		}
		s = inner
	}
	return s
}

func wrapped(s string) (inner, rest string, ok bool) {
	for _, command := range []string{`\boxed`, `\fbox`} {
		if after, is := strings.CutPrefix(s, command); is {
			content, end, ok := boxContent(after, 0)
			return content, after[min(end, len(after)):], ok
		}
	}
	return "", "", false
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
