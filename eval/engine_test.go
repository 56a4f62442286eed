package eval_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/eval"
)

func TestAFingerprintChangesWithWhatChangesAnswersAndWithNothingElse(t *testing.T) {
	base := eval.EngineFacts{Engine: "llamacpp", Version: "b1", Model: "m", Context: 4096, TemplateSHA256: "ab", Quantization: "Q4_0", Parameters: 7}
	print := base.Fingerprint()
	assert.Len(t, print, 16)
	assert.Equal(t, print, base.Fingerprint())
	for name, change := range map[string]func(*eval.EngineFacts){
		"engine":       func(f *eval.EngineFacts) { f.Engine = "vllm" },
		"version":      func(f *eval.EngineFacts) { f.Version = "b2" },
		"model":        func(f *eval.EngineFacts) { f.Model = "n" },
		"context":      func(f *eval.EngineFacts) { f.Context = 8192 },
		"template":     func(f *eval.EngineFacts) { f.TemplateSHA256 = "cd" },
		"quantization": func(f *eval.EngineFacts) { f.Quantization = "Q8_0" },
		"weights":      func(f *eval.EngineFacts) { f.Weights = "sha256:12" },
		"parameters":   func(f *eval.EngineFacts) { f.Parameters = 8 },
	} {
		other := base
		change(&other)
		assert.NotEqual(t, print, other.Fingerprint(), name)
	}
	same := base
	same.Models, same.Slots, same.Near = []string{"a"}, 4, []string{"b"}
	assert.Equal(t, print, same.Fingerprint(), "how many slots there are changes no answer")
}

func TestAServerThatTellsNothingHasNoFingerprint(t *testing.T) {
	assert.Empty(t, eval.EngineFacts{Engine: "openai", Model: "o4-mini", Models: []string{"o4-mini"}}.Fingerprint())
}

func TestDifferencesNameWhatBothTell(t *testing.T) {
	long := strings.Repeat("a", 64)
	old := eval.EngineFacts{Engine: "vllm", Version: "0.10", Context: 4096, TemplateSHA256: long}
	now := eval.EngineFacts{Engine: "vllm", Version: "0.11", TemplateSHA256: strings.Repeat("b", 64), Quantization: "fp8"}
	assert.Equal(t, []string{"version was 0.10 and is 0.11", "chat template was aaaaaaaaaaaa… and is bbbbbbbbbbbb…"}, old.Differences(now))
	assert.Empty(t, old.Differences(old))
}
