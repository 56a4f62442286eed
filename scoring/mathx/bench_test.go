package mathx_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/evalr/evalr/scoring/mathx"
)

// benchPairs reads the pairs of a file of cases that differ as texts.
func benchPairs(b *testing.B, path string) [][2]string {
	f, err := os.Open(path)
	if err != nil {
		b.Skipf("%s is absent", path)
	}
	defer f.Close() //nolint:errcheck // read only
	var out [][2]string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var row struct{ Gold, Response string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			b.Fatal(err)
		}
		if row.Gold != row.Response && row.Response != "" {
			out = append(out, [2]string{row.Gold, row.Response})
		}
	}
	return out
}

// BenchmarkEqual compares the pairs of our own cases and of the shared public
// ones in turn, on one core; p50 and p99 are over the pairs, each the least of
// nine.
func BenchmarkEqual(b *testing.B) {
	shared := os.Getenv("EVALR_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	for name, path := range map[string]string{"own": "../testdata/equal.jsonl", "public": filepath.Join(shared, "accept", "math_equiv.jsonl")} {
		b.Run(name, func(b *testing.B) {
			pairs := benchPairs(b, path)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				p := pairs[i%len(pairs)]
				mathx.Equal(p[0], p[1], mathx.Options{})
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pairs/s")
			b.StopTimer()
			times := make([]float64, len(pairs))
			for i, p := range pairs {
				least := time.Hour
				for range 9 {
					start := time.Now()
					mathx.Equal(p[0], p[1], mathx.Options{})
					least = min(least, time.Since(start))
				}
				times[i] = float64(least.Nanoseconds())
			}
			slices.Sort(times)
			b.ReportMetric(times[len(times)/2], "p50-ns")
			b.ReportMetric(times[len(times)*99/100], "p99-ns")
		})
	}
}

// BenchmarkCanonicalLike writes the votes of the same answers.
func BenchmarkCanonicalLike(b *testing.B) {
	pairs := benchPairs(b, "../testdata/equal.jsonl")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := pairs[i%len(pairs)]
		mathx.CanonicalLike(p[1], p[0])
	}
}

// BenchmarkHostile compares the inputs that are made to take long: the budget
// stops each after some milliseconds.
func BenchmarkHostile(b *testing.B) {
	for name, in := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mathx.Equal(in[0], in[1], mathx.Options{})
			}
		})
	}
}
