package netmodel

import "time"

// EventID numbers the events of one run from 1, in the order in which they happened. 0 means none.
type EventID int32

// HostID, SocketID, LinkID and FaultID number the parts of one Network from 1, in the order of
// creation. 0 means none.
type (
	HostID   int32
	SocketID int32
	LinkID   int32
	FaultID  int32
)

// Kind says what happened.
type Kind uint8

// The kinds of record.
const (
	_ Kind = iota
	// SegmentSent: Host put Seg on Link (0: loopback, or it never left Host: the SegmentDropped that
	// follows says why). Reason says why. On a path over routers each hop has its own SegmentSent,
	// whose Cause is the SegmentArrived at the router. Host 0: made in the middle of Link by a fault
	// that answers, or injected.
	SegmentSent
	// SegmentArrived: Host received the segment of the SegmentSent named by Of.
	SegmentArrived
	// SegmentDropped: the segment of the SegmentSent named by Of died on Link (a fault, a queue) or
	// at Host (interface down, no mapping). Reason and Fault say why.
	SegmentDropped
	// StateChanged: Socket went from From to To.
	StateChanged
	// TimerArmed, TimerStopped, TimerFired: Timer of Socket; Due is when it is, or was, to fire.
	TimerArmed
	TimerStopped
	TimerFired
	// FaultBegan and FaultEnded: Fault on Link (and direction) or Host.
	FaultBegan
	FaultEnded
	// SocketError: Socket failed with Errno; the application will see it on its next call.
	SocketError
	// WouldBlock: the send buffer of Socket is full.
	WouldBlock
	// MappingMade, MappingForgotten: a NAT at Host; Seg.Src and Seg.Dst name the flow as the inside
	// knows it, Seg.InnerSrc is the endpoint that the outside sees.
	MappingMade
	MappingForgotten
)

// Reason refines a record: why a segment was sent, or why it was dropped.
type Reason uint8

// Reasons for sending.
const (
	_                 Reason = iota
	SendHandshake            // first SYN or SYN,ACK
	SendData                 // new data, or a FIN behind it
	SendFin                  // a FIN without data
	SendAck                  // acknowledgement at once
	SendDelayedAck           // the delayed-ACK timer fired
	SendWindow               // window update
	SendDuplicateAck         // answer to something out of order (RFC 5681, 3.2)
	SendRTO                  // retransmission timer fired (RFC 6298, 5.4)
	SendTLP                  // tail loss probe (RFC 8985, 7)
	SendFast                 // loss detected by RACK or duplicate ACKs
	SendRecovery             // further segments of a recovery
	SendKeepalive            // keepalive probe (RFC 9293, 3.8.4)
	SendKeepaliveAck         // answer to one
	SendWindowProbe          // zero-window probe (RFC 9293, 3.8.6.1)
	SendChallenge            // challenge ACK (RFC 5961)
	SendReset                // the application aborted, or closed with unread data
	SendResetNoSocket        // RST to a segment that belongs to no socket
	SendResetGiveUp          // RST on giving up (keepalive)
	SendForward              // a router passes it on
	SendRouterReset          // a router made this RST
	SendUnreachable          // a router made this ICMP message
	SendInjected             // a test or an attacker injected it
	SendLinkCopy             // the link duplicated the segment named by Of
)

// Reasons for dropping.
const (
	DropCut       Reason = iota + 64 // the link is cut
	DropLoss                         // random loss
	DropQueue                        // queue limit of a link with a rate
	DropMatch                        // a fault that matches packets
	DropInterface                    // the interface is down
	DropHostDown                     // the host has no power
	DropNoRoute                      // no path to the destination
	DropFiltered                     // a router's reset or unreachable fault ate it
	DropNAT                          // a NAT has no mapping for it, and is silent
	DropNoHost                       // nobody has this address
	DropChecksum                     // corrupted on the way
	DropBacklog                      // the listener's queue is full
	DropTTL                          // too many hops
)

// Record is one thing that happened. The pointer that a Sink gets, and what it points to, are valid
// during the call only; Seg.Payload stays valid and unchanged.
type Record struct {
	At     Time
	Kind   Kind
	Reason Reason
	Copies uint8 // SegmentSent: how often Seg's first byte was sent before
	Timer  Timer // timer records
	Host   HostID
	Peer   HostID // the other end of Link, for SegmentSent and SegmentDropped on a link
	Socket SocketID
	Link   LinkID
	Cause  EventID // what made it happen: a timer, a segment, a fault, an application's call
	Of     EventID // what it is about: the SegmentSent of an arrival or drop, the TimerArmed of a
	// firing, the first SegmentSent of a retransmission
	Fault   FaultID
	Seg     *Segment
	Due     Time          // TimerArmed: when; SegmentSent: when it will arrive, Never if it is dropped
	Period  time.Duration // TimerArmed: the nominal length before rounding to the timer wheel
	Attempt int16         // timers with a limit: which attempt this is, from 1
	Limit   int16         // ... of how many
	From    State
	To      State
	Errno   Errno
}

// Sink receives the records of a Network in order, and numbers them. A nil Sink costs nothing.
type Sink interface {
	Record(*Record) EventID
}

// Timer names a timer of TCP or of a middlebox.
type Timer uint8

// The timers.
const (
	_ Timer = iota
	TimerRTO
	TimerTLP
	TimerDelayedAck
	TimerKeepalive
	TimerPersist
	TimerTimeWait
	TimerFinWait2
	TimerSyn    // SYN retransmission
	TimerSynAck // SYN,ACK retransmission
	TimerReorder
	TimerUser // TCP_USER_TIMEOUT
	TimerNAT  // a mapping's idle timeout
	TimerOrphan
)

var timerNames = [...]string{"", "RTO", "TLP", "delayed ACK", "keepalive", "persist", "TIME_WAIT",
	"FIN_WAIT_2", "SYN", "SYN,ACK", "reorder", "user timeout", "NAT idle", "orphan"}

func (t Timer) String() string { return timerNames[t] }
