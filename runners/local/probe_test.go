package local_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners/local"
)

// serving is a server that gives fixed answers: "GET /path" to a body.
func serving(t *testing.T, answers map[string]string) string {
	t.Helper()
	mux := http.NewServeMux()
	for pattern, body := range answers {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL + "/v1"
}

const (
	r1Template  = "{% for m in messages %}{{ m.content }}{% endfor %}{% if add_generation_prompt and not ns.is_tool %}{{'<Assistant><think>\\n'}}{% endif %}"
	qwTemplate  = "{{- '<|im_start|>' }}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}"
	hyTemplate  = "{%- if add_generation_prompt %}{%- if enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- else %}{{- '<think>\\n' }}{%- endif %}{%- endif %}"
	oldTemplate = "{{ .System }}{{ .Prompt }}"
)

func TestVLLMIsProbed(t *testing.T) {
	base := serving(t, map[string]string{
		"GET /v1/models": `{"object":"list","data":[{"id":"org/m","owned_by":"vllm","root":"org/m","max_model_len":32768}]}`,
		"GET /version":   `{"version":"0.11.0"}`,
	})
	f, err := local.Probe(t.Context(), local.Target{Kind: "vllm", Model: "org/m", Base: base})
	require.NoError(t, err)
	assert.Equal(t, eval.EngineFacts{
		Engine: "vllm", Version: "0.11.0", Model: "org/m", Models: []string{"org/m"}, Served: new(true), Context: 32768,
	}, f, "what it does not tell is unknown")
	f, err = local.Probe(t.Context(), local.Target{Kind: "vllm", Model: "org/m", Base: base, Started: true, Args: []string{"--quantization", "fp8"}})
	require.NoError(t, err)
	assert.Equal(t, "none", f.ReasoningParser)
	assert.Equal(t, "fp8", f.Quantization)
	f, err = local.Probe(t.Context(), local.Target{Kind: "openai", Model: "org/n", Base: base})
	require.NoError(t, err)
	assert.Equal(t, []any{"vllm", "0.11.0", new(false), []string{"org/m"}}, []any{f.Engine, f.Version, f.Served, f.Near})
}

func TestAModelFolderOfThisMachineIsRead(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"config.json":           `{"num_experts":128,"num_experts_per_tok":8,"max_position_embeddings":40960,"quantization_config":{"quant_method":"awq"}}`,
		"tokenizer_config.json": fmt.Sprintf(`{"chat_template":%q}`, r1Template),
		"other.jinja":           qwTemplate,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	base := serving(t, map[string]string{
		"GET /v1/models": fmt.Sprintf(`{"data":[{"id":"m","owned_by":"vllm","root":%q,"max_model_len":4096}]}`, dir),
		"GET /version":   `{"version":"0.11.0"}`,
	})
	f, err := local.Probe(t.Context(), local.Target{Kind: "vllm", Model: "m", Base: base})
	require.NoError(t, err)
	assert.Equal(t, []any{128, 8, 40960, 4096, "awq", new(true)}, []any{f.Experts, f.ExpertsUsed, f.TrainedContext, f.Context, f.Quantization, f.Prefills})
	assert.Len(t, f.TemplateSHA256, 64)
	g, err := local.Probe(t.Context(), local.Target{Kind: "vllm", Model: "m", Base: base, Args: []string{"--chat-template", filepath.Join(dir, "other.jinja")}})
	require.NoError(t, err)
	assert.Equal(t, new(false), g.Prefills)
	assert.NotEqual(t, f.Fingerprint(), g.Fingerprint())
}

func TestTheHubsCacheTellsOfAModelThatEvalrServes(t *testing.T) {
	home := t.TempDir()
	repository := filepath.Join(home, "hub", "models--org--m")
	snapshot := filepath.Join(repository, "snapshots", "c0ffee")
	require.NoError(t, os.MkdirAll(snapshot, 0o700))
	require.NoError(t, os.MkdirAll(filepath.Join(repository, "refs"), 0o700))
	for path, text := range map[string]string{
		filepath.Join(repository, "refs", "main"):                    "c0ffee\n",
		filepath.Join(snapshot, "config.json"):                       `{"num_experts":2,"num_experts_per_tok":1}`,
		filepath.Join(snapshot, "chat_template.jinja"):               r1Template,
		filepath.Join(snapshot, "model-00001-of-00002.safetensors"):  header(`{"model.embed.weight":{"dtype":"BF16","shape":[10,4]},"model.layers.0.mlp.experts.0.up_proj.weight":{"shape":[3,4]}}`),
		filepath.Join(snapshot, "model-00002-of-00002.safetensors"):  header(`{"__metadata__":{"format":"pt"},"model.layers.0.mlp.experts.1.up_proj.weight":{"shape":[3,4]}}`),
		filepath.Join(repository, "refs", "a-name-that-nobody-uses"): "../../..",
	} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	base := serving(t, map[string]string{"GET /v1/models": `{"data":[{"id":"org/m","owned_by":"vllm","root":"org/m","max_model_len":4096}]}`})
	to := local.Target{Kind: "vllm", Model: "org/m", Base: base, Started: true, Env: []string{"HF_HOME=" + home}}
	f, err := local.Probe(t.Context(), to)
	require.NoError(t, err)
	assert.Equal(t, []any{"commit c0ffee", 2, 1, int64(64), int64(52), new(true)}, []any{f.Weights, f.Experts, f.ExpertsUsed, f.Parameters, f.Active, f.Prefills})
	to.Args = []string{"--revision", "a-name-that-nobody-uses"}
	f, err = local.Probe(t.Context(), to)
	require.NoError(t, err)
	assert.Zero(t, f.Experts, "a reference leads nowhere else")
	to.Started = false
	to.Args = nil
	f, err = local.Probe(t.Context(), to)
	require.NoError(t, err)
	assert.Zero(t, f.Experts, "whose cache another server uses is not known")
}

// header is the beginning of a file of weights.
func header(text string) string {
	return string(binary.LittleEndian.AppendUint64(nil, uint64(len(text)))) + text
}

func TestActiveWeightsAreCountedOnlyWhereTheyFollow(t *testing.T) {
	two := `"l.experts.0.w":{"shape":[2,2]},"l.experts.1.w":{"shape":[2,2]}`
	for text, want := range map[string]int64{
		`{"w":{"shape":[5]},` + two + `}`: 9, `{` + two + `,"m.experts.0.w":{"shape":[4]}}`: 0, `{"l.experts.gate_up":{"shape":[2,2,2]}}`: 0,
		`{"l.experts.0.w":{"shape":[2]},"l.experts.1.w":{"shape":[3]}}`: 0, `{"w":{"shape":[5]}}`: 0,
	} {
		_, active, err := local.CountWeights(strings.NewReader(header(text)), 2, 1)
		require.NoError(t, err)
		assert.Equal(t, want, active, text)
	}
	all, active, err := local.CountWeights(strings.NewReader(header(`{"w":{"shape":[5,3]}}`)), 0, 0)
	require.NoError(t, err)
	assert.Equal(t, []int64{15, 15}, []int64{all, active})
	for _, text := range []string{"", "1234567", header("{")[:9], header(`{"w":{"shape":[-1]}}`), header(`{"w":{"shape":[4611686018427387904,2]}}`), "\xff\xff\xff\xff\xff\xff\xff\xff{}"} {
		_, _, err := local.CountWeights(strings.NewReader(text), 0, 0)
		require.Error(t, err, text)
	}
}

func FuzzSafetensors(f *testing.F) {
	f.Add([]byte(header(`{"w":{"shape":[5,3]},"l.experts.0.w":{"shape":[2,2]},"l.experts.1.w":{"shape":[2,2]}}`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, active, err := local.CountWeights(bytes.NewReader(text), 2, 1)
		if err == nil {
			assert.GreaterOrEqual(t, all, active)
			assert.GreaterOrEqual(t, active, int64(0))
		}
	})
}

func TestSGLangIsProbedAndItsKeyIsNotRead(t *testing.T) {
	info := `{"model_path":"org/m","context_length":null,"quantization":"fp8","reasoning_parser":null,"max_running_requests":64,"api_key":"sk-secret","version":"0.5.2"}`
	models := `{"data":[{"id":"org/m","owned_by":"sglang","root":"org/m","max_model_len":131072}]}`
	for _, path := range []string{"GET /server_info", "GET /get_server_info"} {
		base := serving(t, map[string]string{"GET /v1/models": models, path: info})
		f, err := local.Probe(t.Context(), local.Target{Kind: "sglang", Model: "org/m", Base: base})
		require.NoError(t, err)
		assert.Equal(t, eval.EngineFacts{
			Engine: "sglang", Version: "0.5.2", Model: "org/m", Models: []string{"org/m"}, Served: new(true),
			Context: 131072, Slots: 64, Quantization: "fp8", ReasoningParser: "none",
		}, f, path)
		assert.NotContains(t, fmt.Sprintf("%+v", f), "sk-")
	}
}

// ollamaShow is shaped like the answer of /api/show in docs/api.md, with the keys
// of Qwen3-30B-A3B.
const ollamaShow = `{"parameters":"stop \"x\"\nnum_ctx                        8192","template":%q,"details":{"quantization_level":"Q4_K_M"},
	"capabilities":["completion","thinking"],"model_info":{"general.architecture":"qwen3moe","general.parameter_count":30532122624,
	"qwen3moe.block_count":48,"qwen3moe.embedding_length":2048,"qwen3moe.expert_feed_forward_length":768,"qwen3moe.expert_count":128,
	"qwen3moe.expert_used_count":8,"qwen3moe.context_length":40960}}`

func TestOllamaIsProbed(t *testing.T) {
	answers := map[string]string{
		"GET /v1/models":   `{"data":[{"id":"qwen3:30b-a3b","owned_by":"library"}]}`,
		"GET /api/version": `{"version":"0.12.1"}`,
		"GET /api/tags":    `{"models":[{"name":"qwen3:30b-a3b","digest":"sha256:abc"}]}`,
		"GET /api/ps":      `{"models":[]}`,
		"POST /api/show":   fmt.Sprintf(ollamaShow, oldTemplate),
	}
	f, err := local.Probe(t.Context(), local.Target{Kind: "ollama", Model: "qwen3:30b-a3b", Base: serving(t, answers)})
	require.NoError(t, err)
	assert.Len(t, f.TemplateSHA256, 64)
	f.TemplateSHA256 = ""
	assert.Equal(t, eval.EngineFacts{
		Engine: "ollama", Version: "0.12.1", Model: "qwen3:30b-a3b", Models: []string{"qwen3:30b-a3b"}, Served: new(true),
		Context: 8192, TrainedContext: 40960, Quantization: "Q4_K_M", Weights: "sha256:abc", ReasoningParser: "ollama",
		Parameters: 30532122624, Active: 30532122624 - 48*3*2048*768*120, Experts: 128, ExpertsUsed: 8,
	}, f)
	assert.InDelta(t, 3.3e9, float64(f.Active), 0.1e9, "the A3B of its name")

	answers["GET /api/ps"] = `{"models":[{"name":"qwen3:30b-a3b","context_length":4096}]}`
	answers["POST /api/show"] = strings.ReplaceAll(fmt.Sprintf(ollamaShow, oldTemplate), "qwen3moe", "othermoe")
	f, err = local.Probe(t.Context(), local.Target{Kind: "ollama", Model: "qwen3:30b-a3b", Base: serving(t, answers)})
	require.NoError(t, err)
	assert.Equal(t, 4096, f.Context, "what is loaded counts")
	assert.Zero(t, f.Active, "of other architectures it does not follow")
	assert.Equal(t, 8, f.ExpertsUsed)
}

func TestARemoteServiceTellsLittleAndThatIsNoError(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer k" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"data":[{"id":"o4-mini","owned_by":"system"},{"id":"gpt-5","owned_by":"system"}]}`)
	})
	s := httptest.NewServer(mux)
	defer s.Close()
	to := local.Target{Kind: "openai", Model: "o4-min", Base: s.URL + "/v1/", Header: func(h http.Header) { h.Set("Authorization", "Bearer k") }}
	f, err := local.Probe(t.Context(), to)
	require.NoError(t, err)
	assert.Equal(t, eval.EngineFacts{Engine: "openai", Model: "o4-min", Models: []string{"o4-mini", "gpt-5"}, Served: new(false), Near: []string{"o4-mini"}}, f)
	assert.Empty(t, f.Fingerprint())
	to.Header = nil
	_, err = local.Probe(t.Context(), to)
	require.ErrorContains(t, err, "refuses the key")

	closed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer closed.Close()
	_, err = local.Probe(t.Context(), local.Target{Kind: "openai", Model: "m", Base: closed.URL})
	require.NoError(t, err, "the list of models may be closed to a key that may ask them")

	nothing := httptest.NewServer(http.NotFoundHandler())
	defer nothing.Close()
	f, err = local.Probe(t.Context(), local.Target{Kind: "deepseek", Model: "m", Base: nothing.URL})
	require.NoError(t, err)
	assert.Equal(t, eval.EngineFacts{Engine: "deepseek", Model: "m"}, f)
}

func TestAProbeFollowsNoRedirect(t *testing.T) {
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer other.Close()
	s := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusFound))
	defer s.Close()
	_, err := local.Probe(t.Context(), local.Target{Kind: "vllm", Model: "m", Base: s.URL + "/v1"})
	require.NoError(t, err)
	assert.False(t, asked)
}

func TestAnAddressWhereNothingAnswersIsAnError(t *testing.T) {
	s := httptest.NewServer(http.NotFoundHandler())
	base := s.URL + "/v1"
	s.Close()
	_, err := local.Probe(t.Context(), local.Target{Kind: "vllm", Model: "m", Base: base})
	require.ErrorContains(t, err, "nothing answers there")
	_, err = local.Probe(t.Context(), local.Target{Kind: "vllm", Model: "m", Base: "localhost"})
	require.ErrorContains(t, err, "no address")
}

func TestTemplatesThatBeginTheThoughtAreKnown(t *testing.T) {
	for template, want := range map[string]*bool{
		r1Template: new(true), qwTemplate: new(false), hyTemplate: nil, oldTemplate: nil, "": nil,
		"{{ .Prompt }}<think>\n": new(true),
		"{{ m.content.split('</think>') }}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}": new(false),
	} {
		assert.Equal(t, want, local.Prefills(template), template)
	}
	for prompt, want := range map[string]bool{
		"<|im_start|>assistant\n<think>\n": true, "<|im_start|>assistant\n": false, "assistant\n<think>\n\n</think>\n\n": false,
		"say <think> to me\nassistant:": false, "": false,
	} {
		assert.Equal(t, want, local.EndsInIt(prompt), prompt)
	}
}

// canned answers every request with the same body.
type canned string

func (c canned) RoundTrip(q *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(c))), Request: q}, nil
}

func FuzzProbe(f *testing.F) {
	f.Add(`{"data":[{"id":"m","owned_by":"vllm","max_model_len":1e400,"meta":{"n_params":-1}}],"version":"\u001b[31m","chat_template":"add_generation_prompt <think>"}`)
	f.Add(`{"models":[{"name":"m","context_length":9223372036854775808}],"parameters":"num_ctx 99999999999999999999","model_info":{"general.architecture":"qwen3moe","general.parameter_count":9007199254740993,"qwen3moe.block_count":2147483647,"qwen3moe.embedding_length":2147483647,"qwen3moe.expert_feed_forward_length":2147483647,"qwen3moe.expert_count":5,"qwen3moe.expert_used_count":1}}`)
	f.Add(`{"prompt":"<think>","default_generation_settings":{"n_ctx":1.5,"params":[]},"capabilities":[null,{}],"model_path":"/dev/null","root":"/proc/self"}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, body string) {
		for _, kind := range []string{"llamacpp", "vllm", "sglang", "ollama", "openai"} {
			facts, err := local.ProbeBy(context.Background(), local.Target{Kind: kind, Model: "m", Base: "http://far.example/v1"}, canned(body))
			require.NoError(t, err)
			assert.LessOrEqual(t, len(facts.Models), 20)
			assert.GreaterOrEqual(t, facts.Parameters, facts.Active)
			assert.GreaterOrEqual(t, facts.Active, int64(0))
			for _, shown := range append(facts.Models, facts.Version, facts.Quantization, facts.ReasoningParser, facts.Weights) {
				assert.NotContains(t, shown, "\x1b")
				assert.LessOrEqual(t, len([]rune(shown)), 201)
			}
			_ = facts.Fingerprint()
		}
	})
}
