// Package reference keeps what others have said of models: the scores that their makers
// published (published.yaml) and facts such as size and date of release (models.yaml).
// A board shows them beside its own measurements and marks problems that are older than
// a model.
//
// Each score and each fact was read in the source that stands beside it; what was read
// nowhere is absent. Two publishers who disagree are two rows, and nothing is averaged. The
// package must not know runs, boards or where a name came from.
package reference

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

// decode reads an embedded file strictly: an unknown or doubled key is an error.
func decode(name string, text []byte, into any) error {
	if err := yaml.Load(text, into, yaml.WithKnownFields(), yaml.WithUniqueKeys()); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}
