// Package browser holds nothing but tests: they build the page, serve it, and use it in a headless
// Chromium as people do, by keyboard, mouse and touch.
//
// They take minutes, so they are skipped, with a notice, unless HALFOPEN_BROWSER=1 is in the
// environment, and where there is no Chromium; with HALFOPEN_CI=1 they run, and a missing tool is a
// failure. HALFOPEN_CHROMIUM names the browser,
// HALFOPEN_AXE a copy of axe-core's axe.min.js (npm install axe-core), HALFOPEN_SHOTS a folder for
// screenshots to look at.
//
// How the frames of an edit come is printed beside the measurement before, testdata/frames.json;
// the flag -update records today's.
package browser
