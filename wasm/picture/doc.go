//go:build js

// Command picture is the program in the page that draws. It owns the desk (package desk): scenario,
// trace, playhead, view. The page's modules own everything that is HTML, and ask this program by
// name for what they show: see methods in api.go. It runs no scenario; traces come from the
// simulation, which the page brings (method load), and are made ready in pieces of some
// milliseconds, between which frames are drawn: an edit shall drop no more than two.
//
// It starts with ebiten's loop, or, where the page says that there is no WebGL2, without: then the
// page asks for an SVG of each frame.
package main
