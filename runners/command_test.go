package runners_test

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
	"github.com/evalr/evalr/eval/evaltest"
	"github.com/evalr/evalr/runners"
)

func TestMain(m *testing.M) {
	evaltest.PlayCommand()
	playHost()
	os.Exit(m.Run())
}

// commanded gives the runner of a program that is started again almost at once.
func commanded(t *testing.T, c evaltest.Command, o runners.Options) eval.Runner {
	t.Helper()
	r, err := runners.OpenCommand(c.Spec(t), o)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.(io.Closer).Close()) })
	return r
}

func TestCommandContract(t *testing.T) {
	for name, concurrency := range map[string]int{"one at a time": 0, "says that it takes one": 1} {
		t.Run(name, func(t *testing.T) {
			evaltest.ProviderContract(t, evaltest.Provider{
				Open: func(t *testing.T, c evaltest.Scene) eval.Runner {
					program := evaltest.Command{Reply: c.Reply, Trouble: c.Trouble, Concurrency: concurrency}
					return commanded(t, program, runners.Options{FirstByte: c.Patience, Stall: c.Patience})
				},
				Request: request, Usage: told, NoStream: true,
				Lacks: []evaltest.Trouble{evaltest.RateLimited, evaltest.Overloaded, evaltest.Unauthorized, evaltest.Rejected},
				Takes: []eval.Request{{Messages: request.Messages, Prefill: "<think>\n", Effort: "high", ThinkingBudget: ptr(0)}},
			})
		})
	}
}

func TestACommandIsSentTheWholeRequest(t *testing.T) {
	r := commanded(t, evaltest.Command{Says: "request"}, runners.Options{})
	got, err := r.Generate(t.Context(), eval.Request{
		Messages: request.Messages, Prefill: "<think>\n", Effort: "high", ThinkingBudget: ptr(0),
		Sampling: eval.Sampling{Temperature: ptr(0.0), MaxTokens: ptr(64), Seed: ptr(7), Stop: []string{"END"}},
		Extra:    map[string]any{"top_k": 20},
	})
	require.NoError(t, err)
	assert.JSONEq(t, `{"id":1,"messages":[{"role":"user","content":"2+2?"}],"temperature":0,"max_tokens":64,"seed":7,"stop":["END"],
		"prefill":"<think>\n","effort":"high","thinking_budget":0,"extra":{"top_k":20}}`, got.Raw)
	assert.Equal(t, "fake", got.Model)
}

func TestACommandIsGivenNoKeys(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", key)
	t.Setenv("DEEPSEEK_API_KEY_FILE", "/secret/path")
	t.Setenv("MY_OWN_VARIABLE", "kept")
	got, err := commanded(t, evaltest.Command{Says: "environment"}, runners.Options{}).Generate(t.Context(), request)
	require.NoError(t, err)
	assert.NotContains(t, got.Raw, key)
	assert.NotContains(t, got.Raw, "/secret/path")
	assert.Contains(t, got.Raw, "MY_OWN_VARIABLE=kept")
}

func TestACommandIsKeptAliveAndStartedAgainWhenItEnds(t *testing.T) {
	pids := func(c evaltest.Command) map[string]bool {
		c.Says = "pid"
		r := commanded(t, c, runners.Options{})
		out := map[string]bool{}
		for range 4 {
			got, err := r.Generate(t.Context(), request)
			var f *eval.Failure
			if err != nil { // it was asked while it ended
				require.ErrorAs(t, err, &f)
				require.True(t, f.Temporary)
				got, err = r.Generate(t.Context(), request)
			}
			require.NoError(t, err)
			out[got.Raw] = true
		}
		return out
	}
	assert.Len(t, pids(evaltest.Command{}), 1)
	assert.Len(t, pids(evaltest.Command{Answers: 1}), 4)
}

func TestACommandThatTakesSeveralAtOnceAnswersInAnyOrder(t *testing.T) {
	r := commanded(t, evaltest.Command{Concurrency: 4, Says: "request"}, runners.Options{})
	var all sync.WaitGroup
	for _, text := range []string{"a", "b", "c", "d"} {
		all.Go(func() {
			got, err := r.Generate(t.Context(), eval.Request{Messages: []eval.Message{{Role: eval.User, Content: text}}})
			if assert.NoError(t, err) {
				assert.Contains(t, got.Raw, `"content":"`+text+`"`)
			}
		})
	}
	all.Wait() // it answers none before it has all four
}

func TestACommandThatEndsAgainAndAgainIsGivenUp(t *testing.T) {
	r := commanded(t, evaltest.Command{DiesAtOnce: true, Exit: 3, Complaints: []string{"loading", "no such file: weights.bin"}}, runners.Options{})
	var f *eval.Failure
	for tries := 1; ; tries++ {
		_, err := r.Generate(t.Context(), request)
		f = failure(t, err)
		if !f.Temporary {
			assert.Equal(t, 6, tries)
			break
		}
		require.Less(t, tries, 10)
		assert.Equal(t, eval.FailConnection, f.Kind)
		assert.Contains(t, f.Message, "exit status 3")
	}
	assert.Contains(t, f.Message, "6 times in a row")
	assert.Contains(t, f.Hint, "no such file: weights.bin")
	_, err := r.Generate(t.Context(), request)
	late := failure(t, err)
	assert.False(t, late.Temporary || late.Begun, "it is not started again")
}

func TestACommandThatAnswersInBetweenIsNotGivenUp(t *testing.T) {
	r := commanded(t, evaltest.Command{Answers: 1, Exit: 3, Reply: evaltest.Reply{Text: "4"}}, runners.Options{})
	for range 12 {
		var err error
		for range 3 { // as whoever decorates it does
			if _, err = r.Generate(t.Context(), request); err == nil {
				break
			}
			assert.True(t, failure(t, err).Temporary)
		}
		require.NoError(t, err)
	}
}

func TestWhatACommandDoesWrongIsNamed(t *testing.T) {
	for says, c := range map[string]evaltest.Command{
		"is not understood":                  {Lines: []string{"Loading the model ..."}},
		`without "id"`:                       {Lines: []string{`{"response":"4"}`}},
		"was not asked":                      {Lines: []string{`{"id":99,"response":"4"}`}},
		`"concurrency": 0: want 1`:           {Lines: []string{`{"concurrency":0}`}},
		"not its first":                      {Lines: []string{`{"concurrency":2}`, `{"concurrency":2}`}},
		`want stop, length or refusal`:       {Reply: evaltest.Reply{Text: "4", Stop: "done"}},
		`-1 tokens as "usage"."output"`:      {Reply: evaltest.Reply{Text: "4", Usage: &eval.Usage{Output: ptr(-1)}}},
		"it reports an error: out of memory": {Trouble: evaltest.Broken},
		`neither "response" nor "error"`:     {Trouble: evaltest.Empty},
	} {
		t.Run(says, func(t *testing.T) {
			_, err := commanded(t, c, runners.Options{}).Generate(t.Context(), request)
			f := failure(t, err)
			assert.Contains(t, f.Message, says)
			assert.True(t, f.Temporary)
		})
	}
}

func TestAnEmptyLineSaysThatACommandIsAlive(t *testing.T) {
	r := commanded(t, evaltest.Command{Lines: []string{"", " ", `{"concurrency":1}`, ""}, Reply: evaltest.Reply{Text: "4"}}, runners.Options{})
	got, err := r.Generate(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, "4", got.Raw)
}

func TestACommandsComplaintsAreShownButNotWithoutEnd(t *testing.T) {
	var mu sync.Mutex
	var shown []string
	long := strings.Repeat("x", 5000)
	complaints := append([]string{"hello", long}, strings.Fields(strings.Repeat("line ", 1000))...)
	r := commanded(t, evaltest.Command{DiesAtOnce: true, Complaints: complaints}, runners.Options{Warn: func(w string) {
		mu.Lock()
		defer mu.Unlock()
		shown = append(shown, w)
	}})
	_, err := r.Generate(t.Context(), request)
	require.Error(t, err)
	mu.Lock()
	defer mu.Unlock()
	require.Len(t, shown, 200)
	assert.True(t, strings.HasSuffix(shown[0], ": hello"), shown[0])
	assert.Less(t, len(shown[1]), 1000)
	assert.Contains(t, shown[199], "not shown")
}

func TestACancelledRequestKeepsItsPlaceUntilTheCommandIsDoneWithIt(t *testing.T) {
	received := make(chan string, 10)
	r := commanded(t, evaltest.Command{Says: "request", Concurrency: 2, Tells: true}, runners.Options{Warn: func(w string) { received <- w }})
	first, stop := context.WithCancel(t.Context())
	asked := make(chan error)
	go func() {
		_, err := r.Generate(first, request)
		asked <- err
	}()
	<-received // the program answers none before it has two
	stop()
	require.ErrorIs(t, <-asked, context.Canceled)
	got, err := r.Generate(t.Context(), request)
	require.NoError(t, err)
	assert.Contains(t, got.Raw, `"id":2`, "the late answer to the first is nobody's")
}

func TestACommandThatDoesNotReadIsEnded(t *testing.T) {
	r, err := runners.OpenCommand("command:sleep 600", runners.Options{FirstByte: 50 * time.Millisecond})
	require.NoError(t, err)
	long := strings.Repeat("x", 1<<20) // more than a pipe holds
	_, err = r.Generate(t.Context(), eval.Request{Messages: []eval.Message{{Role: eval.User, Content: long}}})
	f := failure(t, err)
	assert.Equal(t, eval.FailTimeout, f.Kind)
	assert.Contains(t, f.Message, "sleep 600: it was silent for 50ms")
	require.NoError(t, r.(io.Closer).Close())
}

func TestACommandThatIsMissingIsNamedAtOnce(t *testing.T) {
	for spec, says := range map[string]string{
		"command:./no-such-program":    "is the path right",
		"command:":                     "path is missing",
		"command:'  '":                 "is the path right",
		"command:'unclosed":            "not closed",
		"command:''":                   "path of the program is missing",
		"command:no-such-program --x":  "./no-such-program",
		"command:/etc/passwd --really": "permission denied",
	} {
		_, err := runners.Open(spec, runners.Options{})
		require.ErrorContains(t, err, says, spec)
	}
}

func TestTheExampleInTheDocsAnswers(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 on this machine")
	}
	r := opened(t, "command:"+python+" ../docs/own-model.py --name echo", runners.Options{})
	defer r.(io.Closer).Close() //nolint:errcheck // ends with the test
	assert.Contains(t, r.Name(), "own-model.py --name echo")
	for _, text := range []string{"2+2?", "naïve – 五 😀\nand a second line"} {
		got, err := r.Generate(t.Context(), eval.Request{Messages: []eval.Message{{Role: eval.User, Content: text}}})
		require.NoError(t, err)
		assert.Contains(t, got.Raw, text)
		assert.Equal(t, eval.StopEnd, got.Stop)
	}
}

func TestWords(t *testing.T) {
	for line, want := range map[string][]string{
		"./model":                   {"./model"},
		"  ./model  --flag   x ":    {"./model", "--flag", "x"},
		`"my model" 'it''s' a\ b`:   {"my model", "its", "a b"},
		`m "a \" b" 'c:\d' "" x''y`: {"m", `a " b`, `c:\d`, "", "xy"},
	} {
		got, err := runners.Words(line)
		require.NoError(t, err)
		assert.Equal(t, want, got, line)
	}
	for _, line := range []string{"", "   ", `"open`, `m 'open`, `m \`} {
		_, err := runners.Words(line)
		assert.Error(t, err, line)
	}
}

func FuzzWords(f *testing.F) {
	f.Add(`./m "a b" 'c' \d`)
	f.Fuzz(func(t *testing.T, line string) {
		got, err := runners.Words(line)
		if err != nil {
			return
		}
		require.NotEmpty(t, got)
		// What was split can be put together again.
		var quoted []string
		for _, w := range got {
			quoted = append(quoted, "'"+strings.ReplaceAll(w, "'", `'\''`)+"'")
		}
		again, err := runners.Words(strings.Join(quoted, " "))
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}

func FuzzCommandLine(f *testing.F) {
	f.Add([]byte(`{"id":1,"response":"4","reasoning":"hm","stop":"stop","usage":{"output":3}}`))
	f.Add([]byte(`{"concurrency":8}`))
	f.Add([]byte(`{"id":1,"error":{"message":"no"}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		out, hello, fail := runners.ReadCommandLine(line)
		switch {
		case fail != nil:
			assert.NotEmpty(t, fail.Message)
			assert.Less(t, len(fail.Message), 4000)
		case hello > 0:
		default:
			assert.True(t, json.Valid(line))
			assert.Contains(t, []eval.Stop{"", "stop", "length", "refusal"}, out.Stop)
		}
	})
}
