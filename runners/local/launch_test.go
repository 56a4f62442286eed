package local_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/runners/local"
)

// lines collects what is said.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) say(s string) { l.mu.Lock(); defer l.mu.Unlock(); l.all = append(l.all, s) }

func (l *lines) text() string { l.mu.Lock(); defer l.mu.Unlock(); return strings.Join(l.all, "\n") }

func TestAnEngineIsWaitedForAndItsLogShown(t *testing.T) {
	flag := filepath.Join(t.TempDir(), "ready")
	e := fake(t, script{Say: "loading \x1b[1mshards\x1b[0m 3/7", Until: flag})
	var said lines
	s, err := local.LaunchFast(t.Context(), e, func(line string) {
		said.say(line)
		if strings.Contains(line, "loading shards 3/7") {
			_ = os.WriteFile(flag, nil, 0o600)
		}
	})
	require.NoError(t, err)
	defer s.Close() //nolint:errcheck // never fails
	assert.Contains(t, said.text(), "is starting (")
	assert.Contains(t, said.text(), "is ready after")
	assert.Equal(t, "tiny", s.Model())
	out, err := asker{s.Base()}.Generate(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, "hello", out.Raw)
	assert.Contains(t, strings.Join(s.Tail(), "\n"), "argv: -m "+e.Model+" --alias tiny --host 127.0.0.1 --port ")
	require.NoError(t, s.Close())
	assert.Zero(t, s.Restarts())
}

func TestAFailedStartShowsTheLogAndWhatHelps(t *testing.T) {
	log := filepath.Join(t.TempDir(), "engine.log") // one for all: what an earlier start said does not count
	for say, remedy := range map[string]string{
		"llama_model_load: error loading model: unknown model architecture: 'qwen9moe'":                                               "newer",
		"ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9000 MiB on device 0: cudaMalloc failed: out of memory":               "not enough memory",
		"gguf_init_from_reader: invalid magic characters: 'hell', expected 'GGUF'":                                                    "no whole GGUF",
		"gguf_init_from_reader: failed to read magic":                                                                                 "no whole GGUF",
		`error while handling argument "-c": stoi`:                                                                                    "each word is an --engine-arg",
		"error: invalid argument: --nonsense":                                                                                         "does not know an argument",
		"ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.": "--gpu-memory-utilization",
		"something that nobody knows":                                                                                                 "",
	} {
		e := fake(t, script{Say: say, Exit: 1})
		e.Log = log
		_, err := local.LaunchFast(t.Context(), e, nil)
		var failed *local.StartError
		require.ErrorAs(t, err, &failed, say)
		assert.Contains(t, failed.Reason, "exit status 1")
		assert.Len(t, failed.Tail, 2, "its arguments and what it said")
		assert.Contains(t, err.Error(), "\n  | "+say)
		assert.Contains(t, err.Error(), failed.Log)
		if remedy == "" {
			assert.Empty(t, failed.Remedy)
		} else {
			assert.Contains(t, failed.Remedy, remedy)
		}
	}
}

func TestAFreePortThatIsTakenInTheMeantimeIsChosenAgain(t *testing.T) {
	starts := filepath.Join(t.TempDir(), "starts")
	launched(t, fake(t, script{Starts: starts, Taken: 2}))
	assert.Len(t, noted(starts), 3)

	again := filepath.Join(t.TempDir(), "starts")
	_, err := local.LaunchFast(t.Context(), fake(t, script{Starts: again, Taken: 9}), nil)
	require.ErrorContains(t, err, "the port is in use")
	assert.Len(t, noted(again), 3)
}

func TestAnEngineThatNeverGetsReadyIsEnded(t *testing.T) {
	starts := filepath.Join(t.TempDir(), "starts")
	e := fake(t, script{Say: "still loading", Until: "/nowhere", Starts: starts, Deaf: true})
	e.Ready = 200 * time.Millisecond
	_, err := local.LaunchFast(t.Context(), e, nil)
	require.ErrorContains(t, err, "not ready after 200ms")
	require.ErrorContains(t, err, "still loading")
	require.Len(t, noted(starts), 1)
	assert.True(t, gone(noted(starts)[0]), "Launch returns when it is gone")
}

func TestACancelledStartEndsTheEngine(t *testing.T) {
	starts := filepath.Join(t.TempDir(), "starts")
	ctx, cancel := context.WithCancel(t.Context())
	_, err := local.LaunchFast(ctx, fake(t, script{Until: "/nowhere", Starts: starts}), func(line string) {
		if strings.Contains(line, "is starting") && len(noted(starts)) == 1 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, noted(starts), 1)
	assert.True(t, gone(noted(starts)[0]))
}

func TestWhatCannotBeStartedIsSaidBefore(t *testing.T) {
	file := model(t)
	wrong := filepath.Join(filepath.Dir(file), "tny.gguf")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close() //nolint:errcheck // of the test
	for want, e := range map[string]local.Engine{
		"did you mean tiny.gguf?":           {Kind: "llamacpp", Model: wrong},
		"that is a folder":                  {Kind: "llamacpp", Model: filepath.Dir(file)},
		"of the kinds llamacpp, vllm":       {Kind: "tgi", Model: "m"},
		"the model is missing":              {Kind: "vllm"},
		"evalr gives --port itself":         {Kind: "vllm", Model: "m", Args: []string{"--port=1"}},
		"a key among the arguments is seen": {Kind: "vllm", Model: "m", Args: []string{"--api-key", "sk-1"}},
		"ollama serve takes no arguments":   {Kind: "ollama", Model: "m", Args: []string{"--x"}},
		"EVALR_VLLM names \"/no/vllm\"":     {Kind: "vllm", Model: "m", Env: []string{"EVALR_VLLM=/no/vllm"}},
		"something listens on port":         {Kind: "llamacpp", Model: file, Port: taken.Addr().(*net.TCPAddr).Port, Env: script{}.env()},
	} {
		_, err := local.LaunchFast(t.Context(), e, nil)
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "sk-1")
	}
	t.Setenv("PATH", t.TempDir())
	_, err = local.LaunchFast(t.Context(), local.Engine{Kind: "llamacpp", Model: file, Env: []string{}}, nil)
	require.ErrorContains(t, err, "tools/llamacpp.sh")
}

func TestEveryEngineIsStartedByItsOwnCommand(t *testing.T) {
	for kind, want := range map[string]string{
		"vllm":   "argv: serve org/tiny --host 127.0.0.1 --port ",
		"sglang": "argv: -m sglang.launch_server --model-path org/tiny --host 127.0.0.1 --port ",
	} {
		e := fake(t, script{})
		e.Kind, e.Model, e.Args = kind, "org/tiny", []string{"--reasoning-parser", "qwen3", "--served-model-name=t"}
		s := launched(t, e)
		argv := s.Tail()[0]
		assert.True(t, strings.HasPrefix(argv, want), argv)
		assert.True(t, strings.HasSuffix(argv, " --reasoning-parser qwen3 --served-model-name=t"), argv)
		assert.Equal(t, "t", s.Model())
	}
}

func TestOllamaIsStartedIfNoneRunsAndNothingIsPulled(t *testing.T) {
	e := fake(t, script{})
	e.Kind, e.Model = "ollama", "tiny"
	e.Env = append(e.Env, "OLLAMA_HOST=127.0.0.1:1") // nobody listens there
	s := launched(t, e)
	assert.NotContains(t, s.Base(), ":1/")
	require.NoError(t, s.Close())

	e.Model = "tny"
	_, err := local.LaunchFast(t.Context(), e, nil)
	require.ErrorContains(t, err, "run: ollama pull tny (or did you mean tiny?)")
}

func TestARunningOllamaIsUsedAndLeftAlone(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/version", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"version":"0.9"}`)) })
	mux.HandleFunc("GET /api/tags", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"models":[{"name":"qwen3:30b-a3b"}]}`))
	})
	there := httptest.NewServer(mux)
	defer there.Close()
	e := local.Engine{Kind: "ollama", Model: "qwen3:30b-a3b", Env: []string{"OLLAMA_HOST=" + there.URL, "EVALR_OLLAMA=/nowhere"}}
	s := launched(t, e)
	assert.Equal(t, there.URL+"/v1", s.Base())
	assert.Empty(t, s.Log())
	r := asker{s.Base()}
	assert.Equal(t, r, s.Wrap(r))
	require.NoError(t, s.Close())
	resp, err := http.Get(there.URL + "/api/version")
	require.NoError(t, err)
	_ = resp.Body.Close()

	e.Model = "qwen3:32b"
	_, err = local.LaunchFast(t.Context(), e, nil)
	require.ErrorContains(t, err, "ollama pull qwen3:32b")
}

func TestAnEngineDoesNotSeeTheKeysOfServices(t *testing.T) {
	env := []string{"PATH=/bin", "OPENAI_API_KEY=a", "ANTHROPIC_API_KEY_FILE=b", "LLAMA_API_KEY=c", "HF_TOKEN=d", "CUDA_VISIBLE_DEVICES=0"}
	assert.Equal(t, []string{"PATH=/bin", "LLAMA_API_KEY=c", "HF_TOKEN=d", "CUDA_VISIBLE_DEVICES=0"}, local.WithoutKey(env, "LLAMA_API_KEY"))
}

func TestTheServedNameIsThatOfTheFileOrTheUsers(t *testing.T) {
	for want, e := range map[string]local.Engine{
		"qwen3-Q4_K_M": {Kind: "llamacpp", Model: "/models/qwen3-Q4_K_M.gguf"},
		"a_b":          {Kind: "llamacpp", Model: "a,b.gguf"},
		"mine":         {Kind: "llamacpp", Model: "a.gguf", Args: []string{"-a", "mine,other"}},
		"org/m":        {Kind: "sglang", Model: "org/m"},
		"m":            {Kind: "vllm", Model: "org/m", Args: []string{"--served-model-name=n", "--served-model-name", "m"}},
	} {
		assert.Equal(t, want, e.Served())
	}
	assert.True(t, local.IsFile("llamacpp", "./a.GGUF"))
	assert.False(t, local.IsFile("llamacpp", "a"))
	assert.False(t, local.IsFile("vllm", "a.gguf"))
}

func TestOllamaHostIsReadInEveryForm(t *testing.T) {
	for host, root := range map[string]string{
		"": "http://127.0.0.1:11434", "0.0.0.0:8080": "http://127.0.0.1:8080", "http://box:80": "http://box:80", "box": "http://box:11434", ":99": "http://127.0.0.1:99",
	} {
		assert.Equal(t, root, local.OllamaRoot([]string{"OLLAMA_HOST=" + host}), host)
	}
}
