package netmodel

import "math/bits"

// Host is a machine with a TCP stack, or a router.
type Host struct {
	node
	profile *Profile

	seed    uint64 // of initial sequence numbers, ports, phases
	phase   int64  // what the tick counter is ahead of the network's clock, in nanoseconds
	jiffyAt Time   // the instant for which jiffy was computed
	jiffy   int64
	ticking bool // a timer of the wheel is being served

	congested bool // SetCongested

	conns     map[flow]*Socket // connections; looked up, never iterated
	last      *Socket          // the one found last
	listeners []*Socket
	all       []*Socket // every socket of the host, in order of creation
	bound     map[uint16]int
	dials     uint32

	challenge     int // challenge ACKs left in this second
	challengeTick Time
}

// flow names a connection from its host's point of view.
type flow struct {
	local, remote         Addr
	localPort, remotePort uint16
}

func newHost(p *Profile) *Host {
	if p == nil {
		p = Linux()
	}
	own := *p
	return &Host{profile: &own, conns: map[flow]*Socket{}, bound: map[uint16]int{}}
}

// start gives the host its own numbers, once it knows its name and network.
func (h *Host) start() {
	h.seed = hashString(h.net.seed^0x6a09e667f3bcc908, h.name)
	boot := h.seed
	if h.net.one {
		boot = h.net.seed
	}
	ticks := mix(boot, 1) % (1 << 24)
	h.jiffyAt = -1
	h.phase = int64(ticks)*int64(h.profile.Tick) + int64(mix(boot, 2)%uint64(h.profile.Tick))
	if h.net.one && h.net.up > 0 {
		h.phase = int64(h.net.up)
	}
}

// Profile returns the host's own copy of its stack's parameters. They may be changed while the
// host has no sockets.
func (h *Host) Profile() *Profile { return h.profile }

// SetCongested makes the queue between the host's TCP and its interfaces refuse everything, or take
// it again: Linux' queueing discipline at its limit. Other than a loss on the way, TCP is told.
func (h *Host) SetCongested(on bool) { h.congested = on }

// Sockets returns the host's sockets in the order of their creation.
func (h *Host) Sockets() []*Socket { return append([]*Socket(nil), h.all...) }

// mix hashes two words; the constants are splitmix64's.
func mix(a, b uint64) uint64 {
	h := a ^ bits.RotateLeft64(b*0x9e3779b97f4a7c15, 31)
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

func (h *Host) flowHash(f flow, salt uint64) uint64 {
	a := mix(h.seed+salt, uint64(f.local)<<32|uint64(f.remote))
	return mix(a, uint64(f.localPort)<<16|uint64(f.remotePort))
}

// receive takes a packet that came for this host: TCP, or an ICMP error about TCP.
func (h *Host) receive(now Time, seg *Segment, arrived EventID) {
	h.net.cause = arrived
	if seg.ICMP != NotICMP {
		h.receiveICMP(now, seg)
		return
	}
	f := flow{seg.Dst.Addr, seg.Src.Addr, seg.Dst.Port, seg.Src.Port}
	if s := h.find(f); s != nil {
		s.receive(now, seg)
		s.settle()
		return
	}
	if l := h.listener(seg.Dst); l != nil {
		l.listenReceive(now, seg)
		return
	}
	h.refuse(seg)
}

func (h *Host) find(f flow) *Socket {
	if s := h.last; s != nil && s.flow == f {
		return s
	}
	s := h.conns[f]
	if s != nil {
		h.last = s
	}
	return s
}

func (h *Host) listener(e Endpoint) *Socket {
	for _, l := range h.listeners {
		if l.flow.localPort == e.Port && (l.flow.local == 0 || l.flow.local == e.Addr) {
			return l
		}
	}
	return nil
}

func (h *Host) insert(s *Socket) {
	h.conns[s.flow] = s
	s.hashed = true
}

func (h *Host) remove(s *Socket) {
	if !s.hashed {
		return
	}
	s.hashed = false
	if h.conns[s.flow] == s {
		delete(h.conns, s.flow)
	}
	if h.last == s {
		h.last = nil
	}
}

// refuse answers a segment that belongs to no socket (RFC 9293, 3.10.7.1; tcp_v4_send_reset).
func (h *Host) refuse(seg *Segment) {
	h.sendReset(seg, nil, SendResetNoSocket)
}

// sendReset makes the RST that answers seg. Its sequence number is what seg acknowledges, or it
// acknowledges all of seg if that has no ACK. It has no timestamps: no connection, no echo.
func (h *Host) sendReset(seg *Segment, s *Socket, why Reason) {
	if seg.Flags.Has(RST) {
		return
	}
	r := &h.net.flights.next().seg
	*r = Segment{Src: seg.Dst, Dst: seg.Src, Flags: RST, TTL: h.profile.TTL}
	if seg.Flags.Has(ACK) {
		r.Seq = seg.Ack
	} else {
		r.Flags |= ACK
		r.Ack = seg.Seq + seg.SeqLen()
	}
	id := SocketID(0)
	if s != nil {
		id = s.id
	}
	h.net.transmit(h, r, why, 0, 0, 0, id)
}

// powerOff forgets everything without a sound.
func (h *Host) powerOff(now Time) {
	for _, s := range append([]*Socket(nil), h.all...) {
		s.vanish()
	}
	h.bound = map[uint16]int{}
}
