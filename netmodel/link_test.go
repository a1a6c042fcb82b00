package netmodel

import (
	"slices"
	"testing"
	"time"
)

func TestLatencyHasASubMicrosecondPart(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: 10 * time.Millisecond})
	distinct := map[Time]bool{}
	for i := range 100 {
		p.net.Run(ms(20 * i))
		p.send(p.a, p.b, 0)
		p.net.Run(ms(20*i + 19))
		got := p.arrivals(p.b)[i].At
		if sent := ms(20 * i); got <= sent+ms(10) || got >= sent+ms(10)+1000 {
			t.Fatalf("sent at %d, arrived at %d: want 10 ms and 1 to 999 ns later", sent, got)
		}
		distinct[got%1000] = true
	}
	if len(distinct) < 50 {
		t.Errorf("only %d different parts below a microsecond in 100 segments", len(distinct))
	}
}

func TestSentRecordTellsTheArrival(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: time.Millisecond, Jitter: time.Second})
	p.send(p.a, p.b, 10)
	p.net.Run(sec(2))
	sent, arrived := p.tape.records[0], p.tape.records[1]
	if sent.Kind != SegmentSent || sent.Host != p.a.ID() || sent.Peer != p.b.ID() ||
		sent.Link != p.link.ID() {
		t.Errorf("first record is %+v", sent)
	}
	if arrived.Kind != SegmentArrived || arrived.Of != 1 || arrived.Cause != 1 ||
		arrived.At != sent.Due {
		t.Errorf("sent to arrive at %d, arrival is %+v", sent.Due, arrived)
	}
}

func TestLoopbackTakesTwentyMicroseconds(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: time.Second})
	for _, to := range []Addr{Loopback, p.a.Addr()} {
		p.net.transmit(p.a, &Segment{Src: Endpoint{to, 1}, Dst: Endpoint{to, 2}, Flags: RST},
			SendInjected, 0, 0, 0, 0)
	}
	p.net.Run(ms(1))
	got := p.arrivals(p.a)
	if len(got) != 2 || !near(got[0].At, Time(20*time.Microsecond), time.Microsecond) ||
		got[0].Link != 0 {
		t.Errorf("arrivals inside the host: %+v", got)
	}
}

// Jitter of ten times the spacing: without Reorder nothing overtakes, and arrival times never
// decrease; with it, much does, and the first bytes to arrive are not the first sent.
func TestJitterReordersOnlyIfAsked(t *testing.T) {
	for _, reorder := range []bool{false, true} {
		p := newCable(t, 3, Conditions{Latency: 10 * time.Millisecond, Jitter: 100 * time.Millisecond,
			Reorder: reorder})
		for i := range 200 {
			p.net.Run(ms(10 * i))
			p.send(p.a, p.b, 0)
		}
		p.net.Run(sec(10))
		got := p.seqs(p.b)
		if len(got) != 200 {
			t.Fatalf("%d of 200 arrived", len(got))
		}
		if inOrder := slices.IsSorted(got); inOrder == reorder {
			t.Errorf("reorder=%v, yet segments in order: %v", reorder, inOrder)
		}
		for _, r := range p.arrivals(p.b) {
			sent := p.tape.records[r.Of-1]
			if d := r.At.Sub(sent.At); reorder && (d < 10*time.Millisecond || d > 111*time.Millisecond) {
				t.Errorf("a segment took %v, want 10 ms to 110 ms", d)
			}
		}
	}
}

// 1,000,000 bit/s: a packet of 1000 bytes takes 8 ms to send, headers included; five at once arrive
// 8 ms apart, each 20 ms after its last bit.
func TestRateSerialises(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: 20 * time.Millisecond, Rate: 1_000_000})
	for range 5 {
		p.send(p.a, p.b, 960)
	}
	p.send(p.b, p.a, 960) // the other direction is another wire
	p.net.Run(sec(1))
	for i, r := range p.arrivals(p.b) {
		if want := ms(20 + 8*(i+1)); !near(r.At, want, time.Microsecond) {
			t.Errorf("segment %d arrived at %d, want %d", i, r.At, want)
		}
	}
	if got := p.arrivals(p.a)[0].At; !near(got, ms(28), time.Microsecond) {
		t.Errorf("the other direction took %d", got)
	}
}

// A queue of 3000 bytes before the same link holds three packets of 1000 at most: of six at once
// the first four arrive (one on the wire, then as much as fits), the rest meets a full queue.
func TestQueueDropsItsTail(t *testing.T) {
	p := newCable(t, 1, Conditions{Rate: 1_000_000, Queue: 3000})
	for range 6 {
		p.send(p.a, p.b, 960)
	}
	p.net.Run(ms(8)) // room for one more
	p.send(p.a, p.b, 960)
	p.net.Run(sec(1))
	p.wantSeqs("queue of 3000 bytes", p.b, 1, 2, 3, 7)
	for _, r := range p.tape.find(droppedFor(DropQueue)) {
		if r.Seg.Seq < 4 || r.Seg.Seq > 6 || p.tape.records[r.Of-1].Due != Never {
			t.Errorf("dropped by the queue: %+v", r)
		}
	}
	q := newCable(t, 1, Conditions{Rate: 1_000_000, Queue: 100})
	q.send(q.a, q.b, 960)
	q.net.Run(sec(1))
	q.wantSeqs("an idle link with a tiny queue takes a packet all the same", q.b, 1)
}

// Without a limit everything waits: the thousandth packet arrives 8 s after it was sent.
func TestUnlimitedQueueBloats(t *testing.T) {
	p := newCable(t, 1, Conditions{Rate: 1_000_000})
	for range 1000 {
		p.send(p.a, p.b, 960)
	}
	p.net.Run(sec(10))
	got := p.arrivals(p.b)
	if len(got) != 1000 || !near(got[999].At, sec(8), time.Microsecond) {
		t.Errorf("%d arrived, the last at %d", len(got), got[len(got)-1].At)
	}
}

func TestLossDuplicationAndCorruptionHaveTheirRates(t *testing.T) {
	p := newCable(t, 1, Conditions{Loss: Percent(20, 0), Duplicate: Percent(10, 0), Corrupt: Percent(5,
		0)})
	const sent = 20_000
	for range sent {
		p.send(p.a, p.b, 10)
		p.net.Run(p.net.Now() + 10_000)
	}
	lost := p.tape.count(droppedFor(DropLoss))
	bad := p.tape.count(droppedFor(DropChecksum))
	twice := p.tape.count(func(r *Record) bool {
		return r.Kind == SegmentSent &&
			r.Reason == SendLinkCopy
	})
	arrived := len(p.arrivals(p.b))
	within := func(what string, got, want, slack int) {
		if got < want-slack || got > want+slack {
			t.Errorf("%s: %d, want %d within %d", what, got, want, slack)
		}
	}
	within("lost", lost, 4000, 200)
	within("duplicated", twice, 1600, 130)
	within("corrupted", bad, 800, 90)
	if arrived != sent-lost-bad+twice {
		t.Errorf("%d arrived of %d sent, %d lost, %d corrupted, %d doubled", arrived, sent, lost, bad,
			twice)
	}
	for _, r := range p.tape.find(droppedFor(DropChecksum)) {
		if r.Host != p.b.ID() || p.tape.records[r.Of-1].Due != r.At {
			t.Fatalf("a corrupted segment dies at the receiver, on arrival: %+v", r)
		}
	}
}

// Gilbert and Elliott: a burst begins before 1 of 100 segments and ends before 1 of 10. So bursts
// are 10 long in the mean, and 1/11 of all segments are lost.
func TestBurstLossComesInBursts(t *testing.T) {
	p := newCable(t, 2, Conditions{Burst: &Burst{GoodToBad: 10_000, BadToGood: 100_000,
		LossBad: million}})
	const sent = 40_000
	for range sent {
		p.send(p.a, p.b, 0)
	}
	p.net.Run(sec(1))
	lost := p.tape.find(droppedFor(DropLoss))
	bursts := 0
	for i, r := range lost {
		if i == 0 || r.Seg.Seq != lost[i-1].Seg.Seq+1 {
			bursts++
		}
	}
	if len(lost) < sent/11*8/10 || len(lost) > sent/11*12/10 {
		t.Errorf("%d of %d lost, want about 1 in 11", len(lost), sent)
	}
	if mean := len(lost) * 10 / bursts; mean < 80 || mean > 120 {
		t.Errorf("%d lost in %d bursts, want about 10 each", len(lost), bursts)
	}
}

func TestWireSizes(t *testing.T) {
	ts := Options{HasTimestamps: true}
	for _, c := range []struct {
		name string
		seg  Segment
		want int
	}{
		{"bare ACK", Segment{}, 40},
		{"ACK of Linux", Segment{Options: ts}, 52},
		{"SYN of Linux", Segment{Flags: SYN, Options: Options{MSS: 1460, HasScale: true,
			SACKPermitted: true,
			HasTimestamps: true}}, 60},
		{"SYN of lwIP", Segment{Flags: SYN, Options: Options{MSS: 1440}}, 44},
		{"full segment", Segment{Options: ts, Payload: make([]byte, 1448)}, 1500},
		{"ACK with two SACK blocks", Segment{Options: Options{HasTimestamps: true, NSACK: 2}}, 72},
	} {
		if got := wireSize(&c.seg); got != c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, got, c.want)
		}
	}
}

// SetConditions acts on what enters from now on.
func TestSetConditionsLeavesWhatIsUnderWay(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: 100 * time.Millisecond})
	p.send(p.a, p.b, 0)
	p.link.SetConditions(0, p.a, Conditions{Latency: 200 * time.Millisecond})
	p.send(p.a, p.b, 0)
	p.send(p.b, p.a, 0)
	p.net.Run(sec(1))
	got := p.arrivals(p.b)
	if !near(got[0].At, ms(100), time.Microsecond) || !near(got[1].At, ms(200), time.Microsecond) {
		t.Errorf("arrivals at %d and %d", got[0].At, got[1].At)
	}
	if back := p.arrivals(p.a)[0].At; !near(back, ms(100), time.Microsecond) {
		t.Errorf("the other direction took %d", back)
	}
	if c := p.link.Conditions(p.b); c.Latency != 100*time.Millisecond {
		t.Errorf("the other direction has latency %v", c.Latency)
	}
}

// Two links between the same hosts: the older one carries everything until its interface is down.
func TestSecondLinkTakesOverWhenTheFirstIsDown(t *testing.T) {
	p := newCable(t, 1, Conditions{Latency: 10 * time.Millisecond})
	lte := p.net.AddLink(p.a, p.b, Conditions{Latency: 50 * time.Millisecond})
	p.send(p.a, p.b, 0)
	p.net.Begin(0, Fault{Kind: FaultInterfaceDown, Host: p.a, Link: p.link})
	p.send(p.a, p.b, 0)
	p.send(p.b, p.a, 0) // routing follows the interface that is up
	p.net.Run(sec(1))
	got := p.arrivals(p.b)
	if len(got) != 2 || got[0].Link != p.link.ID() || got[1].Link != lte.ID() {
		t.Errorf("arrivals %+v", got)
	}
	if back := p.arrivals(p.a); len(back) != 1 || back[0].Link != lte.ID() {
		t.Errorf("the way back: %+v", back)
	}
}

func TestNobodyHasTheAddress(t *testing.T) {
	p := newCable(t, 1, Conditions{})
	p.net.transmit(p.a, &Segment{Dst: Endpoint{AddrFrom4(9, 9, 9, 9), 1}, Flags: RST}, SendInjected,
		0, 0, 0, 0)
	p.net.Run(ms(1))
	if n := p.tape.count(droppedFor(DropNoHost)); n != 1 {
		t.Errorf("%d segments dropped for want of a host, want 1", n)
	}
}

// In steady state a segment costs no allocation.
func TestSegmentsAreNotAllocated(t *testing.T) {
	n := New(Config{Seed: 1})
	a, b := n.AddHost(HostConfig{Name: "a"}), n.AddHost(HostConfig{Name: "b"})
	n.AddLink(a, b, Conditions{Latency: time.Millisecond, Jitter: time.Millisecond, Reorder: true,
		Loss: 1000})
	once := func() {
		for range 100 {
			seg := Segment{Src: Endpoint{a.Addr(), 1}, Dst: Endpoint{b.Addr(), 2}, Flags: RST}
			n.transmit(a, &seg, SendInjected, 0, 0, 0, 0)
		}
		n.Run(n.Now() + ms(10))
	}
	once()
	if allocs := testing.AllocsPerRun(10, once); allocs > 0 {
		t.Errorf("%v allocations for 100 segments", allocs)
	}
}
