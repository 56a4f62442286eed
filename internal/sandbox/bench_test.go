package sandbox_test

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/internal/sandbox"
)

// The programs that are timed.
var (
	pythonOne = sandbox.Program{Language: "python", Source: "print(1)\n"}
	cTrue     = sandbox.Program{Language: "c", Source: "int main(void) { return 0; }\n"}
)

// processorTime is what this process and all children that have ended have used.
func processorTime() time.Duration {
	var sum time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return sum
}

// inParallel runs something b.N times on n goroutines, and reports the rate and
// the processor time of it all: the harness, its workers and the programs. end
// ends the workers, so that their time is counted.
func inParallel(b *testing.B, n int, once func() error, end func()) {
	b.Helper()
	before := processorTime()
	b.ResetTimer()
	var all sync.WaitGroup
	for i := range n {
		share := b.N / n
		if i < b.N%n {
			share++
		}
		all.Go(func() {
			for range share {
				if err := once(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	elapsed := b.Elapsed()
	b.StopTimer()
	end()
	b.ReportMetric(float64(b.N)/elapsed.Seconds(), "runs/s")
	b.ReportMetric(float64((processorTime()-before).Microseconds())/1000/float64(b.N), "cpu-ms/run")
}

func benchmarkBox(b *testing.B, o sandbox.Options, p sandbox.Program, n int) {
	b.Helper()
	o.Slots = n
	box, err := sandbox.Open(o)
	if err != nil {
		b.Skip(err)
	}
	once := func() error {
		r, err := box.Run(b.Context(), p, sandbox.Limits{})
		if err == nil && r.Status != sandbox.OK {
			b.Errorf("%s %s", r.Status, r.Stderr)
		}
		return err
	}
	require.NoError(b, once()) // compiled, and the worker started
	inParallel(b, n, once, func() { _ = box.Close() })
}

func benchmarkCommand(b *testing.B, n int, name string, args ...string) {
	b.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		b.Skip(err)
	}
	inParallel(b, n, func() error { return exec.Command(path, args...).Run() }, func() {})
}

// BenchmarkExec times one execution in every way: run with -count, for machines
// drift, and compare within one run.
func BenchmarkExec(b *testing.B) {
	python := []string{"-I", "-S", "-E", "-c", "print(1)"}
	bwrap := []string{"--unshare-all", "--die-with-parent", "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "/usr/bin/python3"}
	for _, n := range []int{1, runtime.NumCPU()} {
		name := map[bool]string{true: "alone", false: "all-cores"}[n == 1]
		b.Run("python/plain/"+name, func(b *testing.B) { benchmarkCommand(b, n, "/usr/bin/python3", python...) })
		b.Run("python/warm/"+name, func(b *testing.B) { benchmarkBox(b, sandbox.Options{}, pythonOne, n) })
		b.Run("python/cold/"+name, func(b *testing.B) { benchmarkBox(b, sandbox.Options{Cold: true}, pythonOne, n) })
		b.Run("python/bubblewrap/"+name, func(b *testing.B) { benchmarkCommand(b, n, "bwrap", append(bwrap, python...)...) })
		b.Run("python/bubblewrap-with-site/"+name, func(b *testing.B) { benchmarkCommand(b, n, "bwrap", append(bwrap, "-s", "-B", "-c", "print(1)")...) })
		b.Run("true/plain/"+name, func(b *testing.B) { benchmarkCommand(b, n, "/bin/true") })
		b.Run("true/warm/"+name, func(b *testing.B) { benchmarkBox(b, sandbox.Options{}, cTrue, n) })
		b.Run("true/cold/"+name, func(b *testing.B) { benchmarkBox(b, sandbox.Options{Cold: true}, cTrue, n) })
	}
}
