package netmodel

import (
	"math/rand/v2"
	"testing"
	"time"
)

// ledger is a sink that keeps the books of a network's segments.
type ledger struct {
	t       *testing.T
	n       EventID
	open    map[EventID]Time    // SegmentSent without an end yet: when it is to arrive
	atHop   map[EventID]EventID // segments that arrived at a router, by the arrival
	waits   map[EventID]bool    // ... by the SegmentSent, if nothing became of them so far
	arrived int
	dropped map[Reason]int
	routers map[HostID]bool
	last    Time
}

func (l *ledger) Record(r *Record) EventID {
	l.n++
	if r.At < l.last {
		l.t.Errorf("record %d is at %d, after one at %d", l.n, r.At, l.last)
	}
	l.last = r.At
	if r.Cause >= l.n || r.Of >= l.n {
		l.t.Errorf("record %d names %d and %d, which come later", l.n, r.Cause, r.Of)
	}
	switch r.Kind {
	case SegmentSent:
		l.open[l.n] = r.Due
		if r.Reason == SendForward {
			l.leaveHop(l.atHop[r.Cause], "passed on")
		}
	case SegmentArrived:
		due, open := l.open[r.Of]
		if !open || due != r.At {
			l.t.Errorf("record %d: arrival of %d, which was due at %d (open: %v)", l.n, r.Of, due, open)
		}
		delete(l.open, r.Of)
		l.arrived++
		if l.routers[r.Host] {
			l.atHop[l.n], l.waits[r.Of] = r.Of, true
		}
	case SegmentDropped:
		if r.Reason < DropCut {
			l.t.Errorf("record %d: dropped without a reason", l.n)
		}
		l.dropped[r.Reason]++
		l.close(r)
	}
	return l.n
}

// close ends a segment: on its link, or at the router where it arrived.
func (l *ledger) close(r *Record) {
	if _, open := l.open[r.Of]; open {
		delete(l.open, r.Of)
		return
	}
	l.leaveHop(r.Of, "dropped")
}

func (l *ledger) leaveHop(sent EventID, how string) {
	if !l.waits[sent] {
		l.t.Errorf("record %d: segment %d was %s, but it had ended already", l.n, sent, how)
	}
	delete(l.waits, sent)
}

// chaos is a network of two clients behind a NAT, one without, a router, and a server, with random
// conditions.
type chaos struct {
	*Network
	r     *rand.Rand
	hosts []*Host
	ends  []*Host
	now   []FaultID
}

func newChaos(seed uint64, l *ledger) *chaos {
	c := &chaos{Network: New(Config{Seed: seed, Sink: l}), r: rand.New(rand.NewPCG(seed, 99))}
	add := func(hc HostConfig) *Host {
		h := c.AddHost(hc)
		l.routers[h.ID()] = h.IsRouter()
		c.hosts = append(c.hosts, h)
		if !h.IsRouter() {
			c.ends = append(c.ends, h)
		}
		return h
	}
	one, two, three := add(HostConfig{Name: "one"}), add(HostConfig{Name: "two"}),
		add(HostConfig{Name: "three"})
	nat := add(HostConfig{Name: "nat", NAT: &NATConfig{Outside: "router", NoLoose: c.r.IntN(2) == 0,
		Forgotten: Forgotten(c.r.IntN(3)), Unsolicited: Forgotten(c.r.IntN(3)),
		Timeouts: NATTimeouts{Established: time.Second}}})
	router := add(HostConfig{Name: "router", Router: true})
	server := add(HostConfig{Name: "server"})
	c.AddLink(one, nat, c.conditions())
	c.AddLink(two, nat, c.conditions())
	c.AddLink(nat, router, c.conditions())
	c.AddLink(three, router, c.conditions())
	c.AddLink(router, server, c.conditions())
	return c
}

func (c *chaos) conditions() Conditions {
	some := func(n int) int { return c.r.IntN(2) * c.r.IntN(n) }
	k := Conditions{Latency: time.Duration(some(100)) * time.Millisecond,
		Jitter: time.Duration(some(100)) * time.Millisecond, Reorder: c.r.IntN(2) == 0,
		Loss: PPM(some(300_000)), Duplicate: PPM(some(300_000)), Corrupt: PPM(some(300_000)),
		Rate: int64(some(10) * 9600), Queue: some(5000)}
	if c.r.IntN(3) == 0 {
		k.Burst = &Burst{100_000, 200_000, 10_000, 900_000}
	}
	return k
}

func (c *chaos) fault() {
	f := Fault{Kind: FaultCut + FaultKind(c.r.IntN(int(FaultAddress))), Conditions: c.conditions(),
		Host: c.hosts[c.r.IntN(len(c.hosts))], Skip: c.r.IntN(2), Count: c.r.IntN(4),
		For: time.Duration(c.r.IntN(3)) * time.Second, Addr: AddrFrom4(10, 1, 0, byte(c.r.IntN(4)))}
	if f.Kind < FaultInterfaceDown && c.r.IntN(2) == 0 {
		f.Link, f.Host = c.links[c.r.IntN(len(c.links))], nil
		f.From = f.Link.dir[c.r.IntN(2)].from
	}
	if c.r.IntN(2) == 0 {
		f.Match = func(s *Segment) bool { return s.Seq%2 == 0 }
	}
	c.now = append(c.now, c.Begin(c.Now(), f))
}

// step does something at random: mostly it sends.
func (c *chaos) step() {
	switch k := c.r.IntN(40); {
	case k == 0:
		c.fault()
	case k == 1 && len(c.now) > 0:
		c.EndFault(c.Now(), c.now[c.r.IntN(len(c.now))])
	case k == 2:
		l := c.links[c.r.IntN(len(c.links))]
		l.SetConditions(c.Now(), nil, c.conditions())
	default:
		from, to := c.ends[c.r.IntN(len(c.ends))], c.ends[c.r.IntN(len(c.ends))]
		flags := []Flags{SYN, SYN | ACK, ACK, PSH | ACK, FIN | ACK, RST, RST | ACK}
		c.transmit(from, &Segment{Src: Endpoint{from.Addr(), uint16(1 + c.r.IntN(3))},
			Dst: Endpoint{to.Addr(), 9},
			Seq: c.r.Uint32N(100), Ack: c.r.Uint32N(100), Flags: flags[c.r.IntN(len(flags))],
			TTL:     uint8(1 + c.r.IntN(5)),
			Payload: make([]byte, c.r.IntN(1400))}, SendInjected, 0, 0, 0, 0)
	}
	c.Run(c.Now() + Time(c.r.IntN(20))*Time(time.Millisecond))
}

// Conservation: whatever the conditions and faults, a segment that was sent arrives at the time
// that was foretold, or is dropped with a reason, or is still under way; and what arrives at a
// router is sent on, dropped, or was for the router itself.
func TestEverySegmentHasOneEnd(t *testing.T) {
	total := map[Reason]int{}
	arrived := 0
	for seed := range uint64(150) {
		l := &ledger{t: t, open: map[EventID]Time{}, atHop: map[EventID]EventID{},
			waits: map[EventID]bool{}, dropped: map[Reason]int{},
			routers: map[HostID]bool{}}
		c := newChaos(seed, l)
		for range 600 {
			c.step()
			if under := c.InFlight(); under < len(l.open) || under > len(l.open)+len(l.waits) {
				t.Fatalf("seed %d: %d segments under way, %d on the books", seed, under, len(l.open))
			}
		}
		for _, f := range c.now {
			c.EndFault(c.Now(), f)
		}
		c.Run(c.Now() + sec(3600)) // whatever is under way arrives, and everything comes to rest
		if under := c.InFlight(); len(l.open) != under || under != 0 {
			t.Errorf("seed %d: %d segments never ended, %d are under way", seed, len(l.open), under)
		}
		for id, due := range l.open {
			if due != Never {
				t.Fatalf("seed %d: record %d was to arrive at %d; now is %d", seed, id, due, c.Now())
			}
		}
		arrived += l.arrived
		for why, n := range l.dropped {
			total[why] += n
		}
	}
	for why := DropCut; why <= DropTTL; why++ {
		if total[why] == 0 && why != DropBacklog {
			t.Errorf("no segment was ever dropped for reason %d: the test does not reach it", why)
		}
	}
	if arrived < 50_000 {
		t.Errorf("only %d segments arrived", arrived)
	}
}
