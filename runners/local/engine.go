package local

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evalr/evalr/eval"
)

// An Engine is what to start. Kind and Model are enough.
type Engine struct {
	Kind  string // llamacpp, vllm, sglang or ollama
	Model string // a GGUF file for llamacpp, else the engine's name of the model
	// Args are passed to the engine after evalr's own.
	Args []string
	// Env is the engine's environment; nil means this process's without the keys of
	// services.
	Env []string
	// Log is the file that gets what the engine prints; empty means a temporary one.
	Log string
	// Port on 127.0.0.1; 0 means a free one.
	Port int
	// Ready bounds how long a start may take; 0 means 30 minutes: weights may have
	// to be downloaded.
	Ready time.Duration
	// Restarts is how often the engine is started again within Period before it is
	// given up; 0 means 3, less than 0 never. Period 0 means 10 minutes.
	Restarts int
	Period   time.Duration
}

func (e Engine) filled() Engine {
	if e.Ready == 0 {
		e.Ready = 30 * time.Minute
	}
	if e.Restarts == 0 {
		e.Restarts = 3
	}
	if e.Period == 0 {
		e.Period = 10 * time.Minute
	}
	if e.Env == nil {
		e.Env = withoutKeys(os.Environ(), kinds[e.Kind].key)
	}
	return e
}

func (e Engine) String() string { return e.Kind + ":" + e.Model }

// A kind is how one engine is started.
type kind struct {
	programs []string // looked for in PATH, in this order
	variable string   // of the environment, names the program instead
	key      string   // the variable of the engine's own key, which it may see
	health   string   // answers 200 when the engine is ready
	remedy   string   // for a program that is not there
	command  func(e Engine, port string) (args, env []string)
	own      []string // flags that evalr sets itself
}

// kinds are the engines that can be started. The flags are those of llama.cpp's
// tools/server/README.md, of docs.vllm.ai (vllm serve), of docs.sglang.io
// (launch_server) and of docs.ollama.com/faq (OLLAMA_HOST).
var kinds = map[string]kind{
	"llamacpp": {
		programs: []string{"llama-server"}, variable: "EVALR_LLAMA_SERVER", key: "LLAMA_API_KEY", health: "/health",
		remedy: "install llama.cpp, or build its server by tools/llamacpp.sh, and put llama-server into PATH or its path into EVALR_LLAMA_SERVER",
		command: func(e Engine, port string) ([]string, []string) {
			return []string{"-m", e.Model, "--alias", e.Served(), "--host", "127.0.0.1", "--port", port}, nil
		},
		own: []string{"-m", "--model", "--host", "--port"},
	},
	"vllm": {
		programs: []string{"vllm"}, variable: "EVALR_VLLM", key: "VLLM_API_KEY", health: "/health",
		remedy: "install it (pip install vllm) and put vllm into PATH or its path into EVALR_VLLM",
		command: func(e Engine, port string) ([]string, []string) {
			return []string{"serve", e.Model, "--host", "127.0.0.1", "--port", port}, []string{"PYTHONUNBUFFERED=1"}
		},
		own: []string{"--host", "--port"},
	},
	"sglang": {
		programs: []string{"python3", "python"}, variable: "EVALR_SGLANG_PYTHON", key: "SGLANG_API_KEY", health: "/health",
		remedy: "put the Python that has SGLang (pip install sglang) into PATH, or its path into EVALR_SGLANG_PYTHON",
		command: func(e Engine, port string) ([]string, []string) {
			return []string{"-m", "sglang.launch_server", "--model-path", e.Model, "--host", "127.0.0.1", "--port", port}, []string{"PYTHONUNBUFFERED=1"}
		},
		own: []string{"--model-path", "--model", "--host", "--port"},
	},
	"ollama": {
		programs: []string{"ollama"}, variable: "EVALR_OLLAMA", health: "/api/version",
		remedy: "install Ollama (https://ollama.com/download) and put ollama into PATH or its path into EVALR_OLLAMA",
		command: func(_ Engine, port string) ([]string, []string) {
			return []string{"serve"}, []string{"OLLAMA_HOST=127.0.0.1:" + port}
		},
	},
}

// Kinds lists the engines that Launch can start.
func Kinds() []string { return []string{"llamacpp", "vllm", "sglang", "ollama"} }

// IsFile says whether a model of llama.cpp is a file, which has to be served
// first, and not the name that a running server gives to it.
func IsFile(kind, model string) bool {
	return kind == "llamacpp" && strings.EqualFold(filepath.Ext(model), ".gguf")
}

// Served is the name by which the started engine knows the model.
func (e Engine) Served() string {
	name := e.Model
	flags := []string{"--served-model-name"}
	if e.Kind == "llamacpp" {
		name = strings.TrimSuffix(filepath.Base(e.Model), filepath.Ext(e.Model))
		flags = []string{"--alias", "-a"}
	}
	for _, flag := range flags {
		if v, ok := flagValue(e.Args, flag); ok {
			name, _, _ = strings.Cut(v, ",") // llama-server takes several
			return name
		}
	}
	return strings.ReplaceAll(name, ",", "_")
}

// flagValue gives the value of a flag in either form, --flag v and --flag=v; the
// last one counts, as it does for the engines.
func flagValue(args []string, flag string) (value string, found bool) {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, flag+"="); ok {
			value, found = v, true
		}
		if a == flag && i+1 < len(args) {
			value, found = args[i+1], true
		}
	}
	return value, found
}

// Vet says what is wrong with the engine before anything is started.
func (e Engine) Vet() error {
	k, ok := kinds[e.Kind]
	if !ok {
		return fmt.Errorf("start %s: only engines of the kinds %s can be started", e, strings.Join(Kinds(), ", "))
	}
	if e.Model == "" {
		return fmt.Errorf("start %s: the model is missing", e)
	}
	for _, a := range e.Args {
		flag, _, _ := strings.Cut(a, "=")
		if slices.Contains(k.own, flag) {
			return fmt.Errorf("start %s: evalr gives %s itself: leave it out", e, flag)
		}
		if flag == "--api-key" {
			return fmt.Errorf("start %s: a key among the arguments is seen by everyone on this machine: the engine listens on 127.0.0.1 alone and needs none", e)
		}
	}
	if len(e.Args) > 0 && e.Kind == "ollama" {
		return fmt.Errorf("start %s: ollama serve takes no arguments (%s): set its variables of the environment instead", e, strings.Join(e.Args, " "))
	}
	if e.Kind != "llamacpp" {
		return nil
	}
	info, err := os.Stat(e.Model)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("start %s: there is no such file%s", e, near(e.Model))
	case err != nil:
		return fmt.Errorf("start %s: %w", e, err)
	case info.IsDir():
		return fmt.Errorf("start %s: that is a folder: give the .gguf file in it", e)
	case !info.Mode().IsRegular():
		return fmt.Errorf("start %s: that is no regular file", e)
	}
	return nil
}

// near names files of the same folder that may be meant.
func near(path string) string {
	entries, _ := os.ReadDir(filepath.Dir(path))
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if like := eval.Nearest(filepath.Base(path), names); len(like) > 0 {
		return ": did you mean " + strings.Join(like, " or ") + "?"
	}
	return ""
}

// program finds the engine's program.
func (e Engine) program() (string, error) {
	k := kinds[e.Kind]
	if path := lookup(e.Env, k.variable); path != "" {
		if found, err := exec.LookPath(path); err == nil {
			return filepath.Abs(found)
		}
		return "", fmt.Errorf("start %s: %s names %q, which is no program", e, k.variable, path)
	}
	for _, name := range k.programs {
		if found, err := exec.LookPath(name); err == nil {
			return filepath.Abs(found)
		}
	}
	return "", fmt.Errorf("start %s: %s was not found: %s", e, k.programs[0], k.remedy)
}

// lookup gives a variable of an environment.
func lookup(env []string, name string) string {
	for _, v := range slices.Backward(env) {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

// with sets variables of an environment. What was set before is taken out, for
// programs differ in which of two they see.
func with(env, set []string) []string {
	var out []string
	for _, v := range env {
		name, _, _ := strings.Cut(v, "=")
		if !slices.ContainsFunc(set, func(s string) bool { return strings.HasPrefix(s, name+"=") }) {
			out = append(out, v)
		}
	}
	return append(out, set...)
}

// withoutKeys leaves out the keys of services: an engine has no use for them.
func withoutKeys(env []string, own string) []string {
	var out []string
	for _, v := range env {
		name, _, _ := strings.Cut(v, "=")
		secret := strings.HasSuffix(name, "_API_KEY") || strings.HasSuffix(name, "_API_KEY_FILE")
		if !secret || own != "" && name == own {
			out = append(out, v)
		}
	}
	return out
}

// freePort gives a port of 127.0.0.1 on which nobody listens at the moment.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close() //nolint:errcheck // it only held the port
	return l.Addr().(*net.TCPAddr).Port, nil
}

func address(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }
