package runners

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"os"
	"strings"
)

const redacted = "[redacted]"

// A secret is a key that no formatting, marshalling or logging shows. It is held
// by a function, because printing a struct reaches into its unexported fields
// without asking their methods.
type secret struct{ get func() string }

func newSecret(value string) secret { return secret{func() string { return value }} }

func (s secret) value() string {
	if s.get == nil {
		return ""
	}
	return s.get()
}

func (s secret) String() string               { return redacted }
func (s secret) GoString() string             { return redacted }
func (s secret) Format(f fmt.State, _ rune)   { _, _ = f.Write([]byte(redacted)) }
func (s secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (s secret) LogValue() slog.Value         { return slog.StringValue(redacted) }

func (s secret) empty() bool { return s.value() == "" }

// scrub takes the key out of a text that a server sent: careless servers repeat
// it, as it is or in base64.
func (s secret) scrub(text string) string {
	if len(s.value()) < 6 {
		return text
	}
	text = strings.ReplaceAll(text, s.value(), redacted)
	// Base64 of the key at each of the three offsets it may stand at.
	for pad := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", pad) + s.value()))
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

// readKey reads a kind's key from its variable, or from the file that the
// variable with _FILE names.
func readKey(k Kind, env func(string) string) (secret, error) {
	if k.KeyVar == "" {
		return secret{}, nil
	}
	if v := strings.TrimSpace(env(k.KeyVar)); v != "" {
		return newSecret(v), nil
	}
	path := env(k.KeyVar + "_FILE")
	if path == "" {
		return secret{}, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return secret{}, fmt.Errorf("read the key named by %s_FILE: %w", k.KeyVar, err)
	}
	return newSecret(strings.TrimSpace(string(text))), nil
}
