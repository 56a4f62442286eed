package runners

import (
	"bufio"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/wire"
)

// BenchmarkStreams reads 1,000 streams of 50 tokens a second from a server that is a
// process of its own, and reports how many tokens were late: read more than half a
// period after they were due by the clock of their stream.
func BenchmarkStreams(b *testing.B) {
	const streams, tokens, every = 1000, 250, 20 * time.Millisecond
	base := serve(b, "-pieces", fmt.Sprint(tokens), "-every", every.String())
	t, err := Parse("vllm:fake@" + base)
	if err != nil {
		b.Fatal(err)
	}
	r := &chat{opening: opening{Target: t, Options: Options{Concurrency: streams}.filled()}}
	r.client = r.opening.client(nil)
	body, err := r.body(eval.Request{Messages: []eval.Message{{Role: eval.User, Content: "What is 1 + 1?"}}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var late, read atomic.Int64
		before := processor()
		var all sync.WaitGroup
		for range streams {
			all.Go(func() {
				a := &punctual{every: every}
				if _, err := r.client.Ask(b.Context(), wire.Call{Path: "/chat/completions", Body: body, Stream: true}, a); err != nil {
					b.Error(err)
				}
				late.Add(a.late)
				read.Add(a.n)
			})
		}
		all.Wait()
		b.ReportMetric(100*float64(late.Load())/float64(read.Load()), "%late")
		b.ReportMetric(float64((processor()-before).Microseconds())/float64(read.Load()), "µs-cpu/token")
	}
}

// A punctual answer counts the pieces that come late. The server sends each by the
// clock of its stream, so that the earliest one, less its place, tells the clock.
type punctual struct {
	chatAnswer
	every   time.Duration
	first   time.Time
	n, late int64
}

func (a *punctual) Event(ev wire.Event, at time.Time) error {
	if a.n == 0 {
		a.first = at
	}
	due := a.first.Add(time.Duration(a.n) * a.every)
	if at.Before(due) { // the first was late itself
		a.first, due = a.first.Add(at.Sub(due)), at
	}
	if at.Sub(due) > a.every/2 {
		a.late++
	}
	a.n++
	return a.chatAnswer.Event(ev, at)
}

func processor() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// serve starts the server for measuring and gives its address.
func serve(b *testing.B, flags ...string) string {
	program := filepath.Join(b.TempDir(), "load")
	if out, err := exec.Command("go", "build", "-o", program, "../eval/evaltest/load").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	c := exec.Command(program, append([]string{"serve", "-addr", "127.0.0.1:0"}, flags...)...)
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return "http://" + strings.TrimSpace(strings.TrimPrefix(line, "listening at ")) + "/v1"
}
