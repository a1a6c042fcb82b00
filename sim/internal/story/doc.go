// Package story builds small traces by hand, for tests of the packages that read traces: one
// client, one broker, one link, and what is told step by step. Nothing is simulated: a story may
// also tell what no simulator would produce.
package story
