package wire

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"os"
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
// it, as it is or in base64.
func (s Secret) Scrub(text string) string {
	if len(s.Value()) < 6 {
		return text
	}
	text = strings.ReplaceAll(text, s.Value(), redacted)
	// Base64 of the key at each of the three offsets it may stand at.
	for pad := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", pad) + s.Value()))
		// The ends depend on the neighbours; the middle does not.
		middle := encoded[4 : len(encoded)-4]
		if pad == 0 {
			middle = encoded[:len(encoded)-4]
		}
		if len(middle) >= 8 {
			text = strings.ReplaceAll(text, middle, redacted)
		}
	}
	return text
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
