package sandbox_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

func TestOtherTiersRunEveryLanguage(t *testing.T) {
	sources := map[string]string{
		"java": "public class Main { public static void main(String[] a) { System.out.println(42); } }",
		"go":   "package main\nimport \"fmt\"\nfunc main() { fmt.Println(42) }",
		"rust": `fn main() { println!("42"); }`, "cpp": "#include <iostream>\nint main() { std::cout << 42 << std::endl; }",
		"javascript": "console.log(42)", "typescript": "const x: number = 42; console.log(x)", "bash": "echo 42",
	}
	eachTier(t, func(t *testing.T, box *sandbox.Box) {
		for _, l := range sandbox.Languages() {
			source := sources[l.Name]
			if l.Path == "" || source == "" {
				continue
			}
			t.Run(l.Name, func(t *testing.T) {
				if os.Geteuid() != 0 && !strings.HasPrefix(l.Path, "/usr/") {
					t.Skip("the toolchain is another user's")
				}
				r, err := box.Run(t.Context(), sandbox.Program{Language: l.Name, Source: source}, sandbox.Limits{})
				require.NoError(t, err)
				assert.Equal(t, "42\n", string(r.Stdout), "%s %s %s", r.Status, r.Stderr, r.Message)
			})
		}
	})
}

func TestOtherTiersStartProgramsWithinTightLimits(t *testing.T) {
	eachTier(t, func(t *testing.T, box *sandbox.Box) {
		for range 20 { // what starts a program has threads of its own when it limits itself
			r := python(t, box, "print(1)", sandbox.Limits{Processes: 1, Memory: 32 << 20})
			require.Equal(t, "1\n", string(r.Stdout), "%s %s %s", r.Status, r.Stderr, r.Message)
		}
	})
}

// TestEveryTierHoldsTheSharedHostilePrograms runs the programs of the shared suite.
func TestEveryTierHoldsTheSharedHostilePrograms(t *testing.T) {
	if os.Getenv("EVALR_SLOW") == "" {
		t.Skip("slow: set EVALR_SLOW to run it, or make slow")
	}
	root := os.Getenv("EVALR_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	text, err := os.ReadFile(filepath.Join(root, "accept", "abuse", "manifest.json"))
	if err != nil {
		t.Skip("the shared reference data is absent: set EVALR_SHARED to run this test")
	}
	var manifest struct {
		Programs []struct {
			ID, File, Lang, Stdin string
			Stdout                *string
			Expect                []string
		}
	}
	require.NoError(t, json.Unmarshal(text, &manifest))
	stdin := strings.NewReplacer("{port}", "80", "{word}", "PATH-canary", "{folder}", "/tmp", "{name}", "evalr-canary")
	hold := func(t *testing.T, box *sandbox.Box) {
		for _, p := range manifest.Programs {
			t.Run(p.ID, func(t *testing.T) {
				source, err := os.ReadFile(filepath.Join(root, "accept", "abuse", p.File))
				require.NoError(t, err)
				r, err := box.Run(t.Context(), sandbox.Program{Language: p.Lang, Source: string(source), Stdin: []byte(stdin.Replace(p.Stdin))}, sandbox.Limits{CPU: 2 * time.Second})
				require.NoError(t, err)
				assert.Contains(t, p.Expect, string(r.Status), "%s %s", r.Stderr, r.Message)
				assert.NotContains(t, string(r.Stdout), "ESCAPED")
				if p.Stdout != nil {
					assert.Equal(t, *p.Stdout, string(r.Stdout))
				}
			})
		}
	}
	t.Run("native", func(t *testing.T) { hold(t, open(t)) })
	eachTier(t, hold)
}
