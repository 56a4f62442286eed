package scoring

import (
	"strings"

	"github.com/evalr/evalr/scoring/mathx"
)

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
		start := strings.LastIndexByte(text[:boxes[last].at], '\n')
		for _, b := range boxes[:last+1] {
			if b.at > start && b.text != "" {
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
	groups := mathx.Groups{Text: text}
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
		content, end, ok := boxContent(&groups, j)
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

// boxContent reads what follows a box command at i: a balanced group, or a lone
// token. end is behind it.
func boxContent(groups *mathx.Groups, i int) (content string, end int, ok bool) {
	text := groups.Text
	for i < len(text) && (text[i] == ' ' || text[i] == '\n') {
		i++
	}
	if i == len(text) {
		return "", i, false
	}
	if text[i] == '{' || text[i] == '(' {
		if end, ok = groups.End(i); !ok {
			return "", len(text), false
		}
		return text[i+1 : end-1], end, true
	}
	for end = i; end < len(text) && !strings.ContainsRune(" \n$.,;", rune(text[end])); end++ {
	}
	return text[i:end], end, end > i
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
			content, end, ok := boxContent(&mathx.Groups{Text: after}, 0)
			return content, after[min(end, len(after)):], ok
		}
	}
	return "", "", false
}
