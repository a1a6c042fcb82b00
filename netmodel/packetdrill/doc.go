// Package packetdrill runs scripts in the language of packetdrill, the tool with which Linux's TCP
// is tested, against netmodel. A script says what an application calls (write(4, ..., 100) = 100),
// which packets the network then brings (< . 1:1(0) ack 101 win 257) and which packets the stack
// must send and when (+0 > P. 1:101(100) ack 1). The host under test is an ordinary netmodel.Host
// behind a tun device; the script is everything at the other end of its one wire.
//
//	lexer.go     text to tokens
//	parse*.go    tokens to a Script: Events with a time, each a Packet, a Call, a Shell or a Code
//	shell.go     sysctl assignments in shell blocks and in the files that they name
//	run.go       virtual time, the order of events, blocked calls
//	conn.go      script sequence numbers, timestamps and ports to those of the live connection
//	inject.go    packets of the network (<), expect.go those of the stack (>), packets.go all
//	call*.go     socket calls; poll.go poll and epoll; sockopt*.go options; stamps.go time stamps
//	python.go    the assertions of %{ }% blocks, as far as they are plain arithmetic
//
// Shell blocks are not run. What is taken from them are sysctl assignments that the model has, and
// a queueing discipline that refuses everything (tc qdisc ... pfifo limit 0); the rest is noted.
//
// A script that needs what the model does not have fails with an error that is ErrUnsupported, so
// that a test can tell the two apart: UDP, IPv6, raw sockets, tunnels, TCP fast open, ECN, MD5,
// urgent data, the error queue of zero copy. So does one that fails after it changed routes, links,
// a pacing queueing discipline or a sysctl that the model lacks: it says nothing about the model.
//
// As in packetdrill, packets that the script does not wait for are no error at its end, and only
// the connection that the script talked about last is under test. Different from packetdrill: time
// is virtual, so that blocked calls return at once when they can, and an expected packet longer
// than the segment size stands for the run of segments that make it up, because the model has no
// segmentation offload. With --mss, a longer injected packet is one that the driver has joined.
package packetdrill
