package netmodel

import (
	"testing"
	"time"
)

// natStreet has a NAT for its router. talk, open and so on speak for the two ends by hand.
type natStreet struct {
	*street
	c, r, public Endpoint // the client, the remote end, the client as the remote end sees it
}

func newNATStreet(t *testing.T, c NATConfig) *natStreet {
	s := &natStreet{street: newStreet(t, &c)}
	s.c = Endpoint{s.client.Addr(), 40606}
	s.r = Endpoint{s.remote.Addr(), 1883}
	s.public = Endpoint{s.router.Addr(), 40606}
	return s
}

// out and back send a segment of the flow as the client and the remote end know it, and let it
// arrive.
func (s *natStreet) out(f Flags, seq, ack uint32, n int) {
	s.put(s.client, s.c, s.r, f, seq, ack, n)
	s.net.Run(s.net.Now() + ms(11))
}

func (s *natStreet) back(f Flags, seq, ack uint32, n int) {
	s.put(s.remote, s.r, s.public, f, seq, ack, n)
	s.net.Run(s.net.Now() + ms(11))
}

// connect is a handshake: the client has sent up to 101, the remote end up to 501.
func (s *natStreet) connect() {
	s.Helper()
	s.out(SYN, 100, 0, 0)
	s.back(SYN|ACK, 500, 101, 0)
	s.out(ACK, 101, 501, 0)
	s.wantMapping("ESTABLISHED")
}

func (s *natStreet) wantMapping(state string) {
	s.Helper()
	m := s.router.Mappings()
	if len(m) != 1 || m[0].State != state {
		s.Fatalf("the NAT knows %v, want one flow in %s", m, state)
	}
}

// wantTimeout checks how long the only mapping has to live from the last segment on.
func (s *natStreet) wantTimeout(what string, d time.Duration) {
	s.Helper()
	m := s.router.Mappings()
	if len(m) != 1 {
		s.Fatalf("%s: the NAT knows %v", what, m)
	}
	left := m[0].Forgets.Sub(s.net.Now()) + 11*time.Millisecond
	if left <= d-5*time.Millisecond || left > d { // it counts in ticks of 4 ms
		s.Errorf("%s: %s lives for %v, want %v", what, m[0].State, left, d)
	}
}

func TestMasquerade(t *testing.T) {
	s := newNATStreet(t, NATConfig{})
	mark := len(s.tape.records)
	s.out(SYN, 100, 0, 0)
	s.back(SYN|ACK, 500, 101, 0)
	if got := s.since(mark, s.remote); len(got) != 1 || got[0].Src != s.public || got[0].Dst != s.r {
		t.Fatalf("the remote end got %+v", got)
	}
	if got := s.since(mark, s.client); len(got) != 1 || got[0].Src != s.r || got[0].Dst != s.c {
		t.Fatalf("the client got %+v", got)
	}
	made := s.tape.find(func(r *Record) bool { return r.Kind == MappingMade })
	if len(made) != 1 || made[0].Seg.Src != s.c || made[0].Seg.Dst != s.r ||
		made[0].Seg.InnerSrc != s.public {
		t.Errorf("the mapping is recorded as %+v", made)
	}
	if cause := s.tape.records[made[0].Cause-1]; cause.Kind != SegmentArrived ||
		cause.Host != s.router.ID() {
		t.Errorf("because of %+v", cause)
	}
}

// Two clients with the same port: the second gets another one, from 1024 on.
func TestMasqueradeChoosesAnotherPort(t *testing.T) {
	s := newNATStreet(t, NATConfig{})
	other := s.net.AddHost(HostConfig{Name: "other", Addr: AddrFrom4(10, 77, 1, 3)})
	s.net.AddLink(other, s.router, Conditions{})
	mark := len(s.tape.records)
	s.out(SYN, 100, 0, 0)
	s.put(other, Endpoint{other.Addr(), s.c.Port}, s.r, SYN, 900, 0, 0)
	s.net.Run(s.net.Now() + ms(11))
	got := s.since(mark, s.remote)
	if len(got) != 2 || got[1].Src.Addr != s.router.Addr() || got[1].Src.Port == s.c.Port ||
		got[1].Src.Port < 1024 {
		t.Fatalf("the remote end got %+v", got)
	}
	s.put(s.remote, s.r, got[1].Src, SYN|ACK, 1, 901, 0)
	s.net.Run(s.net.Now() + ms(11))
	if got := s.since(mark, other); len(got) != 1 || got[0].Dst.Port != s.c.Port {
		t.Errorf("the second client got %+v", got)
	}
}

// The life of a mapping in the timeouts of nf_conntrack-sysctl.
func TestTimeoutByState(t *testing.T) {
	s := newNATStreet(t, NATConfig{})
	s.out(SYN, 100, 0, 0)
	s.wantTimeout("SYN", 120*time.Second)
	s.back(SYN|ACK, 500, 101, 0)
	s.wantTimeout("SYN,ACK", 60*time.Second)
	s.out(ACK, 101, 501, 0)
	s.wantTimeout("established", 432000*time.Second)
	s.out(FIN|ACK, 101, 501, 0)
	s.wantTimeout("the client's FIN", 120*time.Second)
	s.wantMapping("FIN_WAIT")
	s.back(ACK, 501, 102, 0)
	s.wantTimeout("its ACK", 60*time.Second)
	s.wantMapping("CLOSE_WAIT")
	s.back(FIN|ACK, 501, 102, 0)
	s.wantTimeout("the remote FIN", 30*time.Second)
	s.wantMapping("LAST_ACK")
	s.out(ACK, 102, 502, 0)
	s.wantTimeout("the last ACK", 120*time.Second)
	s.wantMapping("TIME_WAIT")
	s.out(SYN, 7000, 0, 0) // the same ports once more
	s.wantTimeout("a new connection", 120*time.Second)
	s.wantMapping("SYN_SENT")
	if n := s.tape.count(func(r *Record) bool { return r.Kind == MappingMade }); n != 2 {
		t.Errorf("%d mappings were made, want 2", n)
	}
}

// Lesson 3 and 7: five days become five minutes while data is unacknowledged, which is what a cut
// behind the NAT leaves behind.
func TestUnacknowledgedDataShortensTheTimeout(t *testing.T) {
	s := newNATStreet(t, NATConfig{})
	s.connect()
	s.out(PSH|ACK, 101, 501, 20)
	s.wantTimeout("data", 300*time.Second)
	s.back(ACK, 501, 111, 0)
	s.wantTimeout("half of it acknowledged", 300*time.Second)
	s.back(ACK, 501, 121, 0)
	s.wantTimeout("all of it acknowledged", 432000*time.Second)
	s.out(ACK, 120, 501, 0) // a keepalive probe is no data
	s.wantTimeout("a keepalive probe", 432000*time.Second)
	s.back(PSH|ACK, 501, 121, 5)
	s.wantTimeout("data from the remote end", 300*time.Second)
}

// Three equal segments in a row are retransmissions: 300 s whatever the state says; here with a
// configuration that tells the two rules apart.
func TestRetransmissionsShortenTheTimeout(t *testing.T) {
	s := newNATStreet(t, NATConfig{Timeouts: NATTimeouts{MaxRetrans: 200 * time.Second}})
	s.connect()
	for i := range 4 {
		s.out(PSH|ACK, 101, 501, 20)
		want := 300 * time.Second // unacknowledged
		if i == 3 {
			want = 200 * time.Second
		}
		s.wantTimeout("transmission", want)
	}
	s.back(ACK, 501, 121, 0)
	s.wantTimeout("acknowledged at last", 432000*time.Second)
}

// A mapping that is not used is forgotten on time, with the chain of causes: its timer, armed by
// the last segment.
func TestIdleMappingIsForgotten(t *testing.T) {
	s := newNATStreet(t, NATConfig{Timeouts: NATTimeouts{Established: 15 * time.Second}})
	s.connect()
	last := s.net.Now() - ms(11)
	s.net.Run(sec(20))
	forgotten := s.tape.find(func(r *Record) bool { return r.Kind == MappingForgotten })
	if len(forgotten) != 1 || !near(forgotten[0].At, last+sec(15)-ms(4), 4*time.Millisecond) {
		t.Fatalf("forgotten: %+v", forgotten)
	}
	fired := s.tape.records[forgotten[0].Cause-1]
	armed := s.tape.records[fired.Of-1]
	if fired.Kind != TimerFired || fired.Timer != TimerNAT || armed.Kind != TimerArmed ||
		armed.Period != 15*time.Second || armed.Due != forgotten[0].At {
		t.Errorf("fired %+v\narmed %+v", fired, armed)
	}
	if made := s.tape.records[forgotten[0].Of-1]; made.Kind != MappingMade {
		t.Errorf("forgotten is %+v", made)
	}
	if len(s.router.Mappings()) != 0 {
		t.Error("the NAT still knows it")
	}
}

// reality/nat-pub: a plain Linux router without loose pick-up. What comes from outside after the
// NAT forgot is for the router itself, whose stack answers with a RST; what comes from inside is
// passed on untranslated, the remote end's stack answers that with a RST, and this passes back.
func TestForgottenFlowOnAPlainRouter(t *testing.T) {
	s := newNATStreet(t, NATConfig{NoLoose: true, Forgotten: ForgottenPass, Unsolicited: ForgottenPass,
		Timeouts: NATTimeouts{Established: 15 * time.Second}})
	s.connect()
	s.net.Run(sec(16))

	mark := len(s.tape.records)
	s.back(ACK, 500, 101, 0) // a keepalive probe
	s.net.Run(s.net.Now() + ms(20))
	got := s.since(mark, s.remote)
	if len(got) != 1 || got[0].Flags != RST || got[0].Src != s.public || got[0].Seq != 101 {
		t.Errorf("to its probe the remote end gets %+v, want a RST from the router", got)
	}
	if got := s.since(mark, s.client); len(got) != 0 {
		t.Errorf("the client heard of it: %+v", got)
	}

	mark = len(s.tape.records)
	s.out(ACK, 100, 501, 0) // the client's probe
	if got := s.since(mark, s.remote); len(got) != 1 || got[0].Src != s.c {
		t.Errorf("the client's probe arrives as %+v, want it untranslated", got)
	}
	s.put(s.remote, s.r, s.c, RST, 501, 0, 0) // what the remote end's stack says to that
	s.net.Run(s.net.Now() + ms(11))
	if got := s.since(mark, s.client); len(got) != 1 || got[0].Flags != RST || got[0].Src != s.r {
		t.Errorf("the client gets %+v, want the remote end's RST", got)
	}
	if len(s.router.Mappings()) != 0 {
		t.Errorf("the NAT made %v of it", s.router.Mappings())
	}
}

// reality/natdrop: the router drops what it does not know, both ways, without a word.
func TestForgottenFlowOnASilentRouter(t *testing.T) {
	s := newNATStreet(t, NATConfig{NoLoose: true,
		Timeouts: NATTimeouts{Established: 15 * time.Second}})
	s.connect()
	s.net.Run(sec(16))
	mark := len(s.tape.records)
	s.back(PSH|ACK, 501, 101, 5)
	s.out(PSH|ACK, 101, 501, 2)
	s.net.Run(sec(20))
	if a, b := s.since(mark, s.remote), s.since(mark, s.client); len(a)+len(b) != 0 {
		t.Errorf("arrived: %v %v", a, b)
	}
	if n := s.tape.count(droppedFor(DropNAT)); n != 2 {
		t.Errorf("%d segments died at the NAT, want 2", n)
	}
	s.out(SYN, 9000, 0, 0) // a new connection works
	if got := s.since(mark, s.remote); len(got) != 1 {
		t.Errorf("a new connection: %v", got)
	}
}

// Loose pick-up, Linux' default: the next packet from inside makes a new mapping with the same
// port, and the connection goes on as if nothing had been. Until the remote end answers, it lives
// 300 s.
func TestLoosePickUp(t *testing.T) {
	s := newNATStreet(t, NATConfig{})
	s.connect()
	s.net.Begin(s.net.Now(), Fault{Kind: FaultForgetNAT, Host: s.router})
	mark := len(s.tape.records)
	s.back(PSH|ACK, 501, 101, 5)
	if got := s.since(mark, s.client); len(got) != 0 {
		t.Errorf("from outside nothing is picked up, yet the client got %+v", got)
	}
	s.out(ACK, 101, 501, 0)
	s.wantTimeout("picked up", 300*time.Second)
	if got := s.since(mark, s.remote); len(got) != 1 || got[0].Src != s.public {
		t.Errorf("the remote end got %+v", got)
	}
	s.back(PSH|ACK, 501, 101, 5)
	if got := s.since(mark, s.client); len(got) != 1 {
		t.Errorf("the client got %+v", got)
	}
	forgotten := s.tape.find(func(r *Record) bool { return r.Kind == MappingForgotten })
	if len(forgotten) != 1 || s.tape.records[forgotten[0].Cause-1].Kind != FaultBegan {
		t.Errorf("forgotten by %+v", forgotten)
	}
}

// A load balancer says RST to whoever continues a connection that it forgot.
func TestForgottenFlowWithReset(t *testing.T) {
	s := newNATStreet(t, NATConfig{KeepAddress: true, NoLoose: true, Forgotten: ForgottenReset,
		Unsolicited: ForgottenReset, Timeouts: NATTimeouts{Established: 350 * time.Second}})
	s.public = s.c // addresses are kept
	s.connect()
	s.net.Run(s.net.Now() + sec(350))
	mark := len(s.tape.records)
	s.back(PSH|ACK, 501, 101, 5)
	s.out(PSH|ACK, 101, 501, 2)
	s.net.Run(s.net.Now() + ms(20))
	if got := s.since(mark, s.remote); len(got) != 1 || got[0].Flags != RST || got[0].Seq != 101 {
		t.Errorf("the remote end got %+v", got)
	}
	if got := s.since(mark, s.client); len(got) != 1 || got[0].Flags != RST || got[0].Seq != 501 {
		t.Errorf("the client got %+v", got)
	}
}

// A RST at the right place ends the connection for the NAT too; an old one does not; one that is
// off within the window may be answered by a challenge ACK, so the flow is kept, but not for long.
func TestResetsAndTheMapping(t *testing.T) {
	s := newNATStreet(t, NATConfig{Timeouts: NATTimeouts{Close: 7 * time.Second}})
	s.connect()
	s.out(PSH|ACK, 101, 501, 10)
	s.back(ACK, 501, 111, 0)
	s.out(RST, 90, 0, 0)
	s.wantMapping("ESTABLISHED")
	s.out(RST, 150, 0, 0)
	s.wantMapping("ESTABLISHED")
	s.wantTimeout("a RST that is off", 7*time.Second)
	s.out(RST, 111, 0, 0)
	s.wantMapping("CLOSE")
	s.wantTimeout("a RST", 7*time.Second)
}

// A refused connection leaves no mapping behind.
func TestRefusedConnectionIsForgottenAtOnce(t *testing.T) {
	s := newNATStreet(t, NATConfig{})
	mark := len(s.tape.records)
	s.out(SYN, 100, 0, 0)
	s.back(RST|ACK, 0, 101, 0)
	if got := s.since(mark, s.client); len(got) != 1 || got[0].Dst != s.c {
		t.Errorf("the client got %+v", got)
	}
	if m := s.router.Mappings(); len(m) != 0 {
		t.Errorf("the NAT knows %v", m)
	}
}

// An ICMP error about a translated segment reaches the client, and speaks of the client's own
// endpoint.
func TestICMPThroughTheNAT(t *testing.T) {
	s := newNATStreet(t, NATConfig{})
	s.net.Begin(0, Fault{Kind: FaultUnreachable, Link: s.outer, From: s.router})
	mark := len(s.tape.records)
	s.out(SYN, 100, 0, 0)
	s.net.Run(sec(1))
	got := s.since(mark, s.client)
	if len(got) != 1 || got[0].ICMP != HostUnreachable || got[0].InnerSrc != s.c ||
		got[0].InnerDst != s.r {
		t.Errorf("the client got %+v", got)
	}
}

// A router of the remote side reports a dead client behind the NAT: the remote end hears about the
// endpoint that it knows.
func TestUnreachableSpeaksOfThePublicEndpoint(t *testing.T) {
	s := newNATStreet(t, NATConfig{})
	s.connect()
	s.net.Begin(s.net.Now(), Fault{Kind: FaultInterfaceDown, Host: s.client})
	mark := len(s.tape.records)
	s.back(PSH|ACK, 501, 101, 5)
	s.net.Run(s.net.Now() + sec(4))
	got := s.since(mark, s.remote)
	if len(got) != 1 || got[0].ICMP != HostUnreachable || got[0].InnerDst != s.public {
		t.Errorf("the remote end got %+v", got)
	}
}

// The router loses its power: its table is gone with it.
func TestPowerCycleForgetsMappings(t *testing.T) {
	s := newNATStreet(t, NATConfig{})
	s.connect()
	f := s.net.Begin(s.net.Now(), Fault{Kind: FaultPowerOff, Host: s.router})
	s.net.EndFault(s.net.Now(), f)
	if m := s.router.Mappings(); len(m) != 0 {
		t.Errorf("the NAT knows %v", m)
	}
}

// Azure's load balancer with TCP reset: both ends hear of it at the moment of the timeout, with the
// sequence numbers that they expect.
func TestResetOnTimeout(t *testing.T) {
	s := newNATStreet(t, NATConfig{ResetOnTimeout: true,
		Timeouts: NATTimeouts{Established: 240 * time.Second}})
	s.connect()
	s.out(PSH|ACK, 101, 501, 10)
	s.back(PSH|ACK, 501, 111, 20)
	s.out(ACK, 111, 521, 0)
	last := s.net.Now() - ms(11)
	mark := len(s.tape.records)
	s.net.Run(last + sec(240) + ms(20))
	got := s.since(mark, s.client)
	if len(got) != 1 || got[0].Flags != RST || got[0].Seq != 521 || got[0].Src != s.r {
		t.Errorf("the client got %+v", got)
	}
	got = s.since(mark, s.remote)
	if len(got) != 1 || got[0].Flags != RST || got[0].Seq != 111 || got[0].Src != s.public {
		t.Errorf("the remote end got %+v", got)
	}
}

// Two hosts behind the same NAT talk to each other untranslated, even where nothing is picked up.
func TestInsideToInside(t *testing.T) {
	s := newNATStreet(t, NATConfig{NoLoose: true})
	other := s.net.AddHost(HostConfig{Name: "other", Addr: AddrFrom4(10, 77, 1, 3)})
	l := s.net.AddLink(other, s.router, Conditions{})
	s.net.Begin(0, Fault{Kind: FaultMatch, Link: l, From: other, Match: madeByStack})
	s.connect() // shows the NAT where its outside is
	o := Endpoint{other.Addr(), 1883}
	mark := len(s.tape.records)
	s.put(s.client, s.c, o, SYN, 1, 0, 0)
	s.net.Run(s.net.Now() + ms(20))
	s.put(other, o, s.c, SYN|ACK, 100, 2, 0)
	s.net.Run(s.net.Now() + ms(20))
	s.put(s.client, s.c, o, ACK, 2, 101, 0)
	s.net.Run(s.net.Now() + ms(20))
	if got := s.since(mark, other); len(got) != 2 || got[0].Src != s.c || got[1].Src != s.c {
		t.Errorf("the other host got %+v", got)
	}
	if got := s.since(mark, s.client); len(got) != 1 || got[0].Src != o {
		t.Errorf("the client got %+v", got)
	}
}
