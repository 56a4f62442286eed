package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"github.com/evalr/evalr/benchmarks"
	"github.com/evalr/evalr/scoring"
)

const nightlyCommand = "evalr nightly -f evalr.yaml --dir nightly"

func readCI(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "ci", name))
	require.NoError(t, err)
	require.NoError(t, yaml.Load(text, into, yaml.WithUniqueKeys()))
}

func TestTheGitHubJobKeepsHistoryAndReportOfAFailedNight(t *testing.T) {
	type step struct {
		Name    string            `yaml:"name"`
		Uses    string            `yaml:"uses"`
		Run     string            `yaml:"run"`
		If      string            `yaml:"if"`
		Timeout int               `yaml:"timeout-minutes"`
		With    map[string]string `yaml:"with"`
	}
	var flow struct {
		On          map[string]any    `yaml:"on"`
		Permissions map[string]string `yaml:"permissions"`
		Concurrency struct {
			Group  string `yaml:"group"`
			Cancel bool   `yaml:"cancel-in-progress"`
		} `yaml:"concurrency"`
		Jobs map[string]struct {
			If          string            `yaml:"if"`
			Timeout     int               `yaml:"timeout-minutes"`
			Permissions map[string]string `yaml:"permissions"`
			Steps       []step            `yaml:"steps"`
		} `yaml:"jobs"`
	}
	readCI(t, "github-actions.yml", &flow)
	assert.Contains(t, flow.On, "schedule")
	assert.Contains(t, flow.On, "workflow_dispatch")
	assert.Equal(t, map[string]string{"contents": "read"}, flow.Permissions)
	assert.NotEmpty(t, flow.Concurrency.Group)
	assert.False(t, flow.Concurrency.Cancel)
	for name, job := range flow.Jobs {
		assert.Positive(t, job.Timeout, name)
	}
	found := map[string]step{}
	for _, s := range flow.Jobs["nightly"].Steps {
		action, version, _ := strings.Cut(s.Uses, "@")
		found[action] = s
		if action != "" {
			assert.Regexp(t, `^v\d+$`, version, s.Uses)
		}
		if strings.Contains(s.Run, nightlyCommand) {
			found["measure"] = s
			assert.Empty(t, s.If)
		}
	}
	require.Contains(t, found, "measure")
	restore, save := found["actions/cache/restore"], found["actions/cache/save"]
	assert.Equal(t, "always()", save.If)
	assert.Equal(t, "always()", found["actions/upload-artifact"].If)
	assert.Equal(t, restore.With["path"], save.With["path"])
	assert.Equal(t, restore.With["key"], save.With["key"])
	assert.Contains(t, save.With["key"], "github.run_id", "a key is written once")
	assert.True(t, strings.HasPrefix(save.With["key"], restore.With["restore-keys"]))
	publish := flow.Jobs["publish"]
	assert.Contains(t, publish.If, "always()")
	assert.Contains(t, publish.If, "github.event_name == 'schedule'", "such an event names no default branch")
	assert.Positive(t, found["measure"].Timeout)
	assert.Less(t, found["measure"].Timeout, flow.Jobs["nightly"].Timeout, "the history is kept of a night that takes too long")
	for _, s := range publish.Steps {
		if strings.Contains(s.Uses, "download-artifact") {
			assert.Equal(t, "${{ needs.nightly.outputs.report }}", s.With["name"], "as it was called in its own attempt")
		}
	}
}

func TestTheGitLabJobKeepsHistoryAndReportOfAFailedNight(t *testing.T) {
	var flow map[string]any
	readCI(t, "gitlab-ci.yml", &flow)
	job := flow["evalr-nightly"].(map[string]any)
	assert.Contains(t, job["script"], nightlyCommand)
	assert.NotEmpty(t, job["resource_group"])
	assert.NotEmpty(t, job["timeout"])
	assert.Contains(t, job["variables"], "RUNNER_SCRIPT_TIMEOUT")
	assert.Equal(t, "rm -rf nightly/latest", job["before_script"].([]any)[0], "what fails early shows no report")
	cache := job["cache"].(map[string]any)
	assert.Equal(t, "always", cache["when"])
	assert.Equal(t, []any{"nightly/"}, cache["paths"])
	artifacts := job["artifacts"].(map[string]any)
	assert.Equal(t, "always", artifacts["when"])
	assert.Equal(t, map[string]any{"junit": "nightly/latest/junit.xml"}, artifacts["reports"])
	rule := flow["pages"].(map[string]any)["rules"].([]any)[0].(map[string]any)
	assert.Equal(t, "always", rule["when"])
}

func TestTheNightlySpecIsValid(t *testing.T) {
	spec, err := readSpec(filepath.Join("..", "..", "deploy", "ci", "evalr.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, spec.Models)
	for _, m := range spec.Models {
		assert.True(t, strings.HasPrefix(m.Model, "vllm:"), m.Model)
		assert.NoError(t, spec.Asking.over(m.Asking).check())
	}
	assert.Greater(t, spec.K, 1, "a night of one trial is mostly noise")
	assert.Nil(t, spec.Seed, "nights are to be independent")
	for _, pattern := range spec.Benchmarks {
		_, err := benchmarks.Select(scoring.Tools{}, []string{pattern})
		assert.NoError(t, err, pattern)
	}
}
