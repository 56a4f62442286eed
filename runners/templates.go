package runners

// builtinTemplates are chat formats by name, each as its source shows it.
var builtinTemplates = []struct{ name, source, text string }{
	// DeepSeek-R1 and its distillations. The system prompt stands first and bare, a
	// thought of an earlier turn is left out. The model card asks for answers that
	// begin with "<think>\n": https://github.com/deepseek-ai/DeepSeek-R1 (README,
	// usage recommendations); the format is the chat_template of
	// deepseek-ai/DeepSeek-R1-Distill-Qwen-32B, which llama.cpp keeps in
	// models/templates/.
	{"deepseek-r1", "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B, tokenizer_config.json", `
{{- range .Messages}}{{if eq .Role "system"}}{{.Content}}{{end}}{{end}}
{{- range .Messages}}
	{{- if eq .Role "user"}}<｜User｜>{{.Content}}{{end}}
	{{- if eq .Role "assistant"}}<｜Assistant｜>{{afterThought .Content}}<｜end▁of▁sentence｜>{{end}}
{{- end}}<｜Assistant｜>
{{- define "prefill"}}<think>{{"\n"}}{{end}}
{{- define "stop"}}<｜end▁of▁sentence｜>{{end}}
{{- define "special"}}<｜User｜> <｜Assistant｜> <｜begin▁of▁sentence｜>{{end}}`},
	// ChatML, as in the tokenizer_config.json of NousResearch/Nous-Hermes-2-SOLAR-10.7B
	// and internlm/internlm2-chat-7b. Qwen's models use it too; some of their own
	// templates add a system prompt that this one does not.
	{"chatml", "NousResearch/Nous-Hermes-2-SOLAR-10.7B, tokenizer_config.json", `
{{- range .Messages}}<|im_start|>{{.Role}}{{"\n"}}{{.Content}}<|im_end|>{{"\n"}}{{end}}<|im_start|>assistant{{"\n"}}
{{- define "stop"}}<|im_end|>{{end}}
{{- define "special"}}<|im_start|> <|endoftext|>{{end}}`},
	// Llama 3: https://www.llama.com/docs/model-cards-and-prompt-formats/meta-llama-3/
	// The published template trims the messages. Later versions add the date and
	// knowledge cut-off to the system prompt, which this one does not.
	{"llama3", "llama.com/docs/model-cards-and-prompt-formats/meta-llama-3", `
{{- range .Messages}}<|start_header_id|>{{.Role}}<|end_header_id|>{{"\n\n"}}{{trim .Content}}<|eot_id|>{{end -}}
<|start_header_id|>assistant<|end_header_id|>{{"\n\n"}}
{{- define "stop"}}<|eot_id|> <|end_of_text|>{{end}}
{{- define "special"}}<|start_header_id|> <|end_header_id|> <|begin_of_text|>{{end}}`},
	// Mistral, tokenizers V3 and V3-Tekken, which differ in their spaces:
	// https://docs.mistral.ai/cookbook/concept-deep-dive-tokenization-templates
	{"mistral-v3", "docs.mistral.ai/cookbook/concept-deep-dive-tokenization-templates", `
{{- range .Messages}}
	{{- if eq .Role "user"}}[INST] {{.Content}}[/INST]{{end}}
	{{- if eq .Role "assistant"}} {{.Content}}</s>{{end}}
	{{- if eq .Role "system"}}{{refuse "it has no place for a system prompt: put it into the question"}}{{end}}
{{- end}}` + mistralMarks},
	{"mistral-v3-tekken", "docs.mistral.ai/cookbook/concept-deep-dive-tokenization-templates", `
{{- range .Messages}}
	{{- if eq .Role "user"}}[INST]{{.Content}}[/INST]{{end}}
	{{- if eq .Role "assistant"}}{{.Content}}</s>{{end}}
	{{- if eq .Role "system"}}{{refuse "it has no place for a system prompt: put it into the question"}}{{end}}
{{- end}}` + mistralMarks},
	// No chat format: for models that only go on with a text.
	{"plain", "", `{{range $i, $m := .Messages}}{{if $i}}{{"\n\n"}}{{end}}{{$m.Content}}{{end}}`},
}

const mistralMarks = `{{define "stop"}}</s>{{end}}{{define "special"}}[INST] [/INST] <s>{{end}}`

// A ChatTemplate is one that is built in, and where its format was read; plain has
// none.
type ChatTemplate struct{ Name, Source string }

// Templates lists the chat templates that are built in.
func Templates() []ChatTemplate {
	out := make([]ChatTemplate, len(builtinTemplates))
	for i, t := range builtinTemplates {
		out[i] = ChatTemplate{t.name, t.source}
	}
	return out
}

func builtinTemplate(name string) (text string, ok bool) {
	for _, t := range builtinTemplates {
		if t.name == name {
			return t.text, true
		}
	}
	return "", false
}

func templateNames() []string {
	names := make([]string, len(builtinTemplates))
	for i, t := range builtinTemplates {
		names[i] = t.name
	}
	return names
}
