package cot

import (
	"strings"
	"unicode/utf8"
)

// operatorWords before or behind a side are part of the expression.
var operatorWords = set(`times plus minus over by of mod modulo sin cos tan cot sec csc log ln lg exp sqrt root cube cubed square squared
	half twice thrice double triple quarter third negative choose per power divided multiplied multiply add adding added subtract subtracting
	subtracted hundred thousand million billion trillion percent percentage degree degrees base factorial gcd lcm max min floor ceil sum product
	difference quotient point dot cross less more than mal geteilt hoch fois divisé sur plus por más menos entre dividido умножить плюс минус на
	arcsin arccos arctan sinh cosh tanh det abs Re Im up to th nd rd st binom`)

// labelWords name the number behind them: in "Step 1 - 3 + 4" the 1 is no term.
var labelWords = set(`step case question problem part option row column line example equation eq section number no day week month year trial
	term item figure table page round method approach stage level group box choice room chapter verse verses pages from between january february march april june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec case: schritt étape paso шаг fall aufgabe`)

// cleanCommands end or begin an expression.
var cleanCommands = set(`quad qquad implies Rightarrow rightarrow Longrightarrow longrightarrow to therefore because begin end text iff Leftrightarrow item newline le leq ge geq lt gt ne neq`)

// unitWords are units that may make unequal numbers equal.
var unitWords = set(`hour hours hr hrs minute minutes min mins second seconds sec day days week weeks month months year years decade decades century
	dozen dozens pair pairs km m cm mm kg g mg lb lbs oz ounce ounces pound pounds mile miles foot feet ft inch inches in yard yards meter meters metre
	metres kilometer kilometers liter liters litre litres ml gallon gallons quart quarts pint pints cup cups cent cents dollar dollars nickel nickels dime
	dimes quarter quarters ton tons gram grams kilogram kilograms mol moles J kJ W kW Pa kPa atm K eV nm s ms Hz MHz GHz N V A C rad`)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// shortWords are the words of one or two letters that are no variables.
var shortWords = set("a an as at be do go he hi if in is it me my no oh ok on or so to us we am и y o es un la le de da du et en el al il ja zu er um im")

// product says whether a word may be variables: short, and no short word.
func product(word string) bool {
	n := utf8.RuneCountInString(word)
	return n <= 3 && word == strings.ToUpper(word) && word != strings.ToLower(word) && word != "I" && word != "A" || n <= 2 && !shortWords[strings.ToLower(word)]
}

// wide says whether a rune is of a script without spaces between words.
func wide(r rune) bool { return r >= 0x2E80 && r < 0xE000 || r >= 0xF900 && r < 0xFB00 || r >= 0x20000 }
