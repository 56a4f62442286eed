package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"hash"
	"net/url"

	"github.com/evalr/evalr/eval"
)

// An Identity is who answers. Two runners with equal ones are taken for the same.
type Identity struct {
	Kind  string `json:"kind"`
	Model string `json:"model"` // as served
	// BaseURL is the address. Its user, password and parameters are left out, so
	// that no secret is written.
	BaseURL string `json:"base_url,omitempty"`
	// Fingerprint is that of the engine, where it was probed: weights, template,
	// quantisation.
	Fingerprint string `json:"fingerprint,omitempty"`
}

// clean takes what may be secret off the address.
func (id Identity) clean() Identity {
	u, err := url.Parse(id.BaseURL)
	if err != nil {
		id.BaseURL = ""
		return id
	}
	u.User, u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = nil, "", false, "", ""
	id.BaseURL = u.String()
	return id
}

// A key names a request of a trial.
type key [sha256.Size]byte

// keyVersion changes when equal keys no longer mean equal requests.
const keyVersion = "evalr cache key 1"

// keyOf is the key of a request to id. The attempt belongs to it, less the label
// of the model: two trials, or two problems that happen to be worded alike, are
// asked apart, or they would not be independent.
func keyOf(id Identity, q eval.Request) (key, error) {
	sampling, err := json.Marshal(q.Sampling)
	if err != nil {
		return key{}, err
	}
	var extra []byte
	if len(q.Extra) > 0 {
		if extra, err = json.Marshal(q.Extra); err != nil { // maps in the order of their keys
			return key{}, err
		}
	}
	budget, err := json.Marshal(q.ThinkingBudget)
	if err != nil {
		return key{}, err
	}
	h := sha256.New()
	write(h, keyVersion, id.Kind, id.Model, id.BaseURL, id.Fingerprint)
	write(h, q.Key.Benchmark, q.Key.Problem)
	number(h, q.Key.Trial)
	number(h, len(q.Messages))
	for _, m := range q.Messages {
		write(h, string(m.Role), m.Content)
	}
	write(h, string(sampling), q.Prefill, q.Effort, string(budget), string(extra))
	return key(h.Sum(nil)), nil
}

// write adds texts with their lengths, so that none can be taken for two.
func write(h hash.Hash, texts ...string) {
	for _, t := range texts {
		number(h, len(t))
		_, _ = h.Write([]byte(t))
	}
}

func number(h hash.Hash, n int) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	_, _ = h.Write(b[:])
}
