// Package fleet makes one scenario's device into many, and measures how they come back after an
// outage: how many connects and attempts a second, the peak, the time until the last one is there.
//
// Every device of the fleet is a real client on a machine of its own, with a link of its own; all
// share one broker. What is not modelled: the broker's machine, whose processor costs no time here,
// so the peak is what the broker would have to bear, not what it would do.
package fleet
