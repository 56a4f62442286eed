package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWhatIsKeptOfReferencesIsReadBack(t *testing.T) {
	t.Setenv("EVALR_HOME", t.TempDir())
	c := referenceCache()
	_, ok := c.Load("calls-00ab")
	assert.False(t, ok)
	for _, data := range [][]byte{[]byte("first"), bytes.Repeat([]byte("x"), 1<<20)} {
		c.Store("calls-00ab", data)
		kept, ok := c.Load("calls-00ab")
		require.True(t, ok)
		assert.Equal(t, data, kept, "the newest counts")
	}
	left, err := filepath.Glob(filepath.Join(os.Getenv("EVALR_HOME"), "references", "ab", ".*"))
	require.NoError(t, err)
	assert.Empty(t, left, "nothing half written is left")
	c.Store("../../outside", []byte("x"))
	_, err = os.Stat(filepath.Join(os.Getenv("EVALR_HOME"), "..", "outside"))
	assert.Error(t, err, "a key is no path")
	t.Setenv("EVALR_HOME", filepath.Join("/dev/null", "x"))
	referenceCache().Store("calls-00ab", []byte("x")) // a folder that cannot be made is no error
}
