//go:build js

// Command simulation is the program in the page's Web Worker that runs scenarios: one worker, one
// run. It draws nothing and knows nothing about the page; worker.js hands it a scenario's text and
// passes on what it sends: how far virtual time has come, then the trace.
package main
