package scoring

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"sync"

	"github.com/evalr/evalr/eval"
)

// A Cache keeps what was computed about a benchmark's own programs from one run
// to the next. Both methods are safe for concurrent use. What Load gives is
// checked before it is believed.
type Cache interface {
	// Load gives what was stored under a key, a name of letters, digits and "-".
	Load(key string) ([]byte, bool)
	// Store keeps data; it may fail silently, since all of it can be made again.
	Store(key string, data []byte)
}

// A memo computes things by digest, each once, however many ask at a time.
type memo[T any] struct {
	mu   sync.Mutex
	done map[string]*entry[T]
}

type entry[T any] struct {
	once  sync.Once
	value T
	err   error
}

// of gives the thing of a key. Of errors only those of the data are kept: an
// interruption or a sandbox that failed is no property of the thing.
func (m *memo[T]) of(key string, compute func() (T, error)) (T, error) {
	m.mu.Lock()
	if m.done == nil {
		m.done = map[string]*entry[T]{}
	}
	e := m.done[key]
	if e == nil {
		e = &entry[T]{}
		m.done[key] = e
	}
	m.mu.Unlock()
	e.once.Do(func() { e.value, e.err = compute() })
	var failure *eval.Failure
	lasting := errors.As(e.err, &failure) && failure.Kind == eval.FailData
	if e.err != nil && !lasting {
		m.forget(key, e)
	}
	return e.value, e.err
}

func (m *memo[T]) forget(key string, e *entry[T]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.done[key] == e {
		delete(m.done, key)
	}
}

// digest names a thing by all that it depends on.
func digest(kind string, parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256([]byte(p))
		h.Write(sum[:])
	}
	return kind + "-" + hex.EncodeToString(h.Sum(nil)[:20])
}

// mostCached bounds an entry of the cache.
const mostCached = 64 << 20

// load gives what was stored, if it is whole.
func load(c Cache, key string) ([]byte, bool) {
	if c == nil {
		return nil, false
	}
	packed, ok := c.Load(key)
	if !ok || len(packed) < sha256.Size {
		return nil, false
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed[sha256.Size:])), mostCached+1))
	if err != nil || len(data) > mostCached || seal(key, data) != [32]byte(packed[:sha256.Size]) {
		return nil, false
	}
	return data, true
}

func store(c Cache, key string, data []byte) {
	if c == nil || len(data) > mostCached {
		return
	}
	sum := seal(key, data)
	b := bytes.NewBuffer(sum[:])
	w, err := flate.NewWriter(b, flate.BestSpeed)
	if err != nil {
		return
	}
	if _, err = w.Write(data); err == nil && w.Close() == nil {
		c.Store(key, b.Bytes())
	}
}

// seal ties data to its key, so that an entry that was cut off or put elsewhere
// is seen.
func seal(key string, data []byte) [32]byte {
	h := sha256.New()
	_, _ = io.Copy(h, strings.NewReader(key+"\x00"))
	h.Write(data)
	return [32]byte(h.Sum(nil))
}
