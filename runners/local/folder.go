package local

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/evalr/evalr/eval"
)

// folder reads the configuration of a model that is served from a folder of this
// machine: config.json, the chat template beside it, and the headers of its
// weights. The names of the fields are those that llama.cpp's converter looks for
// (conversion/base.py). A template that the server was given instead is read where
// it is a file.
//
// A relative path, or a name in the hub's cache, is known to be that of a server
// only if evalr started it.
func (p probe) folder(model string, t Target, f *eval.EngineFacts) {
	path, config := model, tree(nil)
	if t.Started || p.near && filepath.IsAbs(model) {
		config = readJSON(filepath.Join(path, "config.json"))
	}
	if config == nil && t.Started { // whose cache another server uses is not known
		path, f.Weights = cached(model, t)
		config = readJSON(filepath.Join(path, "config.json"))
	}
	if config == nil || path == "" {
		return
	}
	f.Experts = first(config.count("num_local_experts"), config.count("num_experts"), config.count("n_routed_experts"))
	f.ExpertsUsed = first(config.count("num_experts_per_tok"), config.count("num_experts_per_token"))
	f.TrainedContext = config.count("max_position_embeddings")
	method := config.text("quantization_config", "quant_method")
	f.Quantization = first(f.Quantization, method)
	if method == "" { // packed weights are no count of parameters
		f.Parameters, f.Active = countSafetensors(path, f.Experts, f.ExpertsUsed)
	}
	template := ""
	if given, ok := flagValue(t.Args, "--chat-template"); ok {
		template = string(readSmall(given))
	} else {
		template = first(string(readSmall(filepath.Join(path, "chat_template.jinja"))), readJSON(filepath.Join(path, "tokenizer_config.json")).raw("chat_template"))
	}
	f.TemplateSHA256, f.Prefills = hash(template), prefills(template)
}

// cached gives the folder in which the hub's cache holds a model, and its commit
// (huggingface.co/docs/hub/local-cache). The environment is the engine's.
func cached(model string, t Target) (path, commit string) {
	root := lookup(t.Env, "HF_HUB_CACHE")
	if root == "" {
		home := lookup(t.Env, "HF_HOME")
		if home == "" {
			home = filepath.Join(lookup(t.Env, "HOME"), ".cache", "huggingface")
		}
		root = filepath.Join(home, "hub")
	}
	if !filepath.IsLocal(model) {
		return "", ""
	}
	repository := filepath.Join(root, "models--"+strings.ReplaceAll(model, "/", "--"))
	revision, ok := flagValue(t.Args, "--revision")
	if !ok {
		revision = "main"
	}
	if !filepath.IsLocal(revision) {
		return "", ""
	}
	commit = strings.TrimSpace(string(readSmall(filepath.Join(repository, "refs", revision))))
	commit = first(commit, revision)
	if !filepath.IsLocal(commit) {
		return "", ""
	}
	path = filepath.Join(repository, "snapshots", commit)
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return "", ""
	}
	return path, "commit " + shown(commit)
}

// readJSON reads a JSON object of a file; nil if it is none.
func readJSON(path string) tree {
	f, err := openFile(path)
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
	f, err := openFile(path)
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
