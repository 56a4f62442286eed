package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/internal/engine"
	"github.com/evalr/evalr/internal/store"
	"github.com/evalr/evalr/scoring/cot"
)

// A mark is a note at a place of a text.
type mark struct {
	start, end int    // what the note is about
	note       string // stands behind it
	colour     string
	fold       bool // what is between start and end gives way to the note
}

// Colours of marks, as the parameters of the terminal's escape sequences.
const (
	red    = "31"
	yellow = "33"
	green  = "32"
)

// A style says how marks are drawn.
type style struct{ hidden, colours bool }

func (o showOptions) style() style {
	return style{hidden: o.raw, colours: isTerminal(o.out) && os.Getenv("NO_COLOR") == ""}
}

// arithmeticMarks marks the wrong equations of a text.
func arithmeticMarks(text string) []mark {
	var out []mark
	for _, c := range cot.Arithmetic(text) {
		switch c.Kind {
		case cot.ClaimWrong:
			out = append(out, mark{start: c.Start, end: c.End, note: " ✗[" + c.Value + "]", colour: red})
		case cot.ClaimRetracted:
			out = append(out, mark{start: c.Start, end: c.End, note: " ✗[" + c.Value + "] taken back", colour: yellow})
		}
	}
	return out
}

// thoughtMarks adds to those of the arithmetic the first correct answer and the
// loop at the end.
func thoughtMarks(thought string, right func(final string) bool) []mark {
	out := arithmeticMarks(thought)
	if right != nil {
		if c, ok := cot.FirstCorrectAnswer(thought, right); ok {
			end := c.End
			for end < len(thought) && end-c.End < 6 && strings.IndexByte("})]$*\\", thought[end]) >= 0 {
				end++
			}
			out = append(out, mark{start: c.Start, end: end, note: " ◀ first correct answer", colour: green})
		}
	}
	if l, ok := cot.TailLoop(thought); ok {
		start := l.Start + l.Unit
		out = slices.DeleteFunc(out, func(m mark) bool { return m.end > start })
		out = append(out, mark{
			start: start, end: len(thought), fold: true, colour: yellow,
			note: fmt.Sprintf(" … the last %d characters repeat %d times …", utf8.RuneCountInString(thought[l.Start:start]), l.Times),
		})
	}
	return out
}

// marked gives a text of a model with marks in it. Of its own words what could
// take over the terminal is stripped.
func (s style) marked(text string, marks []mark) string {
	if s.hidden {
		return printable(text)
	}
	slices.SortStableFunc(marks, func(a, b mark) int { return a.end - b.end })
	var b strings.Builder
	at := 0
	for _, m := range marks {
		if m.fold {
			b.WriteString(printable(text[at:max(at, m.start)]))
			at = len(text)
		} else {
			b.WriteString(printable(text[at:max(at, m.end)]))
			at = max(at, m.end)
		}
		b.WriteString(s.paint(m.note, m.colour))
	}
	return b.String() + printable(text[at:])
}

func (s style) paint(note, colour string) string {
	if !s.colours {
		return note
	}
	return "\x1b[" + colour + "m" + note + "\x1b[0m"
}

// rightness gives what judges a text as an answer to the problem of an attempt,
// by the scorer of the run; nil if the benchmark is not to be had any more, or
// judges programs.
func (o showOptions) rightness(ctx context.Context, run *store.Run, k eval.Key) func(final string) bool {
	var spec Spec
	if err := json.Unmarshal(run.Manifest().Spec, &spec); err != nil {
		return nil
	}
	chosen, err := selectBenchmarks(spec, &lazySandbox{tier: spec.Tier}, nobody)
	if err != nil {
		fmt.Fprintf(o.err, "warning: no first correct answer is marked: %s\n", printable(err.Error()))
		return nil
	}
	problems, err := run.Problems()
	if err != nil {
		return nil // reported before
	}
	for _, b := range chosen {
		for _, p := range problems[b.Name] {
			if b.Name == k.Benchmark && p.ID == k.Problem && p.Tests == nil {
				return engine.Task{Suite: &engine.Suite{Benchmark: b}, Problem: &p}.Right(ctx)
			}
		}
	}
	return nil
}

// measured lists the measures of a thought by the words in which people read
// them: those that were recorded, else those taken now.
func measured(a eval.Attempt, p eval.Problem, r eval.Response, right func(final string) bool) (title, text string) {
	title = "measures"
	values := maps.Clone(a.Measures)
	if values == nil {
		title = "measures (none are recorded; taken now)"
		values = cot.Measure(p, r, a.Verdict, right)
	}
	var b strings.Builder
	for _, n := range cot.Names {
		if v, ok := values[n.Key]; ok {
			fmt.Fprintf(&b, "%-50s %s\n", n.Words, n.Unit.Format(v))
			delete(values, n.Key)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) { // of another version
		fmt.Fprintf(&b, "%-50s %g\n", name, values[name])
	}
	return title, b.String()
}
