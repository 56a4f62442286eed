package money_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners/money"
)

const childVar = "EVALR_TEST_MONEY_CHILD" // "RUN FOLDER|ADDRESS"

func TestMain(m *testing.M) {
	if args := os.Getenv(childVar); args != "" {
		dir, url, _ := strings.Cut(args, "|")
		spend(dir, url)
		return
	}
	os.Exit(m.Run())
}

// Under these terms a request costs two cents, in all cases.
const (
	killBudget = 5.0
	killPrompt = 1000
	killOutput = 1000
)

func killTariff() *money.Tariff {
	return money.NewTariff(&money.Price{Model: "m", Input: number(10), Output: number(10)})
}

// spend is a process that asks until the money is gone.
func spend(dir, url string) {
	p, err := money.NewPurse(money.Caps{USD: killBudget}, money.Spent{}, money.FileLedger(dir))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r := p.Wrap(evaltest.Runner{Label: "m", F: func(ctx context.Context, _ eval.Request) (eval.Response, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
		if err != nil {
			return eval.Response{}, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return eval.Response{}, &eval.Failure{Kind: eval.FailConnection, Message: err.Error()}
		}
		out := eval.Response{Stop: eval.StopEnd}
		err = json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&out.Usage)
		return out, errors.Join(err, resp.Body.Close())
	}}, killTariff())
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for {
				if _, err := r.Generate(context.Background(), ask(killOutput)); errors.Is(err, eval.ErrSpent) {
					return
				}
			}
		})
	}
	all.Wait()
	if err := p.Close(); err != nil {
		os.Exit(1)
	}
}

func TestTheCapOutlivesKills(t *testing.T) {
	dir := t.TempDir()
	var mu sync.Mutex
	billed, life := 0.0, 0
	enough := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		billed += (killPrompt + killOutput) * 10 / 1e6
		if life++; life == 40 {
			enough <- struct{}{}
		}
		mu.Unlock()
		_, _ = fmt.Fprintf(w, `{"prompt":%d,"output":%d}`, killPrompt, killOutput)
	}))
	defer server.Close()
	kills := 0
	for over := false; !over; {
		require.Less(t, kills, 30)
		mu.Lock()
		life = 0
		mu.Unlock()
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), childVar+"="+dir+"|"+server.URL)
		child.Stderr = os.Stderr
		require.NoError(t, child.Start())
		ended := make(chan error, 1)
		go func() { ended <- child.Wait() }()
		select {
		case <-enough: // in the middle of its work
			require.NoError(t, child.Process.Kill())
			require.Error(t, <-ended, "it was killed")
			kills++
		case err := <-ended:
			require.NoError(t, err)
			over = true
		}
		mu.Lock()
		require.LessOrEqual(t, billed, killBudget+1e-9)
		mu.Unlock()
	}
	assert.GreaterOrEqual(t, kills, 3)
	assert.Greater(t, billed, killBudget*0.6, "a death costs what was in flight and a step, no more")
	t.Logf("%d kills, %.2f of %.2f dollars billed", kills, billed, killBudget)
}
