package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/evalr/evalr/internal/telemetry"
)

// A console is where the command says what it does. Usually that is text for
// people; with --log-format json every line becomes a record of its own.
type console struct {
	under io.Writer

	mu     sync.Mutex
	logger *slog.Logger // nil for text
	begun  []byte       // a line that has no end yet
	drawn  []int        // characters of each line of the live view that is on the screen
}

// logFlags adds the flag to a command and all beneath it.
func (c *console) logFlags(root *cobra.Command) {
	format := root.PersistentFlags().String("log-format", "text", "what is said on stderr: text, or json for one record a line")
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if *format == "text" {
			return nil
		}
		return c.speak(*format)
	}
}

// speak takes the format of a logger.
func (c *console) speak(format string) error {
	logger, err := telemetry.NewLogger(c.under, format)
	if err != nil {
		return usage(err, "")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.logger = logger
	return nil
}

// asksFor says whether arguments ask for a format, for errors in the arguments
// themselves: those end the command before its flags are known.
func asksFor(args []string, format string) bool {
	for i, a := range args {
		if a == "--log-format="+format || a == "--log-format" && i+1 < len(args) && args[i+1] == format {
			return true
		}
	}
	return false
}

// log is the logger of records; nil for text.
func (c *console) log() *slog.Logger {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.logger
}

// Write writes text as it is, or as records.
func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.logger == nil {
		if clear := c.wiped(c.width()); clear != "" { // it is drawn again below what is said
			_, _ = io.WriteString(c.under, clear)
		}
		return c.under.Write(p)
	}
	c.begun = append(c.begun, p...)
	for {
		i := bytes.IndexByte(c.begun, '\n')
		if i < 0 {
			return len(p), nil
		}
		c.record(strings.TrimSpace(string(c.begun[:i])))
		c.begun = c.begun[i+1:]
	}
}

// draw puts a live view in the place of the one on the screen.
func (c *console) draw(lines []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	b.WriteString(c.wiped(c.width()))
	for _, l := range lines {
		b.WriteString(l + "\n")
		c.drawn = append(c.drawn, utf8.RuneCountInString(l))
	}
	_, _ = io.WriteString(c.under, b.String())
}

// keep leaves the live view as it is.
func (c *console) keep() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drawn = nil
}

// wiped is what takes the live view off a screen of a width. A terminal that was made
// narrower has broken its lines.
func (c *console) wiped(width int) string {
	rows := 0
	for _, n := range c.drawn {
		rows++
		if width > 0 && n > width {
			rows += (n - 1) / width
		}
	}
	c.drawn = c.drawn[:0]
	if rows == 0 {
		return ""
	}
	return fmt.Sprintf("\x1b[%dA\x1b[J", rows)
}

// width is that of the terminal, 0 if there is none.
func (c *console) width() int {
	width, _ := screen(c.under)
	return width
}

// screen is the size of the terminal that is written to, zero if there is none.
func screen(w io.Writer) (width, height int) {
	f, ok := w.(*os.File)
	if !ok {
		return 0, 0
	}
	width, height, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0, 0
	}
	return width, height
}

// record logs a line by the level that its beginning says.
func (c *console) record(text string) {
	switch {
	case text == "":
	case strings.HasPrefix(text, "error: "):
		c.logger.Error(strings.TrimPrefix(text, "error: "))
	case strings.HasPrefix(text, "warning: "):
		c.logger.Warn(strings.TrimPrefix(text, "warning: "))
	default:
		c.logger.Info(text)
	}
}

// terminalOf gives the terminal that a writer writes to; nil if it is none.
func terminalOf(w io.Writer) *os.File {
	if c, ok := w.(*console); ok {
		if c.log() != nil {
			return nil
		}
		w = c.under
	}
	f, _ := w.(*os.File)
	return f
}

// logOf is the logger behind a writer; nil if it takes text.
func logOf(w io.Writer) *slog.Logger {
	if c, ok := w.(*console); ok {
		return c.log()
	}
	return nil
}
