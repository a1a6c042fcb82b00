// Package trace is what happened in a run, and everything that is written from it.
//
// A Trace is a list of Events, each with its virtual time, its place, and its cause; tables of the
// hosts, links, sockets, faults and messages that events name by number; and, for each socket, the
// MQTT packets in the stream that it sent. It is complete when the run is over and never changes
// again.
//
//	Ladder      a sequence diagram for the terminal
//	Transcript  one line per segment, for golden files
//	JSONL, JSON all events for programs; DecodeJSON reads the latter back
//	Pcapng      a capture for Wireshark, which says on each packet why it was sent, or lost
//	Capture     the packets at one host in the form of the recordings of real hosts
//	Hash, Diff  whether two runs were the same, and where they parted
//
// Explanations in whole sentences are package explain's; what became of MQTT packets is package
// flow's. Nothing here knows MQTT beyond the packets' names.
package trace
