package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// The exit codes; other programs rely on them.
const (
	exitOK             = 0
	exitRegression     = 1   // the gate failed
	exitUsage          = 2   // usage, configuration or input error; the gate refuses
	exitInfrastructure = 3   // no isolation to be had, too many errors
	exitInconclusive   = 4   // the gate is not sure, with --strict
	exitInterrupted    = 130 // interrupted, resumable
)

// An exitError is an error with the exit code it leads to and, where one is
// known, the next step for the person who reads it.
type exitError struct {
	code int
	err  error
	hint string
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// usage is an error of usage, configuration or input. An empty hint is none.
func usage(err error, hint string, args ...any) error {
	return &exitError{code: exitUsage, err: err, hint: fmt.Sprintf(hint, args...)}
}

// infrastructure is an error of what evalr stands on.
func infrastructure(err error, hint string, args ...any) error {
	return &exitError{code: exitInfrastructure, err: err, hint: fmt.Sprintf(hint, args...)}
}

// report prints an error, if there is one, and returns the exit code. Errors
// that nobody classified are errors of input.
func report(w io.Writer, err error) int {
	if err == nil {
		return exitOK
	}
	var e *exitError
	if !errors.As(err, &e) {
		e = &exitError{code: exitUsage, err: err}
	}
	// Cobra begins some of its own messages with a capital or ends in a line of usage.
	message := strings.TrimSpace(e.Error())
	if log := logOf(w); log != nil {
		log.Error(message, "exit_code", e.code, "hint", e.hint)
		return e.code
	}
	fmt.Fprintf(w, "error: %s\n", message)
	if e.hint != "" {
		fmt.Fprintf(w, "hint: %s\n", e.hint)
	}
	return e.code
}
