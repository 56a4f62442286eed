package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/evalr/evalr/internal/sandbox"
	"github.com/evalr/evalr/runners/local"
)

// TestMain makes the test binary the command itself, for scripts and for tests
// that kill it.
func TestMain(m *testing.M) {
	if os.Args[0] == local.KeeperName {
		os.Exit(local.Keeper(os.Args[1:], os.Stdin))
	}
	// Tests count requests; those that want the check say so.
	if os.Getenv(checkVar) == "" {
		_ = os.Setenv(checkVar, "never")
	}
	testscript.Main(m, map[string]func(){
		"evalr": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			// No key, data folder or cache of the person who runs the tests.
			e.Setenv("EVALR_HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("EVALR_DATA", "")
			e.Setenv("OPENAI_API_KEY", "")
			return nil
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "isolated":
				_, err := sandbox.Open(sandbox.Options{})
				return err == nil, nil
			case "root":
				return os.Geteuid() == 0, nil
			}
			return false, nil
		},
	})
}
