package netmodel

import (
	"testing"
	"time"
)

// talk is a connection through a router as in reality/: client, router, broker, 10 ms each way.
type talk struct {
	*street
	listener *Socket
	c, b     *Socket // the two ends
}

func newTalk(t *testing.T, nat *NATConfig) *talk {
	w := &talk{street: newStreet(t, nat)}
	for id := range w.net.faults { // let the stacks answer what they do not know
		w.net.EndFault(0, FaultID(id+1))
	}
	w.listener = w.remote.NewSocket()
	w.listener.Bind(1883)
	w.listener.Listen(0, 128)
	w.c = w.dial()
	w.net.Run(ms(100))
	var e Errno
	if w.b, e = w.listener.Accept(w.net.Now()); e != OK || w.c.State() != Established {
		t.Fatalf("no connection: %v, client in %v", e, w.c.State())
	}
	return w
}

func (w *talk) dial() *Socket {
	s := w.client.NewSocket()
	if e := s.Connect(w.net.Now(), Endpoint{w.remote.Addr(), 1883}); e != OK {
		w.Fatalf("connect says %v", e)
	}
	return s
}

func (w *talk) at(t Time, do func(Time)) {
	w.net.Run(t)
	do(t)
}

func (w *talk) write(s *Socket, n int) {
	w.Helper()
	if _, e := s.Write(w.net.Now(), make([]byte, n)); e != OK {
		w.Errorf("at %v a write says %v", w.net.Now().Duration(), e)
	}
}

func (w *talk) wantError(what string, s *Socket, want Errno) {
	w.Helper()
	if got := s.Err(); got != want {
		w.Errorf("%s: %v at %v, want %v", what, got, w.net.Now().Duration(), want)
	}
}

// reality/rst-*: whoever sends first learns at once, 10 ms after it sent, and the other end learns
// nothing. A new connection is refused in 10 ms.
func TestStoryReset(t *testing.T) {
	w := newTalk(t, nil)
	w.at(sec(21), func(now Time) { w.net.Begin(now, Fault{Kind: FaultReset, Host: w.router}) })
	w.at(ms(22540), func(Time) { w.write(w.c, 2) })
	w.net.Run(ms(22549))
	w.wantError("before the answer can be there", w.c, OK)
	w.net.Run(ms(22551))
	w.wantError("the client's PINGREQ", w.c, ECONNRESET)
	w.wantError("the broker", w.b, OK)
	dialled := w.dial()
	w.net.Run(ms(22562))
	w.wantError("a new connection", dialled, ECONNREFUSED)
	w.at(sec(23), func(Time) { w.write(w.b, 37) })
	w.net.Run(ms(23011))
	w.wantError("the broker's PUBLISH", w.b, ECONNRESET)
}

// reality/icmp-*: established connections ignore host unreachable; a SYN fails at once.
func TestStoryUnreachable(t *testing.T) {
	w := newTalk(t, nil)
	w.at(sec(21), func(now Time) { w.net.Begin(now, Fault{Kind: FaultUnreachable, Host: w.router}) })
	mark := len(w.tape.records)
	w.at(sec(23), func(Time) { w.write(w.b, 37) })
	dialled := w.dial()
	w.net.Run(ms(23030))
	w.wantError("a new connection", dialled, EHOSTUNREACH)
	w.net.Run(sec(51))
	w.wantError("the established one", w.b, OK)
	sent := 0
	for _, r := range w.tape.records[mark:] {
		if r.Kind == SegmentSent && r.Host == w.remote.ID() && len(r.Seg.Payload) > 0 {
			sent++
		}
	}
	// ICMP undoes the backoff: 24 to 29 transmissions in 28 s, where a silent hole sees 8.
	if sent < 22 || sent > 31 {
		t.Errorf("the broker sent its message %d times, want 24 to 29", sent)
	}
}

// reality/nat-pub with a client whose TCP keepalive is off: the message at 25 s kills the broker's
// end, and the client learns from its own ping at 60 s.
func TestStoryNATForgets(t *testing.T) {
	w := newTalk(t, &NATConfig{NoLoose: true, Forgotten: ForgottenPass, Unsolicited: ForgottenPass,
		Timeouts: NATTimeouts{Established: 15 * time.Second}})
	if w.b.Remote().Addr != w.router.Addr() {
		t.Fatalf("the broker's peer is %v, want the NAT", w.b.Remote())
	}
	w.at(sec(25), func(Time) { w.write(w.b, 37) })
	w.net.Run(sec(25) + ms(11))
	w.wantError("the broker", w.b, ECONNRESET)
	w.net.Run(sec(60))
	w.wantError("the client, which was told nothing", w.c, OK)
	w.write(w.c, 2)
	w.net.Run(sec(60) + ms(21))
	w.wantError("the client's ping", w.c, ECONNRESET)
}

// reality/natdrop: silence on both sides; each retransmits into the void.
func TestStoryNATForgetsSilently(t *testing.T) {
	w := newTalk(t, &NATConfig{NoLoose: true, Timeouts: NATTimeouts{Established: 15 * time.Second}})
	w.at(sec(25), func(Time) { w.write(w.b, 37) })
	w.at(sec(60), func(Time) { w.write(w.c, 2) })
	w.net.Run(sec(120))
	w.wantError("the broker", w.b, OK)
	w.wantError("the client", w.c, OK)
	if w.b.Unacked() != 37 || w.c.Unacked() != 2 {
		t.Errorf("unacknowledged: %d and %d bytes", w.b.Unacked(), w.c.Unacked())
	}
}

// The same with Linux' default: the client's ping is picked up, the mapping is there again, and the
// broker's message, retransmitted all the while, arrives.
func TestStoryLooseNATRecovers(t *testing.T) {
	w := newTalk(t, &NATConfig{})
	w.at(sec(20), func(now Time) { w.net.Begin(now, Fault{Kind: FaultForgetNAT, Host: w.router}) })
	w.at(sec(25), func(Time) { w.write(w.b, 37) })
	w.net.Run(sec(60))
	if w.c.Buffered() != 0 {
		t.Error("the message came through a NAT without a mapping")
	}
	w.write(w.c, 2)
	w.net.Run(sec(120))
	if w.c.Buffered() != 37 || w.b.Buffered() != 2 {
		t.Errorf("the client has %d bytes, the broker %d", w.c.Buffered(), w.b.Buffered())
	}
}

// reality/ifdown-GO: the client's interface is down from 21 s to 41 s. Its writes succeed, new
// connects fail at once. The broker's message of 23 s is tried again and again as the router's
// ICMP messages come in bursts each 3.1 s; after the interface is up it is delivered.
func TestStoryInterfaceDown(t *testing.T) {
	w := newTalk(t, nil)
	var f FaultID
	w.at(sec(21), func(now Time) {
		f = w.net.Begin(now, Fault{Kind: FaultInterfaceDown, Host: w.client})
	})
	w.at(ms(22500), func(now Time) {
		w.write(w.c, 2)
		if e := w.client.NewSocket().Connect(now, Endpoint{w.remote.Addr(), 1883}); e != ENETUNREACH {
			t.Errorf("a new connect says %v", e)
		}
	})
	w.at(sec(23), func(Time) { w.write(w.b, 37) })
	w.at(sec(41), func(now Time) { w.net.EndFault(now, f) })
	w.net.Run(sec(60))
	w.wantError("the client", w.c, OK)
	w.wantError("the broker", w.b, OK)
	if w.c.Buffered() != 37 || w.b.Buffered() != 2 {
		t.Errorf("the client has %d bytes, the broker %d", w.c.Buffered(), w.b.Buffered())
	}
	var bursts []int
	var last Time
	for _, r := range w.arrivals(w.remote) {
		if r.Seg.ICMP == NotICMP {
			continue
		}
		if last == 0 || r.At-last > sec(1) {
			bursts = append(bursts, 0)
		}
		bursts[len(bursts)-1]++
		last = r.At
	}
	want := []int{5, 4, 3, 3, 3, 3}
	if len(bursts) != len(want) {
		t.Fatalf("ICMP messages came in bursts of %v, on the real hosts of %v", bursts, want)
	}
	for i := range want {
		if bursts[i] != want[i] {
			t.Errorf("ICMP messages came in bursts of %v, on the real hosts of %v", bursts, want)
		}
	}
}

// What was written while the interface was down is not under way: Linux tries it again with the
// next write. In a capture, with the interface down from 10.5 to 20.2 s and 100 bytes written each
// second, all that had been written left at 21.0 s; an RTO would have been due at 25.8 s.
func TestWritesWhileInterfaceIsDown(t *testing.T) {
	w := newTalk(t, nil)
	var f FaultID
	w.at(ms(10500), func(now Time) {
		f = w.net.Begin(now, Fault{Kind: FaultInterfaceDown, Host: w.client})
	})
	for i := 11; i <= 20; i++ {
		w.at(sec(i), func(Time) { w.write(w.c, 100) })
	}
	w.at(ms(20200), func(now Time) { w.net.EndFault(now, f) })
	w.net.Run(sec(21))
	if n := w.b.Buffered(); n != 0 {
		t.Errorf("%d bytes came before the next write", n)
	}
	w.write(w.c, 100)
	w.net.Run(ms(21100))
	if n := w.b.Buffered(); n != 1100 {
		t.Errorf("%d bytes came after the next write, not 1100", n)
	}
}

// A write into an interface that stays down until the probe timer fires needs no other cause.
func TestProbeAfterInterfaceIsUp(t *testing.T) {
	w := newTalk(t, nil)
	f := w.net.Begin(w.net.Now(), Fault{Kind: FaultInterfaceDown, Host: w.client})
	w.write(w.c, 100)
	w.net.Run(w.net.Now().Add(time.Second))
	w.net.EndFault(w.net.Now(), f)
	w.net.Run(w.net.Now().Add(time.Second))
	if n := w.b.Buffered(); n != 100 {
		t.Errorf("%d bytes came, not 100", n)
	}
	w.wantError("the client", w.c, OK)
}

// A host that loses its power says nothing, and knows nothing when it is back: the peer's next
// retransmission is answered with a RST.
func TestStoryPowerCycle(t *testing.T) {
	w := newTalk(t, nil)
	f := w.net.Begin(w.net.Now(), Fault{Kind: FaultPowerOff, Host: w.client})
	mark := len(w.tape.records)
	w.at(sec(2), func(now Time) { w.net.EndFault(now, f) })
	for _, r := range w.tape.records[mark:] {
		if r.Kind == SegmentSent {
			t.Errorf("a segment left while the power was off: %+v", r)
		}
	}
	w.at(sec(3), func(Time) { w.write(w.b, 37) })
	w.net.Run(ms(3025))
	w.wantError("the broker", w.b, ECONNRESET)
	if n := len(w.client.Sockets()); n != 0 {
		t.Errorf("the client still has %d sockets", n)
	}
}
