package scoring

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/evalr/evalr/scoring/mathx"
)

// A found answer: its text, the rule that found it, where it stands, and
// whether the response says that this is the answer.
type found struct {
	text     string
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
	if len(allBoxes(text)) > 0 || unable(lastSentence(text)) {
		return found{}, false
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
	labelled = labelled && unwrapMath(label.text) != "" // not an empty box
	later(label, labelled && (!ok || label.at > f.at && mathx.HasMath(label.text) && !proseAfterBox(label.text)))
	return f, ok
}

// unmarked finds what is likely to be the answer where nothing says so: the last
// mathematics, the last number, a text of few words.
func unmarked(text string) (f found, ok bool) {
	if f, ok = lastMath(text); ok {
		return f, true
	}
	if f, ok = lastNumber(text); ok {
		return f, true
	}
	if short := strings.TrimSpace(stripMarkup(text)); short != "" && len(short) <= 40 && !strings.ContainsAny(short, "\n") && len(strings.Fields(short)) <= 3 {
		return found{text: strings.TrimSuffix(short, "."), rule: "whole text"}, true
	}
	return found{}, false
}

// proseAfterBox says whether a label's text is a sentence rather than an answer.
func proseAfterBox(s string) bool { return len(strings.Fields(s)) > 6 && !strings.ContainsAny(s, `\$`) }

// fromJSON reads {"answer": …} where the whole text, or its last fence, is such
// an object.
func fromJSON(text string) (found, bool) {
	body, at := strings.TrimSpace(text), 0
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
			return found{text: unwrapMath(s), rule: "json", at: at, explicit: true}, true
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
	return found{text: b.text, rule: "boxed", at: b.at, explicit: true}, true
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

// lastMath finds the last mathematics between delimiters; of a chain of
// equations the last member counts, of an approximation what is approximated.
func lastMath(text string) (found, bool) {
	inner, at := "", -1
	for _, d := range [][2]string{{"$$", "$$"}, {`\[`, `\]`}, {`\(`, `\)`}, {"$", "$"}} {
		if s, i, ok := lastBetween(text, d[0], d[1]); ok && i > at {
			inner, at = s, i
		}
	}
	if at < 0 || !mathx.HasMath(inner) && len(inner) > 20 {
		return found{}, false
	}
	// A number after it is the later answer ("… $x$, so 12 of them").
	if n, ok := lastNumber(text[at:]); ok && n.at > len(inner)+4 {
		return found{}, false
	}
	return found{text: lastMember(strings.TrimRight(strings.TrimSpace(inner), ".,;")), rule: "last mathematics", at: at}, true
}

func lastBetween(text, open, shut string) (string, int, bool) {
	end := strings.LastIndex(text, shut)
	if end <= 0 {
		return "", 0, false
	}
	start := strings.LastIndex(text[:end], open)
	if start < 0 {
		return "", 0, false
	}
	inner := text[start+len(open) : end]
	if strings.TrimSpace(inner) == "" || open == "$" && (strings.Contains(inner, "\n") || money(text, start, inner)) {
		return "", 0, false
	}
	return inner, start, true
}

// money says whether a dollar sign is a currency, not a delimiter: "$5 and $6".
func money(text string, start int, inner string) bool {
	if inner == "" || inner[0] < '0' || inner[0] > '9' {
		return false
	}
	return strings.Count(text, "$")%2 == 1 || strings.Contains(inner, " and ") || strings.HasSuffix(inner, " ")
}

// lastMember gives what stands behind the last equals sign of a chain, without
// an approximation behind it.
func lastMember(s string) string {
	for _, approx := range []string{`\approx`, "≈"} {
		if i := strings.Index(s, approx); i > 0 {
			s = s[:i]
		}
	}
	depth := 0
	for i := len(s) - 1; i > 0; i-- {
		switch s[i] {
		case '}', ')', ']':
			depth++
		case '{', '(', '[':
			depth--
		case '=':
			if depth == 0 && !strings.ContainsRune(`<>!\`, rune(s[i-1])) {
				return strings.TrimSpace(s[i+1:])
			}
		}
	}
	return strings.TrimSpace(s)
}

// lastNumber finds the last plain number: sign, digits with separators,
// fraction or decimals, exponent, percent.
func lastNumber(text string) (found, bool) {
	end := strings.LastIndexAny(text, "0123456789")
	if end < 0 {
		return found{}, false
	}
	start := end
	for start > 0 && (isDigit(text[start-1]) || strings.IndexByte(".,/", text[start-1]) >= 0 && start > 1 && isDigit(text[start-2])) {
		start--
	}
	if start > 0 && text[start-1] == '.' { // .5
		start--
	}
	if sign, size := utf8.DecodeLastRuneInString(text[:start]); sign == '-' || sign == '−' {
		before, _ := utf8.DecodeLastRuneInString(text[:start-size])
		if !unicode.IsLetter(before) && !unicode.IsDigit(before) && before != ')' {
			start -= size
		}
	}
	end++
	if end < len(text) && text[end] == '%' {
		end++
	}
	return found{text: strings.ReplaceAll(text[start:end], "−", "-"), rule: "last number", at: start}, true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
