package telemetry

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// LogFormats are what NewLogger takes.
var LogFormats = []string{"text", "json"}

// NewLogger gives the logger of a format. Text is for people: "warning: …", with
// attributes behind it; JSON is one object a line with time, level and msg.
func NewLogger(w io.Writer, format string) (*slog.Logger, error) {
	switch format {
	case "", "text":
		return slog.New(&textHandler{out: w, mu: &sync.Mutex{}}), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: inUTC})), nil
	}
	return nil, fmt.Errorf("unknown log format %q: the formats are %s", format, strings.Join(LogFormats, " and "))
}

// inUTC gives times as the records of a run have them.
func inUTC(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		a.Value = slog.TimeValue(a.Value.Time().UTC())
	}
	return a
}

// A textHandler writes lines as the command writes its notes.
type textHandler struct {
	out   io.Writer
	mu    *sync.Mutex
	with  []slog.Attr // with the names of their groups
	group string
}

// Enabled says whether lines of a level are written.
func (h *textHandler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo
}

// Handle writes a line. A message of several lines keeps them.
func (h *textHandler) Handle(_ context.Context, r slog.Record) error {
	var b bytes.Buffer
	switch {
	case r.Level >= slog.LevelError:
		b.WriteString("error: ")
	case r.Level >= slog.LevelWarn:
		b.WriteString("warning: ")
	}
	b.WriteString(harmless(r.Message))
	for _, a := range h.with {
		writeAttr(&b, "", a)
	}
	r.Attrs(func(a slog.Attr) bool {
		writeAttr(&b, h.group, a)
		return true
	})
	b.WriteByte('\n')
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := h.out.Write(b.Bytes())
	return err
}

// WithAttrs adds attributes to all lines.
func (h *textHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	out := *h
	out.with = slices.Clip(out.with)
	for _, a := range attrs {
		a.Key = h.group + a.Key
		out.with = append(out.with, a)
	}
	return &out
}

// WithGroup begins the names of later attributes by that of the group.
func (h *textHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	out := *h
	out.group += name + "."
	return &out
}

func writeAttr(b *bytes.Buffer, group string, a slog.Attr) {
	v := a.Value.Resolve() // a secret says here what may be said of it
	switch {
	case a.Equal(slog.Attr{}):
	case v.Kind() == slog.KindGroup:
		if a.Key != "" {
			group += a.Key + "."
		}
		for _, inner := range v.Group() {
			writeAttr(b, group, inner)
		}
	default:
		fmt.Fprintf(b, " %s=%s", harmless(group+a.Key), quoted(v.String()))
	}
}

// quoted puts a value into quotes if it could be taken for more than one.
func quoted(s string) string {
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == '"' || r == '=' }) {
		return strconv.Quote(s)
	}
	return s
}

// harmless strips what could take over a terminal or turn a line around.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
