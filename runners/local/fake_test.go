package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/local"
)

// The test's program is also the keeper, the fake engine, and the parent that is
// killed.
func TestMain(m *testing.M) {
	switch {
	case os.Args[0] == local.KeeperName:
		os.Exit(local.Keeper(os.Args[1:], os.Stdin))
	case os.Getenv("FAKE_ENGINE") != "":
		os.Exit(fakeEngine())
	case os.Getenv("FAKE_CHILD") != "":
		signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
		note(os.Getenv("FAKE_CHILD"), os.Getpid())
		select {}
	case os.Getenv("FAKE_PARENT") != "":
		os.Exit(fakeParent())
	}
	os.Exit(m.Run())
}

// A script is what a fake engine does.
type script struct {
	Say      string // printed at the start
	Exit     int    // ends at once, if not 0
	Starts   string // a file of one line a start
	DieAfter int    // the start after which every further one ends at once; 0 means none
	Taken    int    // so many starts find their port in use
	Until    string // not ready until there is this file
	Children string // a file for the ids of descendants that it makes
	Deaf     bool   // ignores the wish to end
}

func (s script) env() []string {
	text, _ := json.Marshal(s)
	self, _ := os.Executable()
	env := []string{"FAKE_ENGINE=" + string(text)}
	for _, v := range []string{"LLAMA_SERVER", "VLLM", "SGLANG_PYTHON", "OLLAMA"} {
		env = append(env, "EVALR_"+v+"="+self)
	}
	return append(os.Environ(), env...)
}

// note appends a number to a file.
func note(path string, n int) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, _ = fmt.Fprintln(f, n)
		_ = f.Close()
	}
}

// noted reads the numbers of such a file.
func noted(path string) []int {
	text, _ := os.ReadFile(path)
	var out []int
	for _, word := range strings.Fields(string(text)) {
		n := 0
		_, _ = fmt.Sscan(word, &n)
		out = append(out, n)
	}
	return out
}

// fakeEngine behaves like llama-server as far as the script lets it.
func fakeEngine() int {
	var s script
	if err := json.Unmarshal([]byte(os.Getenv("FAKE_ENGINE")), &s); err != nil {
		return 9
	}
	fmt.Println("\x1b[32margv:\x1b[0m", strings.Join(os.Args[1:], " "))
	fmt.Println(s.Say)
	if s.Deaf {
		signal.Ignore(syscall.SIGTERM)
	}
	if s.Starts != "" {
		note(s.Starts, os.Getpid())
		starts := len(noted(s.Starts))
		if starts <= s.Taken {
			fmt.Println("E srv start: couldn't bind HTTP server socket, hostname: 127.0.0.1")
			return 1
		}
		if s.DieAfter > 0 && starts > s.DieAfter {
			fmt.Println("CUDA error: out of memory")
			return 3
		}
	}
	if s.Exit != 0 {
		return s.Exit
	}
	if s.Children != "" {
		bearChildren(s.Children)
	}
	return serveFake(s)
}

// bearChildren makes a child that is in a session of its own and whose parent is
// gone, and one that is neither.
func bearChildren(path string) {
	self, _ := os.Executable()
	env := append(os.Environ(), "FAKE_ENGINE=", "FAKE_CHILD="+path)
	orphan := exec.Command("sh", "-c", `setsid "$0" & exit 0`, self)
	orphan.Env = env
	_ = orphan.Run()
	child := exec.Command(self)
	child.Env = env
	_ = child.Start()
	for len(noted(path)) < 2 {
		time.Sleep(time.Millisecond) // in the fake, not in a test
	}
}

func serveFake(s script) int {
	listen := os.Getenv("OLLAMA_HOST") // ollama gets no arguments
	if at := slices.Index(os.Args, "--port"); at >= 0 {
		listen = "127.0.0.1:" + os.Args[at+1]
	}
	mux := http.NewServeMux()
	ready := func(w http.ResponseWriter, _ *http.Request) {
		if _, err := os.Stat(s.Until); s.Until != "" && err != nil {
			http.Error(w, "loading", http.StatusServiceUnavailable)
			return
		}
		_, _ = io.WriteString(w, `{"version":"1.2.3"}`)
	}
	mux.HandleFunc("GET /health", ready)
	mux.HandleFunc("GET /api/version", ready)
	mux.HandleFunc("GET /api/tags", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"models":[{"name":"tiny:latest","digest":"sha256:12"}]}`)
	})
	mux.HandleFunc("POST /v1/chat/completions", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "hello")
	})
	mux.HandleFunc("POST /die", func(http.ResponseWriter, *http.Request) { os.Exit(3) })
	l, err := net.Listen("tcp", listen)
	if err != nil {
		fmt.Println("couldn't bind HTTP server socket:", err)
		return 1
	}
	_ = http.Serve(l, mux) //nolint:gosec // a fake
	return 1
}

// fakeParent stands for evalr: it starts an engine, tells where, and waits to be
// killed.
func fakeParent() int {
	var e local.Engine
	if err := json.Unmarshal([]byte(os.Getenv("FAKE_PARENT")), &e); err != nil {
		return 9
	}
	s, err := local.LaunchFast(context.Background(), e, nil)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("pid", s.PID())
	select {}
}

// model is a file that the fake engine does not read.
func model(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tiny.gguf")
	require.NoError(t, os.WriteFile(path, []byte("GGUF"), 0o600))
	return path
}

// fake is a fake llama-server.
func fake(t *testing.T, s script) local.Engine {
	t.Helper()
	return local.Engine{Kind: "llamacpp", Model: model(t), Env: s.env(), Log: filepath.Join(t.TempDir(), "engine.log")}
}

// launched starts an engine that ends with the test.
func launched(t *testing.T, e local.Engine) *local.Server {
	t.Helper()
	s, err := local.LaunchFast(t.Context(), e, func(line string) { t.Log(line) })
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

var request = eval.Request{Messages: []eval.Message{{Role: eval.User, Content: "hi"}}}

// gone says whether a process has ended; one that nobody has buried has.
func gone(pid int) bool {
	if stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err == nil {
		return strings.Contains(string(stat), ") Z ")
	}
	return syscall.Kill(pid, 0) != nil
}

// asker asks a server without any retry.
type asker struct{ base string }

func (a asker) Name() string { return "tiny" }

func (a asker) Generate(ctx context.Context, q eval.Request) (eval.Response, error) {
	body := map[string]any{"model": "tiny", "messages": q.Messages}
	if q.Sampling.MaxTokens != nil {
		body["max_tokens"] = *q.Sampling.MaxTokens
	}
	text, err := json.Marshal(body)
	if err != nil {
		return eval.Response{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+"/chat/completions", strings.NewReader(string(text)))
	if err != nil {
		return eval.Response{}, err
	}
	resp, err := http.DefaultClient.Do(req)
	var answer []byte
	if err == nil {
		defer resp.Body.Close() //nolint:errcheck // read only
		answer, err = io.ReadAll(resp.Body)
	}
	switch {
	case ctx.Err() != nil:
		return eval.Response{}, ctx.Err()
	case err != nil:
		return eval.Response{}, &eval.Failure{Kind: eval.FailConnection, Message: err.Error(), Temporary: true}
	case resp.StatusCode != http.StatusOK:
		return eval.Response{}, &eval.Failure{Kind: eval.FailServer, Message: string(answer), Status: resp.StatusCode, Temporary: true}
	}
	return readAnswer(answer), nil
}

func readAnswer(text []byte) eval.Response {
	var a struct {
		Choices []struct {
			Message struct {
				Content          string `json:"content"`
				ReasoningContent string `json:"reasoning_content"`
			} `json:"message"`
			Finish string `json:"finish_reason"`
		} `json:"choices"`
		Usage struct {
			Output *int `json:"completion_tokens"`
		} `json:"usage"`
	}
	if json.Unmarshal(text, &a) != nil || len(a.Choices) == 0 {
		return eval.Response{Raw: string(text), Stop: eval.StopEnd}
	}
	c := a.Choices[0]
	return eval.Response{Raw: c.Message.Content, Reasoning: c.Message.ReasoningContent, Stop: eval.Stop(c.Finish), Usage: eval.Usage{Output: a.Usage.Output}}
}

// persistent asks again after failures that may pass, at once, and counts.
func persistent(ctx context.Context, r eval.Runner, tries int) (out eval.Response, failures int, err error) {
	for range tries {
		out, err = r.Generate(ctx, eval.Request{Messages: []eval.Message{{Role: eval.User, Content: "hi"}}})
		var f *eval.Failure
		if !errors.As(err, &f) || !f.Temporary {
			return out, failures, err
		}
		failures++
	}
	return out, failures, err
}
