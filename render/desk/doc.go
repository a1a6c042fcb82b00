// Package desk is what stands between a person and the picture, in the page and in the native
// window alike: a scenario with its history, the trace of its run, a playhead and a view.
//
// It is a state machine without a clock, a screen or a thread. Keys and pointers go in by the names
// that browsers give them; out come a picture (Frame), a wish to run a changed scenario (Wish), and
// what to say (Status). Whoever owns the desk runs the scenario wherever it likes and brings the
// trace back (Load; or Prepare, a little at a time, then Put). The same inputs give the same
// pictures.
//
// Not here: words of menus, forms, files. They belong to the page and to the window.
package desk
