package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestTheLiveViewFitsTheScreen(t *testing.T) {
	p := &progress{out: io.Discard}
	for i := range 30 {
		p.rows = append(p.rows, &progressRow{
			benchmark: "evalr-math", model: fmt.Sprintf("a-model-of-a-rather-long-name@effort=%d", i), total: 112, done: i % 2 * 50, tokens: 90_000, counted: true,
		})
	}
	trouble := "http://127.0.0.1:8000/v1: 0 in flight of 4, 2 try again within 4s, 12 retries, 6 refusals (429), last failure, 2 in a row: slow down"
	p.status = func(bool) []string { return []string{trouble} }
	for _, width := range []int{30, 50, 80, 120, 400} {
		for _, height := range []int{3, 8, 24, 60} {
			lines := p.view(time.Minute, width, height, false)
			assert.Less(t, len(lines), height)
			for _, l := range lines {
				assert.Less(t, utf8.RuneCountInString(l), width, l)
			}
			all := strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
			if height >= 24 {
				assert.Contains(t, all, trouble, "how the service is, is never cut")
			}
			if height == 24 {
				assert.Contains(t, all, "… and")
				assert.Contains(t, lines[0], "50/112", "rows that are under way come first")
			}
			if width >= 80 && height == 24 {
				assert.Contains(t, lines[0], " left")
				assert.Contains(t, lines[0], "effort=1")
			}
		}
	}
	assert.Len(t, p.view(time.Minute, 80, 24, true), 30, "the last one is whole")
}

// What is said while the view is on the screen stands above it and is not drawn over.
func TestWhatIsSaidDuringALiveView(t *testing.T) {
	var out bytes.Buffer
	c := &console{under: &out}
	c.draw([]string{"one", "two"})
	_, _ = fmt.Fprintln(c, "warning: hot")
	c.draw([]string{"one", "two"})
	c.keep()
	_, _ = fmt.Fprintln(c, "done")
	assert.Equal(t, "one\ntwo\n\x1b[2A\x1b[Jwarning: hot\none\ntwo\ndone\n", out.String())

	c.draw([]string{strings.Repeat("x", 100), "y"})
	assert.Equal(t, "\x1b[4A\x1b[J", c.wiped(50-10), "a terminal that was made narrower has broken the lines")
}
