package dataset_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/dataset"
)

func write(t *testing.T, name string, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, text, 0o644))
	return path
}

func packed(t *testing.T, text string) (gz, zst []byte) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	e, err := zstd.NewWriter(nil)
	require.NoError(t, err)
	return b.Bytes(), e.EncodeAll([]byte(text), nil)
}

const lines = "{\"id\":7,\"q\":\"a\",\"list\":[\"x\",1],\"big\":123456789012345678901,\"n\":null}\n\n{\"q\":\"b\",\"inf\":[Infinity,-Infinity,\"NaN\"]}"

func TestEveryFormatGivesTheSameRows(t *testing.T) {
	gz, zst := packed(t, lines)
	for name, text := range map[string][]byte{
		"a.jsonl": []byte(lines), "b.jsonl.gz": gz, "c.jsonl.zst": zst,
	} {
		f, err := dataset.Read(write(t, name, text))
		require.NoError(t, err, name)
		require.Len(t, f.Rows, 2)
		assert.Len(t, f.SHA256, 64)
		r := f.Rows[0]
		assert.Equal(t, []string{"7", "a", "123456789012345678901"}, []string{r.ID(), r.Text("q"), r.Text("big")})
		list, err := r.Strings("list")
		require.NoError(t, err)
		assert.Equal(t, []string{"x", "1"}, list)
		assert.Equal(t, "1", f.Rows[1].ID(), "the row's number")
		assert.False(t, r.Has("n"))
	}
	f, err := dataset.Read(write(t, "d.json", []byte("[\n{\"q\":\"a\"},\n{\"q\":\"b\"}\n]")))
	require.NoError(t, err)
	assert.Len(t, f.Rows, 2)
}

func TestErrorsNameFileAndLine(t *testing.T) {
	gz, zst := packed(t, lines+"\n"+lines)
	for name, c := range map[string]struct {
		text []byte
		says string
	}{
		"a.jsonl":     {[]byte("{\"q\":1}\n{\"q\":}\n{}"), "a.jsonl:2: not a JSON object"},
		"b.jsonl":     {[]byte("{\"q\":1}\n{\"q\":"), "b.jsonl:2: the file is cut short"},
		"c.jsonl":     {[]byte("{\"q\":1}\n7\n{}"), "c.jsonl:2"},
		"d.json":      {[]byte("[{\"q\":1},\n{\"q\":"), "d.json:2: the file is cut short"},
		"e.json":      {[]byte("[{\"q\":1}\n"), "e.json: the file is cut short"},
		"f.jsonl.gz":  {gz[:len(gz)-10], "cut short"},
		"g.jsonl.zst": {zst[:len(zst)-10], "cut short"},
		"h.jsonl.gz":  {[]byte("plain"), "not a gzip file"},
		"i.parquet":   {[]byte("PAR1 and no more"), "cut-short Parquet"},
	} {
		_, err := dataset.Read(write(t, name, c.text))
		assert.ErrorContains(t, err, c.says, name)
	}
	_, err := dataset.Read("nowhere.jsonl")
	require.Error(t, err)
}

func TestAccessorsNameTheField(t *testing.T) {
	rows, err := dataset.Decode("f", []byte(`{"q":{"a":1},"l":[{}],"s":"x"}`))
	require.NoError(t, err)
	r := rows[0]
	_, err = r.String("q")
	assert.ErrorContains(t, err, `f:1: the field "q" is not text`)
	_, err = r.String("z")
	assert.ErrorContains(t, err, `"z" is missing`)
	_, err = r.Strings("l")
	assert.ErrorContains(t, err, "element 0")
	_, err = r.Rows("s")
	assert.ErrorContains(t, err, `"s"`)
	inner, err := r.Row("q")
	require.NoError(t, err)
	assert.Equal(t, "1", inner.Text("a"))
}

func TestFindTakesTheFirstFolderAndSaysWhereItLooked(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	put := func(path ...string) string {
		p := filepath.Join(path...)
		require.NoError(t, os.MkdirAll(filepath.Dir(p), 0o755))
		require.NoError(t, os.WriteFile(p, []byte("{}"), 0o644))
		return p
	}
	s := dataset.Source{Folders: []string{"gsm8k"}, Files: []string{"good.jsonl", "test.jsonl"}}
	_, err := s.Find([]string{one, two}, "")
	require.ErrorIs(t, err, dataset.ErrNotFound)
	assert.ErrorContains(t, err, one)
	assert.ErrorContains(t, err, "--data")
	second := put(two, "gsm8k", "good.jsonl")
	got, err := s.Find([]string{one, two}, "")
	require.NoError(t, err)
	assert.Equal(t, second, got)
	first := put(one, "gsm8k", "test.jsonl")
	got, err = s.Find([]string{one, two}, "")
	require.NoError(t, err)
	assert.Equal(t, first, got, "the order of folders decides, not that of names")
	got, err = s.Find([]string{filepath.Join(two, "gsm8k")}, "")
	require.NoError(t, err)
	assert.Equal(t, second, got, "a folder may be the dataset's own")
	other := put(t.TempDir(), "math500", "test.jsonl")
	_, err = s.Find([]string{filepath.Dir(other)}, "")
	require.ErrorIs(t, err, dataset.ErrNotFound, "another dataset's test.jsonl is not ours")
	_, err = s.Find([]string{"nowhere"}, "")
	require.ErrorContains(t, err, "nowhere")
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(lines))
	f.Add([]byte("[{\"a\":1}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, err := dataset.Decode("f", text)
		if err == nil {
			for _, r := range rows {
				assert.NotEmpty(t, r.ID())
			}
		}
	})
}
