package mathx_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/scoring/mathx"
)

func TestGroups(t *testing.T) {
	for text, want := range map[string]int{
		"{a}": 3, "{a{b}c}d": 7, `{a\}b}`: 6, "{": 0, "{a": 0, `{\}`: 0, "(a)": 3, "({)": 3, "((a)": 0, "{)}": 3,
	} {
		g := mathx.Groups{Text: text}
		end, ok := g.End(0)
		assert.Equal(t, want, end, text)
		assert.Equal(t, want > 0, ok, text)
	}
}

// A group is found whether or not one before it is open.
func FuzzGroups(f *testing.F) {
	f.Add("{{a}{b}")
	f.Add(`(\(a)((b)`)
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, `\`, "") // what is escaped depends on where the search begins
		together := mathx.Groups{Text: text}
		for i := range len(text) {
			if text[i] != '{' && text[i] != '(' {
				continue
			}
			alone := mathx.Groups{Text: text}
			want, wantOK := alone.End(i)
			end, ok := together.End(i)
			assert.Equal(t, want, end)
			assert.Equal(t, wantOK, ok)
		}
	})
}
