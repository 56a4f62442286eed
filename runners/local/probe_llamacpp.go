package local

import (
	"context"

	"github.com/evalr/evalr/eval"
)

// llamacpp asks llama-server. The endpoints and fields are those of llama.cpp's
// tools/server/README.md (GET /props, POST /apply-template, GET /v1/models) and of
// its source, server-context.cpp (model_ftype, meta.n_ctx, meta.n_params).
func (p probe) llamacpp(ctx context.Context, t Target, cards []tree, f *eval.EngineFacts) {
	var props, rendered tree
	together(
		func() { _ = p.get(ctx, "/props", &props) },
		func() {
			ask := map[string]any{"messages": []eval.Message{{Role: eval.User, Content: "x"}}}
			_ = p.post(ctx, "/apply-template", ask, &rendered)
		},
	)
	f.Version = props.text("build_info")
	f.Context = props.count("default_generation_settings", "n_ctx")
	f.Slots = props.count("total_slots")
	f.Quantization = props.text("model_ftype")
	f.TemplateSHA256 = hash(props.raw("chat_template"))
	// The reasoning_format among the default settings is "none" whatever the server
	// was started with (build of llama-cpp-python 0.3.36): only the argument tells.
	f.ReasoningParser, _ = flagValue(t.Args, "--reasoning-format")
	if prompt := rendered.raw("prompt"); prompt != "" {
		f.Prefills = new(endsInThought(prompt))
	} else {
		f.Prefills = prefills(props.raw("chat_template"))
	}
	if len(cards) == 1 {
		f.Parameters = cards[0].number("meta", "n_params")
		f.TrainedContext = cards[0].count("meta", "n_ctx_train")
		f.Quantization = first(f.Quantization, cards[0].text("meta", "ftype"))
		f.Context = first(f.Context, cards[0].count("meta", "n_ctx"))
	}
	file := t.File
	if file == "" && p.near {
		file = props.raw("model_path")
	}
	fromGGUF(file, f)
}

// fromGGUF adds what the file of the model tells and the server does not. A file
// that does not agree with the server is not the model's, and tells nothing.
func fromGGUF(file string, f *eval.EngineFacts) {
	if file == "" {
		return
	}
	g, err := readGGUF(file)
	if err == nil && (g.split || f.Parameters == 0 || f.Parameters == g.parameters) {
		f.Weights = sample(file)
	}
	if err != nil || g.split || f.Parameters != 0 && f.Parameters != g.parameters {
		return
	}
	f.Parameters, f.Experts, f.ExpertsUsed = g.parameters, g.experts, g.used
	f.Active = g.active
	f.TrainedContext = first(f.TrainedContext, g.context)
}

// first is the first value that is not zero.
func first[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}
