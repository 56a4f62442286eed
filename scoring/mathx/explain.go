package mathx

import (
	"fmt"
	"strings"
)

// An Explanation is how Equal came to its result, for a person.
type Explanation struct {
	Gold    Reading `json:"gold"`
	Answer  Reading `json:"answer"`
	Outcome string  `json:"outcome"` // equal, different, unparsed gold, unparsed answer, unknown
	Rule    string  `json:"rule"`    // that decided
	Work    int     `json:"work"`    // units that were counted, of MaxWork
}

// A Reading is what became of one text.
type Reading struct {
	Text    string `json:"text"`
	Read    string `json:"read,omitempty"`    // in plain mathematics
	Kind    string `json:"kind,omitempty"`    // a rational number, a tuple, …
	Normal  string `json:"normal,omitempty"`  // the normal form
	Problem string `json:"problem,omitempty"` // why it was not understood
}

// Explain compares as Equal does and tells how both texts were read.
func Explain(gold, answer string, o Options) Explanation {
	c := pool.Get().(*comparer)
	defer pool.Put(c)
	g, a, r := c.readBoth(gold, answer, o)
	x := Explanation{Gold: Reading{Text: gold}, Answer: Reading{Text: answer}}
	c.decide(&r, gold, answer, g, a)
	x.Outcome, x.Rule, x.Work = r.Outcome.String(), r.Why, r.Work
	x.Gold.fill(c, g)
	x.Answer.fill(c, a)
	return x
}

func (r *Reading) fill(c *comparer, n *node) {
	if n == nil {
		_, r.Problem = c.read(r.Text, false)
		return
	}
	r.Read, r.Kind = n.String(), kindOf(n)
	c.atoms, c.work, c.o = c.atoms[:0], budget, Options{}
	r.Normal = c.normal(n)
}

// normal writes the normal form for a person: a value by its atoms, everything
// else as for votes.
func (c *comparer) normal(n *node) string {
	v := unwrap(n)
	if _, x, ok := named(v); ok {
		v = unwrap(x)
	}
	if shapeOf(v) == isScalar && !containsKind(v, kPM) {
		if q := quantityOf(v); q.unit == nil && !q.percent {
			if f, ok := c.of(q.value); ok {
				if text := c.formText(f); len(text) < 200 {
					return text
				}
			}
		}
	}
	return c.canonical(c.settle(n), 0)
}

// String lays an explanation out in a few lines.
func (x Explanation) String() string {
	var b strings.Builder
	side := func(name string, r Reading) {
		fmt.Fprintf(&b, "%-8s%s\n", name, r.Text)
		if r.Problem != "" {
			fmt.Fprintf(&b, "        not understood: %s\n", r.Problem)
			return
		}
		fmt.Fprintf(&b, "        read as      %s\n", r.Read)
		fmt.Fprintf(&b, "        which is     %s\n", r.Kind)
		if r.Normal != r.Read {
			fmt.Fprintf(&b, "        normal form  %s\n", r.Normal)
		}
	}
	side("gold", x.Gold)
	side("answer", x.Answer)
	fmt.Fprintf(&b, "%-8s%s", "verdict", x.Outcome)
	if x.Rule != "" {
		fmt.Fprintf(&b, ": %s", x.Rule)
	}
	return b.String() + "\n"
}
