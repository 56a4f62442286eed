package eval_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/eval"
)

func TestNearest(t *testing.T) {
	names := []string{"gsm8k", "math500", "aime24", "aime25", "humaneval", "humaneval_plus"}
	assert.Equal(t, []string{"gsm8k"}, eval.Nearest("gms8k", names))
	assert.Equal(t, []string{"aime24", "aime25"}, eval.Nearest("AIME", names))
	assert.Equal(t, []string{"humaneval", "humaneval_plus"}, eval.Nearest("humaneval", names))
	assert.Empty(t, eval.Nearest("gpqa", names))
	assert.Empty(t, eval.Nearest("", nil))
}
