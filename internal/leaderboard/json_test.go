package leaderboard_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/leaderboard"
)

func TestNamesInJSONAreSnakeCase(t *testing.T) {
	b := sampled(t, leaderboard.Options{Baseline: "Qwen/Qwen3-8B", By: leaderboard.ByDomain})
	var board any
	require.NoError(t, json.Unmarshal([]byte(written(t, leaderboard.JSON, b, leaderboard.Layout{})), &board))
	seen := map[string]bool{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				seen[name] = true
				assert.Regexp(t, `^[a-z0-9]+(_[a-z0-9]+)*$`, name)
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(board)
	for _, name := range []string{"rows", "model", "benchmark", "problems", "trials", "score", "ci_low", "ci_high", "outcomes", "no_answer", "third_party", "reported_by", "p_holm", "evalr_versions"} {
		assert.True(t, seen[name], name)
	}
}
