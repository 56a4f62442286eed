package runners

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

const probeTimeout = 400 * time.Millisecond

// Probe looks whether a local model server answers on its usual port and gives
// the spec of its first model, with a line that says so. Of several the first
// in the order of the table counts.
func Probe(ctx context.Context) (spec, said string, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	models := make([]string, len(table))
	var all sync.WaitGroup
	for i, k := range table {
		if strings.HasPrefix(k.BaseURL, "http://localhost:") {
			all.Go(func() { models[i] = firstModel(ctx, strings.TrimSuffix(k.BaseURL, "/v1")+"/v1") })
		}
	}
	all.Wait()
	for i, k := range table {
		if models[i] != "" {
			return k.Kind + ":" + models[i] + "@" + k.BaseURL, fmt.Sprintf("a server answers at %s (%s): using its model %s", k.BaseURL, k.Kind, models[i]), true
		}
	}
	return "", "", false
}

// firstModel asks a server for its models; empty if none answers.
func firstModel(ctx context.Context, base string) string {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/models", nil)
	if err != nil {
		return ""
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // never through a proxy
	resp, err := client.Do(req)
	if err != nil {
		return ""
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if resp.StatusCode != http.StatusOK || json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&list) != nil || len(list.Data) == 0 {
		return ""
	}
	return list.Data[0].ID
}
