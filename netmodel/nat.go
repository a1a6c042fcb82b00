package netmodel

import "time"

// Forgotten says what a NAT or firewall does with a packet of a flow that it does not know.
type Forgotten uint8

// The ways.
const (
	// ForgottenDrop: silence, as home routers and most clouds do.
	ForgottenDrop Forgotten = iota
	// ForgottenReset: a RST to the sender.
	ForgottenReset
	// ForgottenPass: it is passed on as it is, untranslated, as a Linux router without a rule for
	// INVALID packets does. What is addressed to the router's own address, as all that comes from
	// outside is, then reaches the router's own stack, which answers with a RST.
	ForgottenPass
)

// NATTimeouts are how long a mapping lives without a packet, by the state of its TCP connection, as
// Linux' connection tracking names them (net/netfilter/nf_conntrack_proto_tcp.c). A value of 0
// means Linux' default.
type NATTimeouts struct {
	SynSent     time.Duration // 120 s
	SynRecv     time.Duration // 60 s
	Established time.Duration // 432000 s: five days
	FinWait     time.Duration // 120 s
	CloseWait   time.Duration // 60 s
	LastAck     time.Duration // 30 s
	TimeWait    time.Duration // 120 s
	Close       time.Duration // 10 s, after a RST

	// MaxRetrans replaces a longer one once RetransLimit equal segments in a row were seen: 300 s.
	MaxRetrans time.Duration
	// Unacknowledged replaces a longer one while data is unacknowledged: 300 s.
	Unacknowledged time.Duration
}

// NATConfig describes a NAT, or a firewall or load balancer that follows connections. The zero
// value is a home router with Linux inside.
type NATConfig struct {
	// Outside names the neighbour towards which connections are opened; all other sides are inside.
	// Of a load balancer in front of a broker that is the broker's side. "": the side by which the
	// first connection leaves.
	Outside string
	// KeepAddress makes it a firewall: flows are followed, addresses are not rewritten.
	KeepAddress  bool
	Timeouts     NATTimeouts
	RetransLimit int // 0: 3
	// NoLoose: a flow is known from its SYN on only (sysctl nf_conntrack_tcp_loose=0). Otherwise a
	// packet from inside in the middle of an unknown connection makes a mapping.
	NoLoose bool
	// Forgotten: packets from inside that belong to no mapping and make none. Unsolicited: the same
	// from outside.
	Forgotten, Unsolicited Forgotten
	// ResetOnTimeout: both ends get a RST at the moment the mapping is forgotten for want of packets.
	ResetOnTimeout bool
}

func (c *NATConfig) fillIn() {
	t := &c.Timeouts
	for _, d := range [...]struct {
		value   *time.Duration
		seconds time.Duration
	}{{&t.SynSent, 120}, {&t.SynRecv, 60}, {&t.Established, 432000}, {&t.FinWait, 120},
		{&t.CloseWait, 60}, {&t.LastAck, 30}, {&t.TimeWait, 120}, {&t.Close, 10},
		{&t.MaxRetrans, 300}, {&t.Unacknowledged, 300}} {
		if *d.value == 0 {
			*d.value = d.seconds * time.Second
		}
	}
	if c.RetransLimit == 0 {
		c.RetransLimit = 3
	}
}

// tuple is how packets of one direction of a flow look as they arrive at the NAT.
type tuple struct{ src, dst Endpoint }

// nat is the NAT of a router.
type nat struct {
	h      *Host
	config NATConfig
	table  map[tuple]*mapping // both directions; looked up, never iterated
	list   []*mapping
	dice   dice
	uplink *direction // the outside interface
}

func newNAT(h *Host, c NATConfig) *nat {
	c.fillIn()
	t := &nat{h: h, config: c, table: map[tuple]*mapping{}}
	t.dice.seed(h.net.seed, "nat", h.name)
	return t
}

// outside returns the interface towards the outside, or nil if it is not known yet.
func (t *nat) outside() *direction {
	if t.uplink == nil && t.config.Outside != "" {
		for _, d := range t.h.ifaces {
			if d.to.name == t.config.Outside {
				t.uplink = d
			}
		}
	}
	return t.uplink
}

// Mapping is a flow that a NAT knows.
type Mapping struct {
	Inside, Outside, Remote Endpoint
	State                   string // of connection tracking
	Forgets                 Time   // when it is forgotten if no packet comes
}

// Mappings returns what the NAT of the host knows, oldest first; nil if it has none.
func (h *node) Mappings() []Mapping {
	if h.nat == nil {
		return nil
	}
	var all []Mapping
	for _, m := range h.nat.list {
		all = append(all, Mapping{m.inside, m.outside, m.remote, m.state.String(), m.timer.due})
	}
	return all
}

// NAT returns the configuration of the host's NAT with all defaults filled in, or nil.
func (h *node) NAT() *NATConfig {
	if h.nat == nil {
		return nil
	}
	c := h.nat.config
	return &c
}

// arrive looks at a segment that came to the router, before it is routed. It reports whether the
// segment goes on; its destination is then the true one.
func (t *nat) arrive(p *passing) bool {
	if p.seg.ICMP != NotICMP {
		t.translateICMP(&p.seg)
		return true
	}
	m := t.table[tuple{p.seg.Src, p.seg.Dst}]
	if m != nil {
		return t.known(m, p)
	}
	fromOutside := p.from.back == t.outside()
	if !fromOutside && t.h.local(p.seg.Dst.Addr) {
		return true // from inside to the router itself
	}
	if !fromOutside && t.opens(&p.seg) {
		return true // leave makes the mapping, unless something drops the segment before
	}
	return t.unknown(p, fromOutside)
}

// known takes a segment of a flow that has a mapping.
func (t *nat) known(m *mapping, p *passing) bool {
	dir := m.direction(p.seg.Src)
	if dir == original && p.seg.Flags.Has(SYN) && !p.seg.Flags.Has(ACK) && m.over() {
		// The same ports once more: a new connection.
		t.forget(m, p.arrived)
		return true
	}
	if !m.track(&p.seg, dir, p.arrived) {
		return t.unknown(p, p.from.back == t.outside())
	}
	p.flow, p.returns = m, dir == reply
	if p.returns {
		p.seg.Dst = m.inside
	}
	if m.doomed {
		t.forget(m, p.arrived)
	}
	return true
}

// opens reports whether a segment of an unknown flow may make a mapping: a SYN, or, in loose mode,
// one from the middle of a connection, but none that ends one.
func (t *nat) opens(seg *Segment) bool {
	if seg.Flags.Has(SYN) {
		return !seg.Flags.Has(ACK) && !seg.Flags.Has(RST) && !seg.Flags.Has(FIN)
	}
	return !t.config.NoLoose && seg.Flags.Has(ACK) && !seg.Flags.Has(RST) && !seg.Flags.Has(FIN)
}

// unknown takes a segment that belongs to no flow.
func (t *nat) unknown(p *passing, fromOutside bool) bool {
	policy := t.config.Forgotten
	if fromOutside {
		policy = t.config.Unsolicited
	}
	switch policy {
	case ForgottenPass:
		p.untracked = true
		return true
	case ForgottenReset:
		dropped := p.drop(DropNAT, 0)
		if r, ok := resetFor(&p.seg); ok {
			t.h.net.transmit(t.h, &r, SendRouterReset, dropped, 0, 0, 0)
		}
	default:
		p.drop(DropNAT, 0)
	}
	return false
}

// leave rewrites the source of a segment that is about to leave by the interface out, and makes the
// mapping if it is the first of its flow. What stays inside is followed, but not rewritten.
func (t *nat) leave(p *passing, out *direction) bool {
	if p.untracked || p.returns || p.seg.ICMP != NotICMP {
		return true
	}
	if t.outside() == nil {
		t.uplink = out
	}
	m := p.flow
	if m == nil {
		rewrite := !t.config.KeepAddress && out == t.uplink && p.from.back != out
		if m = t.mapFlow(p, rewrite); m == nil {
			p.drop(DropNAT, 0)
			return false
		}
	}
	p.seg.Src = m.outside
	return true
}

// mapFlow makes a mapping, with the port that the inside uses if that is free towards the remote
// end. It returns nil if all ports are taken.
func (t *nat) mapFlow(p *passing, rewrite bool) *mapping {
	m := &mapping{nat: t, inside: p.seg.Src, outside: p.seg.Src, remote: p.seg.Dst}
	m.timer.owner, m.timer.kind = m, TimerNAT
	if rewrite {
		m.outside.Addr = t.h.addr
		if !t.choosePort(m) {
			return nil
		}
	}
	t.table[tuple{m.inside, m.remote}] = m
	t.table[tuple{m.remote, m.outside}] = m
	m.place = len(t.list)
	t.list = append(t.list, m)
	m.flow = Segment{Src: m.inside, Dst: m.remote, InnerSrc: m.outside, InnerDst: m.remote}
	m.made = t.h.net.record(&Record{Kind: MappingMade, Host: t.h.id, Cause: p.arrived, Seg: &m.flow})
	m.begin(&p.seg, p.arrived)
	return m
}

// choosePort takes the inside's own port, or else the next free one from a random place on, in the
// range of ports that needs no privilege (nf_nat_l4proto_unique_tuple in
// net/netfilter/nf_nat_core.c).
func (t *nat) choosePort(m *mapping) bool {
	const low, ports = 1024, 65536 - 1024
	if t.table[tuple{m.remote, m.outside}] == nil {
		return true
	}
	start := scale(t.dice.throw().shift, ports)
	for i := range uint64(ports) {
		m.outside.Port = uint16(low + (start+i)%ports)
		if t.table[tuple{m.remote, m.outside}] == nil {
			return true
		}
	}
	return false
}

// forget removes a mapping. The last of the list takes its place.
func (t *nat) forget(m *mapping, cause EventID) {
	n := t.h.net
	n.disarm(&m.timer)
	delete(t.table, tuple{m.inside, m.remote})
	delete(t.table, tuple{m.remote, m.outside})
	last := t.list[len(t.list)-1]
	t.list[m.place], last.place = last, m.place
	t.list[len(t.list)-1] = nil
	t.list = t.list[:len(t.list)-1]
	n.record(&Record{Kind: MappingForgotten, Host: t.h.id, Cause: cause, Of: m.made, Seg: &m.flow})
}

// forgetAll empties the table, the newest mapping first.
func (t *nat) forgetAll() {
	for len(t.list) > 0 {
		t.forget(t.list[len(t.list)-1], 0)
	}
}

// translateICMP rewrites an ICMP error about a flow that has a mapping, so that its receiver
// recognises its own packet in it. It does not keep the mapping alive.
func (t *nat) translateICMP(seg *Segment) {
	if m := t.table[tuple{seg.InnerDst, seg.InnerSrc}]; m != nil {
		switch seg.InnerSrc {
		case m.outside: // about what the inside sent
			seg.Dst.Addr, seg.InnerSrc = m.inside.Addr, m.inside
		case m.remote: // about what the remote end sent: it knows the flow by the NAT's address
			seg.Src.Addr, seg.InnerDst = m.outside.Addr, m.outside
		}
	}
}
