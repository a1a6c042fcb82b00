// Package scenarios holds the built-in scenarios: lesson, documentation and golden test in one
// file.
//
// Each *.sim file is a scenario in the text form of package scenario, its story told in comments,
// and below the ---- line the transcript of its run, as a test recorded it. `go test
// ./sim/scenarios
// -update` writes the transcripts again; read the difference before you keep it.
package scenarios
