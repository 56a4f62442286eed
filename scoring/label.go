package scoring

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/evalr/evalr/scoring/mathx"
)

// labels say "the answer is" in several languages; what follows is the answer.
// Those that end in a word need no colon.
var labels = []string{
	"答案是", "答案为", "答案：", "答案:", "故选", "所以选", "答えは", "答え：", "答え:", "解答：", "정답은", "정답:", "답은", "답:",
	"réponse est", "réponse finale est", "réponse correcte est", "réponse :", "réponse:", "réponse finale :", "antwort ist", "antwort lautet", "antwort:", "lösung ist", "lösung lautet", "lösung:",
	"respuesta es", "respuesta final es", "respuesta correcta es", "respuesta:", "respuesta final:", "solución es", "risposta è", "risposta finale è", "risposta:", "resposta é", "resposta final é", "resposta:", "resposta final:",
	"ответ:", "ответ —", "ответ –", "ответ равен", "الإجابة هي", "الجواب هو", "الإجابة النهائية هي", "الجواب:", "उत्तर:", "उत्तर है", "đáp án là", "đáp số:", "cevap:", "odpowiedź:", "odpowiedź to",
}

// lastLabel finds the last answer that a label announces: "final answer is",
// "Answer:", "#### x", "A: x", 答案 and the like.
func lastLabel(text string) (f found, ok bool) {
	low := lower(text)
	later := func(at int, rule string) {
		if at <= f.at && ok || at >= len(text)+1 {
			return
		}
		if s := payload(text[at:]); s != "" {
			f, ok = found{text: s, rule: rule, at: at, explicit: true}, true
		}
	}
	for tries, end := 0, len(low); end > 0 && !ok && tries < 32; tries++ { // from the last "answer" backwards, until one announces
		i := strings.LastIndex(low[:end], "answer")
		if i < 0 {
			break
		}
		if n, announces := afterAnswer(low[i+len("answer"):]); announces && !disowned(low[:i]) {
			rule := "answer label"
			if strings.HasSuffix(strings.TrimRight(low[:i], " *_"), "final") {
				rule = "final answer"
			}
			later(i+len("answer")+n, rule)
		}
		end = i
	}
	for _, l := range labels {
		if !strings.Contains(low, l) { // much faster than to look from the end
			continue
		}
		if i := strings.LastIndex(low, l); i >= 0 {
			later(i+len(l), "answer label")
		}
	}
	if at, found := hashes(text); found {
		later(at, "####")
	}
	for _, l := range [...]string{"A:", "ANS:", "Ans:"} {
		if at, found := lineLabel(text, l); found {
			later(at, "A:")
		}
	}
	return f, ok
}

// disowned says whether the words before "answer" are of one that is not given:
// "a common wrong answer is 5".
func disowned(before string) bool {
	before = strings.TrimRight(before, " *_")
	for _, word := range [...]string{"wrong", "incorrect", "not the", "not an", "naive"} {
		if strings.HasSuffix(before, word) {
			return true
		}
	}
	return false
}

// denied says whether a sentence says what the answer is not.
func denied(sentence string) bool {
	before, after, ok := strings.Cut(lower(sentence), "answer ")
	if strings.Contains(after, " but ") {
		return false
	}
	if disowned(before) && strings.HasPrefix(after, "is ") {
		return true
	}
	for _, denial := range [...]string{"isn't", "isn’t", "is not ", "cannot be", "can't be", "can’t be", "is unlikely", "is wrong"} {
		if ok && strings.HasPrefix(after, denial) {
			return true
		}
	}
	return false
}

// afterAnswer says whether what follows the word "answer" announces one, and
// how long the announcement is: ":", "is", "=", or the end of a heading.
func afterAnswer(s string) (n int, ok bool) {
	rest := strings.TrimLeft(s, " *_`")
	switch {
	case strings.HasPrefix(rest, ":"):
		return len(s) - len(rest) + 1, true
	case strings.HasPrefix(rest, "："):
		return len(s) - len(rest) + len("："), true
	case strings.HasPrefix(rest, "="):
		return len(s) - len(rest) + 1, true
	case strings.HasPrefix(rest, "\n"):
		return len(s) - len(rest), true
	case strings.HasPrefix(rest, "."): // **Answer.** $x$
		after := strings.TrimLeft(rest[1:], " *_")
		if strings.HasPrefix(after, "$") || strings.HasPrefix(after, `\(`) {
			return len(s) - len(after), true
		}
	}
	for _, word := range []string{"is", "would be", "must be", "will be", "becomes", "equals"} {
		after, is := strings.CutPrefix(rest, word)
		if !is || after != "" && isLetter(after[0]) {
			continue
		}
		after = strings.TrimLeft(after, " *_:")
		for _, filler := range []string{"therefore ", "thus ", "then ", "simply ", "just ", "indeed ", "given by ", "equal to "} {
			after = strings.TrimPrefix(after, filler)
		}
		if strings.HasPrefix(after, "not ") || strings.HasPrefix(after, "unlikely ") {
			return 0, false
		}
		return len(s) - len(after), true
	}
	return 0, false
}

// hashes finds GSM8K's mark at the beginning of a line; a heading of level four
// is not one.
func hashes(text string) (int, bool) {
	for end := len(text); ; {
		i := strings.LastIndex(text[:end], "####")
		if i < 0 {
			return 0, false
		}
		rest := strings.TrimLeft(text[i+4:], " $\\([-−.")
		if (i == 0 || text[i-1] == '\n' || text[i-1] == ' ') && rest != "" && isDigit(rest[0]) {
			return i + 4, true
		}
		end = i
	}
}

// lineLabel finds the last line that begins with a label; the offset is behind it.
func lineLabel(text, label string) (int, bool) {
	for end := len(text); ; {
		i := strings.LastIndex(text[:end], label)
		if i < 0 {
			return 0, false
		}
		start := strings.LastIndexByte(text[:i], '\n') + 1
		line := strings.TrimLeft(text[start:], " *")
		if strings.HasPrefix(line, label) {
			return len(text) - len(line) + len(label), true
		}
		end = start
	}
}

// mostPayload is how far behind a label its answer may go: no answer is longer.
const mostPayload = 16 << 10

// payload takes the answer out of what follows a label: the rest of the line,
// or the next one, without markup and trailing prose.
func payload(s string) string {
	if len(s) > mostPayload {
		s = strings.ToValidUTF8(s[:mostPayload], "")
	}
	s = strings.TrimLeft(s, " \t*_:：>")
	for strings.HasPrefix(s, "\n") || strings.HasPrefix(s, "```") {
		if fence, ok := strings.CutPrefix(s, "```"); ok {
			_, rest, ok := strings.Cut(fence, "\n") // the language of a fence
			if !ok {
				break
			}
			s = rest
		}
		s = strings.TrimLeft(s, " \t\n*_>")
	}
	if display, ok := displayed(s); ok {
		return display
	}
	line, _, _ := strings.Cut(s, "\n")
	line = strings.TrimSpace(line)
	for _, ie := range [...]string{", i.e. ", ", i.e., ", ", that is, ", " i.e. "} { // log₂ x = 4, i.e. x = 16
		if before, after, ok := strings.Cut(line, ie); ok && (strings.HasPrefix(before, "$") || !strings.ContainsAny(before, "$0123456789")) && strings.HasPrefix(after, "$") {
			line = after
		}
	}
	if inner, ok := leadingMath(line); ok {
		return inner
	}
	return strings.TrimSpace(cutProse(line))
}

// displayed gives display mathematics that s begins with, which may span lines.
func displayed(s string) (string, bool) {
	for _, d := range [][2]string{{"$$", "$$"}, {`\[`, `\]`}} {
		if rest, ok := strings.CutPrefix(s, d[0]); ok {
			if inner, _, ok := strings.Cut(rest, d[1]); ok {
				return strings.TrimRight(strings.TrimSpace(inner), ".,"), true
			}
		}
	}
	return "", false
}

// leadingMath gives the inline mathematics that a line begins with; several
// parts joined by commas, "and" or "or" are a list. Units behind it are left.
func leadingMath(line string) (string, bool) {
	var parts []string
	rest := line
	for {
		inner, after, ok := inlineMath(rest)
		if !ok {
			break
		}
		parts = append(parts, inner)
		rest = after
		joined := strings.TrimLeft(rest, " ")
		for _, joint := range []string{", and ", ", or ", "and ", "or ", ", ", ","} {
			if next, ok := strings.CutPrefix(joined, joint); ok {
				if _, _, ok := inlineMath(strings.TrimLeft(next, " ")); ok {
					joined = strings.TrimLeft(next, " ")
				}
				break
			}
		}
		if joined == strings.TrimLeft(rest, " ") {
			break
		}
		rest = joined
	}
	if len(parts) == 0 {
		return "", false
	}
	return strings.Join(parts, ", "), true
}

func inlineMath(s string) (inner, rest string, ok bool) {
	for _, d := range [][2]string{{"$", "$"}, {`\(`, `\)`}} {
		after, is := strings.CutPrefix(s, d[0])
		if !is {
			continue
		}
		if inner, rest, ok := strings.Cut(after, d[1]); ok && strings.TrimSpace(inner) != "" {
			return strings.TrimSpace(inner), rest, true
		}
	}
	return "", "", false
}

// cutProse takes an explanation off the end of an answer: "17, found after 3
// steps." is 17.
func cutProse(s string) string {
	s = stripMarkup(s)
	for i := 0; i < len(s); i++ {
		if ends(s, i) {
			s = s[:i]
			break
		}
	}
	for _, word := range []string{" because ", " since ", " as desired", " which ", " where ", " so ", " for a total "} {
		if i := strings.Index(s, word); i > 0 {
			s = s[:i]
		}
	}
	return stripMarkup(strings.TrimRight(strings.TrimSuffix(strings.TrimRight(s, " "), ":)"), " .。;,!"))
}

// ends says whether an answer ends at s[i]: a full stop that is no decimal
// point, or a comma or parenthesis before a word.
func ends(s string, i int) bool {
	rest := s[i+1:]
	switch {
	case s[i] == '.':
		return rest == "" || rest[0] == ' ' && (i == 0 || s[i-1] != '.')
	case strings.HasPrefix(s[i:], "。"), strings.HasPrefix(s[i:], "，"):
		return true
	case s[i] == ',':
		return word(rest)
	case s[i] == '(':
		aside := word(rest) || strings.HasPrefix(rest, "or ") || strings.HasPrefix(rest, "i.e.") || strings.HasPrefix(rest, "ou ") || strings.HasPrefix(rest, "d.h.") || strings.HasPrefix(rest, "es ") || strings.HasPrefix(rest, "o sea") || strings.HasPrefix(rest, "≈")
		return i > 0 && s[i-1] == ' ' && aside && mathx.HasMath(s[:i])
	case strings.HasPrefix(s[i:], "—"), strings.HasPrefix(s[i:], " – "):
		return i > 0
	}
	return false
}

// word says whether s begins with a word of three letters or more that is not
// mathematics.
func word(s string) bool {
	s = strings.TrimLeft(s, " ")
	n := 0
	for _, r := range s {
		if !unicode.IsLetter(r) {
			break
		}
		n++
	}
	first, _ := utf8.DecodeRuneInString(s)
	return n >= 3 && unicode.IsLower(first)
}
