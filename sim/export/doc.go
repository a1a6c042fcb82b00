// Package export turns a scenario into a Go test: a file that compiles in any module that knows
// halfopen, and passes. It is a pure function of the scenario's text.
//
// The test plays the text itself, so that it is the scenario, not a translation of it; a program of
// the reader's own can take part beside it. What is left out: the recorded transcript.
package export
