// Package belief says what each part of a connection believes, and for how long it is wrong.
//
// Five parts, five lanes: the client's program, its kernel, the path between them with its NAT, the
// broker's kernel, the broker's session. Each lane is a list of spans without gaps from the run's
// start to its end; a span says what the part is in (State), whether it takes its line for good
// (Up), which connection it is about (Socket), and which event began it (Cause).
//
// The path is not a believer: its lane says what is so. The other four can be wrong, and Lie
// measures it by interval arithmetic on the lanes (see Lanes.Lie).
//
// Everything is a pure function of a trace. What is not modelled: a frozen program still believes
// what it believed, because a line to a frozen program is not a dead line.
package belief
