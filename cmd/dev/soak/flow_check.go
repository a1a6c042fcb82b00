package soak

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"halfopen/netmodel"
)

// task is something that happens at a given time.
type task struct {
	at time.Duration
	do func()
}

// agenda lists all that the case does, in order.
func (r *flowRun) agenda(link *netmodel.Link) []task {
	var a []task
	add := func(at time.Duration, do func()) { a = append(a, task{at, do}) }
	for _, t := range r.Faults {
		add(t.At, func() { r.net.Begin(r.net.Now(), r.fault(t, link)) })
	}
	for i, c := range r.conns {
		add(c.t.Dial, func() {
			s := r.hosts[0].NewSocket()
			s.Bind(c.port)
			c.side[0].sock = s
			c.side[0].err = s.Connect(r.net.Now(), netmodel.Endpoint{Addr: r.hosts[1].Addr(),
				Port: serverPort})
		})
		for s := range c.side {
			for _, w := range c.t.Writes[s] {
				add(w.At, func() { c.side[s].write(r.net.Now(), i, s, w.N) })
			}
			if c.t.Close[s] > 0 {
				add(c.t.Close[s], func() { c.side[s].close(r.net.Now()) })
			}
		}
	}
	add(r.Heal, func() {
		link.SetConditions(r.net.Now(), nil, netmodel.Conditions{Latency: r.Link.Latency})
	})
	// Some time after healing each side says one more thing: whoever believes in a dead connection
	// then learns the truth.
	for i, c := range r.conns {
		for s := range c.side {
			add(r.Heal+time.Duration(1+s)*time.Second, func() {
				if p := &c.side[s]; p.sock != nil && !p.closed && p.err == netmodel.OK {
					p.probed = true
					p.write(r.net.Now(), i, s, 1)
				}
			})
		}
	}
	slices.SortStableFunc(a, func(x, y task) int { return cmp.Compare(x.at, y.at) })
	return a
}

func (p *program) close(now netmodel.Time) {
	if p.sock != nil && !p.closed {
		p.closed = true
		p.sock.Close(now)
	}
}

func (r *flowRun) fault(t Trouble, link *netmodel.Link) netmodel.Fault {
	f := netmodel.Fault{Kind: t.Kind, For: min(t.For, r.Heal-t.At), Conditions: t.With}
	if t.Kind == netmodel.FaultInterfaceDown {
		f.Host = r.hosts[0]
		return f
	}
	f.Link = link
	if t.OneWay > 0 {
		f.From = r.hosts[t.OneWay-1]
	}
	return f
}

// ended checks every connection after everything had time to settle.
func (r *flowRun) ended() error {
	for i, c := range r.conns {
		for s := range c.side {
			if err := c.checkEnd(s); err != nil {
				return fmt.Errorf("connection %d, %s: %w", i+1, r.hosts[s].Name(), err)
			}
		}
	}
	return nil
}

// dead reports whether the program knows that its connection is over or gave it up itself.
func (p *program) dead() bool { return p.err != netmodel.OK || p.closed || p.eof }

// checkEnd checks what side s believes and has got.
func (c *pairOf) checkEnd(s int) error {
	me, peer := &c.side[s], &c.side[1-s]
	if me.read > peer.wrote {
		return fmt.Errorf("read %d bytes of %d that were written", me.read, peer.wrote)
	}
	if me.sock == nil {
		return nil
	}
	if me.eof && !peer.closed {
		return fmt.Errorf("EOF, but the other side never closed")
	}
	if me.eof && me.err == netmodel.OK && peer.err == netmodel.OK && me.read != peer.wrote {
		return fmt.Errorf("EOF after %d of %d bytes", me.read, peer.wrote)
	}
	if me.dead() {
		return nil
	}
	// This side thinks that it has a connection. It said something after healing, so that by now the
	// other side is there and has everything, or this side would know.
	if me.sock.State() != netmodel.Established {
		return nil
	}
	if me.probed && (peer.sock == nil || peer.dead() && !peer.closed) {
		return fmt.Errorf("still believes in a connection that is dead at the other side (%v, %v)",
			me.sock.State(), peer.err)
	}
	if me.probed && !peer.closed && peer.read != me.wrote {
		return fmt.Errorf("the other side has %d of %d bytes long after healing", peer.read, me.wrote)
	}
	return nil
}

// ledger is a netmodel.Sink that follows every segment.
type ledger struct {
	ids  netmodel.EventID
	sent map[netmodel.EventID]netmodel.Time // due, of those without an end yet
	bad  error
}

// Record implements netmodel.Sink.
func (l *ledger) Record(r *netmodel.Record) netmodel.EventID {
	l.ids++
	if l.sent == nil {
		l.sent = map[netmodel.EventID]netmodel.Time{}
	}
	switch r.Kind {
	case netmodel.SegmentSent:
		l.sent[l.ids] = r.Due
	case netmodel.SegmentArrived, netmodel.SegmentDropped:
		if r.Of == 0 && l.bad == nil {
			l.bad = fmt.Errorf("event %d: a segment that was never sent", l.ids)
		}
		if r.Kind == netmodel.SegmentDropped && r.Reason == 0 && l.bad == nil {
			l.bad = fmt.Errorf("event %d: a segment dropped without a reason", l.ids)
		}
		delete(l.sent, r.Of)
	}
	return l.ids
}

// check: what has no end must still be in flight.
func (l *ledger) check(now netmodel.Time) error {
	if l.bad != nil {
		return l.bad
	}
	for _, due := range l.sent {
		if due <= now {
			return fmt.Errorf("a segment due at %v neither arrived nor was dropped", due.Duration())
		}
	}
	return nil
}
