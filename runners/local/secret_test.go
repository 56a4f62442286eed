package local_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/runners/local"
)

// What a server says of itself is recorded in the manifest: it may repeat the key.
func TestAServerThatRepeatsTheKey(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		_, _ = fmt.Fprintf(w, `{"version":%[1]q,"build_info":%[1]q,"model_path":%[1]q,"data":[{"id":%[1]q,"owned_by":"vllm"}]}`, key)
	}))
	t.Cleanup(s.Close)
	for _, kind := range []string{"vllm", "sglang", "llamacpp", "openai"} {
		f, err := local.Probe(t.Context(), local.Target{
			Kind: kind, Model: "m", Base: s.URL + "/v1", Header: func(h http.Header) { h.Set("Authorization", "Bearer sk-canary-1234") },
		})
		require.NoError(t, err)
		text, err := json.Marshal(f)
		require.NoError(t, err)
		assert.NotContains(t, string(text), "canary", kind)
		assert.Contains(t, string(text), "[redacted]", kind)
	}
}
