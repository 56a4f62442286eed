package main

import (
	"io"
	"os"
	"path/filepath"

	"github.com/evalr/evalr/scoring"
)

// A folderCache keeps what was computed of reference solutions in a folder, one
// file a key. Entries are small, and a file is there whole or not at all; what
// cannot be kept is computed again.
type folderCache string

// mostKept bounds a file that is read back.
const mostKept = 64 << 20

// referenceCache is the cache in evalr's own folder; nil if the user has none.
func referenceCache() scoring.Cache {
	home := homeDir()
	if home == "" {
		return nil
	}
	return folderCache(filepath.Join(home, "references"))
}

// path spreads the files over folders, by the end of the key.
func (c folderCache) path(key string) string {
	return filepath.Join(string(c), key[max(0, len(key)-2):], filepath.Base(key))
}

// Load reads a file.
func (c folderCache) Load(key string) ([]byte, bool) {
	f, err := os.Open(c.path(key))
	if err != nil {
		return nil, false
	}
	defer f.Close() //nolint:errcheck // read only
	data, err := io.ReadAll(io.LimitReader(f, mostKept+1))
	return data, err == nil && len(data) <= mostKept
}

// Store writes a file beside its place and moves it there.
func (c folderCache) Store(key string, data []byte) {
	path := c.path(key)
	if os.MkdirAll(filepath.Dir(path), 0o755) != nil {
		return
	}
	_ = writeFile(path, data) // what cannot be kept is computed again
}
