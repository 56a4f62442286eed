package cot_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/evalr/evalr/scoring/cot"
)

type vectors struct {
	Outcome struct {
		Cases []struct {
			Items []course `json:"items"`
			Want  float64  `json:"want"`
		} `json:"cases"`
	} `json:"outcome_efficiency"`
	Under struct {
		Cases []struct {
			Items []course `json:"items"`
			Want  float64  `json:"want"`
		} `json:"cases"`
	} `json:"underthinking"`
	Process struct {
		Cases []struct {
			Items []struct {
				Tokens []float64 `json:"solution_tokens"`
				Class  []int     `json:"solution_class"`
			} `json:"items"`
			Want float64 `json:"want"`
		} `json:"cases"`
	} `json:"process_efficiency"`
	PerCorrect struct {
		Cases []struct {
			Tokens  []float64 `json:"tokens"`
			Correct []int     `json:"correct"`
			Want    float64   `json:"want"`
		} `json:"cases"`
	} `json:"tokens_per_correct"`
}

type course struct {
	Correct bool     `json:"correct"`
	Tokens  float64  `json:"tokens"`
	Answer  *float64 `json:"first_correct_tokens"`
	Thought *float64 `json:"first_correct_thought_tokens"`
}

func courses(items []course) (out []cot.Course) {
	for _, c := range items {
		first := c.Answer
		if first == nil {
			first = c.Thought
		}
		out = append(out, cot.Course{Correct: c.Correct, Tokens: c.Tokens, FirstCorrect: first})
	}
	return out
}

func TestAggregatesAgreeWithTheReferenceVectors(t *testing.T) {
	data, err := os.ReadFile(shared(t, "reference", "stats_vectors.json"))
	require.NoError(t, err)
	var file struct {
		Vectors struct {
			Cot vectors `json:"cot"`
		} `json:"vectors"`
	}
	require.NoError(t, json.Unmarshal(data, &file))
	v, n := file.Vectors.Cot, 0
	near := func(want, got float64, err error) {
		require.NoError(t, err)
		assert.InEpsilon(t, want, got, 1e-9)
		n++
	}
	for _, c := range v.Outcome.Cases {
		got, err := cot.MeanOutcomeEfficiency(courses(c.Items))
		near(c.Want, got, err)
	}
	for _, c := range v.Under.Cases {
		got, err := cot.MeanUnderthinking(courses(c.Items))
		near(c.Want, got, err)
	}
	for _, c := range v.Process.Cases {
		var all []cot.Solutions
		for _, i := range c.Items {
			all = append(all, cot.Solutions{Tokens: i.Tokens, Class: i.Class})
		}
		got, err := cot.MeanProcessEfficiency(all)
		near(c.Want, got, err)
	}
	for _, c := range v.PerCorrect.Cases {
		var correct []bool
		for _, is := range c.Correct {
			correct = append(correct, is == 1)
		}
		got, err := cot.TokensPerCorrect(c.Tokens, correct)
		near(c.Want, got, err)
	}
	assert.GreaterOrEqual(t, n, 4, "every formula has a vector")
}

func TestAMeanOverNothingIsAnError(t *testing.T) {
	_, err := cot.MeanOutcomeEfficiency(nil)
	require.Error(t, err)
	_, err = cot.MeanUnderthinking([]cot.Course{{Correct: true, Tokens: 1}})
	require.Error(t, err)
	_, err = cot.MeanProcessEfficiency([]cot.Solutions{{}})
	require.Error(t, err)
	_, err = cot.TokensPerCorrect([]float64{5}, []bool{false})
	require.Error(t, err)
}
