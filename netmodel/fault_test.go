package netmodel

import (
	"slices"
	"testing"
	"time"
)

// The cut lies before the latency: what entered before it still arrives, and what entered during it
// is lost even though the link is whole again before it would have arrived.
func TestCutDecidesWhenASegmentEnters(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: 100 * time.Millisecond})
	p.send(p.a, p.b, 0) // 1: 50 ms before the cut
	p.net.Run(ms(50))
	cut := p.net.Begin(ms(50), Fault{Kind: FaultCut, Link: p.link})
	p.send(p.a, p.b, 0) // 2
	p.send(p.b, p.a, 0) // 3
	p.net.Run(ms(120))
	p.net.EndFault(ms(120), cut)
	p.send(p.a, p.b, 0) // 4
	p.net.Run(sec(1))
	p.wantSeqs("cut from 50 ms to 120 ms", p.b, 1, 4)
	p.wantSeqs("cut from 50 ms to 120 ms", p.a)

	began := p.tape.find(func(r *Record) bool { return r.Kind == FaultBegan })
	dropped := p.tape.find(droppedFor(DropCut))
	if len(began) != 1 || began[0].At != ms(50) || began[0].Link != p.link.ID() {
		t.Fatalf("the fault's beginning: %+v", began)
	}
	for _, d := range dropped {
		if cause := p.tape.records[d.Cause-1]; cause.Kind != FaultBegan || d.Fault != cut {
			t.Errorf("a drop does not name its fault: %+v", d)
		}
	}
	if len(dropped) != 2 || p.net.Active(cut) {
		t.Errorf("%d segments dropped, want 2; active=%v", len(dropped), p.net.Active(cut))
	}
}

func TestCutOneWay(t *testing.T) {
	p := newCable(t, 1, Conditions{})
	p.net.Begin(0, Fault{Kind: FaultCut, Link: p.link, From: p.b})
	p.send(p.a, p.b, 0)
	p.send(p.b, p.a, 0)
	p.net.Run(ms(1))
	p.wantSeqs("only b > a is cut", p.b, 1)
	p.wantSeqs("only b > a is cut", p.a)
}

// A fault with a duration ends by itself, and says so with its beginning as the cause.
func TestFaultForAWhile(t *testing.T) {
	p := newCable(t, 1, Conditions{})
	id := p.net.Begin(0, Fault{Kind: FaultCut, Link: p.link, For: 2 * time.Second})
	p.net.Run(sec(2) - 1)
	p.send(p.a, p.b, 0)
	p.net.Run(sec(2))
	p.send(p.a, p.b, 0)
	p.net.Run(sec(3))
	p.wantSeqs("cut for 2 s", p.b, 2)
	ended := p.tape.find(func(r *Record) bool { return r.Kind == FaultEnded })
	if len(ended) != 1 || ended[0].At != sec(2) ||
		p.tape.records[ended[0].Cause-1].Kind != FaultBegan {
		t.Errorf("the end: %+v", ended)
	}
	p.net.EndFault(sec(3), id) // over already
	if n := p.tape.count(func(r *Record) bool { return r.Kind == FaultEnded }); n != 1 {
		t.Errorf("ended %d times", n)
	}
}

// Skip one, drop two of the segments with more than 100 bytes, and the fault is over.
func TestDropByMatchSkipsAndCounts(t *testing.T) {
	p := newCable(t, 1, Conditions{})
	big := func(s *Segment) bool { return len(s.Payload) > 100 }
	id := p.net.Begin(0, Fault{Kind: FaultMatch, Link: p.link, From: p.a, Match: big, Skip: 1,
		Count: 2})
	for _, n := range []int{200, 0, 200, 0, 200, 200} {
		p.send(p.a, p.b, n)
	}
	p.net.Run(ms(1))
	p.wantSeqs("of 1, 3, 5, 6 that match, 3 and 5 are dropped", p.b, 1, 2, 4, 6)
	if p.net.Active(id) {
		t.Error("the fault goes on after its count")
	}
	if n := p.tape.count(droppedFor(DropMatch)); n != 2 {
		t.Errorf("%d dropped by match", n)
	}
}

// The order in which faults act: a cut takes everything before the match can count it; loss does
// not see what a match took.
func TestFaultsComposeInTheStatedOrder(t *testing.T) {
	p := newCable(t, 1, Conditions{})
	loss := p.net.Begin(0, Fault{Kind: FaultLoss, Link: p.link, Conditions: Conditions{Loss: million}})
	match := p.net.Begin(0, Fault{Kind: FaultMatch, Link: p.link, Count: 1})
	cut := p.net.Begin(0, Fault{Kind: FaultCut, Link: p.link})
	p.send(p.a, p.b, 0)
	p.net.EndFault(0, cut)
	p.send(p.a, p.b, 0) // uses up the match
	p.send(p.a, p.b, 0)
	p.net.EndFault(0, loss)
	p.send(p.a, p.b, 0)
	p.net.Run(ms(1))
	var by []FaultID
	for _, r := range p.tape.find(func(r *Record) bool { return r.Kind == SegmentDropped }) {
		by = append(by, r.Fault)
	}
	if want := []FaultID{cut, match, loss}; !slices.Equal(by, want) {
		t.Errorf("segments 1, 2, 3 were taken by faults %v, want %v", by, want)
	}
	p.wantSeqs("after all faults", p.b, 4)
}

// Latencies add up, the lowest rate counts, chances combine: two of 50 % lose three quarters.
func TestWorseConditionsAddUp(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: 10 * time.Millisecond, Rate: 1_000_000})
	for _, c := range []Conditions{{Latency: 20 * time.Millisecond}, {Latency: 30 * time.Millisecond},
		{Rate: 500_000}, {Rate: 2_000_000}} {
		p.net.Begin(0, Fault{Kind: FaultConditions, Link: p.link, Conditions: c})
	}
	p.send(p.a, p.b, 960)
	p.net.Run(sec(1))
	if got := p.arrivals(p.b)[0].At; !near(got, ms(10+20+30+16), time.Microsecond) {
		t.Errorf("1000 bytes at 500 kbit/s and 60 ms arrived at %d, want 76 ms", got)
	}

	q := newCable(t, 1, Conditions{Loss: Percent(50, 0)})
	f := q.net.Begin(0, Fault{Kind: FaultLoss, Link: q.link, Conditions: Conditions{Loss: Percent(50,
		0)}})
	for range 4000 {
		q.send(q.a, q.b, 0)
	}
	q.net.Run(sec(1))
	own := q.tape.count(func(r *Record) bool { return droppedFor(DropLoss)(r) && r.Fault == 0 })
	faults := q.tape.count(func(r *Record) bool { return droppedFor(DropLoss)(r) && r.Fault == f })
	if own < 1900 || own > 2100 || faults < 900 || faults > 1100 {
		t.Errorf("of 4000 the link lost %d, want 2000, and the fault %d, want 1000", own, faults)
	}
}

// As in reality's rst runs: the RST goes to the sender of the segment only, one latency later (half
// the way there, half the way back), and looks as if the other end had sent it. A SYN is refused.
func TestResetAnswersTheSenderOnly(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: 10 * time.Millisecond})
	f := p.net.Begin(0, Fault{Kind: FaultReset, Link: p.link})
	p.net.transmit(p.a, &Segment{Src: Endpoint{p.a.Addr(), 5}, Dst: Endpoint{p.b.Addr(), 1883},
		Seq: 100,
		Ack: 777, Flags: PSH | ACK, Payload: []byte("hi")}, SendData, 0, 0, 0, 0)
	p.net.transmit(p.a, &Segment{Src: Endpoint{p.a.Addr(), 6}, Dst: Endpoint{p.b.Addr(), 1883},
		Seq:   500,
		Flags: SYN}, SendHandshake, 0, 0, 0, 0)
	p.send(p.a, p.b, 0) // a RST is not answered
	p.net.Run(sec(1))
	p.wantSeqs("nothing passes", p.b)
	got := p.arrivals(p.a)
	if len(got) != 2 {
		t.Fatalf("%d answers, want 2:\n%v", len(got), p.tape.lines(nil))
	}
	for i, want := range []Segment{
		{Src: Endpoint{p.b.Addr(), 1883}, Dst: Endpoint{p.a.Addr(), 5}, Seq: 777, Flags: RST},
		{Src: Endpoint{p.b.Addr(), 1883}, Dst: Endpoint{p.a.Addr(), 6}, Ack: 501, Flags: RST | ACK},
	} {
		r := got[i]
		s := r.Seg
		if s.Src != want.Src || s.Dst != want.Dst || s.Seq != want.Seq || s.Ack != want.Ack ||
			s.Flags != want.Flags {
			t.Errorf("answer %d is %v", i, *s)
		}
		if !near(r.At, ms(10), 3*time.Microsecond) {
			t.Errorf("answer %d arrived at %d, want 10 ms", i, r.At)
		}
		sent := p.tape.records[r.Of-1]
		drop := p.tape.records[sent.Cause-1]
		if sent.Reason != SendRouterReset || sent.Host != 0 || drop.Reason != DropFiltered ||
			drop.Fault != f || !near(drop.At, ms(5), time.Microsecond) {
			t.Errorf("made by %+v\nafter %+v", sent, drop)
		}
	}
}

// Linux sends six ICMP errors at once to one destination and then one a second.
func TestUnreachableIsRateLimited(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: 10 * time.Millisecond})
	p.net.Begin(0, Fault{Kind: FaultUnreachable, Link: p.link, From: p.a})
	for i := range 50 { // ten a second for five seconds
		p.net.Run(ms(100 * i))
		p.sendFlags(p.a, p.b, ACK, 1)
	}
	p.net.Run(sec(6))
	got := p.arrivals(p.a)
	if len(got) != 10 {
		t.Errorf("%d ICMP messages in 5 s, want 6 and then one in each of 4 s", len(got))
	}
	for i, r := range got {
		s := r.Seg
		if s.ICMP != HostUnreachable || s.Dst.Addr != p.a.Addr() || s.InnerDst != (Endpoint{p.b.Addr(),
			1883}) ||
			s.InnerSrc != (Endpoint{p.a.Addr(), 1000}) {
			t.Errorf("message %d: %+v", i, s)
		}
	}
	if first := p.tape.records[got[0].Of-1]; first.Reason != SendUnreachable {
		t.Errorf("sent as %+v", first)
	}
	if n := p.tape.count(droppedFor(DropFiltered)); n != 50 {
		t.Errorf("%d segments were filtered, want all 50", n)
	}
}

// An interface that is down: nothing leaves the host (no link sees it), a connect fails at once,
// and what is on its way to it dies on arrival.
func TestInterfaceDown(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: 10 * time.Millisecond})
	p.send(p.b, p.a, 0)
	f := p.net.Begin(0, Fault{Kind: FaultInterfaceDown, Host: p.a})
	if e := p.a.reach(p.b.Addr()); e != ENETUNREACH {
		t.Errorf("connect would say %v", e)
	}
	if e := p.a.reach(Loopback); e != OK {
		t.Errorf("connect to the host itself would say %v", e)
	}
	p.send(p.a, p.b, 0)
	p.net.Run(ms(20))
	drops := p.tape.find(droppedFor(DropInterface))
	if len(drops) != 2 || drops[0].Link != 0 || drops[1].Link != p.link.ID() ||
		drops[1].Host != p.a.ID() {
		t.Errorf("dropped: %+v", drops)
	}
	for _, d := range drops {
		if d.Fault != f {
			t.Errorf("the drop does not name the fault: %+v", d)
		}
	}
	p.net.EndFault(ms(20), f)
	p.send(p.a, p.b, 0)
	p.net.Run(ms(40))
	p.wantSeqs("after the interface is up", p.b, 3)
	if e := p.a.reach(p.b.Addr()); e != OK {
		t.Errorf("connect would say %v", e)
	}
}

// Two faults hold the interface down: it is up when both have ended.
func TestInterfaceDownTwice(t *testing.T) {
	p := newCable(t, 1, Conditions{})
	one := p.net.Begin(0, Fault{Kind: FaultInterfaceDown, Host: p.a})
	two := p.net.Begin(0, Fault{Kind: FaultInterfaceDown, Host: p.a, Link: p.link})
	p.net.EndFault(0, one)
	if p.a.reach(p.b.Addr()) == OK {
		t.Error("up although one fault goes on")
	}
	p.net.EndFault(0, two)
	if p.a.reach(p.b.Addr()) != OK {
		t.Error("down although both faults ended")
	}
}

// A host without power: what it sent before is still on its way, what comes to it is lost.
func TestPowerOff(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: 10 * time.Millisecond})
	p.send(p.a, p.b, 0)
	p.send(p.b, p.a, 0)
	f := p.net.Begin(0, Fault{Kind: FaultPowerOff, Host: p.a})
	p.net.Run(ms(20))
	p.wantSeqs("sent before the power went", p.b, 1)
	if d := p.tape.find(droppedFor(DropHostDown)); len(d) != 1 || d[0].Fault != f ||
		d[0].Host != p.a.ID() {
		t.Errorf("dropped: %+v", d)
	}
	p.net.EndFault(ms(20), f)
	p.send(p.b, p.a, 0)
	p.net.Run(ms(40))
	p.wantSeqs("after power is back", p.a, 3)
}

// Another address: what is sent to the old one reaches nobody.
func TestChangeAddr(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: 10 * time.Millisecond})
	old := p.a.Addr()
	p.send(p.b, p.a, 0)
	p.net.Run(ms(5))
	p.net.ChangeAddr(ms(5), p.a, AddrFrom4(100, 64, 0, 1))
	if p.net.HostByAddr(old) != nil || p.net.HostByAddr(p.a.Addr()) != p.a {
		t.Error("the network finds the host by its old address")
	}
	p.send(p.b, p.a, 0)
	p.net.Run(sec(1))
	p.wantSeqs("to the new address", p.a, 2)
	if n := p.tape.count(droppedFor(DropNoHost)); n != 1 {
		t.Errorf("%d dropped for want of a host, want the one on its way", n)
	}
	if n := p.tape.count(func(r *Record) bool {
		return r.Kind == FaultBegan &&
			r.Host == p.a.ID()
	}); n != 1 {
		t.Errorf("the change is recorded %d times", n)
	}
}

// busy is a little network with chance everywhere, and traffic on two links.
func busy(sink Sink, faults func(n *Network, left, right *Link)) *Network {
	n := New(Config{Seed: 7, Sink: sink})
	hub := n.AddHost(HostConfig{Name: "hub"})
	c := Conditions{Latency: 30 * time.Millisecond, Jitter: 20 * time.Millisecond, Reorder: true,
		Loss:      100_000,
		Duplicate: 50_000, Corrupt: 50_000}
	var links []*Link
	var leaves []*Host
	for _, name := range []string{"left", "right"} {
		h := n.AddHost(HostConfig{Name: name})
		leaves = append(leaves, h)
		links = append(links, n.AddLink(h, hub, c))
	}
	faults(n, links[0], links[1])
	for i := range 400 {
		n.Run(ms(10 * i))
		for _, h := range leaves {
			n.transmit(h, &Segment{Src: Endpoint{h.Addr(), 1}, Dst: Endpoint{hub.Addr(), 2}, Seq: uint32(i),
				Flags: RST}, SendInjected, 0, 0, 0, 0)
		}
	}
	n.Run(sec(10))
	return n
}

// planned is a fault that begins at its time: a timer of the test's own.
type planned struct {
	n     *Network
	f     Fault
	timer timer
}

func (p *planned) fire(now Time, _ *timer) { p.n.Begin(now, p.f) }

func plan(n *Network, at Time, f Fault) {
	p := &planned{n: n, f: f}
	p.timer.owner = p
	n.arm(&p.timer, at)
}

// The prefix: a fault at two seconds leaves every record before it as it was.
func TestAFaultDoesNotChangeThePast(t *testing.T) {
	at := sec(2)
	before := func(tp *tape) []string { return tp.lines(func(r *Record) bool { return r.At < at }) }
	plain := &tape{}
	// The plan itself takes a number from the agenda's sequence; an empty one does the same.
	busy(plain, func(n *Network, _, _ *Link) {
		plan(n, at, Fault{Kind: FaultForgetNAT,
			Host: n.Host(1)})
	})
	for _, f := range []Fault{{Kind: FaultCut}, {Kind: FaultReset}, {Kind: FaultUnreachable},
		{Kind: FaultMatch, Count: 1},
		{Kind: FaultConditions, Conditions: Conditions{Loss: 500_000, Jitter: time.Second,
			Duplicate: 500_000}},
		{Kind: FaultBurst, Conditions: Conditions{Burst: &Burst{500_000, 500_000, 0, million}}},
		{Kind: FaultRate, Conditions: Conditions{Rate: 9600, Queue: 1000}},
		{Kind: FaultInterfaceDown}, {Kind: FaultPowerOff}} {
		got := &tape{}
		busy(got, func(n *Network, left, _ *Link) {
			f.Link = left
			if f.Kind >= FaultInterfaceDown {
				f.Host, f.Link = n.Host(2), nil
			}
			plan(n, at, f)
		})
		if want := before(plain); !slices.Equal(before(got), want) {
			t.Errorf("kind %d changed what happened before it began", f.Kind)
		}
		if slices.Equal(got.lines(nil), plain.lines(nil)) {
			t.Errorf("kind %d changed nothing at all", f.Kind)
		}
	}
}

// Locality: whatever befalls the left link, the right one's segments have the same fates at the
// same times.
func TestAFaultDoesNotChangeAnotherLink(t *testing.T) {
	fates := func(tp *tape) []string {
		var out []string
		for _, r := range tp.records {
			if r.Seg != nil && r.Link == 2 {
				r.Cause, r.Of, r.Fault = 0, 0, 0 // numbers of records shift
				out = append(out, line(0, &r))
			}
		}
		return out
	}
	plain := &tape{}
	busy(plain, func(*Network, *Link, *Link) {})
	if len(fates(plain)) < 400 {
		t.Fatal("too little traffic to compare")
	}
	for _, f := range []Fault{{Kind: FaultCut}, {Kind: FaultReset}, {Kind: FaultUnreachable},
		{Kind: FaultConditions, Conditions: Conditions{Loss: 500_000, Jitter: time.Second,
			Duplicate: 500_000, Rate: 9600}}} {
		got := &tape{}
		busy(got, func(n *Network, left, _ *Link) {
			f.Link = left
			n.Begin(0, f)
		})
		if !slices.Equal(fates(got), fates(plain)) {
			t.Errorf("kind %d on the left link changed the fates on the right one", f.Kind)
		}
	}
}

// The same seed gives the same records; another one does not.
func TestSeedDeterminesEverything(t *testing.T) {
	one, two := &tape{}, &tape{}
	busy(one, func(*Network, *Link, *Link) {})
	busy(two, func(*Network, *Link, *Link) {})
	if !slices.Equal(one.lines(nil), two.lines(nil)) {
		t.Error("two runs with the same seed differ")
	}
}
