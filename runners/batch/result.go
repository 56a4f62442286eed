package batch

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/evalr/evalr/eval"
)

// fault is why a batch has no answer to a request, by the HTTP status of the
// answer that is none; 0 if there was no such answer. It was not billed.
func fault(code int, text string) *eval.Failure {
	f := &eval.Failure{Kind: eval.FailServer, Status: code, Message: "in the batch: " + text, Temporary: true}
	switch {
	case code == http.StatusTooManyRequests:
		f.Kind = eval.FailRateLimit
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		f.Kind, f.Temporary = eval.FailAuth, false
	case code/100 == 4 && code != http.StatusRequestTimeout:
		f.Kind, f.Temporary = eval.FailRequest, false
	}
	return f
}

// isObject says whether a text is a JSON object.
func isObject(text json.RawMessage) bool {
	return bytes.HasPrefix(bytes.TrimSpace(text), []byte("{"))
}

// brief is the beginning of a text on one line.
func brief(text string) string {
	const most = 300
	if len(text) > 10*most {
		text = text[:10*most]
	}
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "")
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + " …"
	}
	return text
}
