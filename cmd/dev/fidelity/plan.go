package fidelity

import (
	"cmp"
	"slices"
)

type opKind uint8

const (
	opWrite opKind = iota
	opShutdown
	opClose
	opKeepalive
)

// op is a call that a program makes on a connection.
type op struct {
	kind  opKind
	at    float64
	bytes int
	unit  int // of opWrite: how much one call writes; 0: all
	// anchored: the call answers what arrived shortly before; it is made delay after the
	// connection has received so many bytes (and is established), whenever the model gets there.
	anchored bool
	after    int64
	delay    float64

	idle, interval, count int // opKeepalive
}

// reaction is how long a program may take to answer what arrived: a call that follows an
// arrival within this time is taken as caused by it. The programs' own timers are coarser.
const reaction = 0.060

// half is what one program does on a connection.
type half struct {
	ops       []op
	reads     bool    // at once, or nearly: see quickRead
	readFrom  float64 // not before
	readUntil float64 // and not after; 0: for ever
}

// connPlan is one connection: a client's port.
type connPlan struct {
	port uint16
	dial float64 // when connect(2) was called
	half [2]half // by Side
}

// plan is a run as what its programs did.
type plan struct {
	conns  []*connPlan
	frozen [2][]span // by Side: when the program was stopped
	listen []span    // when the server's port was open
	ended  [2][]span // by Side: from when the program was killed to when it was gone
}

type span struct{ from, to float64 }

const never = 1e18

// planOf derives the plan of a run.
func planOf(r *Run) *plan {
	p := &plan{}
	p.programs(r)
	for i := range r.At[Client] {
		pk := &r.At[Client][i]
		if pk.out(Client) && pk.Flags == "SYN" && p.find(uint16(pk.Port)) == nil {
			p.conns = append(p.conns, &connPlan{port: uint16(pk.Port), dial: pk.T})
		}
	}
	for i, c := range p.conns {
		next := never
		if i+1 < len(p.conns) {
			next = p.conns[i+1].dial
		}
		for _, s := range []Side{Client, Broker} {
			c.plan(r, s, p, next)
			c.closedUnread(r, s, p.frozen[s])
		}
	}
	return p
}

func (p *plan) find(port uint16) *connPlan {
	for _, c := range p.conns {
		if c.port == port {
			return c
		}
	}
	return nil
}

// plan derives what the program at side s did on the connection; next is when the client dialled
// again.
func (c *connPlan) plan(r *Run, s Side, p *plan, next float64) {
	h := &c.half[s]
	tool := r.tool(s)
	if tool {
		c.toolOps(r, s)
	} else {
		h.reads = true
		h.ops = c.mqttWrites(r, s, p.frozen[s])
	}
	end := c.closeTime(r, s, next)
	if k := endAfter(p.ended[s], c.dial); end >= k.from {
		end = c.killed(r, s, k)
		h.readUntil = k.from
	}
	if end < never {
		h.ops = append(h.ops, op{kind: opClose, at: end})
	}
	slices.SortStableFunc(h.ops, func(a, b op) int { return cmp.Compare(a.at, b.at) })
	c.anchor(r, s)
}

// tool reports whether the program at the side is the plain-TCP tool.
func (r *Run) tool(s Side) bool {
	return [2]string{r.Meta.Parameters.Client, r.Meta.Parameters.Broker}[s] == "T"
}

// chunk is payload at its first transmission.
type chunk struct {
	at  float64
	n   int
	pkt *Packet
}

// firsts returns the payload that the side sent on the connection, each byte once.
func (c *connPlan) firsts(r *Run, s Side) []chunk {
	var out []chunk
	var top int64 = 1 // sequence number of the first byte not sent
	for i := range r.At[s] {
		p := &r.At[s][i]
		if p.Port != int(c.port) || !p.out(s) || p.Len == 0 || p.FromRouter {
			continue
		}
		if end := p.Seq + int64(p.Len); end > top && p.Seq <= top {
			out = append(out, chunk{p.T, int(end - top), p})
			top = end
		}
	}
	return out
}

// anchor ties calls to the arrivals that they answer.
func (c *connPlan) anchor(r *Run, s Side) {
	for i := range c.half[s].ops {
		o := &c.half[s].ops[i]
		at, bytes := c.arrivedBefore(r, s, o.at)
		if o.at-at <= reaction {
			o.anchored, o.after, o.delay = true, bytes, o.at-at
		}
	}
}

// arrivedBefore returns when the last new byte, FIN or handshake segment before t arrived, and how
// many bytes in order (a FIN counts as one) had then come.
func (c *connPlan) arrivedBefore(r *Run, s Side, t float64) (float64, int64) {
	at := -never
	var next int64 = 1
	for i := range r.At[s] {
		p := &r.At[s][i]
		if p.Port != int(c.port) || p.out(s) || p.T > t {
			continue
		}
		n := int64(p.Len)
		if p.has("FIN") {
			n++
		}
		if end := p.Seq + n; n > 0 && p.Seq <= next && end > next {
			at, next = p.T, end
		} else if next == 1 && n == 0 && p.has("ACK") && at < 0 {
			at = p.T
		}
	}
	return at, next - 1
}
