// Package packetdrill runs scripts in the language of packetdrill, the tool with which Linux's TCP
// is tested, against netmodel. A script says what an application calls (write(4, ..., 100) = 100),
// which packets the network then brings (< . 1:1(0) ack 101 win 257) and which packets the stack
// must send and when (+0 > P. 1:101(100) ack 1). The host under test is an ordinary netmodel.Host;
// the script is everything at the other end of its one wire.
//
//	lexer.go     text to tokens
//	parse*.go    tokens to a Script: Events with a time, each a Packet, a Call, a Shell or a Code
//	shell.go     sysctl assignments in shell blocks and in the files that they name
//	run.go       virtual time, the order of events, blocked calls
//	conn.go      script sequence numbers, timestamps and ports to those of the live connection
//	inject.go    packets of the network (<), expect.go those of the stack (>)
//	call*.go     socket calls; poll.go poll and epoll
//	python.go    the assertions of %{ }% blocks, as far as they are plain arithmetic
//
// Not run: shell blocks (their sysctl assignments set the stack's parameters, the rest is noted),
// UDP, IPv6, raw sockets, tunnels, TCP fast open, ECN, zero copy, MD5. A script that depends on
// one of them fails with an error that is ErrUnsupported, so that a test can tell the two apart.
//
// As in packetdrill, packets that the script does not wait for are no error at its end, and only
// the connection that the script talked about last is under test. Different from packetdrill: time
// is virtual, so that blocked calls return at once when they can, and an expected packet longer
// than the segment size stands for the run of segments that make it up, because the model has no
// segmentation offload.
package packetdrill
