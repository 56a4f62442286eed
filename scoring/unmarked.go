package scoring

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/evalr/evalr/scoring/mathx"
)

// unmarked finds what is likely to be the answer where nothing says so: the last
// mathematics, what the last sentence states, the last number, a text of few
// words.
func unmarked(text string) (f found, ok bool) {
	if denied(lastSentence(text)) {
		return found{}, false
	}
	if f, ok = lastMath(text); ok {
		return f, true
	}
	if f, ok = bareMath(text); ok {
		return f, true
	}
	if f, ok = lastBold(text); ok {
		return f, true
	}
	if f, ok = lastStatement(text); ok {
		return f, true
	}
	if f, ok = lastNumber(text); ok {
		return f, true
	}
	if short := strings.TrimSpace(stripMarkup(text)); short != "" && !strings.HasSuffix(short, ":") && len(short) <= 40 && !strings.ContainsAny(short, "\n") && len(strings.Fields(short)) <= 3 {
		return found{text: strings.TrimSuffix(short, "."), rule: "whole text"}, true
	}
	return found{}, false
}

// lastMath finds the last mathematics between delimiters. Of a chain of
// equations the last member counts, of an approximation what is approximated;
// pieces that "or" and "and" join are a list. A condition ("for every n ≥ 1") is
// no answer.
func lastMath(text string) (found, bool) {
	all := mathSegments(text)
	for len(all) > 1 && qualifies(text[all[len(all)-2].end:all[len(all)-1].at]) {
		all = all[:len(all)-1]
	}
	if len(all) == 0 {
		return found{}, false
	}
	last := all[len(all)-1]
	if !mathx.HasMath(last.inner) && len(last.inner) > 20 {
		return found{}, false
	}
	// A number after it is the later answer ("… $x$, so 12 of them").
	if n, ok := lastNumber(text[last.end:]); ok && goesOn(text[last.end:last.end+n.at]) && !inParentheses(text[last.end:], n.at) {
		return found{}, false
	}
	f := found{text: lastMember(last.inner), whole: last.inner, rule: "last mathematics", at: last.at}
	if v, err := mathx.Parse(last.inner); err == nil && v.IsEquation() && strings.Count(last.inner, "=") == 1 && strings.ContainsAny(last.inner[1:strings.IndexByte(last.inner, '=')+1], "+-") {
		f.text = f.whole // x²/9 + y²/4 = 1 is not 1
	}
	if f.text == f.whole {
		f.whole = ""
	}
	first := len(all) - 1
	for first > 0 && joinsPieces(text[all[first-1].end:all[first].at]) {
		first--
	}
	if first < len(all)-1 {
		var parts []string
		for _, s := range all[first:] {
			parts = append(parts, s.inner)
		}
		f.text, f.whole, f.at = strings.Join(parts, ", "), "", all[first].at
	}
	return f, true
}

// bareMath finds a response that is LaTeX and nothing else, without delimiters.
func bareMath(text string) (found, bool) {
	text = strings.TrimSpace(text)
	if len(text) > 200 || !strings.Contains(text, `\`) || strings.Contains(text, "\n") {
		return found{}, false
	}
	v, err := mathx.Parse(strings.TrimSuffix(text, "."))
	if err != nil || v.Kind() == "text" {
		return found{}, false
	}
	return found{text: strings.TrimSuffix(text, "."), rule: "whole text"}, true
}

// qualifies says whether words before a piece of mathematics make it a condition
// or a remark: "for every", "where", "in base".
func qualifies(words string) bool {
	fields := strings.Fields(strings.ToLower(strings.Trim(words, " ,.;:()")))
	if len(fields) == 0 || len(fields) > 4 {
		return false
	}
	switch fields[len(fields)-1] {
	case "base", "in", "step", "case", "equation", "part", "problem", "question", "year":
		return true
	}
	switch fields[0] {
	case "for", "where", "when", "with", "if", "since", "because", "whenever", "provided", "as":
		return true
	}
	return false
}

// goesOn says whether the words between the last mathematics and a number make
// the number the later answer: a new sentence, or "so".
func goesOn(words string) bool {
	if qualifies(words) {
		return false
	}
	if strings.Contains(words, ". ") || strings.Contains(words, "\n") || strings.Contains(words, "=") {
		return true
	}
	for w := range strings.FieldsSeq(strings.ToLower(words)) {
		switch strings.Trim(w, ",.;:") {
		case "so", "thus", "hence", "therefore", "is", "are", "gives", "which":
			return true
		}
	}
	return false
}

// joinsPieces says whether words between two pieces of mathematics make them one list.
func joinsPieces(words string) bool {
	switch strings.Trim(strings.ToLower(words), " ,") {
	case "or", "and", "oder", "und", "ou", "et", "或", "和", "y", "o":
		return true
	}
	return false
}

// inParentheses says whether s[at] stands within parentheses that were opened
// before it.
func inParentheses(s string, at int) bool {
	return strings.Count(s[:at], "(") > strings.Count(s[:at], ")")
}

// mostBold is how many pieces in bold are tried, from the last on.
const mostBold = 8

// lastBold finds the value that the last paragraph shows in bold, or that a
// sentence in bold states.
func lastBold(text string) (found, bool) {
	text = strings.TrimRight(text, " \n")
	start := strings.LastIndex(text, "\n\n") + 1
	parts := strings.Split(text[start:], "**")
	if len(parts)%2 == 0 { // a bold that is not closed
		return found{}, false
	}
	at := len(text)
	for i := len(parts) - 2; i > 0 && i > len(parts)-2-2*mostBold; i -= 2 {
		at -= len(parts[i+1]) + len(parts[i]) + 2*len("**")
		s := strings.TrimRight(strings.TrimSpace(parts[i]), ".")
		if !strings.ContainsAny(s, "0123456789") || strings.HasSuffix(s, ":") || strings.Contains(s, "$") && strings.Contains(s, `\`) {
			continue
		}
		if value, ok := mathx.Statement(s); ok {
			return found{text: value, rule: "last bold", at: at + len("**")}, true
		}
		if v, err := mathx.Parse(s); err == nil && v.Kind() != "text" && (len(strings.Fields(s)) <= 4 || !strings.ContainsFunc(s, unicode.IsLower) || len(s) < 24) {
			return found{text: s, rule: "last bold", at: at + len("**")}, true
		}
	}
	return found{}, false
}

// lastStatement finds what the last sentence with digits or signs states in plain
// words.
func lastStatement(text string) (found, bool) {
	text = strings.TrimRight(stripMarkup(text), " \n")
	for end := len(text); end > 0; {
		start := sentenceStart(text, end)
		s := text[start:end]
		if strings.ContainsAny(s, "0123456789√π=") {
			value, ok := mathx.Statement(s)
			if !ok || !strings.ContainsAny(value, "0123456789√π") {
				return found{}, false
			}
			return found{text: value, rule: "last statement", at: start}, true
		}
		end = start
		for end > 0 && (text[end-1] == ' ' || text[end-1] == '\n' || text[end-1] == '.') {
			end--
		}
	}
	return found{}, false
}

// sentenceStart is where the sentence that ends at end begins.
func sentenceStart(text string, end int) int {
	for i := end - 2; i > 0; i-- {
		if text[i] == '\n' || (text[i] == '.' || text[i] == '!' || text[i] == '?') && i+1 < end && text[i+1] == ' ' {
			return i + 1
		}
	}
	return 0
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
	if before, ok := beforeYear(text[:end+1]); ok {
		end = before
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
	if start > 0 && text[start-1] == '{' && end < len(text) && text[end] == '}' { // a part of \frac{9}{4}
		return found{}, false
	}
	if end < len(text) && text[end] == '%' {
		end++
	}
	return found{text: strings.ReplaceAll(text[start:end], "−", "-"), rule: "last number", at: start}, true
}

// beforeYear gives the end of the last number before "in 2021", where there is
// one in the same sentence.
func beforeYear(s string) (int, bool) {
	n := len(s)
	if n < 9 || s[n-4] != '1' && s[n-4] != '2' || strings.IndexFunc(s[n-4:], func(r rune) bool { return !unicode.IsDigit(r) }) >= 0 || !strings.HasSuffix(s[:n-4], " in ") {
		return 0, false
	}
	before := s[sentenceStart(s, n) : n-4]
	i := strings.LastIndexAny(before, "0123456789")
	return n - 4 - len(before) + i, i >= 0
}
