package local

import (
	"context"
	"net/http"

	"github.com/evalr/evalr/eval"
)

// vllm asks vLLM: GET /version gives {"version": …}, and a model's entry in GET
// /v1/models has max_model_len (vllm/entrypoints/openai, api_server.py and
// protocol.py). It does not tell its chat template, quantization or reasoning
// parser; of an engine that evalr started the arguments do (docs.vllm.ai, reasoning
// outputs: without --reasoning-parser the thought stays in the answer).
func (p probe) vllm(ctx context.Context, t Target, cards []tree, f *eval.EngineFacts) {
	var version tree
	_ = p.get(ctx, "/version", &version)
	f.Version = version.text("version")
	f.Context = cardOf(cards, t.Model).count("max_model_len")
	f.Quantization, _ = flagValue(t.Args, "--quantization")
	f.ReasoningParser, _ = flagValue(t.Args, "--reasoning-parser")
	if f.ReasoningParser == "" && t.Started {
		f.ReasoningParser = "none"
	}
	p.folder(first(cardOf(cards, t.Model).raw("root"), t.Model), t, f)
}

// sglang asks SGLang: GET /server_info, which older versions call
// /get_server_info, gives all arguments of the server by name, and its version
// (python/sglang/srt/entrypoints/http_server.py). The answer may hold the server's
// key: only what is named here is read.
func (p probe) sglang(ctx context.Context, t Target, cards []tree, f *eval.EngineFacts) {
	var info tree
	err := p.get(ctx, "/server_info", &info)
	if status, ok := err.(errStatus); ok && status == http.StatusNotFound { //nolint:errorlint // it is never wrapped
		info = nil
		err = p.get(ctx, "/get_server_info", &info)
	}
	f.Context = cardOf(cards, t.Model).count("max_model_len")
	if err != nil {
		return
	}
	f.Version = info.text("version")
	f.Context = first(info.count("context_length"), f.Context)
	f.Slots = info.count("max_running_requests")
	f.Quantization = info.text("quantization")
	f.ReasoningParser = info.text("reasoning_parser")
	if info.has("reasoning_parser") && f.ReasoningParser == "" {
		f.ReasoningParser = "none"
	}
	if info.text("chat_template") != "" { // the model's own is not in use
		t.Args = append(t.Args[:len(t.Args):len(t.Args)], "--chat-template", info.raw("chat_template"))
	}
	p.folder(first(info.raw("model_path"), t.Model), t, f)
}
