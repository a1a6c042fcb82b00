// Package lessons is what the page teaches: eight stories, each a scenario or a few, questions, and
// answers that are computed from the runs.
//
// A text has gaps, like {noticed}, and every number stands in a gap: Facts fills them from the
// traces. What a text claims beside the numbers (who came first, that nothing was lost) is a Claim,
// checked by the oracle test on each change of anything. So a story that is no longer true fails
// the tests; it cannot stay on the page.
//
// A step hides the run from an instant on, asks, and then lets the reader watch the run come to the
// answer, up to another instant, with nothing of the future in any view; only then it tells. In
// place of a question a step may ask for an act, which the run has already: cutting the wire. Each
// lesson says what it does not show.
//
// The nouns: Lesson, Variant (a scenario of it), Step (a question or an act, and its answer),
// Facts.
package lessons
