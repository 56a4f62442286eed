package scoring_test

import (
	"os"
	"path/filepath"
	"testing"
)

// shared gives a path of the shared reference data, or skips.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("EVALR_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is absent: set EVALR_SHARED to the shared reference data to run this test", path)
	}
	return path
}
