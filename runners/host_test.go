package runners_test

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners"
)

const hostWord = "host-of-a-command"

// playHost opens the model that it is told, prints its answer and waits, if the
// test binary was called for that.
func playHost() {
	if len(os.Args) != 3 || os.Args[1] != hostWord {
		return
	}
	out, err := runners.Open(os.Args[2], runners.Options{})
	if err == nil {
		var r eval.Response
		r, err = out[0].Generate(context.Background(), request)
		fmt.Println(r.Raw)
	}
	if err != nil {
		fmt.Println(err)
	}
	time.Sleep(24 * time.Hour) // a select without cases is taken for a deadlock
}
