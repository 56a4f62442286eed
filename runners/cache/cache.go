// Package cache answers requests from earlier runs, so that nothing is paid for
// twice. It must not know benchmarks, prices or protocols.
package cache

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/evalr/evalr/eval"
)

// A Cache is a folder of answers. Several processes may use one folder at once:
// every answer is a file of its own that is put into place whole.
type Cache struct {
	dir  string
	warn func(string)

	mu    sync.Mutex
	stats Stats
	said  int // warnings so far
}

// Stats are what a Cache did since it was opened.
type Stats struct {
	Hits   int // answered from the folder
	Misses int // asked
	Stored int // of Misses, kept for later runs
	Broken int // of Misses, where a file could not be used
	// SavedUSD is what the hits cost when they were asked, as far as that is known.
	SavedUSD float64
}

// Open opens the folder dir, which is made if it is not there. warn is told of
// files that cannot be used or written; nil drops that.
func Open(dir string, warn func(string)) (*Cache, error) {
	for _, d := range []string{dir, filepath.Join(dir, layout), filepath.Join(dir, scratch)} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return nil, fmt.Errorf("open the cache: %w: give a folder that can be written with --cache", err)
		}
	}
	if warn == nil {
		warn = func(string) {}
	}
	sweep(filepath.Join(dir, scratch))
	return &Cache{dir: dir, warn: warn}, nil
}

// Stats tells what the cache did so far.
func (c *Cache) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stats
}

// Wrap answers from the folder what an earlier run asked of the same model in the
// same words for the same trial, and keeps what is asked now. Only finished
// answers are kept, failures never.
func (c *Cache) Wrap(under eval.Runner, id Identity) eval.Runner {
	return &cached{under: under, cache: c, id: id.clean()}
}

type cached struct {
	under eval.Runner
	cache *Cache
	id    Identity
}

// Name is that of the runner below.
func (r *cached) Name() string { return r.under.Name() }

// Under is the runner below.
func (r *cached) Under() eval.Runner { return r.under }

// Generate answers from the folder, or asks. A cached answer costs nothing, has
// Cached set, and keeps the usage and the timing of when it was asked.
func (r *cached) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	if err := ctx.Err(); err != nil {
		return eval.Response{}, err
	}
	k, err := keyOf(r.id, q)
	if err != nil { // parameters that JSON cannot hold were never sent either
		return r.under.Generate(ctx, q)
	}
	c := r.cache
	if out, ok := c.load(k); ok {
		return out, nil
	}
	out, err := r.under.Generate(ctx, q)
	if err == nil && keeps(out) {
		c.store(k, r.id, out)
	}
	return out, err
}

func (c *Cache) count(f func(*Stats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.stats)
}

// mostWarnings is how many are told: a folder full of broken files needs no
// thousand lines.
const mostWarnings = 5

func (c *Cache) warnOf(format string, args ...any) {
	c.mu.Lock()
	c.said++
	said := c.said
	c.mu.Unlock()
	switch {
	case said <= mostWarnings:
		c.warn(fmt.Sprintf(format, args...))
	case said == mostWarnings+1:
		c.warn("further trouble with the cache " + c.dir + " is not told")
	}
}

// path is where an answer lies.
func (c *Cache) path(k key) string {
	name := hex.EncodeToString(k[:])
	return filepath.Join(c.dir, layout, name[:2], name[2:])
}
