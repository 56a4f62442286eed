// Command evalr measures reasoning models: it sends them problems in
// mathematics, science and programming, judges what comes back and prints a
// leaderboard.
//
// This package wires the rooms together, prints and exits. It computes nothing:
// one verb a file, each an options struct, its flags and a run function.
package main

import (
	"context"
	"io"
	"os"
	"runtime/debug"

	"github.com/evalr/evalr/runners/local"
)

func main() {
	if os.Getenv("GOGC") == "" { // memory is small beside what the time of a model costs
		debug.SetGCPercent(200)
	}
	if os.Args[0] == local.KeeperName { // watches an engine that another evalr started
		os.Exit(local.Keeper(os.Args[1:], os.Stdin))
	}
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// streams are where a verb reads and writes.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// run is the whole program as a function: it returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	says := &console{under: stderr}
	root := newRoot(streams{stdin, stdout, says})
	says.logFlags(root)
	root.SetArgs(signedAnswers(args))
	err := root.ExecuteContext(ctx)
	if err != nil && says.log() == nil && asksFor(args, "json") {
		_ = says.speak("json") // a known format
	}
	return report(says, err)
}
