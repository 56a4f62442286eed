package scoring

import (
	_ "embed" // the drivers

	"github.com/evalr/evalr/internal/sandbox"
)

// The programs that run in the sandbox with an answer. Each begins with the
// codec, so that it is one file.
var (
	//go:embed driver/codec.py
	codec string
	//go:embed driver/calls.py
	callsPart string
	//go:embed driver/script.py
	scriptPart string
	//go:embed driver/notary.py
	notaryPart string
	//go:embed driver/checker.py
	checkerPart string
	//go:embed driver/subject.py
	subjectPart string
	//go:embed driver/expression.py
	expressionPart string

	callsDriver      = codec + callsPart
	scriptDriver     = codec + scriptPart
	notaryDriver     = codec + notaryPart
	checkerDriver    = codec + checkerPart
	subjectDriver    = codec + subjectPart
	expressionDriver = codec + expressionPart
)

// driven is a driver with the answer beside it.
func driven(driver, code string, stdin []byte) sandbox.Program {
	p := sandbox.Program{Language: "python", Source: driver, Stdin: stdin}
	if code != "" {
		p.Files = map[string][]byte{"answer.py": []byte(code)}
	}
	return p
}
