package scoring

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring/mathx"
)

// The warnings of the judges of mathematics: what stands before the colon of an
// entry of Verdict.Warnings. The leaderboard counts them by these names.
const (
	GoldNotExtracted = "gold_not_extracted"     // the gold's value stands in the final part, but not where the answer was found
	BoxesCompete     = "boxes_compete"          // boxes of different values; the last was taken
	OnlyInThought    = "answer_only_in_thought" // the final part holds no answer, the thought does
	Undecided        = "undecided"              // equality could not be decided
	UnparsedGold     = "unparsed_gold"          // the gold was not understood
)

// What the audit looks at, at most: it must stay cheap beside the judging.
const (
	auditedBoxes    = 16
	auditedSegments = 24
)

// An audit doubts an extraction. It never changes an outcome: it says where a
// person should look.
type audit struct {
	gold     []string
	response eval.Response
	options  mathx.Options
}

// unanswered audits a verdict without an answer: does one stand in the thought,
// or the gold in the final part?
func (a audit) unanswered(v eval.Verdict) eval.Verdict {
	if v.Outcome == eval.Refused {
		return v
	}
	if f, ok := explicit(a.response.Thought, mathx.ListLen(a.gold[0])); ok {
		equal := ""
		if a.isGold(f.text) {
			equal = ", which equals the gold"
		}
		v.Warnings = append(v.Warnings, fmt.Sprintf("%s: %s (%s)%s", OnlyInThought, shown(f.text), f.rule, equal))
	}
	return a.missed(v, "")
}

// judged audits the verdict on an answer that was found.
func (a audit) judged(v eval.Verdict, f found) eval.Verdict {
	if f.rule == "boxed" {
		v = a.compete(v, f)
	}
	if v.Outcome != eval.Correct {
		v = a.missed(v, f.text)
	}
	return v
}

// compete warns of boxes whose values differ from the one that was taken.
func (a audit) compete(v eval.Verdict, f found) eval.Verdict {
	var others []string
	boxes := allBoxes(a.response.Text)
	for _, b := range boxes[max(0, len(boxes)-auditedBoxes):] {
		if b.at >= f.at || strings.TrimSpace(b.text) == "" || mathx.Equal(f.text, b.text, mathx.Options{}).Outcome == mathx.Same {
			continue
		}
		others = append(others, shown(b.text))
	}
	if len(others) > 0 {
		v.Warnings = append(v.Warnings, fmt.Sprintf("%s: %s; the last, %s, was taken", BoxesCompete, strings.Join(others, ", "), shown(f.text)))
	}
	return v
}

// missed warns where the gold's value stands in the final part all the same: in
// another box, in several boxes together, in mathematics, in the last number. A
// gold of one or two digits stands in many texts; it counts in boxes alone.
func (a audit) missed(v eval.Verdict, taken string) eval.Verdict {
	text := a.response.Text
	warn := func(where, what string) eval.Verdict {
		v.Warnings = append(v.Warnings, fmt.Sprintf("%s: %s in %s", GoldNotExtracted, shown(what), where))
		return v
	}
	boxes := allBoxes(text)
	boxes = boxes[max(0, len(boxes)-auditedBoxes):]
	for _, b := range boxes {
		if b.text != taken && a.isGold(b.text) {
			return warn("another box", b.text)
		}
	}
	if n := mathx.ListLen(a.gold[0]); n > 1 && len(boxes) >= n {
		var all []string
		for _, b := range boxes[len(boxes)-n:] {
			all = append(all, b.text)
		}
		if joined := strings.Join(all, ", "); a.isGold(joined) {
			return warn("several boxes together", joined)
		}
	}
	if len(strings.Trim(a.gold[0], "-")) <= 2 {
		return v
	}
	for _, piece := range mathSegments(text) {
		s := piece.inner
		if s == taken {
			continue
		}
		if a.isGold(s) {
			return warn("mathematics", s)
		}
		if last := lastMember(s); last != s && last != taken && a.isGold(last) {
			return warn("mathematics", s)
		}
	}
	if n, ok := lastNumber(text); ok && n.text != taken && a.isGold(n.text) {
		return warn("the last number", n.text)
	}
	return v
}

// warned says whether a verdict carries a warning of that name.
func warned(v eval.Verdict, name string) bool {
	return slices.ContainsFunc(v.Warnings, func(w string) bool { return strings.HasPrefix(w, name+":") })
}

func (a audit) isGold(s string) bool {
	for _, gold := range a.gold {
		if mathx.Equal(gold, s, a.options).Outcome == mathx.Same {
			return true
		}
	}
	return false
}

// shown is a text short enough for a warning.
func shown(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}
