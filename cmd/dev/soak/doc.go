// Package soak looks for what nobody thought of: random networks, faults and traffic, and facts
// that must hold whatever happens.
//
// Two kinds of case. A Flow case (flow.go) is netmodel alone: some connections between two hosts
// over links that lose, duplicate, reorder, delay and are cut and reset. It checks that
//
//   - a reader gets exactly the bytes that were written, in order, as far as it gets any;
//   - all of them, and EOF, if the connection ended without an error;
//   - after everything healed a connection works, or both sides know that it failed;
//   - every segment was delivered, was dropped for a reason, or is in flight.
//
// A Story case (story.go) is a whole scenario, brokers and clients included. It checks that
//
//   - it runs, twice, with one and the same trace;
//   - at QoS 1 with a kept session every message arrives once the network has healed.
//
// A failing case is made smaller (shrink.go) as long as it fails, and printed as a scenario.
package soak
