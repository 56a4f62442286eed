package local

import (
	"context"
	"strings"

	"github.com/evalr/evalr/eval"
)

// ollama asks Ollama: GET /api/version, GET /api/tags (digests), GET /api/ps
// (context_length of a loaded model) and POST /api/show (template, parameters,
// capabilities, details.quantization_level, model_info), as docs.ollama.com/api and
// docs/api.md of its repository describe them.
func (p probe) ollama(ctx context.Context, t Target, f *eval.EngineFacts) {
	var version, tags, loaded, show tree
	together(
		func() { _ = p.get(ctx, "/api/version", &version) },
		func() { _ = p.get(ctx, "/api/tags", &tags) },
		func() { _ = p.get(ctx, "/api/ps", &loaded) },
		func() { _ = p.post(ctx, "/api/show", map[string]any{"model": t.Model}, &show) },
	)
	f.Version = version.text("version")
	for _, m := range tags.list("models") {
		if sameOllama(m.raw("name"), t.Model) {
			f.Weights = m.text("digest")
		}
	}
	f.Quantization = show.text("details", "quantization_level")
	f.TemplateSHA256 = hash(show.raw("template"))
	f.Prefills = prefills(show.raw("template"))
	if capabilities, ok := show.at("capabilities").([]any); ok {
		f.ReasoningParser = "none"
		for _, c := range capabilities {
			if c == "thinking" {
				f.ReasoningParser = "ollama"
			}
		}
	}
	f.Context = parameter(show.raw("parameters"), "num_ctx")
	for _, m := range loaded.list("models") {
		if sameOllama(m.raw("name"), t.Model) {
			f.Context = first(m.count("context_length"), f.Context)
		}
	}
	architecture(tree(asMap(show.at("model_info"))), f)
}

// architecture reads the model_info of Ollama, which has the keys of GGUF files.
func architecture(info tree, f *eval.EngineFacts) {
	arch := info.raw("general.architecture")
	f.Parameters = info.number("general.parameter_count")
	f.TrainedContext = info.count(arch + ".context_length")
	f.Experts, f.ExpertsUsed = info.count(arch+".expert_count"), info.count(arch+".expert_used_count")
	// In qwen3moe every layer has experts of three matrices and nothing else differs
	// between tokens (llama.cpp, src/models/qwen3moe.cpp). Of other architectures the
	// tensors would have to be known.
	idle := int64(f.Experts - f.ExpertsUsed)
	layers, width, inner := int64(info.count(arch+".block_count")), int64(info.count(arch+".embedding_length")), int64(info.count(arch+".expert_feed_forward_length"))
	if arch != "qwen3moe" || idle < 0 || f.ExpertsUsed == 0 || layers == 0 || width == 0 || inner == 0 {
		return
	}
	unused := float64(layers) * float64(width) * float64(inner) * 3 * float64(idle)
	if unused < float64(f.Parameters) {
		f.Active = f.Parameters - layers*width*inner*3*idle
	}
}

// parameter finds a number in Ollama's text of parameters, one a line.
func parameter(text, name string) int {
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) == 2 && fields[0] == name {
			n := 0
			for _, r := range fields[1] {
				if r < '0' || r > '9' || n > 1<<28 {
					return 0
				}
				n = 10*n + int(r-'0')
			}
			return n
		}
	}
	return 0
}

func asMap(v any) map[string]any { m, _ := v.(map[string]any); return m }
