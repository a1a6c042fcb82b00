//go:build js || gui

// Package paint shows display lists with ebiten, in the browser and in a native window.
//
// It is the only folder that imports ebiten, and every file of it that does is tagged `js || gui`:
// importing ebiten needs a display, and on Linux cgo and X11 headers, which neither the tests nor
// the command may ask for. The nouns:
//
//   - Painter: uploads the texture and draws the batches of a mesh (package mesh) onto a screen.
//   - Game: ebiten's loop around a function that says what to show. A frame whose list equals the
//     last one is not painted again.
//
// Fonts are in package fonts. What to draw is none of its business: see package render.
package paint
