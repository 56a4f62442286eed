package mathx

import (
	"strings"
	"unicode/utf8"
)

// A lexer turns text into tokens, in one pass.
type lexer struct {
	s      string
	i      int
	space  bool
	depth  int  // of brackets in which a comma parts elements
	braces int  // of groups but those of \boxed
	vec    bool // within < … >
	out    []token
	failed string // why the input is no mathematics, if it is not
	nested int
	roman  bool // within \mathrm or \text

	groups  Groups // of s, once an argument was wanted
	ghost   int    // where a brace closes that was not opened; 0 is none
	dollars int    // in s; 0 is not counted yet, -1 is none
}

// lex reads s; why says what is wrong if it cannot be read at all.
func lex(s string, into []token) (out []token, why string) {
	l := lexer{s: trim(s), out: into[:0]}
	l.run()
	return l.out, l.failed
}

// trim takes off what surrounds an answer: spaces, a full stop, the markup of
// emphasis and code.
func trim(s string) string {
	for {
		before := len(s)
		s = strings.TrimSpace(s)
		s = strings.TrimLeft(s, "#")
		s = strings.TrimSuffix(s, "。")
		if n := len(s); n > 1 && (s[n-1] == '.' || s[n-1] == ';' || s[n-1] == ',') && (n < 3 || s[n-3:] != "...") {
			s = s[:n-1]
		}
		for _, m := range [...]string{"**", "`", "__"} {
			if len(s) > 2*len(m) && strings.HasPrefix(s, m) && strings.HasSuffix(s, m) {
				s = s[len(m) : len(s)-len(m)]
			}
		}
		if s = unwrapped(s); len(s) == before {
			return s
		}
	}
}

// unwrapped takes off delimiters and a box that enclose a whole text.
func unwrapped(s string) string {
	if len(s) < 2 || s[0] != '$' && s[0] != '\\' {
		return s
	}
	if s[0] == '$' {
		inner, ok := strings.CutSuffix(s[1:], "$")
		if ok && (strings.IndexByte(inner, '$') < 0 || len(inner) > 2 && inner[0] == '$' && inner[len(inner)-1] == '$' && strings.Count(inner, "$") == 2) {
			return inner
		}
		return s
	}
	for _, d := range [...][2]string{{`\(`, `\)`}, {`\[`, `\]`}} {
		if rest, ok := strings.CutPrefix(s, d[0]); ok {
			if inner, ok := strings.CutSuffix(rest, d[1]); ok && !strings.Contains(inner, d[1]) {
				return inner
			}
		}
	}
	for _, command := range [...]string{`\boxed`, `\fbox`} {
		if rest, ok := strings.CutPrefix(s, command); ok {
			l := lexer{s: rest}
			if inner, end, ok := l.argument(); ok && end == len(rest) {
				return inner
			}
		}
	}
	return strings.TrimPrefix(s, `\displaystyle `)
}

func (l *lexer) emit(t token) {
	t.space, t.roman = l.space, l.roman
	l.space = false
	l.out = append(l.out, t)
	if len(l.out) > maxTokens {
		l.failed = "too long"
	}
}

// last is the token before, or the end.
func (l *lexer) last() token {
	if len(l.out) == 0 {
		return token{}
	}
	return l.out[len(l.out)-1]
}

func (l *lexer) run() {
	for l.i < len(l.s) && l.failed == "" {
		c := l.s[l.i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '~':
			l.space = true
			l.i++
		case isDigit(c), c == '.' && l.decimals(l.i+1) && (l.i == 0 || l.s[l.i-1] != '.'):
			l.number()
		case c == '\\':
			l.command()
		case isLetter(c):
			l.letters()
		case c >= utf8.RuneSelf:
			l.wide()
		default:
			l.ascii(c)
		}
	}
}

// decimals says whether decimals begin at i, so that a point before them is a
// decimal point.
func (l *lexer) decimals(i int) bool {
	if i >= len(l.s) {
		return false
	}
	rest := l.s[i:]
	return isDigit(rest[0]) || strings.HasPrefix(rest, `\overline{`) || strings.HasPrefix(rest, `\bar{`) || strings.HasPrefix(rest, `\dot{`)
}

func (l *lexer) ascii(c byte) {
	l.i++
	next := byte(0)
	if l.i < len(l.s) {
		next = l.s[l.i]
	}
	rel := func(op string, n int) {
		l.i += n
		l.emit(token{t: tRel, text: op})
	}
	switch c {
	case '$':
		if l.isMoney(next) {
			l.emit(token{t: tMoney, text: "$"})
		} else {
			l.space = true
		}
	case '*':
		if next == '*' {
			l.i++
			l.emit(token{t: '^'})
		} else {
			l.emit(token{t: tTimes})
		}
	case '/':
		l.emit(token{t: tDivide})
	case '<':
		if t := l.last().t; (t == tEnd || t == tRel) && next != '=' && l.angled() { // <1, 2, 3>
			l.depth++
			l.vec = true
			l.emit(token{t: tOpenVec})
			return
		}
		switch next {
		case '=':
			rel("l", 1)
		case '>':
			rel("n", 1)
		default:
			rel("<", 0)
		}
	case '>':
		if l.vec {
			l.depth--
			l.vec = false
			l.emit(token{t: tShutVec})
		} else if next == '=' {
			rel("g", 1)
		} else {
			rel(">", 0)
		}
	case '=':
		switch next {
		case '=':
			rel("=", 1)
		case '<':
			rel("l", 1)
		case '>':
			rel("g", 1)
		default:
			rel("=", 0)
		}
	case '!':
		if next == '=' {
			rel("n", 1)
		} else {
			l.emit(token{t: '!'})
		}
	case ':':
		if next == '=' {
			rel("=", 1)
		} else {
			l.emit(token{t: ':'})
		}
	case '+':
		switch next {
		case '-':
			if !strings.HasPrefix(l.s[l.i:], "-(") && l.i+1 < len(l.s) && l.s[l.i+1] == ' ' || l.i == 1 {
				l.i++
				l.emit(token{t: tPM})
				return
			}
			l.emit(token{t: '+'})
		case '/':
			if strings.HasPrefix(l.s[l.i:], "/-") {
				l.i += 2
				l.emit(token{t: tPM})
				return
			}
			l.emit(token{t: '+'})
		default:
			l.emit(token{t: '+'})
		}
	case '\'':
		l.emit(token{t: tPrime})
	case '"':
		if l.last().t == tNum {
			l.emit(token{t: tPrime, text: "''"})
		} // else a quotation mark
	case '(', '[':
		l.depth++
		l.emit(token{t: tok(c)})
	case ')', ']':
		l.depth--
		l.emit(token{t: tok(c)})
	case '.':
		if strings.HasPrefix(l.s[l.i:], "..") {
			l.i += 2
			l.emit(token{t: tDots})
			return
		}
		l.emit(token{t: '.'})
	case '{':
		if t := l.last().t; next == '}' && l.i+1 < len(l.s) && t != tSqrt && t != tFrac && t != tBinom && t != ']' { // an empty group
			l.i++
			return
		}
		if i := l.i; i+1 < len(l.s) && l.s[i+1] == '}' && l.last().t != '^' && l.last().t != '_' && strings.IndexByte("+-=<>/:*", next) >= 0 { // {-}7
			l.ghost = i + 1
			return
		}
		if l.last().t != tWrap {
			l.braces++
		}
		l.emit(token{t: tok(c)})
	case '}':
		if l.i-1 == l.ghost && l.ghost > 0 {
			l.space = true
			return
		}
		l.braces = max(l.braces-1, 0)
		l.emit(token{t: tok(c)})
	case '-', '^', '_', '|', ',', ';', '&', '%', '?', '#', '@':
		l.emit(token{t: tok(c)})
	case '`':
		l.space = true
	default:
		l.failed = "cannot read the character " + string(rune(c))
	}
}

// angled says whether the < just read opens a vector: a > ends the text, and
// there are commas between, but no other relation.
func (l *lexer) angled() bool {
	inner, ok := strings.CutSuffix(strings.TrimRight(l.s[l.i:], " $"), ">")
	return ok && strings.Contains(inner, ",") && !strings.ContainsAny(inner, "<>=|:")
}

// isMoney says whether a dollar sign is a currency's: one that no other closes,
// before a number.
func (l *lexer) isMoney(next byte) bool {
	if !isDigit(next) && next != '.' && next != '-' && next != ' ' {
		return false
	}
	if l.dollars == 0 {
		for i := range len(l.s) {
			if l.s[i] == '$' && (i == 0 || l.s[i-1] != '\\') {
				l.dollars++
			}
		}
	}
	if l.dollars == 0 {
		l.dollars = -1
	}
	return l.dollars == 1
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
