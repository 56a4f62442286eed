package sandbox

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFramesFollowEachOther(t *testing.T) {
	var pipe bytes.Buffer
	sent := job{Order: order{Argv: []string{"/bin/true"}, CPU: time.Second}, Files: []jobFile{{"a", []byte{0, 255}, true}}, Stdin: []byte("x")}
	require.NoError(t, writeFrame(&pipe, sent))
	require.NoError(t, writeFrame(&pipe, answer{Ready: true}))
	var j job
	var a answer
	require.NoError(t, readFrame(&pipe, &j))
	require.NoError(t, readFrame(&pipe, &a))
	assert.Equal(t, sent, j)
	assert.True(t, a.Ready)
	assert.ErrorIs(t, readFrame(&pipe, &a), io.EOF)
}

func TestAFrameThatIsCutOrTooLongIsRefused(t *testing.T) {
	var a answer
	assert.ErrorIs(t, readFrame(bytes.NewReader([]byte{0, 0, 0, 9, '{'}), &a), io.ErrUnexpectedEOF)
	assert.ErrorIs(t, readFrame(bytes.NewReader([]byte{0, 0}), &a), io.ErrUnexpectedEOF)
	assert.ErrorIs(t, readFrame(bytes.NewReader([]byte{255, 255, 255, 255, '{', '}'}), &a), errFrame)
	assert.ErrorIs(t, readFrame(bytes.NewReader([]byte{0, 0, 0, 2, '[', ']'}), &a), errFrame)
}

func FuzzFrame(f *testing.F) {
	for _, text := range []string{`{}`, `{"Ready":true}`, `{"Result":{"Status":"ok","Stdout":"eA=="}}`, `[`, ``} {
		f.Add(append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...))
	}
	f.Add([]byte{255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, text []byte) {
		r := bytes.NewReader(text)
		var a answer
		if err := readFrame(r, &a); err != nil {
			return
		}
		size := binary.BigEndian.Uint32(text)
		assert.Equal(t, len(text)-4-int(size), r.Len(), "no byte of the next frame is taken")
		var again bytes.Buffer
		require.NoError(t, writeFrame(&again, a))
		var b answer
		require.NoError(t, readFrame(&again, &b))
		one, _ := json.Marshal(a)
		two, _ := json.Marshal(b)
		assert.Equal(t, string(one), string(two))
	})
}
