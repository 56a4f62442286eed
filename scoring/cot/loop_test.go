package cot_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/scoring/cot"
)

func TestTailLoopFindsWhatTheEndRepeats(t *testing.T) {
	const unit = "So we try the next value of n, which does not work either. "
	long := strings.Repeat("0123456789", 150) + "."
	for _, c := range []struct {
		name, before, unit string
		times              int
		cut                string
	}{
		{"sentences", "First: we", unit, 7, ""},
		{"cut within a unit", "First: we", unit, 6, unit[:20]},
		{"beyond the window", "First: we", unit, 400, ""},
		{"a short unit counts as one of eight characters", "First: we", "ha ha ha ", 100, ""},
		{"wide runes", "首先：看", "所以我们再试一次下一个值。", 20, ""},
		{"long units", "First: we", long, 4, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := c.before + strings.Repeat(c.unit, c.times) + c.cut
			l, ok := cot.TailLoop(text)
			require.True(t, ok)
			assert.Equal(t, len(c.before), l.Start)
			assert.Equal(t, len(c.unit), l.Unit)
			whole := c.times
			if c.cut != "" {
				whole++
			}
			assert.Equal(t, whole, l.Times)
		})
	}
}

func TestTailLoopLeavesOtherTextsAlone(t *testing.T) {
	for _, text := range []string{
		"", "a", strings.Repeat("So it goes. ", 16), strings.Repeat(strings.Repeat("x", 70), 2) + "y",
		strings.Repeat("We try the next value of n here. ", 20) + "And now for something else, which is not said before.",
		strings.Repeat(strings.Repeat("0123456789", 100)+"abc", 3),
	} {
		_, ok := cot.TailLoop(text)
		assert.False(t, ok, "%.40s", text)
	}
}

func TestRepetitionIsTheShareOfPassagesSaidBefore(t *testing.T) {
	measure := func(thought string) map[string]float64 {
		return cot.Measure(eval.Problem{}, eval.Response{State: eval.ThoughtClosed, Thought: thought}, eval.Verdict{}, nil)
	}
	words := strings.Fields("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty more")
	text := strings.Join(words, " ")
	assert.Zero(t, measure(text)[cot.Repetition])
	// 42 words make 23 passages, of which the first and the last two are the same.
	assert.InDelta(t, 2.0/23, measure(text + ". " + strings.ToUpper(text))[cot.Repetition], 1e-6)
	assert.NotContains(t, measure("too short"), cot.Repetition)
	assert.InDelta(t, 1, measure(strings.Repeat("等等", 5000))[cot.Repetition], 1e-3)
}
