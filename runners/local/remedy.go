package local

import "strings"

// A sign is a text in an engine's log whose remedy is known.
type sign struct {
	text   string // in lower case
	remedy string
}

// portTaken is the remedy for a port in use; Launch tries another by itself.
const portTaken = "the port is in use: end what listens there, or leave the port to evalr"

const (
	tooLittleMemory = "there is not enough memory: take a smaller context (-c for llama-server, --max-model-len for vLLM, --context-length for SGLang), a smaller quantization, or more devices"
	noGGUF          = "the file is no whole GGUF: fetch it again and compare its size and digest"
	unknownModel    = "this build of the engine does not know the model's architecture: take a newer one"
	unknownArgument = "the engine does not know an argument: check those that were passed to it, each word as an --engine-arg of its own"
)

// signs are looked for from top to bottom: what is specific comes first. They are
// the words of llama.cpp's sources (src/llama-model.cpp, ggml/src/gguf.cpp,
// tools/server/server-http.cpp), and of errors in the issue trackers of vLLM and
// PyTorch.
var signs = []sign{
	{"couldn't bind", portTaken},
	{"address already in use", portTaken},
	{"unknown model architecture", unknownModel},
	{"are not supported for now", unknownModel}, // vLLM: Model architectures [...]
	{"invalid magic", noGGUF},
	{"failed to read magic", noGGUF}, // of an empty file
	{"tensor data is not within the file bounds", noGGUF},
	{"data is not within the file bounds", noGGUF},
	{"failed to read key-value pairs", noGGUF},
	{"failed to read tensor", noGGUF},
	{"no available memory for the cache blocks", "the weights leave no room for the context: raise --gpu-memory-utilization, or lower --max-model-len"},
	{"outofmemoryerror", tooLittleMemory},
	{"out of memory", tooLittleMemory},
	{"unable to allocate", tooLittleMemory},
	{"failed to allocate", tooLittleMemory},
	{"bad_alloc", tooLittleMemory},
	{"no module named", "this Python lacks a package of the engine: name the right Python by EVALR_SGLANG_PYTHON or EVALR_VLLM"},
	{"gatedrepoerror", "the model is gated: accept its licence on its page and set HF_TOKEN"},
	{"repositorynotfounderror", "there is no such model on the hub, or HF_TOKEN may not see it: check the name"},
	{"failed to open gguf file", "the file cannot be opened: check its path and rights"},
	{"no such file or directory", "a file is missing: check the paths among the arguments"},
	{"invalid argument:", unknownArgument},
	{"error while handling argument", "an argument of the engine has no value, or one that it cannot take: each word is an --engine-arg of its own"},
	{"unrecognized arguments", unknownArgument},
	{"no nvidia", "no graphics card was found that the engine can use"},
}

// remedy gives what helps against what the log's end says, and what it says;
// empty where that is not known.
func remedy(lines []string) string {
	text := strings.ToLower(strings.Join(lines, "\n"))
	for _, s := range signs {
		if strings.Contains(text, s.text) {
			return s.remedy
		}
	}
	return ""
}
