// Package trace is what happened in a run: events with causes, and everything that is written from
// them.
package trace
