// Command halfopen-view shows a scenario in a native window: the same picture as the page, with
// mouse, wheel, keyboard and a few widgets of its own.
//
//	go run -tags gui ./cmd/halfopen-view seed          a built-in scenario
//	go run -tags gui ./cmd/halfopen-view tunnel.txt    a file, run again whenever it is saved
//
// Keys: Space plays; . and , step (with Shift: decisions); C cuts or heals; the keys are those of
// the page. Escape or closing the window ends it. Without the tag gui it prints how to build it.
package main
