// Package evalr_test keeps the plan of the house: which room may import which.
package evalr_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/evalr/evalr"

// arrows are the imports allowed between our rooms; docs/architecture.md draws
// them. A room that is not named here may not exist.
var arrows = map[string][]string{
	"eval":                           {},
	"eval/evaltest":                  {"eval"},
	"eval/evaltest/bigboard":         {"eval", "eval/evaltest", "internal/store"}, // a program for measuring
	"eval/evaltest/load":             {},                                          // the same
	"internal/dataset":               {},
	"internal/sandbox":               {"internal/sandbox/jail"},
	"internal/sandbox/jail":          {},
	"internal/stats":                 {},
	"scoring/mathx":                  {},
	"scoring/cot":                    {"eval", "scoring/mathx"},
	"runners":                        {"eval", "runners/wire"},
	"runners/flow":                   {"eval"},
	"internal/strict":                {"eval"},
	"runners/preset":                 {"eval", "internal/strict"},
	"runners/wire":                   {"eval"},
	"runners/cache":                  {"eval"},
	"runners/money":                  {"eval", "internal/strict"},
	"runners/local":                  {"eval"},
	"runners/batch":                  {"eval", "runners/wire"},
	"internal/engine":                {"eval"},
	"internal/store":                 {"eval"},
	"scoring":                        {"eval", "internal/sandbox", "scoring/mathx", "scoring/cot"},
	"internal/leaderboard":           {"eval", "internal/stats", "internal/plot", "internal/leaderboard/reference"},
	"benchmarks/math":                {"eval", "scoring", "internal/dataset"},
	"benchmarks/code":                {"eval", "scoring", "internal/dataset"},
	"benchmarks/science":             {"eval", "scoring", "internal/dataset"},
	"benchmarks":                     {"eval", "scoring", "internal/dataset", "benchmarks/math", "benchmarks/code", "benchmarks/science"},
	"cmd/evalr":                      nil, // wires everything
	"internal/leaderboard/reference": {},
	"internal/plot":                  {},
	"internal/telemetry":             {"eval"},
}

func TestRoomsImportOnlyWhatThePlanAllows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").Output()
	require.NoError(t, err)
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Fields(line)
		room := strings.TrimPrefix(strings.TrimPrefix(fields[0], module), "/")
		if room == "" {
			continue // this test
		}
		allowed, known := arrows[room]
		if !assert.True(t, known, "%s is a room that the plan does not know", room) || room == "cmd/evalr" {
			continue
		}
		for _, imported := range fields[1:] {
			if to, ours := strings.CutPrefix(imported, module+"/"); ours {
				assert.True(t, slices.Contains(allowed, to), "%s must not import %s", room, to)
			} else if room == "eval" {
				assert.NotContains(t, imported, ".", "eval stands on the standard library only")
			}
		}
	}
}

func TestTheTestRoomIsImportedByTestsAlone(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").Output()
	require.NoError(t, err)
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Fields(line)
		if fields[0] == module+"/eval/evaltest/bigboard" {
			continue // is of the test room, and no part of evalr
		}
		assert.NotContains(t, fields[1:], module+"/eval/evaltest", fields[0])
	}
}
