package cache

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
)

func TestOnlyFinishedAnswersAreKept(t *testing.T) {
	for name, c := range map[string]struct {
		with  func(*eval.Response) error
		keeps bool
	}{
		"finished":            {func(r *eval.Response) error { return nil }, true},
		"cut by its limit":    {func(r *eval.Response) error { r.Stop = eval.StopLength; return nil }, true},
		"refused":             {func(r *eval.Response) error { r.Stop = eval.StopRefusal; return nil }, true},
		"ended unknown":       {func(r *eval.Response) error { r.Stop = eval.StopUnknown; return nil }, false},
		"ended oddly":         {func(r *eval.Response) error { r.Stop = "tool_calls"; return nil }, false},
		"failed":              {func(r *eval.Response) error { return &eval.Failure{Kind: eval.FailServer} }, false},
		"nothing to be spent": {func(r *eval.Response) error { return eval.ErrSpent }, false},
		"no text":             {func(r *eval.Response) error { r.Raw = "a\xffb"; return nil }, false},
		"cached below":        {func(r *eval.Response) error { r.Cached = true; return nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			folder, _ := opened(t, t.TempDir())
			o := &oracle{with: c.with}
			r := folder.Wrap(o, who)
			for range 2 {
				_, _ = r.Generate(t.Context(), request(0))
			}
			assert.Equal(t, c.keeps, o.asked == 1)
		})
	}
}

func TestBrokenFilesAreToldAndAskedAgain(t *testing.T) {
	good := func(t *testing.T, dir string) []byte {
		c, _ := opened(t, dir)
		ask(t, c.Wrap(&oracle{}, who), request(0))
		packed, err := os.ReadFile(files(t, dir)[0])
		require.NoError(t, err)
		return packed
	}
	pack := func(text string) []byte { return encoder.EncodeAll([]byte(text), nil) }
	for name, harm := range map[string]func([]byte) []byte{
		"empty":         func([]byte) []byte { return nil },
		"cut":           func(b []byte) []byte { return b[:len(b)-3] },
		"cut short":     func(b []byte) []byte { return b[:5] },
		"a flipped bit": func(b []byte) []byte { b[len(b)/2] ^= 4; return b },
		"no frame":      func([]byte) []byte { return []byte("not zstd at all") },
		"no JSON":       func([]byte) []byte { return pack("{") },
		"null":          func([]byte) []byte { return pack("null") },
		"another's":     func([]byte) []byte { return pack(`{"key":"00","answer":{"stop":"stop"}}`) },
		"a bomb":        func([]byte) []byte { return bomb(t) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			packed := good(t, dir)
			path := files(t, dir)[0]
			require.NoError(t, os.WriteFile(path, harm(packed), 0o600))
			c, told := opened(t, dir)
			o := &oracle{}
			r := c.Wrap(o, who)
			assert.False(t, ask(t, r, request(0)).Cached)
			assert.Equal(t, Stats{Misses: 1, Stored: 1, Broken: 1}, c.Stats())
			require.Len(t, *told, 1)
			assert.Contains(t, (*told)[0], path)
			assert.True(t, ask(t, r, request(0)).Cached, "the new answer stands in its place")
		})
	}
}

func bomb(t *testing.T) []byte {
	t.Helper()
	var b strings.Builder
	w, err := zstd.NewWriter(&b)
	require.NoError(t, err)
	zeros := make([]byte, 1<<20)
	for range maxAnswer>>20 + 1 {
		_, err = w.Write(zeros)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return []byte(b.String())
}

func TestAFolderThatCannotBeWrittenIsToldOnlySoOften(t *testing.T) {
	dir := t.TempDir()
	c, told := opened(t, dir)
	require.NoError(t, os.RemoveAll(filepath.Join(dir, scratch)))
	r := c.Wrap(&oracle{}, who)
	for i := range 20 {
		ask(t, r, request(i))
	}
	assert.Len(t, *told, mostWarnings+1)
	assert.Zero(t, c.Stats().Stored)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	_, err := Open(filepath.Join(dir, "file"), nil)
	require.ErrorContains(t, err, "--cache")
}

func TestHalfWrittenFilesOfTheDeadAreSwept(t *testing.T) {
	dir := t.TempDir()
	opened(t, dir)
	old, fresh := filepath.Join(dir, scratch, "1.tmp"), filepath.Join(dir, scratch, "2.tmp")
	require.NoError(t, os.WriteFile(old, nil, 0o600))
	require.NoError(t, os.WriteFile(fresh, nil, 0o600))
	require.NoError(t, os.Chtimes(old, time.Time{}, time.Now().Add(-25*time.Hour)))
	opened(t, dir)
	assert.NoFileExists(t, old)
	assert.FileExists(t, fresh, "somebody may be writing it")
}

func FuzzDecode(f *testing.F) {
	k, err := keyOf(who, request(0))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(encoder.EncodeAll([]byte(`{"key":"00","answer":{"raw":"x","stop":"stop"}}`), nil), true)
	f.Add([]byte(fmt.Sprintf(`{"key":"%x","answer":{"raw":"x","stop":"stop","timing":{"total":-5}}}`, k)), false)
	f.Fuzz(func(t *testing.T, text []byte, packed bool) {
		if !packed {
			text = encoder.EncodeAll(text, nil)
		}
		a, err := decode(text, k)
		if err != nil {
			return
		}
		out := a.response()
		assert.True(t, out.Cached)
		assert.True(t, finished(out.Stop))
		assert.Zero(t, *out.Cost)
	})
}
