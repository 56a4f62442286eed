package evaltest

// A word of the tiny model's vocabulary.
type word struct {
	text string
	kind int32 // 1 normal, 3 control, 4 user-defined: llama.cpp's llama_token_type
	said bool  // whether the model may say it
}

// The special words, after the 256 bytes and the one merge.
const (
	tinyEnd   = "<|im_end|>"
	tinyStart = "<|im_start|>"
	tinyText  = "<|endoftext|>"
)

// tinyVocabulary is a byte-level vocabulary, so that every text can be told to the
// model. It says printable ASCII, the end of a thought, and the end of its turn.
func tinyVocabulary() []word {
	var out []word
	for b := range 256 {
		out = append(out, word{string(byteRune(byte(b))), 1, b >= ' ' && b < 0x7f})
	}
	return append(out,
		word{"th", 1, true},
		word{tinyText, 3, false}, word{tinyStart, 3, false}, word{tinyEnd, 3, true},
		word{"<think>", 4, false}, word{"</think>", 4, true},
	)
}

// byteRune is the letter by which byte-level vocabularies, those of GPT-2, write a
// byte: itself if it is printable, else one of the letters from U+0100 on, in order.
func byteRune(b byte) rune {
	printable := func(c byte) bool { return c >= '!' && c <= '~' || c >= 0xA1 && c <= 0xAC || c >= 0xAE }
	if printable(b) {
		return rune(b)
	}
	next := rune(0x100)
	for c := range b {
		if !printable(c) {
			next++
		}
	}
	return next
}

type pair struct {
	key   string
	value any
}

// pairs are the metadata of the tiny model.
func (m TinyModel) pairs() []pair {
	words := tinyVocabulary()
	texts, kinds := make([]string, len(words)), make([]int32, len(words))
	number := map[string]uint32{}
	for i, w := range words {
		texts[i], kinds[i] = w.text, w.kind
		number[w.text] = uint32(i)
	}
	const arch = "qwen3moe."
	return []pair{
		{"general.architecture", "qwen3moe"},
		{"general.name", "tiny random mixture of experts"},
		{"general.file_type", uint32(0)}, // all F32
		{arch + "block_count", uint32(tinyLayers)},
		{arch + "context_length", uint32(m.Context)},
		{arch + "embedding_length", uint32(tinyWidth)},
		{arch + "feed_forward_length", uint32(tinyInner * TinyUsed)},
		{arch + "expert_feed_forward_length", uint32(tinyInner)},
		{arch + "expert_count", uint32(TinyExperts)},
		{arch + "expert_used_count", uint32(TinyUsed)},
		{arch + "attention.head_count", uint32(tinyHeads)},
		{arch + "attention.head_count_kv", uint32(tinyShared)},
		{arch + "attention.key_length", uint32(tinyHead)},
		{arch + "attention.value_length", uint32(tinyHead)},
		{arch + "attention.layer_norm_rms_epsilon", float32(1e-6)},
		{arch + "rope.freq_base", float32(10000)},
		{"tokenizer.ggml.model", "gpt2"},
		{"tokenizer.ggml.pre", "qwen2"},
		{"tokenizer.ggml.tokens", texts},
		{"tokenizer.ggml.token_type", kinds},
		{"tokenizer.ggml.merges", []string{"t h"}},
		{"tokenizer.ggml.eos_token_id", number[tinyEnd]},
		{"tokenizer.ggml.padding_token_id", number[tinyText]},
		{"tokenizer.ggml.add_bos_token", false},
		{"tokenizer.chat_template", m.Template},
	}
}
