// Package netmodel is a small TCP/IP world: hosts with a TCP like Linux', links between them,
// routers and NATs, and everything that can go wrong with them. It is pure: no goroutine, no lock,
// no clock, no chance but its own seeded one. It is told the time, and says when it next needs
// attention.
//
// # Nouns
//
//   - [Network] holds the rest, and the agenda of what happens next: [Network.Next],
//     [Network.Step].
//   - [Host] is a machine with a TCP stack, described by a [Profile]. A router passes packets on,
//     and may have a NAT.
//   - [Socket] is the non-blocking end of a connection. [Network.Woken] says which of them have
//     news.
//   - [Link] joins two hosts. Each of its directions has its [Conditions], its queue and its own
//     dice.
//   - [Segment] is one packet: TCP, or an ICMP error about one.
//   - [Fault] is something that goes wrong, as data; it begins, and ends. Its description states
//     the order in which several of them act.
//   - [Record] is one thing that happened, with its cause. A [Sink] gets them all.
//   - [Preset] is a stack, NAT, link, client or broker of the real world as numbers with sources.
//
// # One packet's journey
//
// An application writes to a socket. Its TCP (tcp_output.go) cuts a segment and hands it to
// the network's transmit (link.go), which asks the host's routes (node.go) for the interface. TCP
// is told if there is none, or if the host's own queue is full: that segment was not sent. As it
// enters the link, all is decided at once: the dice are thrown (dice.go, always the same number),
// the faults and conditions act (fault_link.go), and the arrival is known. It waits in the queue of
// its direction (queue.go), whose head is an entry of the agenda. When it is due it is delivered:
// to a router (router.go, nat.go), which sends it on, or to a host, whose TCP finds its socket, or
// answers RST.
//
// # TCP
//
// The mechanisms are those of Linux 6.18, function by function, under the names of its tcp_*.c
// files and of RFC 9293; a comment names the function that a part follows. Timers (tcp_timer.go,
// tcp_rto.go, tcp_persist.go, tcp_keepalive.go) count ticks of the timer wheel (clock.go). The
// sender keeps one piece a segment (sendqueue.go), accounts for the kernel buffers that pieces form
// and cuts bursts as segmentation offload would (tcp_burst.go), finds losses by RACK and tail loss
// probe (tcp_sack.go, tcp_loss.go), recovers by proportional rate reduction, F-RTO and undo
// (tcp_recovery.go, tcp_undo.go), and controls congestion by CUBIC with HyStart, or Reno
// (tcp_cubic.go, tcp_congestion.go). The receiver grows its window and buffer by the memory that
// packets take (tcp_window.go, rxcost.go), and acknowledges at once, delayed or compressed
// (tcp_delack.go). Connections open in tcp_handshake.go and tcp_listen.go, and end in
// socket_close.go and tcp_timewait.go.
//
// Not modelled: urgent data, ECN, Fast Open, MD5 and AO, SYN cookies (requests are not limited
// instead), path MTU probing, pacing and BBR, what Linux remembers of a destination
// (tcp_metrics), GRO (every segment is received by itself: there are fewer acknowledgements on a
// busy real host), and memory pressure.
//
// # What is modelled, and what is not
//
// IPv4 and TCP, to the packet, as a capture at a host's interface shows them. No Ethernet: ARP
// exists only where it is seen, in a router whose neighbour does not answer. No fragments, no path
// MTU discovery, no ECN, no IPv6, no UDP. Programs and processors take no time: what they cost, the
// owner of the network adds. Timers are as coarse as the stack's own (clock.go).
//
// Routes follow the fewest links and know interfaces that are down, as if a routing protocol
// converged at once. A host has one address, whatever its links.
package netmodel
