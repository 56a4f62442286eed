package scoring

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/evalr/evalr/eval"
)

// Choice judges which option of a multiple-choice question was chosen. Options
// are labelled A, B, … in the order of Problem.Choices, or 1, 2, … if the gold
// is a number. The last explicit choice wins; choosing several is incorrect.
func Choice(Tools) eval.Scorer {
	return scorerFunc(func(_ context.Context, p eval.Problem, r eval.Response) (eval.Verdict, error) {
		if len(p.Answer) == 0 || p.Answer[0] == "" {
			return eval.Verdict{}, errNoGold
		}
		o, err := optionsOf(p)
		if err != nil {
			return eval.Verdict{}, err
		}
		v, decided, cut := unanswered(r)
		if decided {
			return v, nil
		}
		chosen, rule, explicit := o.find(r.Text)
		if len(chosen) == 0 || cut && !explicit {
			return noAnswer(r.Text, cut), nil
		}
		v = eval.Verdict{Outcome: eval.Incorrect, Answer: strings.Join(chosen, ", "), Canonical: strings.Join(chosen, ","), Why: rule}
		switch {
		case len(chosen) > 1:
			v.Why += "; several options"
		case slices.Contains(p.Answer, chosen[0]):
			v.Outcome, v.Score = eval.Correct, 1
		default:
			v.Why += "; another option"
		}
		return v, nil
	})
}

// options are the labels of a question and the texts behind them.
type options struct {
	labels []string
	texts  []string
}

const defaultOptions = 10 // where a question does not list its options

func optionsOf(p eval.Problem) (options, error) {
	n := len(p.Choices)
	if n == 0 {
		n = defaultOptions
	}
	o := options{texts: p.Choices}
	first := 'A'
	if unicode.IsDigit(rune(p.Answer[0][0])) {
		first = '1'
	}
	for i := range min(n, 26) {
		o.labels = append(o.labels, string(first+rune(i)))
	}
	for _, gold := range p.Answer {
		if !slices.Contains(o.labels, gold) {
			return o, &eval.Failure{Kind: eval.FailData, Message: fmt.Sprintf("the gold %q is none of the labels %s", gold, strings.Join(o.labels, " "))}
		}
	}
	return o, nil
}

// find gives the chosen labels: by an explicit statement (a box, tags, JSON, a
// label), else by a last line or a text that is an option.
func (o options) find(text string) (chosen []string, rule string, explicit bool) {
	at := -1
	take := func(f found) {
		if f.at <= at {
			return
		}
		if got := o.read(f.text); len(got) > 0 {
			chosen, rule, explicit, at = got, f.rule, true, f.at
		}
	}
	if f, ok := fromJSON(text); ok {
		take(f)
	}
	if f, ok := fromTags(text, 1); ok {
		take(f)
	}
	for _, b := range allBoxes(text) {
		take(found{text: b.text, rule: "boxed", at: b.at})
	}
	for _, f := range o.statements(text) {
		take(f)
	}
	if chosen != nil {
		return chosen, rule, true
	}
	if got := o.byLastLine(text); got != nil {
		return got, "last line", false
	}
	sentence := lastSentence(text)
	if unable(sentence) {
		return nil, "", false
	}
	if got := o.named(sentence); got != nil {
		return got, "option named last", false
	}
	// In a longer text an option's words may stand anywhere; of one sentence they
	// are what it says.
	if got := o.mentioned(sentence); got != "" && len(strings.TrimSpace(text)) <= len(sentence)+2 {
		return []string{got}, "option's text in the last sentence", false
	}
	return nil, "", false
}

// named gives the label after the last "option" or "choice" of a sentence,
// unless it is ruled out.
func (o options) named(sentence string) []string {
	low := lower(sentence)
	at := max(strings.LastIndex(low, "option "), strings.LastIndex(low, "choice "))
	if at < 0 {
		return nil
	}
	for _, no := range []string{"wrong", "incorrect", "not ", "false", "n't", "rule"} {
		if strings.Contains(low, no) {
			return nil
		}
	}
	return o.read(sentence[at+len("option "):])
}

// mentioned gives the only option whose text stands in a sentence, as whole
// words; the longest counts where one text is part of another.
func (o options) mentioned(sentence string) string {
	sentence = " " + strings.Trim(strings.ToLower(spaced(sentence)), " .*") + " "
	best, label := "", ""
	for i, t := range o.texts {
		t = plainText(t)
		if t == "" || i >= len(o.labels) || !strings.Contains(sentence, " "+t+" ") {
			continue
		}
		switch {
		case best == "" || strings.Contains(t, best):
			best, label = t, o.labels[i]
		case !strings.Contains(best, t):
			return ""
		}
	}
	return label
}

// cues announce a choice; what follows is read as one.
var cues = []string{
	"answer is", "answer:", "answer is:", "answer would be", "answer must be", "answer：", "answer =", "answer**:", "answer:**", "answer**", "answer\n",
	"correct option is", "correct choice is", "correct option:", "correct choice:", "best choice is", "best option is", "choice is", "option is",
	"i choose", "i pick", "i select", "i'd choose", "i would choose", "i'll go with", "i go with", "go with",
	"leaves option", "leaves only", "leaving option", "leaving only", "leaving", "leaves", "choose option", "select option", "pick option", "choose", "select",
	"答案是", "答案为", "答案：", "答案:", "答案选", "应选", "故选", "选择",
	"réponse est", "antwort ist", "respuesta es", "antwort:", "respuesta:", "réponse :", "réponse:",
}

// statements lists what follows each cue.
func (o options) statements(text string) []found {
	low := lower(text)
	var out []found
	for _, cue := range cues {
		for from := 0; ; {
			i := strings.Index(low[from:], cue)
			if i < 0 {
				break
			}
			at := from + i
			from = at + len(cue)
			if cue != "answer\n" && from < len(low) && isLetter(cue[len(cue)-1]) && isLetter(low[from]) || at > 0 && isLetter(cue[0]) && isLetter(low[at-1]) {
				continue
			}
			out = append(out, found{text: text[from:], rule: "answer label", at: at})
		}
	}
	return out
}

// read reads the beginning of a text as a choice: a label, several, or an
// option's text. Nothing is chosen by "not B".
func (o options) read(s string) []string {
	s = opening(s)
	if label := o.byText(firstLine(s)); label != "" {
		return []string{label}
	}
	var got []string
	for {
		label, rest, ok := o.label(s)
		if !ok {
			break
		}
		if !slices.Contains(got, label) {
			got = append(got, label)
		}
		next, more := joint(rest)
		if !more {
			break
		}
		s = opening(next)
	}
	return got
}

// opening skips what may stand between a cue and a label.
func opening(s string) string {
	for range 8 {
		before := s
		s = strings.TrimLeft(s, " \t\n*_`\"“'‘:：=>$([{")
		for _, filler := range []string{
			"option ", "Option ", "choice ", "Choice ", "letter ", "answer ", "therefore ", "thus ", "clearly ", "definitely ", "probably ", "most likely ",
			`\text{`, `\textbf{`, `\mathrm{`, `\mathbf{`, `\boxed{`, `\(`, `\[`, "the option ", "选项", "only ",
		} {
			s = strings.TrimPrefix(s, filler)
		}
		if s == before {
			break
		}
	}
	return s
}

// joint says whether another label is joined to the one before.
func joint(rest string) (string, bool) {
	rest = strings.TrimLeft(rest, " *)]}.`$")
	for _, j := range []string{", and ", ", or ", "and ", "or ", "& ", ", ", ",", "/", "、", "和", "或"} {
		if next, ok := strings.CutPrefix(rest, j); ok {
			if strings.HasPrefix(next, "not ") {
				return "", false
			}
			return next, true
		}
	}
	return "", false
}

// label reads a label that stands alone: not the "A" of "A lot depends".
func (o options) label(s string) (label, rest string, ok bool) {
	r, size := utf8.DecodeRuneInString(s)
	if 'Ａ' <= r && r <= 'Ｚ' { // full width
		r -= 'Ａ' - 'A'
	}
	label = string(unicode.ToUpper(r))
	if !slices.Contains(o.labels, label) {
		return "", "", false
	}
	rest = s[size:]
	next, _ := utf8.DecodeRuneInString(rest)
	if rest != "" && (isWord(next) || next == '\'' || next == '’' || next == '-') {
		return "", "", false
	}
	if unicode.IsLower(r) && !strings.HasPrefix(rest, ")") && strings.Trim(firstLine(rest), " .*)]}$`") != "" {
		return "", "", false // "a" the article
	}
	if label == "A" || label == "I" { // the article and the pronoun
		if after, ok := strings.CutPrefix(rest, " "); ok {
			if c, _ := utf8.DecodeRuneInString(after); unicode.IsLower(c) && !joins(after) {
				return "", "", false
			}
		}
	}
	return label, rest, true
}

// joins says whether a lower-case word after "A" goes on with the choice.
func joins(s string) bool {
	for _, w := range []string{"and ", "or ", "because", "since", "is ", "as ", "which ", "due ", "was ", "for ", "not ", "with "} {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

// isWord says whether a rune belongs to a word; CJK runes stand alone.
func isWord(r rune) bool {
	return unicode.IsDigit(r) || unicode.IsLetter(r) && r < 0x2E80
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// byText gives the label of the option whose text this is; of two that are
// alike, none.
func (o options) byText(s string) string {
	s = plainText(s)
	if s == "" {
		return ""
	}
	label := ""
	for i, t := range o.texts {
		if t := plainText(t); t != "" && t == s && i < len(o.labels) {
			if label != "" {
				return ""
			}
			label = o.labels[i]
		}
	}
	return label
}

// plainText compares options: case, markup, delimiters and a full stop are
// nothing.
func plainText(s string) string {
	return strings.ToLower(strings.Trim(spaced(strings.NewReplacer("**", "", "$", "", `\(`, "", `\)`, "").Replace(s)), " .*`\"'(){}[]"))
}

// byLastLine reads a last line that is nothing but a choice: "C", "(C)", "3)
// Bern", "Bern", "Option C".
func (o options) byLastLine(text string) []string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	last := strings.TrimSpace(lines[len(lines)-1])
	if label := o.byText(last); label != "" {
		return []string{label}
	}
	s := opening(last)
	label, rest, ok := o.label(s)
	if !ok {
		return nil
	}
	marked := rest != "" && strings.ContainsRune(").:]}", rune(rest[0]))
	rest = strings.Trim(rest, " .*_`)]}$\"'”:")
	switch {
	case rest == "":
		return []string{label}
	case marked && o.byText(rest) == label:
		return []string{label}
	case len(lines) == 1 && marked:
		return []string{label}
	}
	return nil
}
