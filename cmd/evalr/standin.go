package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/runners"
	"github.com/evalr/evalr/scoring"
)

// standInSpec names the stand-in where a model is expected. It is no model: its
// answers are made from the worked solutions of the embedded sets, with a seeded
// share of mistakes, truncations and refusals, so that everything behind the
// model runs for real where no server answers.
const standInSpec = "standin:"

// standIns are the labels and how often they go wrong, in percent of attempts:
// the harder the problem, the more often.
var standIns = []struct {
	label                       string
	mistakes, cut, refused, gap int
}{
	{"stand-in A (not a model)", 4, 3, 1, 5},
	{"stand-in B (not a model)", 12, 8, 2, 8},
}

const standInTrials = 8

// openStandIn gives the stand-ins as replays.
func openStandIn() ([]eval.Runner, error) {
	var rows bytes.Buffer
	encoder := json.NewEncoder(&rows)
	chosen, err := benchmarks.Select(scoring.Tools{}, []string{"evalr-*"})
	if err != nil {
		return nil, err
	}
	for _, s := range standIns {
		for _, b := range chosen {
			set, err := b.Load(context.Background(), eval.Data{})
			if err != nil {
				return nil, err
			}
			for _, p := range set.Problems {
				for trial := range standInTrials {
					row := standInRow(p, draw(s.label, b.Name, p.ID, trial), s.mistakes+s.gap*int(p.Difficulty[0]-'1'), s.cut, s.refused)
					row.Problem, row.Trial, row.Benchmark, row.Model = p.ID, trial, b.Name, s.label
					if err := encoder.Encode(row); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	return runners.Replay("stand-in", &rows)
}

// standInReply is a row of the replay.
type standInReply struct {
	Problem   string    `json:"problem"`
	Trial     int       `json:"trial"`
	Benchmark string    `json:"benchmark"`
	Model     string    `json:"model"`
	Response  string    `json:"response"`
	Stop      eval.Stop `json:"stop"`
}

// draw gives a number that depends on the names alone.
func draw(label, benchmark, problem string, trial int) int {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%d", label, benchmark, problem, trial)
	// FNV's low bits of near names are alike; the high ones are not.
	return int((h.Sum64() * 0x9e3779b97f4a7c15) >> 40)
}

// standInRow writes a response. n decides what happens in it.
func standInRow(p eval.Problem, n, mistakes, cut, refused int) standInReply {
	luck := n % 100
	solution := p.Meta["solution"]
	thought := "<think>\n" + solution + "\n</think>\n\n"
	switch {
	case luck < refused:
		return standInReply{Response: thought + "I'm sorry, but I can't help with that.", Stop: eval.StopEnd}
	case luck < refused+cut:
		return standInReply{Response: "<think>\n" + solution[:len(solution)/2], Stop: eval.StopLength}
	}
	wrong := luck < refused+cut+mistakes
	return standInReply{Response: thought + standInAnswer(p, wrong, n), Stop: eval.StopEnd}
}

func standInAnswer(p eval.Problem, wrong bool, n int) string {
	switch {
	case p.Tests != nil:
		program := p.Meta["reference"]
		if wrong {
			program = brokenProgram(program)
		}
		return "```python\n" + program + "```"
	case len(p.Choices) > 0:
		letter := p.Answer[0]
		if wrong {
			letter = string(rune('A' + (int(letter[0]-'A')+1+n%(len(p.Choices)-1))%len(p.Choices)))
		}
		return "Answer: " + letter
	}
	gold := p.Answer[0]
	if wrong {
		gold = nearMiss(gold)
	}
	return "So the answer is $\\boxed{" + gold + "}$."
}

// nearMiss changes the first digit of an answer.
func nearMiss(gold string) string {
	if i := strings.IndexAny(gold, "0123456789"); i >= 0 {
		return gold[:i] + string('1'+(gold[i]-'0'+2)%9) + gold[i+1:]
	}
	return "0"
}

// brokenProgram gives a program with a mistake that people make.
func brokenProgram(s string) string {
	for _, change := range [][2]string{{"+ 1", "+ 2"}, {"range(", "range(1, "}, {"sum(", "len("}, {"<=", "<"}, {"return ", "return not "}} {
		if broken := strings.Replace(s, change[0], change[1], 1); broken != s {
			return broken
		}
	}
	return "raise SystemExit(0)\n"
}
