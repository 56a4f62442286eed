package telemetry_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/telemetry"
)

func TestAnEndpointThatIsNoAddressIsRefused(t *testing.T) {
	for _, address := range []string{"http://[::bad", "collector", "unix:///run/otel", "http://"} {
		t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
		_, err := telemetry.Start(t.Context(), telemetry.Options{})
		require.ErrorContains(t, err, "OTEL_EXPORTER_OTLP_ENDPOINT", address)
	}
}

// What a collector answers may be a page, or meant for the terminal.
func TestWhatACollectorAnswersIsSaidOnOneCleanLine(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte("<html>\n\x1b[31mno\r\n</html>"))
	}))
	defer s.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", s.URL)
	var mu sync.Mutex
	var said []string
	tracer, err := telemetry.Start(t.Context(), telemetry.Options{Warn: func(s string) {
		mu.Lock()
		defer mu.Unlock()
		said = append(said, s)
	}})
	require.NoError(t, err)
	_, _ = tracer.Attempts(flaky()).Generate(t.Context(), request)
	lost := tracer.Close(t.Context())
	require.Error(t, lost)
	mu.Lock()
	defer mu.Unlock()
	for _, text := range append(said, lost.Error()) {
		assert.NotContains(t, text, "\n")
		assert.NotContains(t, text, "\x1b")
	}
}
