package fidelity

import (
	"cmp"
	"slices"
	"strings"
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
	reads     bool    // at once, with readDelay
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
	ended  [2]float64
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
			c.plan(r, s, next, p.ended[s])
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

// programs finds when the two programs ran, were stopped and listened.
func (p *plan) programs(r *Run) {
	p.ended = [2]float64{never, never}
	for _, s := range []Side{Client, Broker} {
		for _, l := range r.by(s.String()) {
			if processEnded.MatchString(l.Text) {
				p.ended[s] = min(p.ended[s], l.T)
			}
		}
		var stopped float64 = never
		for _, f := range r.Meta.Faults {
			who, what, _ := processAction(f.Action)
			if who != s {
				continue
			}
			switch what {
			case "stop":
				stopped = f.Done
			case "cont":
				p.frozen[s] = append(p.frozen[s], span{stopped, f.T})
				stopped = never
			case "kill":
				p.ended[s] = min(p.ended[s], f.Done)
			}
		}
		if stopped < never {
			p.frozen[s] = append(p.frozen[s], span{stopped, never})
		}
	}
	p.listens(r)
}

// listens finds when the server's port was open: from the first line that says so, until the
// process was killed, and again.
func (p *plan) listens(r *Run) {
	if r.Meta.Parameters.Broker == "none" {
		return
	}
	open := never
	for _, l := range r.by("broker") {
		switch {
		case listening.MatchString(l.Text) && open == never:
			open = l.T
		case processEnded.MatchString(l.Text) && open < never:
			p.listen = append(p.listen, span{open, p.ended[Broker]})
			open = never
		}
	}
	if open < never {
		p.listen = append(p.listen, span{open, never})
	}
}

// processAction splits kill_broker, stop_client, SIGCONT broker ... into whom and what.
func processAction(action string) (Side, string, bool) {
	a := strings.ToLower(action)
	side := Client
	if strings.Contains(a, "broker") {
		side = Broker
	}
	for _, w := range [...][2]string{{"kill", "kill"}, {"start", "start"}, {"stop", "stop"},
		{"cont", "cont"}, {"freeze", "stop"}, {"thaw", "cont"}} {
		if strings.Contains(a, w[0]) {
			return side, w[1], true
		}
	}
	return -1, "", false
}

// plan derives what the program at side s did on the connection; next is when the client dialled
// again, ended when the program was killed.
func (c *connPlan) plan(r *Run, s Side, next, ended float64) {
	h := &c.half[s]
	tool := r.tool(s)
	if tool {
		c.toolOps(r, s)
	} else {
		h.reads = true
		h.ops = c.mqttWrites(r, s)
	}
	end := c.closeTime(r, s, next)
	if ended >= c.dial {
		end = min(end, ended)
	}
	if end < never {
		h.ops = append(h.ops, op{kind: opClose, at: end})
	}
	slices.SortStableFunc(h.ops, func(a, b op) int { return cmp.Compare(a.at, b.at) })
	c.anchor(r, s)
}

// closedUnread finds a connection that a program closed, with data unread, when it went on after
// having been stopped: its kernel sends RST,ACK (RFC 2525, 2.17). Otherwise it would have read that
// data.
func (c *connPlan) closedUnread(r *Run, s Side, frozen []span) {
	for _, f := range frozen {
		for i := range r.At[s] {
			p := &r.At[s][i]
			if p.Port == int(c.port) && p.out(s) && !p.FromRouter && p.Flags == "RST,ACK" &&
				p.T >= f.to && p.T < f.to+1 {
				h := &c.half[s]
				h.readUntil = f.from
				h.ops = slices.DeleteFunc(h.ops, func(o op) bool { return o.kind == opClose })
				h.ops = append(h.ops, op{kind: opClose, at: p.T})
			}
		}
	}
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
