package batch_test

import (
	"context"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners/batch"
)

// BenchmarkFullBatch answers as many requests as one batch of OpenAI takes, with
// the fake service in the same process.
func BenchmarkFullBatch(b *testing.B) {
	const n = 50_000
	service := evaltest.NewBatches(b)
	service.Takes = 0
	for range b.N {
		r, err := batch.Open(batch.Options{
			Dir: filepath.Join(b.TempDir(), "batches"), Runner: shapes["files"](service.API(), "key"),
			Quiet: time.Second, Poll: time.Millisecond, PollMost: time.Millisecond, Settle: time.Millisecond,
		})
		if err != nil {
			b.Fatal(err)
		}
		for _, a := range ask(context.Background(), r, n) {
			if a.err != nil {
				b.Fatal(a.err)
			}
		}
		r.Close()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-from-system")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/request")
}
