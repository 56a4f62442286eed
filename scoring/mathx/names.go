package mathx

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
	"equiv": {t: tRel, text: "=", val: ratInt(1)}, "in": {t: tRel, text: "i"}, "coloneqq": {t: tRel, text: "="},
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
	"bmod": {t: tMod}, "mod": {t: tMod}, "pmod": {t: tPMod}, "to": {t: tRel, text: "t"}, "rightarrow": {t: tRel, text: "t"}, "mapsto": {t: tRel, text: "m"}, "longmapsto": {t: tRel, text: "m"},
	"lg": {t: tFunc, text: "lg"}, "exp": {t: tFunc, text: "exp"},
	"quad": {}, "qquad": {}, "left": {}, "right": {}, "middle": {}, "displaystyle": {}, "textstyle": {}, "scriptstyle": {}, "limits": {}, "nolimits": {},
	"big": {}, "Big": {}, "bigg": {}, "Bigg": {}, "bigl": {}, "bigr": {}, "Bigl": {}, "Bigr": {}, "biggl": {}, "biggr": {}, "Biggl": {}, "Biggr": {}, "bigm": {},
	"thinspace": {}, "enspace": {}, "medspace": {}, "thickspace": {}, "nobreakspace": {}, "negthinspace": {}, "hfill": {}, "hline": {}, "normalsize": {}, "large": {}, "Large": {}, "huge": {}, "small": {}, "it": {}, "rm": {}, "bf": {}, "sf": {}, "hspace": {}, "phantom": {}, "centerdot": {t: tTimes}, "therefore": {}, "bold": {}, "space": {}, "strut": {}, "blacksquare": {}, "tag": {}, "label": {}, "qed": {}, "checkmark": {}, "notag": {}, "nonumber": {},
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
	"gcd": "gcd", "lcm": "lcm", "max": "max", "min": "min", "det": "det", "binom": "binom", "binomial": "binom", "comb": "binom", "factorial": "factorial", "Rational": "ratio", "sgn": "sgn", "sign": "sgn",
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
	'≤': {t: tRel, text: "l"}, '⩽': {t: tRel, text: "l"}, '≦': {t: tRel, text: "l"}, '≥': {t: tRel, text: "g"}, '⩾': {t: tRel, text: "g"}, '≧': {t: tRel, text: "g"}, '≠': {t: tRel, text: "n"}, '≈': {t: tRel, text: "~"}, '≃': {t: tRel, text: "~"}, '≡': {t: tRel, text: "=", val: ratInt(1)}, '∈': {t: tRel, text: "i"},
	'√': {t: tSqrt}, '∛': {t: tSqrt, text: "3"}, '∜': {t: tSqrt, text: "4"}, 'π': {t: tPi}, '𝜋': {t: tPi}, '∞': {t: tInf}, '°': {t: tDegree}, '˚': {t: tDegree}, 'º': {t: tDegree}, '∘': {t: tDegree}, '…': {t: tDots}, '⋯': {t: tDots},
	'∪': {t: tUnion}, '⋃': {t: tUnion}, '∩': {t: tMeet}, '∖': {t: tSetminus}, '∅': {t: tEmpty}, 'ø': {t: tEmpty}, 'Ø': {t: tEmpty}, '⌀': {t: tEmpty}, '∣': {t: tMid}, '∧': {t: tAnd}, '∨': {t: tOr},
	'⟨': {t: tOpenVec}, '〈': {t: tOpenVec}, '⟩': {t: tShutVec}, '〉': {t: tShutVec}, '⌊': {t: tFloor}, '⌋': {t: tShutFlr}, '⌈': {t: tCeil}, '⌉': {t: tShutCeil},
	'′': {t: tPrime}, '’': {t: tPrime}, '‘': {t: tPrime}, '″': {t: tPrime, text: "''"}, '”': {t: tPrime, text: "''"}, '∠': {t: tAngle}, 'ħ': {t: tSym, text: "hbar"}, 'ℏ': {t: tSym, text: "hbar"}, 'ℓ': {t: tSym, text: "ell"}, '∂': {t: tSym, text: "partial"}, '∇': {t: tSym, text: "nabla"}, '↦': {t: tRel, text: "m"}, '→': {t: tRel, text: "t"}, 'ℝ': {t: tSym, text: "ℝ"}, 'ℤ': {t: tSym, text: "ℤ"}, 'ℕ': {t: tSym, text: "ℕ"}, 'ℚ': {t: tSym, text: "ℚ"}, 'ℂ': {t: tSym, text: "ℂ"}, '∶': {t: ':'}, 'ⅈ': {t: tI}, 'ℯ': {t: tE},
	'€': {t: tMoney, text: "€"}, '£': {t: tMoney, text: "£"}, '¥': {t: tMoney, text: "¥"}, '₹': {t: tMoney, text: "₹"}, '₽': {t: tMoney, text: "₽"}, '₩': {t: tMoney, text: "₩"}, '₪': {t: tMoney, text: "₪"}, '₫': {t: tMoney, text: "₫"}, '₺': {t: tMoney, text: "₺"}, '₴': {t: tMoney, text: "₴"}, '฿': {t: tMoney, text: "฿"}, '円': {t: tMoney, text: "¥"}, '元': {t: tMoney, text: "yuan"}, '¢': {t: tWord, text: "cents"}, '、': {t: ','}, '。': {t: '.'}, '【': {t: '['}, '】': {t: ']'}, '‖': {t: '|'}, '℃': {t: tText, text: "°C"}, 'Å': {t: tText, text: "angstrom"},
}

var vulgar = map[rune]rat{'½': ratOf(1, 2), '⅓': ratOf(1, 3), '⅔': ratOf(2, 3), '¼': ratOf(1, 4), '¾': ratOf(3, 4), '⅕': ratOf(1, 5), '⅖': ratOf(2, 5), '⅗': ratOf(3, 5), '⅘': ratOf(4, 5), '⅙': ratOf(1, 6), '⅚': ratOf(5, 6), '⅛': ratOf(1, 8), '⅜': ratOf(3, 8), '⅝': ratOf(5, 8), '⅞': ratOf(7, 8), '⅐': ratOf(1, 7), '⅑': ratOf(1, 9), '⅒': ratOf(1, 10)}

// Raised and lowered characters, and what they are when they stand on the line.
const (
	superscripts     = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˣʸᶻᵃᵇᶜᵈᵉᵏᵐᵖᵗⁱ"
	superscriptPlain = "0123456789+-()nxyzabcdekmpti"
	subscripts       = "₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙₓₐₑₖₘₚₜᵢⱼ"
	subscriptPlain   = "0123456789+-()nxaekmptij"
)

// unscript gives the plain character of a raised or lowered one.
func unscript(r rune, set string) (byte, bool) {
	plain := superscriptPlain
	if set == subscripts {
		plain = subscriptPlain
	}
	i := 0
	for _, x := range set {
		if x == r {
			return plain[i], true
		}
		i++
	}
	return 0, false
}
