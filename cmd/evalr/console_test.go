package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestEveryErrorIsARecordWhereRecordsAreWanted(t *testing.T) {
	for _, args := range []string{
		"run --log-format json --nonsense", "run --nonsense --log-format=json", "--log-format json bogus", "leaderboard nowhere --log-format json", "run --log-format json",
	} {
		code, _, errs := evalr(t, strings.Fields(args)...)
		assert.Equal(t, exitUsage, code, args)
		var record struct {
			Level, Msg string
			Code       int `json:"exit_code"`
		}
		if assert.NoError(t, json.Unmarshal([]byte(errs), &record), "%s: %s", args, errs) {
			assert.Equal(t, []any{"ERROR", exitUsage}, []any{record.Level, record.Code}, args)
			assert.NotEmpty(t, record.Msg)
		}
	}
}
