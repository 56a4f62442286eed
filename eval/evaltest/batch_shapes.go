package evaltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// lastContent is the last message of a request.
func lastContent(body json.RawMessage) string {
	var b struct {
		Messages []struct {
			Content string `json:"content"`
		} `json:"messages"`
	}
	if json.Unmarshal(body, &b) != nil || len(b.Messages) == 0 {
		return ""
	}
	return b.Messages[len(b.Messages)-1].Content
}

// upload takes a file of requests.
func (s *Batches) upload(w http.ResponseWriter, r *http.Request) {
	file, _, err := r.FormFile("file")
	if err != nil || r.FormValue("purpose") != "batch" {
		refuseBatch(w, http.StatusBadRequest, "want a file and the purpose batch")
		return
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return // the connection was lost
	}
	id := fmt.Sprintf("file-%d", len(s.files))
	s.files[id] = text
	sendJSON(w, map[string]any{"id": id, "object": "file", "purpose": "batch", "bytes": len(text)})
}

// content gives a file of results.
func (s *Batches) content(w http.ResponseWriter, r *http.Request) {
	text, ok := s.files[r.PathValue("id")]
	if !ok {
		refuseBatch(w, http.StatusNotFound, "no such file")
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(text)
}

// create makes a batch of an uploaded file.
func (s *Batches) create(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Input    string            `json:"input_file_id"`
		Endpoint string            `json:"endpoint"`
		Window   string            `json:"completion_window"`
		Metadata map[string]string `json:"metadata"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body.Window != "24h" {
		refuseBatch(w, http.StatusBadRequest, "want a completion_window of 24h")
		return
	}
	b := &fakeBatch{id: fmt.Sprintf("batch_%d", len(s.batches)+1), input: body.Input, endpoint: body.Endpoint, metadata: body.Metadata}
	ids := map[string]bool{}
	for _, line := range bytes.Split(bytes.TrimSpace(s.files[body.Input]), []byte("\n")) {
		var l struct {
			ID     string          `json:"custom_id"`
			Method string          `json:"method"`
			URL    string          `json:"url"`
			Body   json.RawMessage `json:"body"`
		}
		if json.Unmarshal(line, &l) != nil || l.Method != "POST" || l.URL != body.Endpoint || ids[l.ID] || !fitsID(l.ID) || asksStream(l.Body) {
			refuseBatch(w, http.StatusBadRequest, "a line is no request: "+string(line))
			return
		}
		ids[l.ID] = true
		b.requests = append(b.requests, fakeRequest{l.ID, lastContent(l.Body)})
	}
	if s.Forgets {
		b.metadata = nil
	}
	s.accept(b)
	sendJSON(w, s.show(b))
}

// fitsID says whether a custom id is one that services take.
func fitsID(id string) bool {
	for _, c := range id {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' && c != '_' {
			return false
		}
	}
	return len(id) >= 1 && len(id) <= 64
}

func asksStream(body json.RawMessage) bool {
	var b struct {
		Stream bool `json:"stream"`
	}
	return json.Unmarshal(body, &b) != nil || b.Stream
}

func (s *Batches) list(w http.ResponseWriter, r *http.Request) {
	list, more := s.page(r, true)
	sendJSON(w, map[string]any{"object": "list", "data": list, "has_more": more})
}

// showFile is a batch in the shape of OpenAI.
func (s *Batches) showFile(b *fakeBatch) map[string]any {
	out := map[string]any{
		"id": b.id, "object": "batch", "endpoint": b.endpoint, "input_file_id": b.input, "completion_window": "24h",
		"status": "in_progress", "created_at": b.made.Unix(), "metadata": b.metadata, "errors": nil,
		"output_file_id": nil, "error_file_id": nil,
	}
	done := b.counts[FateAnswered] + b.counts[FateGarbled] + b.counts[FateLost]
	counts := map[string]any{"total": len(b.requests), "completed": done, "failed": 0}
	out["request_counts"] = counts
	switch {
	case b.state == "failed":
		out["errors"] = map[string]any{"object": "list", "data": []any{map[string]any{"code": "refused", "message": s.Refuse, "line": nil}}}
	case b.state != "":
		counts["failed"] = len(b.requests) - done
		if len(b.output) > 0 {
			out["output_file_id"] = b.id + "-output"
		}
		if len(b.errors) > 0 {
			out["error_file_id"] = b.id + "-errors"
		}
	case b.cancelled:
		out["status"] = "cancelling"
	}
	if b.state != "" {
		out["status"] = b.state
	}
	return out
}

// writeFiles adds a result to the file of outputs or of errors.
func (s *Batches) writeFiles(b *fakeBatch, q fakeRequest, fate Fate, text string) {
	line := map[string]any{"id": "batch_req_" + q.id, "custom_id": q.id, "response": nil, "error": nil}
	answer := func(code int, body any) {
		line["response"] = map[string]any{"status_code": code, "request_id": "req_1", "body": body}
	}
	to := &b.errors
	switch fate {
	case FateAnswered:
		to = &b.output
		answer(200, map[string]any{
			"object": "chat.completion", "model": "fake", "usage": map[string]any{"prompt_tokens": 7, "completion_tokens": 3},
			"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": text}}},
		})
	case FateGarbled:
		to = &b.output
		answer(200, map[string]any{"object": "chat.completion", "choices": []any{}})
	case FateErrored:
		answer(500, map[string]any{"error": map[string]any{"message": "the model fell over"}})
	case FateInvalid:
		answer(400, map[string]any{"error": map[string]any{"message": "temperature is not supported", "code": "unsupported_value"}})
	case FateTooLong:
		answer(400, map[string]any{"error": map[string]any{"message": "This model's maximum context length is 100 tokens.", "code": "context_length_exceeded"}})
	default:
		line["error"] = map[string]any{"code": "batch_" + b.state, "message": "This request could not be executed before the completion window expired."}
	}
	encoded, _ := json.Marshal(line)
	*to = append(*to, append(encoded, '\n')...)
}

// createMessages makes a batch in the shape of Anthropic.
func (s *Batches) createMessages(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Requests []struct {
			ID     string          `json:"custom_id"`
			Params json.RawMessage `json:"params"`
		} `json:"requests"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || len(body.Requests) == 0 {
		refuseBatch(w, http.StatusBadRequest, "want requests")
		return
	}
	b := &fakeBatch{id: fmt.Sprintf("msgbatch_%d", len(s.batches)+1)}
	ids := map[string]bool{}
	for _, q := range body.Requests {
		if ids[q.ID] || !fitsID(q.ID) || asksStream(q.Params) {
			refuseBatch(w, http.StatusBadRequest, "requests: "+q.ID+" is no request")
			return
		}
		ids[q.ID] = true
		b.requests = append(b.requests, fakeRequest{q.ID, lastContent(q.Params)})
	}
	s.accept(b)
	sendJSON(w, s.show(b))
}

func (s *Batches) listMessages(w http.ResponseWriter, r *http.Request) {
	list, more := s.page(r, false)
	sendJSON(w, map[string]any{"data": list, "has_more": more})
}

// showMessages is a batch in the shape of Anthropic, which counts only at the end.
func (s *Batches) showMessages(b *fakeBatch) map[string]any {
	counts := map[string]int{"processing": len(b.requests), "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0}
	out := map[string]any{
		"id": b.id, "type": "message_batch", "processing_status": "in_progress", "results_url": nil, "request_counts": counts,
		"created_at": b.made.UTC().Format(time.RFC3339Nano), "expires_at": b.made.Add(window).UTC().Format(time.RFC3339Nano),
	}
	if b.cancelled {
		out["processing_status"] = "canceling"
	}
	if b.state != "" {
		out["processing_status"], out["results_url"] = "ended", s.URL+"/v1/messages/batches/"+b.id+"/results"
		counts["processing"] = 0
		counts["succeeded"] = b.counts[FateAnswered] + b.counts[FateGarbled] + b.counts[FateLost]
		counts["errored"] = b.counts[FateErrored] + b.counts[FateInvalid] + b.counts[FateTooLong]
		counts[stoppedBy(b.cancelled)] = b.counts[FateSlow]
	}
	return out
}

func stoppedBy(cancelled bool) string {
	if cancelled {
		return "canceled"
	}
	return "expired"
}

func (s *Batches) messageResults(w http.ResponseWriter, r *http.Request) {
	b := s.find(w, r.PathValue("id"))
	if b == nil {
		return
	}
	if b.state == "" {
		refuseBatch(w, http.StatusBadRequest, "the batch has not ended")
		return
	}
	w.Header().Set("Content-Type", "application/x-jsonl")
	_, _ = w.Write(b.results)
}

// messageLine is a result in the shape of Anthropic.
func messageLine(q fakeRequest, fate Fate, text string, cancelled bool) []byte {
	result := map[string]any{}
	fault := func(kind, message string) {
		result["type"] = "errored"
		result["error"] = map[string]any{"type": "error", "error": map[string]any{"type": kind, "message": message}}
	}
	switch fate {
	case FateAnswered:
		result["type"] = "succeeded"
		result["message"] = map[string]any{
			"type": "message", "role": "assistant", "model": "fake", "stop_reason": "end_turn",
			"content": []any{map[string]any{"type": "text", "text": text}}, "usage": map[string]any{"input_tokens": 7, "output_tokens": 3},
		}
	case FateGarbled:
		result["type"], result["message"] = "succeeded", map[string]any{"type": "message"}
	case FateErrored:
		fault("api_error", "the model fell over")
	case FateInvalid:
		fault("invalid_request_error", "temperature is not supported")
	case FateTooLong:
		fault("invalid_request_error", "prompt is too long: it exceeds the maximum context length")
	default:
		result["type"] = stoppedBy(cancelled)
	}
	encoded, _ := json.Marshal(map[string]any{"custom_id": q.id, "result": result})
	return append(encoded, '\n')
}

// page gives the part of the batches of one shape that a list shows, the newest
// first.
func (s *Batches) page(r *http.Request, files bool) (list []map[string]any, more bool) {
	size := 20
	_, _ = fmt.Sscan(r.URL.Query().Get("limit"), &size)
	if s.PageSize > 0 {
		size = min(size, s.PageSize)
	}
	after := r.URL.Query().Get("after") + r.URL.Query().Get("after_id")
	seen := after == ""
	list = []map[string]any{}
	for i := len(s.batches) - 1; i >= 0; i-- {
		b := s.batches[i]
		switch {
		case (b.input != "") != files:
		case !seen:
			seen = b.id == after
		case len(list) == size:
			return list, true
		default:
			list = append(list, s.show(b))
		}
	}
	return list, false
}
