package mathx

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// announcers are the words after which a sentence gives its value: "the sum is
// 12", "there are 12 ways", "the vertex is at (3, -2)".
var announcers = wordSet("is are was were be equals equal gives give gets get has have had contains contain obtain obtains at by point pair vertex interval set vector matrix answer value therefore thus hence so line parabola plane exactly only just simply precisely namely about approximately roughly after takes take took costs cost measures weighs makes make pays pay needs need requires leaves leave earns earned spends spent receives uses used totals")

// leads are the words that make "to" an announcement: equal to, simplifies to.
var leads = wordSet("equal equals simplifies reduces amounts comes evaluates sums adds corresponds leads")

// denials are the words that keep a sentence from announcing its value: it may
// say what the value is not, or bound it.
var denials = wordSet("not no nor never neither cannot can't isn't aren't doesn't don't wasn't without unless if except least most more less greater fewer larger smaller than between from either maybe perhaps possibly wrong incorrect false half twice double triple square cube root times plus minus multiple power percent divisible modulo mod base negative")

// announcement gives the number of tokens that a sentence has before its value:
// of "The value of $x$ is 12" all but the last. 0 where a text is no such
// sentence, or denies the value, or gives several.
func announcement(toks []token) int {
	if len(toks) < 2 || toks[0].t != tText && toks[0].t != tWord {
		return 0
	}
	found := 0
	for i, t := range toks[:len(toks)-1] {
		next := toks[i+1]
		mathematics := next.t != tText && next.t != tWord && next.t != tRel && next.t != tTo && !separatorToken(next.t)
		switch t.t {
		case tOr, tRel:
			if found == 0 {
				return 0
			}
		case tTo:
			if found == 0 && i > 0 && mathematics && leads[lastWord(toks[i-1].text)] {
				found = i + 1
			}
		case tText, tWord:
			if found == 0 && denies(t.text) {
				return 0
			}
			if !mathematics || next.t != ':' && !announcesBy(t.text) {
				continue
			}
			if found > 0 { // "x is 5 and y is 3"
				return 0
			}
			found = i + 1
			if next.t == ':' { // The area: 12
				found++
			}
		}
	}
	if found >= len(toks) {
		return 0
	}
	return found
}

func lastWord(s string) string {
	s = strings.TrimRight(lowerASCII(s), " ,:~")
	return s[strings.LastIndexAny(s, " ~")+1:]
}

// announcesBy says whether words end in an announcement. In scripts without
// spaces any words before a value announce it.
func announcesBy(words string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(words, " :"))
	return announcers[lastWord(words)] || r >= 0x1100 && unicode.IsLetter(r)
}

func denies(words string) bool {
	for w := range strings.FieldsSeq(lowerASCII(words)) {
		if denials[strings.Trim(w, ",.;:")] {
			return true
		}
	}
	for _, s := range [...]string{"不", "非", "没", "無", "无", "大于", "小于", "多于", "少于", "超过", "至少", "至多", "아니", "초과", "미만", "ない", "以上", "以下"} {
		if strings.Contains(words, s) {
			return true
		}
	}
	return false
}

// decided reads an answer that begins with yes, no, true or false and goes on to
// explain it.
func decided(toks []token) *node {
	if len(toks) < 2 || toks[0].t != tText && toks[0].t != tWord {
		return nil
	}
	switch word := lowerASCII(strings.TrimSpace(toks[0].text)); word {
	case "yes", "no", "true", "false":
		if t := toks[1].t; t == ',' || t == '.' || t == '!' || t == ';' {
			return &node{k: kText, name: word}
		}
	}
	return nil
}

// exclaimed says whether a text is words and an exclamation mark.
func exclaimed(toks []token) bool {
	n := len(toks) - 1
	if n < 1 || toks[n].t != '!' {
		return false
	}
	for _, t := range toks[:n] {
		if t.t != tText && t.t != tWord || len(t.text) < 2 {
			return false
		}
	}
	return true
}

// fillers are words that an answer in words may have or lack.
var fillers = wordSet("a an the it its this that there on in is are number numbers statement function curve graph shape figure limit value answer")

// gist is what a phrase says: what follows its last "is", without articles.
func gist(s string) string {
	words := strings.Fields(s)
	for i := len(words) - 2; i > 0; i-- {
		if words[i] == "is" || words[i] == "are" {
			words = words[i+1:]
			break
		}
	}
	var kept []string
	for i, w := range words {
		many := i > 0 && (words[i-1] == "many" || words[i-1] == "real") && (w == "solutions" || w == "solution")
		if !fillers[w] && !many {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		return s
	}
	return strings.Join(kept, " ")
}

// phrase gives what some phrases mean in mathematics; nil for the others.
func phrase(s string) *node {
	switch gist(s) {
	case "empty set", "null set":
		return &node{k: kSet}
	case "all real", "all reals", "reals", "real", "all real x":
		if strings.Contains(s, "numbers") || strings.Contains(s, "reals") {
			return &node{k: kSym, name: "ℝ"}
		}
	case "infinity", "positive infinity":
		return &node{k: kInf}
	case "negative infinity", "minus infinity":
		return &node{k: kNeg, args: []*node{{k: kInf}}}
	}
	return nil
}
