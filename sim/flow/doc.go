// Package flow follows the MQTT packets of a trace through TCP: which segment carried a packet
// first, how often it was sent, when the other end had it whole and in order, and when that was
// acknowledged.
//
// A trace knows packets by their place in a socket's byte stream and segments by their sequence
// numbers; this package joins the two, over retransmissions, losses, reordering, routers that
// forward and NATs that rewrite addresses. It is a pure function of the trace.
//
// Not modelled: what a program reads. A packet has Arrived when its receiver's kernel has it, in
// order, for a socket that the program has not closed.
package flow
