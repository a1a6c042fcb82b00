// Package scenario is the plain data that determines a run, its text form and its share links.
package scenario
