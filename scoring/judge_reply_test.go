package scoring

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/eval"
)

func TestRepliesThatAreRead(t *testing.T) {
	for raw, want := range map[string]ruling{
		`{"verdict":"correct","score":1,"reason":"same"}`:                              {eval.Correct, 1, "same"},
		" \n{\"verdict\" : \"incorrect\"}\n":                                           {eval.Incorrect, 0, ""},
		"```json\n{\"verdict\":\"no_answer\",\"reason\":\"a\\nb\"}\n```":               {eval.NoAnswer, 0, "a b"},
		"```\n{\"verdict\":\"correct\",\"score\":0.25}```":                             {eval.Correct, 0.25, ""},
		"```{\"verdict\":\"incorrect\",\"score\":0.0}```":                              {eval.Incorrect, 0, ""},
		"<think>is it {\"verdict\":\"incorrect\"}?</think>\n{\"verdict\":\"correct\"}": {eval.Correct, 1, ""},
		`{"verdict":"incorrect","score":null}`:                                         {eval.Incorrect, 0, ""},
	} {
		got, err := parseReply(eval.Response{Raw: raw, Stop: eval.StopEnd})
		require.NoError(t, err, raw)
		assert.Equal(t, want, got, raw)
	}
	got, err := parseReply(eval.Response{Raw: `{"verdict":"correct"}`, Reasoning: `{"verdict":"incorrect"}`})
	require.NoError(t, err)
	assert.Equal(t, eval.Correct, got.outcome)
}

func TestRepliesThatAreNotRead(t *testing.T) {
	const ok = `{"verdict":"correct"}`
	for raw, why := range map[string]string{
		"":                                    "empty",
		"correct":                             "not one JSON object",
		"Verdict: " + ok:                      "not one JSON object",
		ok + " as the answer says":            "something follows",
		ok + ok:                               "something follows",
		`["correct"]`:                         "not one JSON object",
		`"correct"`:                           "not one JSON object",
		`null`:                                "not one JSON object",
		`{"verdict":"correct"`:                "not ended",
		`{"verdict":}`:                        "malformed",
		`{}`:                                  `no "verdict"`,
		`{"verdict":null}`:                    `no "verdict"`,
		`{"verdict":"Correct"}`:               "unknown",
		`{"verdict":"truncated"}`:             "unknown",
		`{"verdict":true}`:                    "not of the expected type",
		`{"verdict":"correct","score":"1"}`:   "not of the expected type",
		`{"verdict":"correct","score":0}`:     "does not go with",
		`{"verdict":"correct","score":1.01}`:  "does not go with",
		`{"verdict":"correct","score":-1}`:    "does not go with",
		`{"verdict":"correct","score":1e999}`: "not of the expected type",
		`{"verdict":"incorrect","score":0.5}`: "does not go with",
		`{"verdict":"incorrect","verdict":"correct"}`:        "twice",
		`{"verdict":"correct","confidence":0.9}`:             `a field "confidence"`,
		"<think>" + ok:                                       "empty", // an open thought is no reply
		"```json\n" + ok + "\n```\n```json\n" + ok + "\n```": "something follows",
	} {
		_, err := parseReply(eval.Response{Raw: raw, Stop: eval.StopEnd})
		require.ErrorContains(t, err, why, raw)
	}
	_, err := parseReply(eval.Response{Raw: ok, Stop: eval.StopLength})
	require.ErrorContains(t, err, "cut off")
	_, err = parseReply(eval.Response{Raw: ok, Stop: eval.StopRefusal})
	require.ErrorContains(t, err, "refusal")
	_, err = parseReply(eval.Response{Raw: `{"verdict":"correct","reason":"` + strings.Repeat("x", longestReply) + `"}`})
	require.ErrorContains(t, err, "longer than")
}

// FuzzReply looks whether whatever is read is a verdict of the expected form.
func FuzzReply(f *testing.F) {
	for _, s := range []string{
		`{"verdict":"correct","score":0.5,"reason":"x"}`, "```json\n{\"verdict\":\"incorrect\"}\n```", "<think>x</think>{\"verdict\":\"no_answer\"}",
		`{"verdict":"correct","verdict":"incorrect"}`, "``````", "{", `{"":{"":[[[[`, "```\n```", `{"verdict":"correct","score":1e-400}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r, err := parseReply(eval.Response{Raw: raw})
		if err != nil {
			assert.NotContains(t, err.Error(), "%!")
			assert.Less(t, len(err.Error()), 400)
			return
		}
		switch r.outcome {
		case eval.Correct:
			assert.True(t, r.score > 0 && r.score <= 1)
		case eval.Incorrect, eval.NoAnswer:
			assert.Zero(t, r.score)
		default:
			t.Fatalf("the verdict %q", r.outcome)
		}
		assert.LessOrEqual(t, len(r.reason), longestReason+len("…"))
	})
}
