package netmodel

// Flags are the control bits of a TCP segment (RFC 9293, 3.1), at their places in the header.
type Flags uint8

// The control bits that the model uses. ECN's two bits are never set.
const (
	FIN Flags = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
)

// Has reports whether all of f's bits are set.
func (g Flags) Has(f Flags) bool { return g&f == f }

// String names the bits in the order that captures use: SYN, FIN, RST, PSH, ACK, joined by commas.
func (g Flags) String() string {
	names := [...]struct {
		bit  Flags
		name string
	}{{SYN, "SYN"}, {FIN, "FIN"}, {RST, "RST"}, {PSH, "PSH"}, {ACK, "ACK"}, {URG, "URG"}}
	var s string
	for _, n := range names {
		if g&n.bit == 0 {
			continue
		}
		if s != "" {
			s += ","
		}
		s += n.name
	}
	return s
}

// Block is a range of sequence numbers [Left, Right) in a SACK option (RFC 2018, 3).
type Block struct{ Left, Right uint32 }

// Options are the TCP options that the model knows.
type Options struct {
	MSS           uint16 // maximum segment size (RFC 9293, 3.7.1); 0: absent
	WindowScale   int8   // shift count (RFC 7323, 2); valid if HasScale
	HasScale      bool
	SACKPermitted bool  // RFC 2018, 2
	HasTimestamps bool  // RFC 7323, 3
	NSACK         uint8 // number of valid entries in SACK
	TSVal, TSEcr  uint32
	SACK          [4]Block
}

// Unreachable is the code of an ICMP destination unreachable message (RFC 792); 0 on TCP segments.
type Unreachable uint8

// Codes of ICMP destination unreachable, plus one: RFC 792 counts from 0.
const (
	NotICMP Unreachable = iota
	NetUnreachable
	HostUnreachable
	_
	PortUnreachable
	_
	_
	_
	_
	_
	_
	_
	_
	_
	AdminProhibited // code 13, RFC 1812, 5.2.7.1
)

// Segment is one IP packet of the simulated network: a TCP segment, or, if ICMP is set, an ICMP
// destination unreachable message about one (Src is then the router that made it, and Inner the
// endpoints of the packet that could not be delivered). Its fields are in an order that makes it
// two lines of memory, since it is copied for every hop and every trace.
type Segment struct {
	Src, Dst Endpoint
	Seq, Ack uint32
	Window   uint16 // as in the header: not scaled
	IPID     uint16
	Flags    Flags
	TTL      uint8
	ICMP     Unreachable
	Options  Options
	// Joined is the payload of each of the segments that the receiver's driver joined to this one
	// (GRO); 0: it is one. Hosts of the model never send such.
	Joined uint16
	// Payload must not be modified: retransmissions and copies share it.
	Payload []byte

	InnerSrc, InnerDst Endpoint // of ICMP, with InnerSeq
	InnerSeq           uint32
}

// SeqLen is the room that the segment takes in sequence space: payload, SYN and FIN.
func (s *Segment) SeqLen() uint32 {
	n := uint32(len(s.Payload))
	if s.Flags&SYN != 0 {
		n++
	}
	if s.Flags&FIN != 0 {
		n++
	}
	return n
}
