package strict_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/strict"
)

type inner struct {
	Size *float64 `json:"size,omitempty"`
}

type file struct {
	inner
	Name  string  `json:"name"`
	Day   string  `json:"day"`
	Count int     `json:"count"`
	Parts []inner `json:"parts"`
}

func TestLoad(t *testing.T) {
	var f file
	require.NoError(t, strict.Load("f.yaml", []byte("name: \"007\"\nday: 2026-11-30\ncount: 3\nsize: 1.5\nparts: [&a {size: 2}, *a]\n"), &f))
	assert.Equal(t, []any{"007", "2026-11-30", 3, 1.5}, []any{f.Name, f.Day, f.Count, *f.Size})
	require.Len(t, f.Parts, 2)
	assert.InDelta(t, 2, *f.Parts[1].Size, 0)
}

func TestWhatIsWrongIsNamedByLine(t *testing.T) {
	for text, says := range map[string]string{
		"name: x\nconut: 1\n":                `f.yaml:2: unknown key "conut": did you mean count?`,
		"zzzzzzzz: 1\n":                      "the keys are",
		"name: x\ncount: 4.5\n":              "f.yaml:2: count: want a whole number, not a number 4.5",
		"name: [x]\n":                        "f.yaml:1: name: want a text, not a array",
		"parts:\n  - size: 1\n    sise: 2\n": `f.yaml:3: unknown key "sise"`,
		"name: x\n\tcount: 1\n":              "f.yaml:1: ",
		"name: x\nname: y\n":                 "f.yaml:2",
		"parts: &a [*a]\n":                   "f.yaml:1",
	} {
		err := strict.Load("f.yaml", []byte(text), &file{})
		var e *strict.Error
		require.ErrorAs(t, err, &e, text)
		assert.ErrorContains(t, err, says)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("name: x\nparts: [{size: 1}]\n")
	f.Add("a: &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		var e *strict.Error
		if err := strict.Load("f.yaml", []byte(text), &file{}); err != nil {
			assert.ErrorAs(t, err, &e)
		}
	})
}
