package local_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/evalr/evalr/runners/local"
)

func ExampleProbe() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[{"id":"org/tiny","owned_by":"vllm","max_model_len":32768}]}`)
	})
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"version":"0.11.0"}`)
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	facts, err := local.Probe(context.Background(), local.Target{Kind: "openai", Model: "org/tiny", Base: server.URL + "/v1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(facts.Engine, facts.Version, *facts.Served, facts.Context)
	// Output: vllm 0.11.0 true 32768
}
