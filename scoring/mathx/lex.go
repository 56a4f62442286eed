package mathx

import (
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tok is what a token is. Single characters stand for themselves.
type tok uint8

const (
	tEnd      tok = 0
	tNum      tok = 1  // val, text as written
	tSym      tok = 2  // a variable: text
	tFunc     tok = 3  // a known function: text
	tWord     tok = 4  // letters that are no known name
	tText     tok = 5  // the words of \text{…}
	tRel      tok = 6  // text is the operator's byte
	tFrac     tok = 7  // \frac
	tBinom    tok = 8  // \binom
	tSqrt     tok = 9  // \sqrt, text is the index of ∛ and ∜
	tOver     tok = 10 // \over
	tChoose   tok = 11 // \choose
	tPM       tok = 12 // ±, text "-" for ∓
	tTimes    tok = 13 // explicit multiplication
	tDivide   tok = 14 // ÷ and /
	tOpenSet  tok = 15 // \{
	tShutSet  tok = 16 // \}
	tOpenVec  tok = 17 // ⟨
	tShutVec  tok = 18 // ⟩
	tFloor    tok = 19 // ⌊
	tShutFlr  tok = 20 // ⌋
	tCeil     tok = 21 // ⌈
	tShutCeil tok = 22 // ⌉
	tPi       tok = 23
	tE        tok = 24
	tI        tok = 25
	tInf      tok = 26
	tDegree   tok = 27
	tDots     tok = 28
	tUnion    tok = 29
	tMeet     tok = 30
	tSetminus tok = 31
	tMoney    tok = 128 // text is the currency's sign
	tBegin    tok = 129 // \begin{text}
	tFinish   tok = 130 // \end{text}
	tRow      tok = 131 // \\
	tMid      tok = 132 // \mid
	tAnd      tok = 133 // "and"
	tOr       tok = 134 // "or"
	tTo       tok = 135 // "to"
	tEmpty    tok = 136 // ∅
	tAccent   tok = 137 // \hat and the like: text
	tPrime    tok = 138 // ′
	tWrap     tok = 139 // \boxed and the like: nothing but a group follows
	tUnder    tok = 140 // \overline: text
	tAngle    tok = 141 // ∠
	tBig      tok = 142 // \sum and the like: text
	tMod      tok = 143 // \bmod
	tPMod     tok = 144 // \pmod, text "(" for a plain "(mod"
)

// A token of the input; space says that white space stands before it.
type token struct {
	t     tok
	space bool
	text  string
	val   rat
}

// Bounds of an input. Longer answers are no mathematics.
const (
	maxLength = 8 << 10
	maxTokens = 4 << 10
	maxDepth  = 1000 // of calls within the parser: about 200 brackets
)

// commands that are tokens. An empty token is white space.
var commands = map[string]token{
	"frac": {t: tFrac}, "dfrac": {t: tFrac}, "tfrac": {t: tFrac}, "cfrac": {t: tFrac}, "nicefrac": {t: tFrac}, "sfrac": {t: tFrac},
	"binom": {t: tBinom}, "dbinom": {t: tBinom}, "tbinom": {t: tBinom},
	"sqrt": {t: tSqrt}, "over": {t: tOver}, "choose": {t: tChoose},
	"cdot": {t: tTimes}, "times": {t: tTimes}, "ast": {t: tTimes}, "bullet": {t: tTimes}, "div": {t: tDivide},
	"pm": {t: tPM}, "mp": {t: tPM, text: "-"},
	"le": {t: tRel, text: "l"}, "leq": {t: tRel, text: "l"}, "leqslant": {t: tRel, text: "l"}, "leqq": {t: tRel, text: "l"},
	"ge": {t: tRel, text: "g"}, "geq": {t: tRel, text: "g"}, "geqslant": {t: tRel, text: "g"}, "geqq": {t: tRel, text: "g"},
	"lt": {t: tRel, text: "<"}, "gt": {t: tRel, text: ">"}, "ne": {t: tRel, text: "n"}, "neq": {t: tRel, text: "n"},
	"approx": {t: tRel, text: "~"}, "simeq": {t: tRel, text: "~"}, "approxeq": {t: tRel, text: "~"}, "doteq": {t: tRel, text: "~"},
	"equiv": {t: tRel, text: "="}, "in": {t: tRel, text: "i"}, "coloneqq": {t: tRel, text: "="},
	"lbrace": {t: tOpenSet}, "rbrace": {t: tShutSet}, "langle": {t: tOpenVec}, "rangle": {t: tShutVec},
	"lfloor": {t: tFloor}, "rfloor": {t: tShutFlr}, "lceil": {t: tCeil}, "rceil": {t: tShutCeil},
	"lvert": {t: '|'}, "rvert": {t: '|'}, "vert": {t: '|'}, "lVert": {t: '|'}, "rVert": {t: '|'}, "Vert": {t: '|'},
	"lbrack": {t: '['}, "rbrack": {t: ']'}, "lparen": {t: '('}, "rparen": {t: ')'},
	"pi": {t: tPi}, "infty": {t: tInf}, "infin": {t: tInf}, "imath": {t: tI},
	"circ": {t: tDegree}, "degree": {t: tDegree}, "degrees": {t: tDegree},
	"ldots": {t: tDots}, "dots": {t: tDots}, "cdots": {t: tDots}, "dotsc": {t: tDots}, "dotsb": {t: tDots}, "dotso": {t: tDots}, "vdots": {t: tDots}, "ddots": {t: tDots},
	"cup": {t: tUnion}, "bigcup": {t: tUnion}, "cap": {t: tMeet}, "bigcap": {t: tMeet}, "setminus": {t: tSetminus}, "smallsetminus": {t: tSetminus}, "backslash": {t: tSetminus},
	"mid": {t: tMid}, "colon": {t: ':'}, "land": {t: tAnd}, "wedge": {t: tAnd}, "lor": {t: tOr}, "vee": {t: tOr}, "cr": {t: tRow}, "newline": {t: tRow},
	"emptyset": {t: tEmpty}, "varnothing": {t: tEmpty}, "prime": {t: tPrime}, "angle": {t: tAngle}, "measuredangle": {t: tAngle}, "triangle": {t: tAngle, text: "△"},
	"hat": {t: tAccent, text: "hat"}, "widehat": {t: tAccent, text: "hat"}, "vec": {t: tAccent, text: "vec"}, "bar": {t: tUnder, text: "bar"},
	"tilde": {t: tAccent, text: "tilde"}, "dot": {t: tAccent, text: "dot"}, "ddot": {t: tAccent, text: "ddot"}, "overline": {t: tUnder, text: "bar"}, "overrightarrow": {t: tAccent, text: "vec"},
	"underline": {t: tWrap}, "boxed": {t: tWrap}, "fbox": {t: tWrap}, "framebox": {t: tWrap}, "ensuremath": {t: tWrap}, "displaylines": {t: tWrap}, "cancel": {t: tWrap}, "boldsymbol": {t: tWrap}, "bm": {t: tWrap}, "pmb": {t: tWrap},
	"sum": {t: tBig, text: "sum"}, "prod": {t: tBig, text: "prod"}, "int": {t: tBig, text: "int"}, "iint": {t: tBig, text: "iint"}, "iiint": {t: tBig, text: "iiint"}, "oint": {t: tBig, text: "oint"}, "lim": {t: tBig, text: "lim"},
	"bmod": {t: tMod}, "mod": {t: tMod}, "pmod": {t: tPMod}, "to": {t: tRel, text: "t"}, "rightarrow": {t: tRel, text: "t"},
	"lg": {t: tFunc, text: "lg"}, "exp": {t: tFunc, text: "exp"},
	"quad": {}, "qquad": {}, "left": {}, "right": {}, "middle": {}, "displaystyle": {}, "textstyle": {}, "scriptstyle": {}, "limits": {}, "nolimits": {},
	"big": {}, "Big": {}, "bigg": {}, "Bigg": {}, "bigl": {}, "bigr": {}, "Bigl": {}, "Bigr": {}, "biggl": {}, "biggr": {}, "Biggl": {}, "Biggr": {}, "bigm": {},
	"thinspace": {}, "enspace": {}, "medspace": {}, "thickspace": {}, "nobreakspace": {}, "negthinspace": {}, "hfill": {}, "hline": {}, "normalsize": {}, "large": {}, "Large": {}, "huge": {}, "small": {}, "it": {}, "rm": {}, "bf": {}, "sf": {}, "hspace": {}, "phantom": {}, "centerdot": {t: tTimes}, "therefore": {}, "bold": {}, "space": {}, "strut": {}, "notag": {}, "nonumber": {},
}

// otherwiseUnits are names of functions that are units or words where no bracket
// follows: 5 min, 30 deg.
var otherwiseUnits = map[string]bool{"min": true, "deg": true, "dim": true, "sh": true, "ch": true, "Pr": true, "ker": true}

// texts are the commands whose argument is words.
var texts = map[string]bool{"text": true, "textbf": true, "textit": true, "textrm": true, "textsf": true, "texttt": true, "textnormal": true, "mbox": true, "hbox": true, "mathrm": true, "mathbf": true, "mathit": true, "mathsf": true, "mathtt": true, "mathbb": true, "mathcal": true, "mathfrak": true, "mathscr": true, "operatorname": true, "emph": true, "rm": true, "unit": true, "units": true, "mathop": true}

// functions are the names that are known, and what they are called here.
var functions = map[string]string{
	"sin": "sin", "cos": "cos", "tan": "tan", "tg": "tan", "cot": "cot", "ctg": "cot", "sec": "sec", "csc": "csc", "cosec": "csc",
	"arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctg": "atan", "asin": "asin", "acos": "acos", "atan": "atan",
	"arccot": "acot", "arcsec": "asec", "arccsc": "acsc", "arcctg": "acot",
	"sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "coth": "coth", "sech": "sech", "csch": "csch", "sh": "sinh", "ch": "cosh",
	"arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh", "arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh", "asinh": "asinh", "acosh": "acosh", "atanh": "atanh",
	"ln": "ln", "log": "log", "exp": "exp", "sqrt": "sqrt", "cbrt": "cbrt", "abs": "abs", "floor": "floor", "ceil": "ceil", "ceiling": "ceil",
	"gcd": "gcd", "lcm": "lcm", "max": "max", "min": "min", "det": "det", "binom": "binom", "binomial": "binom", "comb": "binom", "factorial": "factorial", "sgn": "sgn", "sign": "sgn",
	"cis": "cis", "Re": "re", "Im": "im", "arg": "arg", "deg": "deg", "dim": "dim", "ker": "ker", "Pr": "Pr",
}

// greek letters that may be written as words.
var greek = map[string]bool{"alpha": true, "beta": true, "gamma": true, "delta": true, "epsilon": true, "varepsilon": true, "zeta": true, "eta": true, "theta": true, "vartheta": true, "iota": true, "kappa": true, "lambda": true, "mu": true, "nu": true, "xi": true, "rho": true, "varrho": true, "sigma": true, "varsigma": true, "tau": true, "upsilon": true, "phi": true, "varphi": true, "chi": true, "psi": true, "omega": true,
	"Gamma": true, "Delta": true, "Theta": true, "Lambda": true, "Xi": true, "Sigma": true, "Upsilon": true, "Phi": true, "Psi": true, "Omega": true}

var greekRunes = map[rune]string{'α': "alpha", 'β': "beta", 'γ': "gamma", 'δ': "delta", 'ε': "epsilon", 'ϵ': "epsilon", 'ζ': "zeta", 'η': "eta", 'θ': "theta", 'ϑ': "vartheta", 'ι': "iota", 'κ': "kappa", 'λ': "lambda", 'μ': "mu", 'µ': "mu", 'ν': "nu", 'ξ': "xi", 'ρ': "rho", 'σ': "sigma", 'τ': "tau", 'υ': "upsilon", 'φ': "phi", 'ϕ': "phi", 'χ': "chi", 'ψ': "psi", 'ω': "omega",
	'Γ': "Gamma", 'Δ': "Delta", 'Θ': "Theta", 'Λ': "Lambda", 'Ξ': "Xi", 'Σ': "Sigma", 'Φ': "Phi", 'Ψ': "Psi", 'Ω': "Omega"}

// runes are the characters beyond ASCII that are tokens.
var runes = map[rune]token{
	'×': {t: tTimes}, '·': {t: tTimes}, '⋅': {t: tTimes}, '∙': {t: tTimes}, '•': {t: tTimes}, '∗': {t: tTimes}, '÷': {t: tDivide}, '∕': {t: tDivide}, '⁄': {t: tDivide},
	'−': {t: '-'}, '–': {t: '-'}, '—': {t: '-'}, '‐': {t: '-'}, '‑': {t: '-'}, '‒': {t: '-'}, '﹣': {t: '-'}, '±': {t: tPM}, '∓': {t: tPM, text: "-"},
	'≤': {t: tRel, text: "l"}, '⩽': {t: tRel, text: "l"}, '≦': {t: tRel, text: "l"}, '≥': {t: tRel, text: "g"}, '⩾': {t: tRel, text: "g"}, '≧': {t: tRel, text: "g"}, '≠': {t: tRel, text: "n"}, '≈': {t: tRel, text: "~"}, '≃': {t: tRel, text: "~"}, '≡': {t: tRel, text: "="}, '∈': {t: tRel, text: "i"},
	'√': {t: tSqrt}, '∛': {t: tSqrt, text: "3"}, '∜': {t: tSqrt, text: "4"}, 'π': {t: tPi}, '𝜋': {t: tPi}, '∞': {t: tInf}, '°': {t: tDegree}, '˚': {t: tDegree}, 'º': {t: tDegree}, '∘': {t: tDegree}, '…': {t: tDots}, '⋯': {t: tDots},
	'∪': {t: tUnion}, '⋃': {t: tUnion}, '∩': {t: tMeet}, '∖': {t: tSetminus}, '∅': {t: tEmpty}, 'ø': {t: tEmpty}, 'Ø': {t: tEmpty}, '⌀': {t: tEmpty}, '∣': {t: tMid}, '∧': {t: tAnd}, '∨': {t: tOr},
	'⟨': {t: tOpenVec}, '〈': {t: tOpenVec}, '⟩': {t: tShutVec}, '〉': {t: tShutVec}, '⌊': {t: tFloor}, '⌋': {t: tShutFlr}, '⌈': {t: tCeil}, '⌉': {t: tShutCeil},
	'′': {t: tPrime}, '’': {t: tPrime}, '‘': {t: tPrime}, '″': {t: tPrime, text: "''"}, '”': {t: tPrime, text: "''"}, '∠': {t: tAngle}, 'ℝ': {t: tSym, text: "ℝ"}, 'ℤ': {t: tSym, text: "ℤ"}, 'ℕ': {t: tSym, text: "ℕ"}, 'ℚ': {t: tSym, text: "ℚ"}, 'ℂ': {t: tSym, text: "ℂ"}, '∶': {t: ':'}, 'ⅈ': {t: tI}, 'ℯ': {t: tE},
	'€': {t: tMoney, text: "€"}, '£': {t: tMoney, text: "£"}, '¥': {t: tMoney, text: "¥"}, '₹': {t: tMoney, text: "₹"}, '¢': {t: tWord, text: "cents"}, '、': {t: ','}, '。': {t: '.'}, '【': {t: '['}, '】': {t: ']'}, '‖': {t: '|'}, '℃': {t: tText, text: "°C"}, 'Å': {t: tText, text: "angstrom"},
}

var vulgar = map[rune]rat{'½': ratOf(1, 2), '⅓': ratOf(1, 3), '⅔': ratOf(2, 3), '¼': ratOf(1, 4), '¾': ratOf(3, 4), '⅕': ratOf(1, 5), '⅖': ratOf(2, 5), '⅗': ratOf(3, 5), '⅘': ratOf(4, 5), '⅙': ratOf(1, 6), '⅚': ratOf(5, 6), '⅛': ratOf(1, 8), '⅜': ratOf(3, 8), '⅝': ratOf(5, 8), '⅞': ratOf(7, 8), '⅐': ratOf(1, 7), '⅑': ratOf(1, 9), '⅒': ratOf(1, 10)}

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ"
const subscripts = "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙ"
const scripted = "0123456789+-()n"

// unscript gives the plain character of a raised or lowered one.
func unscript(r rune, set string) (byte, bool) {
	i := 0
	for _, x := range set {
		if x == r {
			return scripted[i], true
		}
		i++
	}
	return 0, false
}

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
		if n := len(s); n > 1 && (s[n-1] == '.' || s[n-1] == ';' || s[n-1] == ',') && (n < 3 || s[n-3:] != "...") {
			s = s[:n-1]
		}
		for _, m := range [...]string{"**", "`", "__"} {
			if len(s) > 2*len(m) && strings.HasPrefix(s, m) && strings.HasSuffix(s, m) {
				s = s[len(m) : len(s)-len(m)]
			}
		}
		if len(s) == before {
			return s
		}
	}
}

func (l *lexer) emit(t token) {
	t.space = l.space
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
		case isDigit(c), c == '.' && l.i+1 < len(l.s) && isDigit(l.s[l.i+1]) && (l.i == 0 || l.s[l.i-1] != '.'):
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
		if next == '}' && l.i+1 < len(l.s) { // an empty group
			l.i++
			return
		}
		if l.last().t != tWrap {
			l.braces++
		}
		l.emit(token{t: tok(c)})
	case '}':
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
	count := 0
	for i := range len(l.s) {
		if l.s[i] == '$' && (i == 0 || l.s[i-1] != '\\') {
			count++
		}
	}
	return count == 1
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// number reads digits with separators of thousands, decimals, an exponent and
// recurring decimals.
func (l *lexer) number() {
	s, start := l.s, l.i
	i := l.i
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	digits := s[start:i]
	if n := i - start; n >= 1 && n <= 3 {
		if grouped, end := l.grouped(start, i); end > i {
			digits, i = grouped, end
		}
	}
	whole := true
	if i < len(s) && s[i] == '.' && !strings.HasPrefix(s[i:], "..") {
		j := i + 1
		for j < len(s) && isDigit(s[j]) {
			j++
		}
		// A full stop at the end of a sentence is none of the number.
		if j > i+1 || i+1 < len(s) && s[i+1] != ' ' && s[i+1] != '\n' && s[i+1] != '}' && s[i+1] != '$' && s[i+1] != '\\' || i+1 == len(s) {
			if j > i+1 && strings.HasPrefix(s[j:], ".") && j+1 < len(s) && isDigit(s[j+1]) {
				l.failed = "two decimal points"
				return
			}
			digits += s[i:j]
			i = j
			whole = false
		} else if j == i+1 && i+1 < len(s) && (s[i+1] == '}' || s[i+1] == '$' || s[i+1] == '\\') && !strings.HasPrefix(s[i+1:], `\overline`) && !strings.HasPrefix(s[i+1:], `\dot`) && !strings.HasPrefix(s[i+1:], `\bar`) {
			i++ // "29.}" and "$29.$"
		}
	}
	val, ok := decimalValue(digits)
	if !ok {
		l.failed = "cannot read a number"
		return
	}
	if !whole || i < len(s) && s[i] == '.' {
		if v, end, is := l.recurring(digits, i); is {
			l.i = end
			l.emit(token{t: tNum, text: "", val: v})
			return
		}
	}
	if e, end, is := exponent(s, i); is {
		scale, ok := ratInt(10).pow(e)
		if !ok {
			l.failed = "an exponent that is too large"
			return
		}
		val, i, whole = val.mul(scale), end, false
	}
	l.i = i
	text := digits
	if !whole && !strings.Contains(text, ".") {
		text += "."
	}
	l.emit(token{t: tNum, text: text, val: val})
	// "3.2 x 10^5"
	j := i
	for j < len(s) && s[j] == ' ' {
		j++
	}
	if j+1 < len(s) && (s[j] == 'x' || s[j] == 'X') {
		if rest := strings.TrimLeft(s[j+1:], " "); strings.HasPrefix(rest, "10^") || strings.HasPrefix(rest, "10**") || strings.HasPrefix(rest, "10⁻") {
			l.i = j + 1
			l.emit(token{t: tTimes})
		}
	}
}

// exponent reads "e5", "E+05" at i.
func exponent(s string, i int) (e int64, end int, ok bool) {
	if i+1 >= len(s) || s[i]|0x20 != 'e' {
		return 0, 0, false
	}
	j, negative := i+1, false
	if s[j] == '+' || s[j] == '-' {
		negative = s[j] == '-'
		j++
	} else if strings.HasPrefix(s[j:], "−") {
		negative = true
		j += len("−")
	}
	start := j
	for j < len(s) && isDigit(s[j]) && j < start+7 {
		e = e*10 + int64(s[j]-'0')
		j++
	}
	if j == start || j < len(s) && isLetter(s[j]) {
		return 0, 0, false
	}
	if negative {
		e = -e
	}
	return e, j, true
}

// grouped reads digits in groups of three that begin with s[start:i]: 48,250,
// 48{,}250, 48\,250, 48 250. It gives the digits and the end, which is i if
// there are no such groups.
func (l *lexer) grouped(start, i int) (string, int) {
	s := l.s
	var b strings.Builder
	end, class := i, 0
	for j := i; ; {
		n, c := separator(s[j:])
		if c == commaPlain && start > 0 && s[start-1] == ',' { // 27,54,108 is a list
			return "", i
		}
		if n == 0 || class != 0 && c != class || c == commaPlain && l.depth > 0 {
			if n > 0 && class == commaPlain && end > i && j+n < len(s) && isDigit(s[j+n]) {
				return "", i // 4,110,30 is a list
			}
			break
		}
		k := j + n
		if k+3 > len(s) || !isDigit(s[k]) || !isDigit(s[k+1]) || !isDigit(s[k+2]) || k+3 < len(s) && isDigit(s[k+3]) {
			if end > i && c == commaPlain && k < len(s) && isDigit(s[k]) {
				return "", i // the groups are no thousands
			}
			break
		}
		if b.Len() == 0 {
			if s[start] == '0' {
				return "", i
			}
			b.WriteString(s[start:i])
		}
		b.WriteString(s[k : k+3])
		end, class, j = k+3, c, k+3
	}
	if class == spacePlain && end < len(s) { // 1 234/5 is a mixed number, not thousands
		if rest := strings.TrimLeft(s[end:], " "); strings.HasPrefix(rest, "/") {
			return "", i
		}
	}
	return b.String(), end
}

// classes of separators.
const (
	commaPlain = iota + 1
	commaTight
	spacePlain
	spaceTight
)

// separator reads a separator of thousands at the start of s.
func separator(s string) (n, class int) {
	for _, x := range [...]struct {
		text  string
		class int
	}{{"{,}", commaTight}, {`,\!\,`, commaTight}, {`,\! `, commaTight}, {`,\!`, commaTight}, {`\!,\!`, commaTight}, {`\!,`, commaTight}, {",", commaPlain}, {`\,`, spaceTight}, {`{\,}`, spaceTight}, {`\:`, spaceTight}, {`\ `, spaceTight}, {"~", spaceTight}, {"\u00a0", spaceTight}, {"\u202f", spaceTight}, {"\u2009", spaceTight}, {" ", spacePlain}} {
		if strings.HasPrefix(s, x.text) {
			return len(x.text), x.class
		}
	}
	if strings.HasPrefix(s, "，") {
		return len("，"), commaPlain
	}
	return 0, 0
}

// decimalValue reads digits with at most one point.
func decimalValue(s string) (rat, bool) {
	point := strings.IndexByte(s, '.')
	if point < 0 && len(s) <= 18 {
		n := int64(0)
		for i := range len(s) {
			n = n*10 + int64(s[i]-'0')
		}
		return ratInt(n), true
	}
	if len(s) <= 18 {
		n, d := int64(0), int64(1)
		for i := range len(s) {
			if s[i] == '.' {
				continue
			}
			n = n*10 + int64(s[i]-'0')
			if i > point {
				d *= 10
			}
		}
		return ratOf(n, d), true
	}
	if len(s) > maxLength {
		return rat{}, false
	}
	b, ok := new(big.Rat).SetString(strings.TrimSuffix(s, "."))
	if !ok {
		return rat{}, false
	}
	return ratBig(b), true
}

// recurring reads a recurring part at i behind the digits: \overline{36},
// \dot{4}, \bar 3, (36).
func (l *lexer) recurring(digits string, i int) (rat, int, bool) {
	s := l.s
	if i < len(s) && s[i] == '.' { // "0.\overline{4}": the point was not read
		digits += "."
		i++
	}
	if !strings.Contains(digits, ".") {
		return rat{}, 0, false
	}
	period, dots := "", false
	for i < len(s) {
		rest := s[i:]
		var name string
		switch {
		case strings.HasPrefix(rest, `\overline`):
			name = `\overline`
		case strings.HasPrefix(rest, `\bar`):
			name = `\bar`
		case strings.HasPrefix(rest, `\dot`) && !strings.HasPrefix(rest, `\dots`):
			name, dots = `\dot`, true
		case strings.HasPrefix(rest, "("):
			end := strings.IndexByte(rest, ')')
			if period != "" || end < 2 || !allDigits(rest[1:end]) {
				return rat{}, 0, false
			}
			v, ok := recurringValue(digits, rest[1:end])
			return v, i + end + 1, ok
		case dots && isDigit(rest[0]):
			period += rest[:1]
			i++
			continue
		}
		if name == "" {
			break
		}
		rest = strings.TrimLeft(rest[len(name):], " ")
		group := ""
		if strings.HasPrefix(rest, "{") {
			end := strings.IndexByte(rest, '}')
			if end < 0 {
				return rat{}, 0, false
			}
			group, rest = rest[1:end], rest[end+1:]
		} else if rest != "" {
			group, rest = rest[:1], rest[1:]
		}
		if group = strings.TrimSpace(group); !allDigits(group) {
			return rat{}, 0, false
		}
		period += group
		i = len(s) - len(rest)
		if !dots {
			break
		}
	}
	if period == "" {
		return rat{}, 0, false
	}
	v, ok := recurringValue(digits, period)
	return v, i, ok
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

// recurringValue gives digits.period period period…
func recurringValue(digits, period string) (rat, bool) {
	if len(digits)+len(period) > 400 {
		return rat{}, false
	}
	base, ok := decimalValue(digits)
	if !ok {
		return rat{}, false
	}
	places := int64(len(digits) - 1 - strings.IndexByte(digits, '.'))
	p, _ := decimalValue(period)
	scale, _ := ratInt(10).pow(places)
	nines, _ := ratInt(10).pow(int64(len(period)))
	return base.add(p.mul(scale.mul(nines.sub(ratInt(1))).inv())), true
}

// command reads a backslash and what follows.
func (l *lexer) command() {
	s := l.s
	j := l.i + 1
	for j < len(s) && isLetter(s[j]) {
		j++
	}
	name := s[l.i+1 : j]
	if name == "" {
		l.symbolCommand(j)
		return
	}
	// \cdotx and the like are not commands, but \frac12 and \sqrt2 end at the digit.
	at := l.i
	l.i = j
	if texts[name] {
		if l.i < len(s) && s[l.i] == '*' {
			l.i++
		}
		if inner, end, ok := l.argument(); ok {
			l.i = end
			l.words(name, inner)
			return
		}
		l.space = true
		return
	}
	t, known := commands[name]
	if f, ok := functions[name]; ok && !known {
		l.emit(token{t: tFunc, text: f})
		return
	}
	if known {
		switch t.t {
		case 0:
			if (name == "left" || name == "right") && l.i < len(s) && s[l.i] == '.' {
				l.i++
			}
			if name == "left" && strings.HasPrefix(s[l.i:], "<") {
				l.i++
				l.emit(token{t: tOpenVec})
			} else if name == "right" && strings.HasPrefix(s[l.i:], ">") {
				l.i++
				l.emit(token{t: tShutVec})
			}
			if name != "left" && name != "right" || l.i > j {
				l.space = true
			}
			if name == "hspace" || name == "phantom" {
				if _, end, ok := l.argument(); ok {
					l.i = end
				}
			}
			return
		case tOpenSet, tOpenVec:
			l.depth++
		case tShutSet, tShutVec:
			l.depth--
		}
		l.emit(t)
		return
	}
	switch {
	case name == "begin" || name == "end":
		inner, end, ok := l.argument()
		if !ok {
			l.failed = `\` + name + " without a name"
			return
		}
		l.i = end
		t := token{t: tBegin, text: strings.TrimSuffix(strings.TrimSpace(inner), "*")}
		if name == "end" {
			t.t = tFinish
		} else if t.text == "array" || t.text == "tabular" {
			if _, end, ok := l.argument(); ok { // the columns
				l.i = end
			}
		}
		l.emit(t)
	case greek[name]:
		l.emit(token{t: tSym, text: name})
	case name == "ell" || name == "hbar" || name == "partial" || name == "nabla" || name == "aleph" || name == "odot" || name == "oplus" || name == "perp" || name == "parallel" || name == "star" || name == "dagger" || name == "top" || name == "forall" || name == "exists" || name == "sim" || name == "mho" || name == "Box":
		l.emit(token{t: tSym, text: name})
	case name == "R" || name == "N" || name == "Z" || name == "Q" || name == "C" || name == "reals":
		l.emit(token{t: tSym, text: map[string]string{"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ", "reals": "ℝ"}[name]})
	case name == "textdollar":
		l.emit(token{t: tMoney, text: "$"})
	case name == "euro":
		l.emit(token{t: tMoney, text: "€"})
	case name == "pounds":
		l.emit(token{t: tMoney, text: "£"})
	case name == "textdegree":
		l.emit(token{t: tDegree})
	case name == "color" || name == "textcolor":
		if _, end, ok := l.argument(); ok {
			l.i = end
		}
	default:
		if f, rest, ok := splitFunction(name); ok { // \sinx
			l.i -= len(rest)
			l.emit(token{t: tFunc, text: f})
			return
		}
		for k := len(name) - 1; k > 1; k-- { // \pir, \cdotx
			if t, ok := commands[name[:k]]; ok && (t.t == tPi || t.t == tTimes || t.t == tInf) && k+1 >= len(name)-1 {
				l.i = at + 1 + k
				l.emit(t)
				return
			}
		}
		l.failed = `cannot read \` + name
	}
}

func (l *lexer) symbolCommand(j int) {
	if j >= len(l.s) {
		l.i = j
		return
	}
	c := l.s[j]
	l.i = j + 1
	switch c {
	case '{':
		l.depth++
		l.emit(token{t: tOpenSet})
	case '}':
		l.depth--
		l.emit(token{t: tShutSet})
	case '\\':
		if l.i < len(l.s) && l.s[l.i] == '[' { // \\[2ex]
			if end := strings.IndexByte(l.s[l.i:], ']'); end > 0 && end < 8 && strings.HasSuffix(l.s[l.i:l.i+end], "x") || end > 0 && end < 8 && strings.HasSuffix(l.s[l.i:l.i+end], "pt") {
				l.i += end + 1
			}
		}
		l.emit(token{t: tRow})
	case '|':
		l.emit(token{t: '|'})
	case '%':
		l.emit(token{t: '%'})
	case '$':
		l.emit(token{t: tMoney, text: "$"})
	case '&', '#', '_':
		l.emit(token{t: tok(c)})
	case '!':
	case '(', ')', '[', ']', ',', ';', ':', ' ', '>', '/', '-', '\n':
		l.space = true
	default:
		l.failed = `cannot read \` + string(rune(c))
	}
}

// argument gives the group in braces that follows at l.i.
func (l *lexer) argument() (inner string, end int, ok bool) {
	i := l.i
	for i < len(l.s) && l.s[i] == ' ' {
		i++
	}
	if i >= len(l.s) || l.s[i] != '{' {
		return "", 0, false
	}
	depth := 0
	for j := i; j < len(l.s); j++ {
		switch l.s[j] {
		case '\\':
			j++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return l.s[i+1 : j], j + 1, true
			}
		}
	}
	return "", 0, false
}

// words reads the argument of \text{…} and its like: mathematics if it is that,
// otherwise words.
func (l *lexer) words(command, inner string) {
	inner = strings.Trim(strings.ReplaceAll(inner, "~", " "), " \t\n")
	if strings.HasPrefix(inner, `\`) && command == "mathrm" {
		inner = strings.TrimSpace(inner)
	}
	if inner == "" {
		l.space = true
		return
	}
	if command == "mathbb" {
		if set, ok := map[string]string{"R": "ℝ", "Z": "ℤ", "N": "ℕ", "Q": "ℚ", "C": "ℂ"}[inner]; ok {
			l.emit(token{t: tSym, text: set})
			return
		}
	}
	if f, ok := functions[inner]; ok && (command == "operatorname" || command == "mathrm" || command == "text") && (inner != "min" && inner != "deg" || command == "operatorname") {
		l.emit(token{t: tFunc, text: f})
		return
	}
	switch lowerASCII(strings.NewReplacer(".", "", " ", "").Replace(inner)) {
	case "am", "pm":
		l.emit(token{t: tWord, text: lowerASCII(strings.NewReplacer(".", "", " ", "").Replace(inner))})
		return
	}
	switch t := connective(lowerASCII(inner)); {
	case t != 0:
		l.space = true
		l.emit(token{t: t})
		return
	case l.depth == 0 && l.braces == 0 && letterUnit(inner) && l.afterValue():
	case plainMath(inner) || command == "mathbf" && len(inner) <= 2 || command == "mathit":
		if l.nested++; l.nested > 20 {
			l.failed = "nested too deeply"
			return
		}
		sub := lexer{s: trim(inner), space: l.space, depth: l.depth, nested: l.nested}
		sub.run()
		if sub.failed != "" {
			l.failed = sub.failed
		}
		l.out = append(l.out, sub.out...)
		l.space = false
		return
	}
	l.emit(token{t: tText, text: inner})
}

// letterUnit says whether an upright letter is a unit where a value stands
// before it. Those that are more often something else are left out.
func letterUnit(s string) bool {
	switch s {
	case "m", "g", "s", "h", "l", "J", "N", "W", "V", "A", "K", "C", "L", "T", "F", "H":
		return true
	}
	return false
}

// afterValue says whether the token before may end a value.
func (l *lexer) afterValue() bool {
	switch t := l.last(); t.t {
	case tNum, ')', '}', tPi, tShutFlr, tShutCeil, tText, tWord:
		return true
	case tDivide, tTimes:
		return len(l.out) > 1 && l.out[len(l.out)-2].t == tText
	}
	return false
}

// connective gives the token of a word that joins answers.
func connective(s string) tok {
	switch s {
	case "and", "and also", "und", "et", "和", ", and", "&":
		return tAnd
	case "or", "oder", "ou", "或", ", or":
		return tOr
	case "to":
		return tTo
	}
	return 0
}

func lowerASCII(s string) string {
	for i := range len(s) {
		if c := s[i]; 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf {
			return strings.ToLower(s)
		}
	}
	return s
}

// plainMath says whether the argument of \text is mathematics after all: it
// holds no word of two letters or more that is not known.
func plainMath(s string) bool {
	if strings.ContainsAny(s, `\$`) {
		return true
	}
	for i := 0; i < len(s); {
		if s[i] >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if unicode.IsLetter(r) && greekRunes[r] == "" && r != 'π' {
				return false
			}
			i += n
			continue
		}
		if !isLetter(s[i]) {
			i++
			continue
		}
		j := i
		for j < len(s) && isLetter(s[j]) {
			j++
		}
		if j-i == 1 && j == len(s) && i == 0 && s[i] >= 'A' && s[i] <= 'Z' {
			return false // \text{C}: a letter as a name
		}
		if _, known := functions[s[i:j]]; j-i >= 2 && !known && s[i:j] != "pi" {
			return false
		}
		i = j
	}
	return strings.IndexFunc(s, func(r rune) bool { return r > ' ' && r != '(' && r != ')' }) >= 0 && !optionLetter(s)
}

// optionLetter says whether s is one capital letter in parentheses.
func optionLetter(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) == 3 && s[0] == '(' && s[2] == ')' && isLetter(s[1]) || len(s) == 2 && isLetter(s[0]) && s[1] == ')'
}

// letters reads a run of plain letters.
func (l *lexer) letters() {
	s, i := l.s, l.i
	j := i
	for j < len(s) && isLetter(s[j]) {
		j++
	}
	run := s[i:j]
	l.i = j
	if j-i == 1 {
		// a.m. and p.m.
		if (run == "a" || run == "p" || run == "A" || run == "P") && j+1 < len(s) && s[j] == '.' && s[j+1]|0x20 == 'm' {
			l.i = j + 2
			if l.i < len(s) && s[l.i] == '.' {
				l.i++
			}
			l.emit(token{t: tWord, text: strings.ToLower(run) + "m"})
			return
		}
		l.letter(run)
		return
	}
	if (run == "np" || run == "math" || run == "sp" || run == "sympy" || run == "numpy") && j < len(s) && s[j] == '.' {
		l.i++
		return
	}
	if run == "boxed" || run == "fbox" {
		l.emit(token{t: tWrap})
		return
	}
	if f, ok := functions[run]; ok && (!otherwiseUnits[run] || j < len(s) && s[j] == '(') {
		l.emit(token{t: tFunc, text: f})
		return
	}
	switch run {
	case "pi", "Pi", "PI":
		l.emit(token{t: tPi})
	case "inf", "infinity", "infty", "oo", "Infinity":
		l.emit(token{t: tInf})
	case "ipi":
		l.emit(token{t: tI})
		l.emit(token{t: tPi})
	case "frac", "dfrac", "tfrac":
		l.emit(token{t: tFrac})
	case "union", "cup":
		l.emit(token{t: tUnion})
	case "emptyset":
		l.emit(token{t: tEmpty})
	case "sum", "prod":
		if l.i < len(s) && s[l.i] == '_' {
			l.emit(token{t: tBig, text: run})
			return
		}
		l.emit(token{t: tWord, text: run})
	case "mod":
		if n := len(l.out); n > 1 && l.out[n-1].t == '(' {
			l.out = l.out[:n-1]
			l.space = true
			l.emit(token{t: tPMod, text: "("})
			return
		}
		l.emit(token{t: tMod})
	default:
		if (run == "st" || run == "nd" || run == "rd" || run == "th") && l.last().t == tNum && !l.space {
			return
		}
		if t := connective(run); t != 0 {
			l.space = true
			l.emit(token{t: t})
			return
		}
		if greek[run] {
			l.emit(token{t: tSym, text: run})
			return
		}
		if f, rest, ok := splitFunction(run); ok && len(rest) <= 2 && unitOf(run) == nil {
			l.i -= len(rest)
			l.emit(token{t: tFunc, text: f})
			return
		}
		l.emit(token{t: tWord, text: run})
	}
}

// splitFunction parts "sinx" into sin and x.
func splitFunction(s string) (f, rest string, ok bool) {
	for _, name := range [...]string{"arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "sqrt", "sin", "cos", "tan", "cot", "sec", "csc", "log", "ln"} {
		if rest, ok := strings.CutPrefix(s, name); ok && rest != "" && len(rest) <= 3 {
			return functions[name], rest, true
		}
	}
	return "", "", false
}

func (l *lexer) letter(s string) {
	switch s {
	case "e":
		l.emit(token{t: tE})
	case "i":
		l.emit(token{t: tI})
	case "U":
		if p := l.last().t; p == ')' || p == ']' || p == tShutSet {
			l.emit(token{t: tUnion})
			return
		}
		l.emit(token{t: tSym, text: s})
	default:
		if name, end := l.indexed(s); end > l.i {
			s, l.i = name, end
		}
		l.emit(token{t: tSym, text: s})
	}
}

// indexed reads a letter with digits right behind it as one name, C1 as C_1,
// where a text is not LaTeX.
func (l *lexer) indexed(letter string) (name string, end int) {
	i := l.i
	for i < len(l.s) && isDigit(l.s[i]) {
		i++
	}
	before := l.i - 2
	if i == l.i || i-l.i > 2 || i < len(l.s) && (l.s[i] == '_' || l.s[i] == '.' || isLetter(l.s[i])) || before >= 0 && (isDigit(l.s[before]) || isLetter(l.s[before])) || strings.IndexByte(l.s, '\\') >= 0 {
		return "", l.i
	}
	return letter + "_" + l.s[l.i:i], i
}

// wide reads a character beyond ASCII.
func (l *lexer) wide() {
	r, n := utf8.DecodeRuneInString(l.s[l.i:])
	if t, ok := runes[r]; ok {
		l.i += n
		switch t.t {
		case tOpenVec:
			l.depth++
		case tShutVec:
			l.depth--
		}
		l.emit(t)
		return
	}
	if g, ok := greekRunes[r]; ok {
		l.i += n
		l.emit(token{t: tSym, text: g})
		return
	}
	if v, ok := vulgar[r]; ok {
		l.i += n
		l.emit(token{t: tNum, text: "½", val: v})
		return
	}
	if _, ok := unscript(r, superscripts); ok {
		l.script(superscripts, '^')
		return
	}
	if _, ok := unscript(r, subscripts); ok {
		l.script(subscripts, '_')
		return
	}
	switch {
	case unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u2060' || r == '\u200e' || r == '\u00ad' || r == '\u2061' || r == '\u2062' || r == '\u2063' || r == '\ufffd':
		l.space = true
		l.i += n
	case '！' <= r && r <= '～': // full width
		var b strings.Builder
		j := l.i
		for j < len(l.s) {
			r, n := utf8.DecodeRuneInString(l.s[j:])
			if r < '！' || r > '～' {
				if r >= utf8.RuneSelf || r != '.' && !isDigit(byte(r)) {
					break
				}
				b.WriteRune(r)
				j += n
				continue
			}
			b.WriteRune(r - '！' + '!')
			j += n
		}
		sub := lexer{s: b.String(), space: l.space, depth: l.depth, nested: l.nested + 1}
		if sub.nested > 20 {
			l.failed = "nested too deeply"
			return
		}
		sub.run()
		l.failed, l.depth = sub.failed, sub.depth
		l.out = append(l.out, sub.out...)
		l.space = false
		l.i = j
	case 0x1d400 <= r && r <= 0x1d6a3: // mathematical letters, in alphabets of 52
		c := (r - 0x1d400) % 52
		l.i += n
		if c < 26 {
			l.letter(string('A' + c))
		} else {
			l.letter(string('a' + c - 26))
		}
	case 0x1d7ce <= r && r <= 0x1d7ff: // mathematical digits
		l.i += n
		d := (r - 0x1d7ce) % 10
		l.emit(token{t: tNum, text: string('0' + d), val: ratInt(int64(d))})
	case unicode.IsLetter(r):
		j := l.i
		for j < len(l.s) {
			r, n := utf8.DecodeRuneInString(l.s[j:])
			if !unicode.IsLetter(r) {
				break
			}
			j += n
		}
		word := l.s[l.i:j]
		l.i = j
		if t := connective(word); t != 0 {
			l.emit(token{t: t})
			return
		}
		l.emit(token{t: tText, text: word})
	case r == '“':
		l.i += n
	default:
		l.failed = "cannot read the character " + string(r)
	}
}

// script reads raised or lowered characters as ^{…} or _{…}.
func (l *lexer) script(set string, op byte) {
	var b strings.Builder
	for l.i < len(l.s) {
		r, n := utf8.DecodeRuneInString(l.s[l.i:])
		c, ok := unscript(r, set)
		if !ok {
			break
		}
		b.WriteByte(c)
		l.i += n
	}
	sub := lexer{s: b.String()}
	sub.run()
	l.emit(token{t: tok(op)})
	l.emit(token{t: '{'})
	l.out = append(l.out, sub.out...)
	l.emit(token{t: '}'})
}
