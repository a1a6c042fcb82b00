// Package explain puts a trace into words, in English and in Japanese.
//
// For any event of any run there is one sentence (who did what, by which rule, with the numbers),
// the source of the rule (a clause of the standard, a section of an RFC, a file of a library), and
// the chain of causes, event by event, back to a setting, a fault or the start. Summary answers the
// questions that an outage leaves: why did the client call, what decided that the line was dead,
// was subscribing again necessary, what became of the messages and of the old connection.
//
// Nothing is canned: the catalogues en.json and ja.json hold sentences with gaps, and everything in
// the gaps, and the choice of the sentence, is read from the trace. Both are written by hand; a
// test keeps their keys and gaps the same.
package explain
