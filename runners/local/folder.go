package local

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/evalr/evalr/eval"
)

// folder reads the configuration of a model that is served from a folder of this
// machine: config.json, and the chat template beside it. The names of the fields
// are those that llama.cpp's converter looks for (conversion/base.py). A template
// that the server was given instead is read where it is a file.
func (p probe) folder(path string, t Target, f *eval.EngineFacts) {
	if !p.near || !filepath.IsAbs(path) && path != t.Model {
		return
	}
	config := readJSON(filepath.Join(path, "config.json"))
	if config == nil {
		return
	}
	f.Experts = first(config.count("num_local_experts"), config.count("num_experts"), config.count("n_routed_experts"))
	f.ExpertsUsed = first(config.count("num_experts_per_tok"), config.count("num_experts_per_token"))
	f.TrainedContext = config.count("max_position_embeddings")
	f.Quantization = first(f.Quantization, config.text("quantization_config", "quant_method"))
	template := ""
	if given, ok := flagValue(t.Args, "--chat-template"); ok {
		template = string(readSmall(given))
	} else {
		template = first(string(readSmall(filepath.Join(path, "chat_template.jinja"))), readJSON(filepath.Join(path, "tokenizer_config.json")).raw("chat_template"))
	}
	f.TemplateSHA256, f.Prefills = hash(template), prefills(template)
}

// readJSON reads a JSON object of a file; nil if it is none.
func readJSON(path string) tree {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // read only
	in := json.NewDecoder(io.LimitReader(f, bodyLimit))
	in.UseNumber()
	var t tree
	if in.Decode(&t) != nil {
		return nil
	}
	return t
}

// readSmall reads a file that should be small; nil if it is not there.
func readSmall(path string) []byte {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // read only
	text, err := io.ReadAll(io.LimitReader(f, bodyLimit))
	if err != nil {
		return nil
	}
	return text
}
