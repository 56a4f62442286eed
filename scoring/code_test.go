package scoring

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/evalr/evalr/eval"
)

func TestBlocksAreFoundByTheNamesOfTheirLanguage(t *testing.T) {
	for language, names := range map[string][]string{
		"c": {"c"}, "cpp": {"cpp", "c++", "C++"}, "go": {"go", "golang"}, "java": {"java"}, "javascript": {"javascript", "js"},
		"typescript": {"typescript", "ts"}, "rust": {"rust", "rs", "rust edition2021"}, "bash": {"bash", "sh", "shell"}, "python": {"python", "py", "Python3"},
	} {
		for _, name := range append(names, "") {
			text := "```text\nno\n```\n```" + name + "\nyes\n```\n```text\nno\n```\n"
			code, rule := programOf(text, &eval.Tests{Language: language})
			assert.Equal(t, "yes\n", code, "%s %q", language, name)
			assert.Equal(t, "fenced block", rule)
		}
	}
	code, _ := programOf("#include <stdio.h>\nint main() {}", &eval.Tests{Language: "c"})
	assert.NotEmpty(t, code)
	code, _ = programOf("I cannot say.", &eval.Tests{Language: "c"})
	assert.Empty(t, code)
}
