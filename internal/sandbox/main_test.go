package sandbox_test

import (
	"os"
	"testing"

	"github.com/evalr/evalr/internal/sandbox"
)

func TestMain(m *testing.M) {
	sandbox.Init()
	code := m.Run()
	if box, err := shared(); err == nil {
		_ = box.Close()
	}
	os.Exit(code)
}
