package main

import (
	"errors"

	"halfopen/sim"
	"halfopen/sim/scenario"
)

// The exit codes. They are part of the command's interface: scripts depend on them.
const (
	exitFailed           = 1   // an expectation of the scenario did not hold
	exitUsage            = 2   // wrong usage, or a bad file
	exitInternal         = 3   // a run that ended early; a bug
	exitNotDeterministic = 4   // --runs: two runs differ
	exitInterrupted      = 130 // Ctrl-C
)

const exitHelp = `Exit codes: 0 ok; 1 an expectation failed; 2 wrong usage or bad file;
3 internal error; 4 not deterministic; 130 interrupted.`

// exitError is an error with the exit code that it ends in.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// badInput marks an error as the user's.
func badInput(err error) error {
	if err == nil {
		return nil
	}
	return &exitError{exitUsage, err}
}

// internal marks an error as one of a run, or of the machine, unless it is marked already.
func internal(err error) error {
	if err == nil || errors.As(err, new(*exitError)) {
		return err
	}
	return &exitError{exitInternal, err}
}

// exitCode is the code for an error. What has none comes from the parsing of the command line.
func exitCode(err error) int {
	var coded *exitError
	switch {
	case errors.As(err, new(*sim.ExpectationError)):
		return exitFailed
	case errors.As(err, new(scenario.Errors)):
		return exitUsage
	case errors.As(err, &coded):
		return coded.code
	}
	return exitUsage
}
