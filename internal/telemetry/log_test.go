package telemetry_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/telemetry"
)

// key is a secret: it says of itself what may be said.
type key string

func (key) LogValue() slog.Value { return slog.StringValue("(a key)") }

func TestTextIsForPeople(t *testing.T) {
	var out bytes.Buffer
	l, err := telemetry.NewLogger(&out, "text")
	require.NoError(t, err)
	l.Debug("not shown")
	l.Info("no local server answers\non the usual ports")
	l.Warn("slow", "model", "m", "wait", 2*time.Second, "empty", "", "odd", "a \"b\"=\x1b[31m")
	l.With("run", "r1").WithGroup("http").With("tries", 3).Error("gone", "status", 503, slog.Group("of", "n", 1))
	l.Warn("esc\x1b[2J\u202e", "key", key("sk-123"))
	assert.Equal(t, `no local server answers
on the usual ports
warning: slow model=m wait=2s empty="" odd="a \"b\"=\x1b[31m"
error: gone run=r1 http.tries=3 http.status=503 http.of.n=1
warning: esc[2J key="(a key)"
`, out.String())
}

func TestJSONIsOneObjectALine(t *testing.T) {
	var out bytes.Buffer
	l, err := telemetry.NewLogger(&out, "json")
	require.NoError(t, err)
	l.Info("a\nb", "key", key("sk-123"))
	l.WithGroup("g").Warn("c", "n", 1)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2)
	var first, second map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &first))
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &second))
	assert.Equal(t, []any{"INFO", "a\nb", "(a key)"}, []any{first["level"], first["msg"], first["key"]})
	at, err := time.Parse(time.RFC3339Nano, first["time"].(string))
	require.NoError(t, err)
	assert.Equal(t, time.UTC, at.Location())
	assert.Equal(t, map[string]any{"n": 1.0}, second["g"])
}

func TestFormatsOfLogs(t *testing.T) {
	for _, f := range append(telemetry.LogFormats, "") {
		_, err := telemetry.NewLogger(&bytes.Buffer{}, f)
		require.NoError(t, err)
	}
	_, err := telemetry.NewLogger(&bytes.Buffer{}, "xml")
	require.ErrorContains(t, err, "text and json")
}
