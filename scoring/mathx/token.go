package mathx

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
	roman bool // upright, as units are
	text  string
	val   rat
}

// Bounds of an input. Longer answers are no mathematics.
const (
	maxLength = 8 << 10
	maxTokens = 4 << 10
	maxDepth  = 1000 // of calls within the parser: about 200 brackets
)
