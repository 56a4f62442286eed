package sandbox_test

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if box, err := shared(); err == nil {
		_ = box.Close()
	}
	os.Exit(code)
}
