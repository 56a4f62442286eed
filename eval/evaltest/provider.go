package evaltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
)

// A Scene is what a fake service does in one test.
type Scene struct {
	Reply   Reply
	Trouble Trouble
	// Whole asks for the answer in one piece.
	Whole bool
	// Patience is how long the runner waits for the first and for each further
	// piece; 0 means as long as it usually does.
	Patience time.Duration
}

// A Provider is a runner under contract, beside a fake of its service.
type Provider struct {
	// Open gives the runner of a fake service that plays the scene; the fake ends
	// with the test.
	Open    func(*testing.T, Scene) eval.Runner
	Request eval.Request // one that the service takes
	Key     string       // the key that Open gives to the runner
	// InText says that the thought comes in the text, between tags.
	InText bool
	// Usage is what the protocol can tell of tokens: zero means nothing.
	Usage eval.Usage
	// Lacks are the troubles that the protocol does not know.
	Lacks []Trouble
	// NoRefusal says that the protocol has no word for a refusal, NoStream that
	// answers always come in one piece.
	NoRefusal, NoStream bool
	// Refuses are requests that cannot be sent, by a word that the error must hold.
	Refuses map[string]eval.Request
	// Takes are further requests that can.
	Takes []eval.Request
}

// contractReply has several pieces, and what encodings stumble over.
var contractReply = Reply{
	Reasoning: "Two and two: \"four\", I think – or is it 五? Let me check that\tonce more, by counting on my fingers.\nYes. 😀",
	Text:      "The answer is \\boxed{4}, since 2 + 2 < 5 && 2 + 2 > 3 and 𝟚 + 𝟚 = 𝟜.\n\nThat is all there is to say about it, really.",
}

// ProviderContract is what a runner of a service promises beyond RunnerContract,
// which it runs too.
func ProviderContract(t *testing.T, p Provider) {
	RunnerContract(t, func(t *testing.T) eval.Runner { return p.Open(t, Scene{Reply: contractReply}) }, p.Request)
	for _, whole := range []bool{false, true} {
		if !whole && p.NoStream {
			continue
		}
		t.Run(map[bool]string{false: "streamed", true: "whole"}[whole], func(t *testing.T) {
			p.answers(t, whole)
			p.troubles(t, whole)
		})
	}
	t.Run("streams are timed", p.times)
	t.Run("a cancelled stream ends with the context's error", p.cancels)
	t.Run("many at once do not mix", p.many)
	t.Run("what it cannot do is refused before it is sent", p.refuses)
}

func (p Provider) answers(t *testing.T, whole bool) {
	usage := p.Usage
	reply := contractReply
	reply.Usage = &usage
	t.Run("thought and answer are told apart, and tokens counted", func(t *testing.T) {
		r, err := p.Open(t, Scene{Reply: reply, Whole: whole}).Generate(t.Context(), p.Request)
		require.NoError(t, err)
		p.same(t, reply, r)
		assert.Equal(t, eval.StopEnd, r.Stop)
		assert.Equal(t, p.Usage, r.Usage)
		assert.Positive(t, r.Timing.Total)
	})
	t.Run("an answer without a thought has none", func(t *testing.T) {
		plain := Reply{Text: reply.Text}
		r, err := p.Open(t, Scene{Reply: plain, Whole: whole}).Generate(t.Context(), p.Request)
		require.NoError(t, err)
		assert.Equal(t, []string{plain.Text, ""}, []string{r.Raw, r.Reasoning})
	})
	t.Run("one that is cut by its length says so", func(t *testing.T) {
		cut := reply
		cut.Stop = eval.StopLength
		r, err := p.Open(t, Scene{Reply: cut, Whole: whole}).Generate(t.Context(), p.Request)
		require.NoError(t, err)
		assert.Equal(t, eval.StopLength, r.Stop)
		p.same(t, cut, r)
	})
	if p.NoRefusal {
		return
	}
	t.Run("a refusal is one", func(t *testing.T) {
		r, err := p.Open(t, Scene{Reply: Reply{Text: "I can't help with that.", Stop: eval.StopRefusal}, Whole: whole}).Generate(t.Context(), p.Request)
		require.NoError(t, err)
		assert.Equal(t, eval.StopRefusal, r.Stop)
	})
}

// same says that a response is what the model said.
func (p Provider) same(t assert.TestingT, want Reply, got eval.Response) {
	if p.InText {
		before, after, ok := strings.Cut(got.Raw, "</think>")
		assert.True(t, ok, "no end of the thought: %q", got.Raw)
		assert.Contains(t, before, want.Reasoning)
		assert.Equal(t, want.Text, strings.TrimSpace(after))
		return
	}
	assert.Equal(t, want.Reasoning, got.Reasoning)
	assert.Equal(t, want.Text, got.Raw)
}

// ends are how each trouble must end.
var ends = []struct {
	trouble          Trouble
	kinds            []string
	temporary, begun bool
}{
	{Cut, []string{eval.FailProtocol}, true, true},
	{Reset, []string{eval.FailProtocol, eval.FailConnection}, true, true},
	{Broken, []string{eval.FailServer}, true, true},
	{Garbled, []string{eval.FailProtocol}, true, true},
	{Empty, []string{eval.FailProtocol}, true, true},
	{Stalled, []string{eval.FailTimeout}, true, true},
	{Silent, []string{eval.FailTimeout}, true, true}, // it may be at work for all one knows
	{WebPage, []string{eval.FailProtocol}, true, true},
	{RateLimited, []string{eval.FailRateLimit}, true, false},
	{Overloaded, []string{eval.FailServer}, true, false},
	{Unauthorized, []string{eval.FailAuth}, false, false},
	{Rejected, []string{eval.FailRequest}, false, false},
}

func (p Provider) troubles(t *testing.T, whole bool) {
	for _, c := range ends {
		if slices.Contains(p.Lacks, c.trouble) {
			continue
		}
		t.Run(string(c.trouble), func(t *testing.T) {
			scene := Scene{Reply: contractReply, Trouble: c.trouble, Whole: whole}
			if c.trouble == Stalled || c.trouble == Silent {
				scene.Patience = 50 * time.Millisecond
			}
			r := p.Open(t, scene)
			_, err := r.Generate(t.Context(), p.Request)
			var f *eval.Failure
			require.ErrorAs(t, err, &f)
			assert.Contains(t, c.kinds, f.Kind, f.Message)
			assert.Equal(t, c.temporary, f.Temporary, "temporary: %s", f.Message)
			assert.Equal(t, c.begun, f.Begun, "begun: %s", f.Message)
			assert.NotEmpty(t, f.Message)
			if c.trouble == RateLimited {
				assert.Equal(t, Wish*time.Second, f.RetryAfter)
			}
			p.hides(t, r, err)
		})
	}
}

// hides says that neither a runner nor its errors show the key.
func (p Provider) hides(t *testing.T, r eval.Runner, err error) {
	if p.Key == "" {
		return
	}
	var f *eval.Failure
	_ = errors.As(err, &f)
	for _, shown := range []string{fmt.Sprint(err), fmt.Sprintf("%+v", f), fmt.Sprintf("%v", r), fmt.Sprintf("%+v", r), fmt.Sprintf("%#v", r)} {
		assert.NotContains(t, shown, p.Key)
	}
}

func (p Provider) times(t *testing.T) {
	if p.NoStream {
		return
	}
	r, err := p.Open(t, Scene{Reply: contractReply}).Generate(t.Context(), p.Request)
	require.NoError(t, err)
	at := r.Timing
	assert.Positive(t, at.FirstToken)
	assert.LessOrEqual(t, at.FirstToken, at.FirstAnswer)
	assert.LessOrEqual(t, at.FirstAnswer, at.Total)
	assert.Positive(t, at.Gaps.N)
	assert.LessOrEqual(t, at.Gaps.P50, at.Gaps.P99)
	assert.LessOrEqual(t, at.Gaps.P99, at.Gaps.Max)
	assert.LessOrEqual(t, at.Gaps.Max, at.Total)
}

func (p Provider) cancels(t *testing.T) {
	if slices.Contains(p.Lacks, Stalled) {
		return
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := p.Open(t, Scene{Reply: contractReply, Trouble: Stalled}).Generate(ctx, p.Request)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func (p Provider) many(t *testing.T) {
	r := p.Open(t, Scene{Reply: contractReply})
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			got, err := r.Generate(t.Context(), p.Request)
			if assert.NoError(t, err) {
				p.same(t, contractReply, got)
			}
		})
	}
	all.Wait()
}

// refuses opens a service that would answer 503 to whatever is sent.
func (p Provider) refuses(t *testing.T) {
	for says, q := range p.Refuses {
		t.Run(says, func(t *testing.T) {
			r := p.Open(t, Scene{Trouble: Overloaded})
			require.ErrorContains(t, eval.Vet(r, q), says)
			_, err := r.Generate(t.Context(), q)
			var f *eval.Failure
			require.ErrorAs(t, err, &f)
			assert.Equal(t, eval.FailRequest, f.Kind, "sent all the same: %s", f.Message)
			assert.False(t, f.Temporary || f.Begun)
		})
	}
	for i, q := range append([]eval.Request{p.Request}, p.Takes...) {
		r := p.Open(t, Scene{Reply: contractReply})
		require.NoError(t, eval.Vet(r, q), "request %d", i)
		_, err := r.Generate(t.Context(), q)
		require.NoError(t, err, "request %d", i)
	}
}
