package wire

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
)

const redacted = "[redacted]"

// A Secret is a key that no formatting, marshalling or logging shows. It is held
// by a function, because printing a struct reaches into its unexported fields
// without asking their methods.
type Secret struct{ get func() string }

// NewSecret holds a key.
func NewSecret(value string) Secret { return Secret{func() string { return value }} }

// Value is the key itself: for the header of a request, and nothing else.
func (s Secret) Value() string {
	if s.get == nil {
		return ""
	}
	return s.get()
}

// String shows nothing of the key.
func (s Secret) String() string { return redacted }

// GoString shows nothing of the key.
func (s Secret) GoString() string { return redacted }

// Format shows nothing of the key.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalText shows nothing of the key.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue shows nothing of the key.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// Empty says whether there is no key.
func (s Secret) Empty() bool { return s.Value() == "" }

// Scrub takes the key out of a text that a server sent: careless servers repeat
// it, as it is, as in an address, or in base64.
func (s Secret) Scrub(text string) string {
	for _, form := range s.forms() {
		text = strings.ReplaceAll(text, form, redacted)
	}
	return text
}

// cut marks a text that goes on.
const cut = " …"

// ScrubShort is Scrub for a text that short may have cut in the middle of the key.
func (s Secret) ScrubShort(text string) string {
	text = s.Scrub(text)
	for _, form := range s.forms() {
		for n := len(form) - 1; n >= leastKey; n-- {
			text = strings.ReplaceAll(text, form[:n]+cut, redacted+cut)
		}
	}
	return text
}

// leastKey is the length from which a text is taken for a key, or for a piece of
// one.
const leastKey = 6

// forms are the shapes in which the key may stand in a text.
func (s Secret) forms() []string {
	key := s.Value()
	if len(key) < leastKey {
		return nil
	}
	out := []string{key}
	for _, escaped := range []string{url.QueryEscape(key), url.PathEscape(key)} {
		if !slices.Contains(out, escaped) {
			out = append(out, escaped)
		}
	}
	// Base64 of the key at each of the three offsets it may stand at.
	for pad := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", pad) + key))
		// The ends depend on the neighbours; the middle does not.
		middle := encoded[4 : len(encoded)-4]
		if pad == 0 {
			middle = encoded[:len(encoded)-4]
		}
		if len(middle) >= 8 {
			out = append(out, middle)
		}
	}
	return out
}

// ReadKey reads a key from an environment variable, or from the file that the
// variable with _FILE behind its name names; no variable is no key.
func ReadKey(variable string, env func(string) string) (Secret, error) {
	if variable == "" {
		return Secret{}, nil
	}
	if v := strings.TrimSpace(env(variable)); v != "" {
		return NewSecret(v), nil
	}
	path := env(variable + "_FILE")
	if path == "" {
		return Secret{}, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Secret{}, fmt.Errorf("read the key named by %s_FILE: %w", variable, err)
	}
	return NewSecret(strings.TrimSpace(string(text))), nil
}
