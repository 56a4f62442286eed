package batch_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/runners/batch"
)

// A death ends a client at one of its calls, before the service sees it or after
// it was carried out. What was in the folder at that moment is kept; from then on
// the service hears nothing from the dead.
type death struct {
	calls  int  // until it happens
	before bool // the service sees the call
	from   string
	to     string
	key    string // of the client
	dead   chan struct{}
}

func (d *death) happened() bool {
	select {
	case <-d.dead:
		return true
	default:
		return false
	}
}

func (d *death) happen() {
	for range 3 { // the client goes on meanwhile: a name that is being replaced may be missed once
		names, _ := filepath.Glob(filepath.Join(d.from, "*"))
		for _, name := range names {
			text, err := os.ReadFile(name)
			if os.IsNotExist(err) {
				continue // put into place meanwhile
			}
			to := filepath.Join(d.to, filepath.Base(name))
			if err = errors.Join(err, os.MkdirAll(d.to, 0o755), os.WriteFile(to, text, 0o600)); err != nil {
				panic(err)
			}
		}
	}
	close(d.dead)
}

func (d *death) hook(before bool) func(http.ResponseWriter, *http.Request) bool {
	return func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") != "Bearer "+d.key {
			return false // of one that lives, or died before
		}
		if !d.happened() {
			if before {
				d.calls--
			}
			if d.calls > 0 || before != d.before {
				return false
			}
			d.happen()
		}
		panic(http.ErrAbortHandler)
	}
}

func TestNoDeathMakesARequestPaidTwice(t *testing.T) {
	each(t, func(t *testing.T, _ *bench) {
		shape := shapes[filepath.Base(t.Name())]
		for seed := range uint64(15) {
			random := rand.New(rand.NewPCG(seed, 6))
			b := newBench(t, shape)
			b.options.MaxRequests = 5
			var all []*death
			for n := range 1 + random.IntN(4) {
				d := &death{
					key: fmt.Sprint("key-of-", n), calls: 1 + random.IntN(12), before: random.IntN(2) == 0, dead: make(chan struct{}),
					from: b.options.Dir, to: filepath.Join(t.TempDir(), fmt.Sprint(n)),
				}
				all = append(all, d)
				b.options.Runner = shape(b.service.API(), d.key)
				b.die(d, all)
			}
			b.options.Runner = shape(b.service.API(), "key-of-the-last")
			right(t, ask(t.Context(), b.open(), 12))
			b.once(12)
			if t.Failed() {
				t.Fatalf("seed %d: %s\n%s", seed, b.service.Calls(), b.heard())
			}
			b.service.Close()
		}
	})
}

// die asks until the death happens, or all is answered, and goes on with what
// there was in the folder at that moment. Calls that the earlier dead had sent may
// still come in: they are dropped too.
func (b *bench) die(d *death, all []*death) {
	hook := func(before bool) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			for _, d := range all {
				d.hook(before)(w, r) // never answers, but drops
			}
			return false
		}
	}
	b.service.Hook(hook(true), hook(false))
	ctx, cancel := context.WithCancel(b.t.Context())
	defer cancel()
	r := b.open()
	done := make(chan []reply)
	go func() { done <- ask(ctx, r, 12) }()
	select {
	case <-d.dead:
		cancel()
		<-done
		r.Close()
		b.options.Dir = d.to
	case all := <-done:
		right(b.t, all)
		r.Close()
	}
}

// A submission that the service carries out only after the client has died, and
// another has looked for it, is found all the same.
func TestASubmissionThatArrivesLate(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.options.Settle = 500 * time.Millisecond
		b.options.Quiet, b.options.MaxRequests = time.Second, 10
		var late func()
		create := "/v1/messages/batches"
		if strings.HasSuffix(t.Name(), "files") {
			create = "/v1/batches"
		}
		b.service.Before = func(_ http.ResponseWriter, r *http.Request) bool {
			if late != nil || r.Method != http.MethodPost || r.URL.Path != create {
				return false
			}
			body, err := io.ReadAll(r.Body)
			assert.NoError(t, err)
			late = func() {
				resp, err := http.Post(b.service.URL+create, "application/json", bytes.NewReader(body))
				if assert.NoError(t, err) {
					_ = resp.Body.Close()
				}
			}
			panic(http.ErrAbortHandler)
		}
		listed := 0
		b.service.After = func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == http.MethodGet && r.URL.Path == create {
				if listed++; listed == 1 {
					go late()
				}
			}
			return false
		}
		right(t, ask(t.Context(), b.open(), 10))
		assert.Equal(t, 1, b.service.Made())
		b.once(10)
	})
}

const (
	clientOf = "EVALR_TEST_BATCH_API" // makes the test binary a client of that service
	clientIn = "EVALR_TEST_BATCH_DIR"
	clientAs = "EVALR_TEST_BATCH_SHAPE"
)

func TestMain(m *testing.M) {
	if api := os.Getenv(clientOf); api != "" {
		os.Exit(client(api, os.Getenv(clientIn), os.Getenv(clientAs)))
	}
	os.Exit(m.Run())
}

// client asks 40 requests and prints every answer.
func client(api, dir, shape string) int {
	r, err := batch.Open(batch.Options{
		Dir: dir, Runner: shapes[shape](api, "key-of-the-client"), MaxRequests: 15,
		Quiet: 20 * time.Millisecond, Poll: time.Millisecond, PollMost: 4 * time.Millisecond, Settle: 300 * time.Millisecond,
	})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	for i, a := range ask(context.Background(), r, 40) {
		if a.err != nil || a.out.Raw != fmt.Sprintf("question %d", i) {
			fmt.Println("not answered:", i, a.err, a.out.Raw)
			return 1
		}
	}
	fmt.Println("all answered")
	return 0
}

// A real process is killed where it may be: at a call that is drawn, whatever else
// it is doing then.
func TestKilledProcessesNeverPayTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	each(t, func(t *testing.T, _ *bench) {
		shape := filepath.Base(t.Name())
		random := rand.New(rand.NewPCG(6, 7))
		kills := 0
		for range 6 {
			b := newBench(t, shapes[shape])
			run := func(at int) (said string, err error) {
				ctx, kill := context.WithCancel(t.Context()) // ends the process by SIGKILL
				defer kill()
				cmd := exec.CommandContext(ctx, os.Args[0])
				cmd.Env = append(os.Environ(), clientOf+"="+b.service.API(), clientIn+"="+b.options.Dir, clientAs+"="+shape)
				out, err := cmd.StdoutPipe()
				require.NoError(t, err)
				calls := 0
				b.service.Hook(func(http.ResponseWriter, *http.Request) bool {
					if calls++; calls == at {
						kill() // while the call is served
					}
					return false
				}, nil)
				require.NoError(t, cmd.Start())
				text, err := io.ReadAll(bufio.NewReader(out))
				require.NoError(t, err)
				return string(text), cmd.Wait()
			}
			for range 4 {
				if _, err := run(1 + random.IntN(14)); err != nil {
					kills++
				}
			}
			said, err := run(-1)
			require.NoError(t, err, said)
			require.Equal(t, "all answered\n", said)
			b.once(40)
			b.service.Close()
		}
		assert.Positive(t, kills, "no process was killed")
		t.Logf("%d processes killed", kills)
	})
}
