package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMarksArePaintedOnATerminalAndTheModelPaintsNothing(t *testing.T) {
	const text = "3*4 = 13, \x1b[31mand\u202e so 5*5 = 26. Wait, no."
	marks := func() []mark { return arithmeticMarks(text) }
	assert.Equal(t, "3*4 = 13\x1b[33m ✗[12] taken back\x1b[0m, [31mand so 5*5 = 26\x1b[33m ✗[25] taken back\x1b[0m. Wait, no.", style{colours: true}.marked(text, marks()))
	assert.Equal(t, "3*4 = 13 ✗[12] taken back, [31mand so 5*5 = 26 ✗[25] taken back. Wait, no.", style{}.marked(text, marks()))
	assert.Equal(t, "3*4 = 13, [31mand so 5*5 = 26. Wait, no.", style{hidden: true}.marked(text, marks()))
}

func TestMarksWithinAFoldedLoopAreLeftOut(t *testing.T) {
	unit := "So 3*4 = 13 apples, says he. "
	text := "First. "
	for range 10 {
		text += unit
	}
	got := style{}.marked(text, thoughtMarks(text, nil))
	assert.Equal(t, "First. So 3*4 = 13 ✗[12] apples, says he … the last 29 characters repeat 11 times …", got)
}
