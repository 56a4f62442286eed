package scoring

import "github.com/evalr/evalr/eval"

// Program judges programs.
func Program(t Tools) eval.Scorer { return Exact(t) }
