package cot_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring/cot"
)

func TestSplit(t *testing.T) {
	const stop, length = eval.StopEnd, eval.StopLength
	for _, c := range []struct {
		name, raw, prefill string
		stop               eval.Stop
		thought, text      string
		state              eval.ThoughtState
	}{
		// The nine hard cases: boxes 1 and 3 are thought, 2 is the answer.
		{"closed", `<think>\boxed{1}</think>\boxed{2}`, "", stop, `\boxed{1}`, `\boxed{2}`, eval.ThoughtClosed},
		{"template opened it", `\boxed{1}</think>\boxed{2}`, "", stop, `\boxed{1}`, `\boxed{2}`, eval.ThoughtClosed},
		{"cut off", `<think>\boxed{1}`, "", length, `\boxed{1}`, ``, eval.ThoughtOpen},
		{"template opened it and cut off", `\boxed{1}`, "<think>\n", length, `\boxed{1}`, ``, eval.ThoughtOpen},
		{"two thoughts", `<think>\boxed{1}</think>x<think>\boxed{3}</think>\boxed{2}`, "", stop, `\boxed{1}\boxed{3}`, `x\boxed{2}`, eval.ThoughtClosed},
		{"thought in a thought", `<think>a<think>\boxed{1}</think>\boxed{3}</think>\boxed{2}`, "", stop, `a\boxed{1}\boxed{3}`, `\boxed{2}`, eval.ThoughtClosed},
		{"second thought cut off", `<think>a</think>x<think>\boxed{1}`, "", length, `a\boxed{1}`, ``, eval.ThoughtOpen},
		{"square brackets", `[THINK]\boxed{1}[/THINK]\boxed{2}`, "", stop, `\boxed{1}`, `\boxed{2}`, eval.ThoughtClosed},
		{"answer quotes the tag", "<think>a</think>The tag is \"</think>\", so \\boxed{2}", "", stop, `a`, "The tag is \"</think>\", so \\boxed{2}", eval.ThoughtClosed},

		{"no thought", "The answer is 2.", "", stop, "", "The answer is 2.", eval.ThoughtNone},
		{"no tag and cut off is left to the scorer", "So 2 + 2", "", length, "", "So 2 + 2", eval.ThoughtNone},
		{"empty thought", "<think>\n\n</think>\n\n2", "", stop, "", "2", eval.ThoughtClosed},
		{"capital letters", "<THINK>a</Think>2", "", stop, "a", "2", eval.ThoughtClosed},
		{"prefilled and closed", "a</think>2", "<think>\n", stop, "a", "2", eval.ThoughtClosed},
		{"template opened an outer one", "a<think>b</think>c</think>2", "", stop, "bac", "2", eval.ThoughtClosed},
		{"never closed though ended", "<think>a", "", stop, "a", "", eval.ThoughtOpen},
		{"thought and solution tags", "<|begin_of_thought|>a<|end_of_thought|>\n<|begin_of_solution|>2<|end_of_solution|>", "", stop, "a", "2", eval.ThoughtClosed},
		{"triangles", "◁think▷a◁/think▷2", "", stop, "a", "2", eval.ThoughtClosed},
		{"end markers", "<think>a</think>2<|im_end|>", "", stop, "a", "2", eval.ThoughtClosed},
		{"less-than is no tag", "a < b and [x] <y>", "", stop, "", "a < b and [x] <y>", eval.ThoughtNone},

		{"harmony", "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>2<|return|>", "", stop, "a", "2", eval.ThoughtClosed},
		{"harmony commentary is no answer", "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>commentary<|message|>c<|end|><|start|>assistant<|channel|>final<|message|>2", "", stop, "ac", "2", eval.ThoughtClosed},
		{"harmony cut off", "<|channel|>analysis<|message|>a", "", length, "a", "", eval.ThoughtOpen},
		{"harmony without a final part", "<|channel|>analysis<|message|>a<|end|>", "", stop, "a", "", eval.ThoughtClosed},
		{"channel", "<|channel>thought\na\n<channel|>2", "", stop, "a", "2", eval.ThoughtClosed},
		{"channel cut off", "<|channel>thought\na", "", length, "a", "", eval.ThoughtOpen},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := cot.Split(eval.Response{Raw: c.raw, Stop: c.stop}, c.prefill)
			assert.Equal(t, c.thought, r.Thought, "thought")
			assert.Equal(t, c.text, r.Text, "text")
			assert.Equal(t, c.state, r.State)
			assert.Equal(t, c.raw, r.Raw, "what was received is kept")
		})
	}
}

func TestSplitOfAThoughtDeliveredApart(t *testing.T) {
	r := cot.Split(eval.Response{Raw: "2", Reasoning: "a", Stop: eval.StopEnd}, "")
	assert.Equal(t, []any{"a", "2", eval.ThoughtClosed}, []any{r.Thought, r.Text, r.State})

	r = cot.Split(eval.Response{Reasoning: "a", Stop: eval.StopLength}, "")
	assert.Equal(t, []any{"a", "", eval.ThoughtOpen}, []any{r.Thought, r.Text, r.State})

	n := 7
	r = cot.Split(eval.Response{Raw: "2", Usage: eval.Usage{Reasoning: &n}}, "")
	assert.Equal(t, eval.ThoughtHidden, r.State, "billed but not shown")
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"<think>a</think>b", "a</think>b", "[THINK]", "<|channel|>final<|message|>2", "<|channel>thought\nx<channel|>y", "`</think>`"} {
		f.Add(s, "", true)
	}
	f.Add("a", "<think>", false)
	f.Fuzz(func(t *testing.T, raw, prefill string, cut bool) {
		stop := eval.StopEnd
		if cut {
			stop = eval.StopLength
		}
		r := cot.Split(eval.Response{Raw: raw, Stop: stop}, prefill)
		assert.LessOrEqual(t, len(r.Thought)+len(r.Text), len(raw), "nothing is made up or counted twice")
		if r.State == eval.ThoughtOpen {
			assert.Empty(t, r.Text)
		}
	})
}

func BenchmarkSplit(b *testing.B) {
	raw := "<think>" + strings.Repeat("Let me see: 2 < 3 and [4] is even, so we go on. ", 20000) + "</think>The answer is 2."
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		cot.Split(eval.Response{Raw: raw}, "")
	}
}

func TestManyChannelsArePartedOneByOne(t *testing.T) {
	r := cot.Split(eval.Response{Raw: strings.Repeat("<|channel|>analysis<|message|>x<|end|>", 1<<10)}, "")
	assert.Len(t, r.Thought, 1<<10)
}

// BenchmarkSplitChannels would take minutes if each message were searched up to
// the end of the response for every mark that may end it.
func BenchmarkSplitChannels(b *testing.B) {
	for name, raw := range map[string]string{
		"messages": strings.Repeat("<|channel|>analysis<|message|>x<|end|>", 1<<15), "marks": strings.Repeat("<|channel>", 1<<17),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				cot.Split(eval.Response{Raw: raw}, "")
			}
		})
	}
}

// A preset opens the thought by a prefill; a server with a reasoning parser delivers
// it apart all the same, and what is left is the answer.
func TestAPrefillAndAThoughtThatComesApart(t *testing.T) {
	for _, c := range []struct {
		in, want eval.Response
	}{
		{eval.Response{Raw: "It is 4.", Reasoning: "2+2", Stop: eval.StopEnd}, eval.Response{Thought: "2+2", Text: "It is 4.", State: eval.ThoughtClosed}},
		{eval.Response{Reasoning: "2+", Stop: eval.StopLength}, eval.Response{Thought: "2+", State: eval.ThoughtOpen}},
		{eval.Response{Raw: "2+2</think>It is 4.", Stop: eval.StopEnd}, eval.Response{Thought: "2+2", Text: "It is 4.", State: eval.ThoughtClosed}},
		{eval.Response{Raw: "2+2 and", Stop: eval.StopEnd}, eval.Response{Thought: "2+2 and", State: eval.ThoughtOpen}},
	} {
		got := cot.Split(c.in, "<think>\n")
		assert.Equal(t, []any{c.want.Thought, c.want.Text, c.want.State}, []any{got.Thought, got.Text, got.State}, "%+v", c.in)
	}
}
