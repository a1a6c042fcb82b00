package netmodel

import (
	"testing"
	"time"
)

// street is client - router - remote as in the test bed of reality/: the router passes on at once
// and what it sends takes 10 ms. The two ends' stacks know no connections; the RSTs with which they
// answer are swallowed at once, so that a test hears only what it looks at.
type street struct {
	*cable
	client, router, remote *Host
	inner, outer           *Link
}

func newStreet(t *testing.T, c *NATConfig) *street {
	s := &street{cable: &cable{T: t, tape: &tape{}}}
	s.net = New(Config{Seed: 1, Sink: s.tape})
	s.client = s.net.AddHost(HostConfig{Name: "client", Addr: AddrFrom4(10, 77, 1, 2)})
	s.router = s.net.AddHost(HostConfig{Name: "router", Addr: AddrFrom4(10, 77, 2, 1), Router: true,
		NAT: c})
	s.remote = s.net.AddHost(HostConfig{Name: "remote", Addr: AddrFrom4(10, 77, 2, 2)})
	s.inner = s.net.AddLink(s.client, s.router, Conditions{})
	s.outer = s.net.AddLink(s.router, s.remote, Conditions{})
	for _, l := range []*Link{s.inner, s.outer} {
		l.SetConditions(0, s.router, Conditions{Latency: 10 * time.Millisecond})
	}
	s.net.Begin(0, Fault{Kind: FaultMatch, Link: s.inner, From: s.client, Match: madeByStack})
	s.net.Begin(0, Fault{Kind: FaultMatch, Link: s.outer, From: s.remote, Match: madeByStack})
	return s
}

// madeByStack chooses the RSTs with which a stack answers what belongs to no connection.
func madeByStack(s *Segment) bool { return s.Flags.Has(RST) && s.Window == 0 }

// put sends a segment from one end; the window tells it from what stacks answer by themselves.
func (s *street) put(from *Host, src, dst Endpoint, f Flags, seq, ack uint32, n int) {
	s.net.transmit(from, &Segment{Src: src, Dst: dst, Flags: f, Seq: seq, Ack: ack, Window: 500,
		TTL: defaultTTL, Payload: make([]byte, n)}, SendInjected, 0, 0, 0, 0)
}

// since gives what arrived at h after the given number of records.
func (s *street) since(mark int, h *Host) []*Segment {
	var segs []*Segment
	for i := range s.tape.records[mark:] {
		if r := &s.tape.records[mark+i]; arrivedAt(h)(r) {
			segs = append(segs, r.Seg)
		}
	}
	return segs
}

func TestRouterPassesOn(t *testing.T) {
	s := newStreet(t, nil)
	s.send(s.client, s.remote, 5)
	s.net.Run(ms(20))
	got := s.arrivals(s.remote)
	if len(got) != 1 || got[0].Seg.TTL != defaultTTL-1 || !near(got[0].At, ms(10),
		2*time.Microsecond) {
		t.Fatalf("at the remote end: %+v", got)
	}
	hop := s.tape.records[got[0].Of-1]
	came := s.tape.records[hop.Cause-1]
	if hop.Reason != SendForward || hop.Host != s.router.ID() || came.Kind != SegmentArrived ||
		came.Host != s.router.ID() {
		t.Errorf("the hop: %+v\nbecause of %+v", hop, came)
	}
}

func TestHopCountRunsOut(t *testing.T) {
	s := newStreet(t, nil)
	s.net.transmit(s.client, &Segment{Src: Endpoint{s.client.Addr(), 1},
		Dst:   Endpoint{s.remote.Addr(), 2},
		Flags: RST, Window: 500, TTL: 1}, SendInjected, 0, 0, 0, 0)
	s.net.Run(ms(20))
	if d := s.tape.find(droppedFor(DropTTL)); len(d) != 1 || d[0].Host != s.router.ID() ||
		d[0].Of != 3 {
		t.Errorf("dropped: %+v", d)
	}
}

func TestRouterWithoutARoute(t *testing.T) {
	s := newStreet(t, nil)
	s.put(s.client, Endpoint{s.client.Addr(), 1}, Endpoint{AddrFrom4(9, 9, 9, 9), 1883}, SYN, 1, 0, 0)
	s.net.Run(ms(20))
	got := s.arrivals(s.client)
	if len(got) != 1 || got[0].Seg.ICMP != NetUnreachable || got[0].Seg.Src.Addr != s.router.Addr() {
		t.Errorf("the client hears %+v", got)
	}
	if n := s.tape.count(droppedFor(DropNoRoute)); n != 1 {
		t.Errorf("%d dropped for want of a route", n)
	}
}

// The router's own interface is down: its routes are gone with it, and it says so.
func TestRouterWithItsInterfaceDown(t *testing.T) {
	s := newStreet(t, nil)
	f := s.net.Begin(0, Fault{Kind: FaultInterfaceDown, Host: s.router, Link: s.outer})
	s.put(s.client, Endpoint{s.client.Addr(), 1}, Endpoint{s.remote.Addr(), 1883}, SYN, 1, 0, 0)
	s.net.Run(ms(20))
	got := s.arrivals(s.client)
	if len(got) != 1 || got[0].Seg.ICMP != NetUnreachable {
		t.Errorf("the client hears %+v", got)
	}
	if d := s.tape.find(droppedFor(DropInterface)); len(d) != 1 || d[0].Fault != f {
		t.Errorf("dropped: %+v", d)
	}
}

// As in reality/ifdown-GO and powerloss-link: the router asks three times for the host behind the
// dead interface. After 3.1 s all that waited is reported to its sender, within the limit of six at
// once and one a second; then it starts again with the next packet. Counted there: 5, 4, 3, 3, 3.
func TestRouterReportsASilentNeighbour(t *testing.T) {
	s := newStreet(t, nil)
	s.net.Begin(0, Fault{Kind: FaultInterfaceDown, Host: s.client})
	to := Endpoint{s.client.Addr(), 1}
	from := Endpoint{s.remote.Addr(), 1883}
	start := ms(500)
	var counts []int
	for range 5 {
		mark := len(s.tape.records)
		s.net.Run(start)
		for i := range 5 {
			s.net.Run(start + ms(230*i))
			s.put(s.remote, from, to, ACK, 1, 1, 1)
		}
		s.net.Run(start + ms(3050))
		if got := s.since(mark, s.remote); len(got) != 0 {
			t.Fatalf("the remote end heard %v before the router gave up", got[0])
		}
		s.net.Run(start + ms(3130))
		got := s.since(mark, s.remote)
		for _, g := range got {
			if g.ICMP != HostUnreachable || g.InnerSrc != from || g.InnerDst != to {
				t.Errorf("the remote end heard %+v", g)
			}
		}
		counts = append(counts, len(got))
		start += ms(3130)
	}
	for i, want := range []int{5, 4, 3, 3, 3} {
		if counts[i] != want {
			t.Errorf("round %d: %d messages, want %d (all: %v)", i, counts[i], want, counts)
		}
	}
	if n := s.tape.count(droppedFor(DropNoHost)); n != 25 {
		t.Errorf("%d packets died at the router, want all 25", n)
	}
}

// The interface comes up while the router still asks: what waited is delivered.
func TestNeighbourAnswersAtLast(t *testing.T) {
	s := newStreet(t, nil)
	f := s.net.Begin(0, Fault{Kind: FaultInterfaceDown, Host: s.client})
	s.send(s.remote, s.client, 0)
	s.net.Run(ms(1500))
	s.net.EndFault(ms(1500), f)
	s.net.Run(sec(5))
	got := s.arrivals(s.client)
	if len(got) != 1 || got[0].At < ms(2050) || got[0].At > ms(2100) {
		t.Errorf("the waiting packet: %+v", got)
	}
}

// A fault on a router acts as a rule in its FORWARD chain: the RST is the router's own and takes
// the router's own way back, 10 ms; it depends on where the segment came from.
func TestRouterRules(t *testing.T) {
	s := newStreet(t, nil)
	c, r := Endpoint{s.client.Addr(), 7}, Endpoint{s.remote.Addr(), 1883}
	f := s.net.Begin(0, Fault{Kind: FaultReset, Host: s.router, From: s.client})
	s.put(s.client, c, r, PSH|ACK, 100, 200, 2)
	s.net.Run(ms(1))
	s.send(s.remote, s.client, 0)
	s.net.Run(ms(30))
	got := s.arrivals(s.client)
	if len(got) != 2 || !near(got[0].At, ms(10), 2*time.Microsecond) || got[0].Seg.Seq != 200 ||
		got[0].Seg.Src != r || got[0].Seg.Flags != RST {
		t.Errorf("the client hears %+v", got)
	}
	if sent := s.tape.records[got[0].Of-1]; sent.Host != s.router.ID() ||
		sent.Reason != SendRouterReset {
		t.Errorf("made by %+v", sent)
	}
	s.net.EndFault(ms(30), f)

	mark := len(s.tape.records)
	s.net.Begin(ms(30), Fault{Kind: FaultUnreachable, Host: s.router, Code: AdminProhibited, Count: 1})
	s.put(s.client, c, r, PSH|ACK, 100, 200, 2)
	s.put(s.client, c, r, PSH|ACK, 102, 200, 2)
	s.net.Run(ms(60))
	if got := s.since(mark, s.client); len(got) != 1 || got[0].ICMP != AdminProhibited {
		t.Errorf("the client hears %+v", got)
	}
	if got := s.since(mark, s.remote); len(got) != 1 || got[0].Seq != 102 {
		t.Errorf("past a rule with a count of one: %+v", got)
	}
}

// Three routers in a row and a shortcut: the path with the fewest links is taken, and only routers
// are passed through.
func TestShortestPathOverRouters(t *testing.T) {
	n := New(Config{Seed: 1, Sink: &tape{}})
	add := func(name string, router bool) *Host {
		return n.AddHost(HostConfig{Name: name,
			Router: router})
	}
	a, r1, r2, r3, b := add("a", true), add("r1", true), add("r2", true), add("r3", true), add("b",
		false)
	host := add("host", false) // has two links, and does not forward
	c := Conditions{}
	n.AddLink(a, host, c)
	n.AddLink(host, b, c)
	n.AddLink(a, r1, c)
	n.AddLink(r1, r2, c)
	n.AddLink(r2, r3, c)
	n.AddLink(r3, b, c)
	path := func() (names []string) {
		at := a
		for at != b && len(names) < 10 {
			at = at.route(b.Addr()).to
			names = append(names, at.Name())
		}
		return names
	}
	if got := path(); len(got) != 4 || got[0] != "r1" {
		t.Errorf("path %v, want r1 r2 r3 b", got)
	}
	n.AddLink(r1, r3, c)
	if got := path(); len(got) != 3 || got[1] != "r3" {
		t.Errorf("path %v, want r1 r3 b", got)
	}
}

// A server finds its clients without a table of routes, which each new client would make outdated:
// ten thousand that come one after the other would cost their square.
func TestNeighboursNeedNoTable(t *testing.T) {
	n := New(Config{Seed: 1})
	server := n.AddHost(HostConfig{Name: "server"})
	for range 3 {
		client := n.AddHost(HostConfig{Name: "client"})
		link := n.AddLink(server, client, Conditions{})
		if d := server.route(client.Addr()); d != link.from(server) {
			t.Errorf("the route to %v is not the link to it", client.Addr())
		}
	}
	if server.next != nil {
		t.Error("the server has computed a table")
	}
}
