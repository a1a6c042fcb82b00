// Package render turns a trace into a picture: picture = f(trace, time, view), as a display list.
//
// Nothing here is animated. Everything is evaluated at an instant of the run, so that stepping
// back, scrubbing and comparing are the same thing as playing, and two visits to one instant give
// the same list. The nouns, in the order in which a frame meets them:
//
//   - Index: what a picture needs to know about a trace, computed once: flights of segments,
//     intervals of timers, states of sockets, beliefs, the folded axis of the ladder. Prepare
//     computes it in short pieces, for those who draw on the same thread.
//   - View: what the user chose: size, language, theme, selection, what is hidden.
//   - Layout: where stage, ladder, lanes and scrubber lie in a view of that size.
//   - List: the picture: shapes and text in CSS pixels, and Refs, which say what a shape is, what
//     event it stands for and where it can be hit. SVG, ebiten and tests read the same list.
//   - Player and Editor: playhead and scenario as values; every control is a function of them.
//
// What is not drawn: the insides of routers, and segments inside one host other than as a loop at
// its lifeline. A flight is drawn as a straight line in time even where a slow link serialises it.
package render
