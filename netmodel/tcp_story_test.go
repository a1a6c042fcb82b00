package netmodel

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// These stories are those of the captures of plain TCP on real Linux hosts: 10 ms each way, HZ 250.

// story renders what one host sent since an instant: "PSH,ACK 100 RTO" and the like.
func (p *tcpPair) story(h *Host, since Time) string {
	names := map[Reason]string{SendRTO: "RTO", SendTLP: "TLP", SendFast: "fast",
		SendRecovery: "recovery", SendDelayedAck: "delayed", SendKeepalive: "keepalive",
		SendWindowProbe: "probe", SendWindow: "window", SendChallenge: "challenge",
		SendDuplicateAck: "dup"}
	var out []string
	for _, s := range p.segs {
		if s.host == h.ID() && s.at >= since {
			line := s.seg.Flags.String()
			if n := len(s.seg.Payload); n > 0 {
				line += fmt.Sprint(" ", n)
			}
			if w := names[s.why]; w != "" {
				line += " " + w
			}
			out = append(out, line)
		}
	}
	return strings.Join(out, "; ")
}

func (p *tcpPair) wantStory(what string, h *Host, since Time, want string) {
	p.t.Helper()
	if got := p.story(h, since); got != want {
		p.t.Errorf("%s:\n got %s\nwant %s", what, got, want)
		p.dump()
	}
}

// times lists when a host sent something since an instant, as seconds after it.
func (p *tcpPair) times(h *Host, since Time) []float64 {
	var out []float64
	for _, s := range p.segs {
		if s.host == h.ID() && s.at >= since {
			out = append(out, s.at.Sub(since).Seconds())
		}
	}
	return out
}

// wantSteps checks the intervals between transmissions against the ranges seen on real hosts.
func (p *tcpPair) wantSteps(what string, at []float64, ranges ...[2]float64) {
	p.t.Helper()
	for i, r := range ranges {
		if i+1 >= len(at) {
			p.t.Errorf("%s: only %d transmissions", what, len(at))
			return
		}
		if d := at[i+1] - at[i]; d < r[0] || d > r[1] {
			p.t.Errorf("%s: step %d took %.3f s, real hosts took %.3f to %.3f", what, i+1, d, r[0], r[1])
		}
	}
}

func (p *tcpPair) cut() FaultID {
	return p.net.Begin(p.net.Now(), Fault{Kind: FaultCut, Link: p.link})
}

// One segment into a black hole: a tail loss probe, then retransmissions whose steps double but for
// the timer wheel (tcp_retransmit_timer, calc_wheel_index). The ranges are those of 140 cases.
func TestStepsOfRetransmission(t *testing.T) {
	p := newTCPPair(t).connect()
	p.cut()
	at := p.net.Now()
	p.write(p.c, "lost")
	p.run(70 * time.Second)
	p.wantSteps("retransmission", p.times(p.client, at),
		[2]float64{.224, .240}, [2]float64{.224, .240},
		[2]float64{.452, .496}, [2]float64{.920, .964}, [2]float64{1.820, 1.920},
		[2]float64{3.612, 4.032}, [2]float64{7.420, 7.680}, [2]float64{14.588, 15.360},
		[2]float64{28.928, 32.256})
}

// tcp-k-syn-timeout: five steps of a second, then doubling, ETIMEDOUT after ten retransmissions.
func TestStepsOfSYN(t *testing.T) {
	p := newTCPPair(t).listen()
	p.cut()
	p.c = p.client.NewSocket()
	p.c.Connect(0, Endpoint{p.server.Addr(), 1883})
	p.run(3 * time.Minute)
	at := p.times(p.client, 0)
	p.wantSteps("SYN", at, [2]float64{1.0, 1.036}, [2]float64{1.02, 1.028}, [2]float64{1.02, 1.028},
		[2]float64{1.02, 1.028}, [2]float64{1.02, 1.028}, [2]float64{2.01, 2.05},
		[2]float64{4.03, 4.26}, [2]float64{8.18, 8.20}, [2]float64{16.1, 16.6}, [2]float64{32.2, 33})
	if len(at) != 11 || p.c.TakeError() != ETIMEDOUT {
		t.Errorf("%d SYNs, want 11, then ETIMEDOUT", len(at))
	}
}

// tcp-k-synack-lost: the SYN,ACK is sent again by timer and for each duplicate SYN, and the timer
// starts anew with each (tcp_check_req); so it fires after 1 s, and then not before 7 s.
func TestLostSynAck(t *testing.T) {
	p := newTCPPair(t).listen()
	p.net.Begin(0, Fault{Kind: FaultCut, Link: p.link, From: p.server})
	p.c = p.client.NewSocket()
	p.c.Connect(0, Endpoint{p.server.Addr(), 1883})
	p.run(8 * time.Second)
	a, r := "SYN,ACK; ", "SYN,ACK RTO; "
	p.wantStory("SYN,ACKs", p.server, 0, a+r+a+a+a+a+a+r+strings.TrimSuffix(a, "; "))
}

// tcp-n-burst: five small segments are lost; the probe sends the last one, the timeout all five in
// one segment (tcp_retrans_try_collapse).
func TestBurstIsCollapsed(t *testing.T) {
	p := newTCPPair(t).connect()
	id := p.cut()
	at := p.net.Now()
	for range 5 {
		p.write(p.c, strings.Repeat("x", 100))
	}
	p.run(2 * time.Second)
	p.net.EndFault(p.net.Now(), id)
	p.run(3 * time.Second)
	d := "PSH,ACK 100; "
	p.wantStory("burst", p.client, at, d+d+d+d+d+"PSH,ACK 100 TLP; PSH,ACK 500 RTO; PSH,ACK 500 RTO; "+
		"PSH,ACK 500 RTO; PSH,ACK 500 RTO")
	p.wantRead(p.s, strings.Repeat("x", 500))
}

// tcp-a-nodelay: while a timeout is being repaired nothing new is sent; after its acknowledgement
// all that was written meanwhile goes out in full segments, two at first (F-RTO, slow start).
func TestNothingNewDuringTimeout(t *testing.T) {
	p := newTCPPair(t).connect()
	id := p.cut()
	for range 30 {
		p.write(p.c, strings.Repeat("x", 100))
		p.run(time.Second)
	}
	p.net.EndFault(p.net.Now(), id)
	at := p.net.Now()
	p.run(30 * time.Second)
	p.wantStory("after the cut", p.client, at, "PSH,ACK 100 RTO; ACK 1448; ACK 1448; PSH,ACK 4")
	p.wantRead(p.s, strings.Repeat("x", 3000))
}

// tcp-o-one-lost: the third of ten is lost; three SACKs later it is sent again, 26 ms after the
// original (RFC 8985 with tcp_reordering).
func TestOneOfTenLost(t *testing.T) {
	p := newTCPPair(t).connect()
	n := 0
	p.net.Begin(p.net.Now(), Fault{Kind: FaultMatch, Link: p.link, From: p.client,
		Match: func(s *Segment) bool {
			n++
			return n == 3
		}})
	at := p.net.Now()
	for range 10 {
		p.write(p.c, strings.Repeat("x", 100))
		p.run(2 * time.Millisecond)
	}
	p.run(time.Second)
	d := "PSH,ACK 100; "
	p.wantStory("ten", p.client, at, d+d+d+d+d+d+d+d+d+d+"PSH,ACK 100 fast")
	if got := p.times(p.client, at)[10]; got < .029 || got > .031 {
		t.Errorf("repaired %.4f s after the first, want 0.030", got)
	}
}

// tcp-o-last-lost: nothing follows the last segment, so only the probe can find it lost, an RTO
// after the acknowledgement of the others.
func TestLastOfTenLost(t *testing.T) {
	p := newTCPPair(t).connect()
	n := 0
	p.net.Begin(p.net.Now(), Fault{Kind: FaultMatch, Link: p.link, From: p.client,
		Match: func(s *Segment) bool {
			n++
			return n == 10
		}})
	at := p.net.Now()
	for range 10 {
		p.write(p.c, strings.Repeat("x", 100))
		p.run(2 * time.Millisecond)
		p.s.Read(p.net.Now(), make([]byte, 1000))
	}
	p.run(time.Second)
	if got := p.times(p.client, at)[10]; got < .036+.220 || got > .036+.236 {
		t.Errorf("probe at %.4f s, want 0.226 after 0.036", got)
	}
}

// tcp-m-close-late: a close during retransmission sends no FIN before the data is acknowledged,
// since the congestion window is one segment.
func TestCloseDuringTimeout(t *testing.T) {
	p := newTCPPair(t).connect()
	id := p.cut()
	at := p.net.Now()
	p.write(p.c, "late")
	p.run(3 * time.Second)
	p.c.Close(p.net.Now())
	p.run(2 * time.Second)
	p.net.EndFault(p.net.Now(), id)
	p.run(5 * time.Second)
	p.wantStory("late close", p.client, at, "PSH,ACK 4; PSH,ACK 4 TLP; PSH,ACK 4 RTO; PSH,ACK 4 RTO; "+
		"PSH,ACK 4 RTO; PSH,ACK 4 RTO; PSH,ACK 4 RTO; FIN,ACK")
}

// tcp-m-close-early: a close before the first timeout sends FIN at once; the probe repeats the FIN,
// the timeout data and FIN as one segment.
func TestCloseBeforeTimeout(t *testing.T) {
	p := newTCPPair(t).connect()
	p.cut()
	at := p.net.Now()
	p.write(p.c, "early")
	p.run(100 * time.Millisecond)
	p.c.Close(p.net.Now())
	p.run(500 * time.Millisecond)
	p.wantStory("early close", p.client, at, "PSH,ACK 5; FIN,ACK; FIN,ACK TLP; FIN,PSH,ACK 5 RTO")
}

// A close after the probe of the data: its FIN has a probe timer of its own, but there is one probe
// an episode, and the RTO counts from the data's last transmission as if there had been none. In a
// capture: data 3.000, its probe 3.225, FIN 3.300, data and FIN together 3.453, again 3.925.
func TestCloseAfterProbe(t *testing.T) {
	p := newTCPPair(t).connect()
	p.cut()
	at := p.net.Now()
	p.write(p.c, "data")
	p.run(300 * time.Millisecond)
	p.c.Close(p.net.Now())
	p.run(700 * time.Millisecond)
	p.wantStory("close after the probe", p.client, at,
		"PSH,ACK 4; PSH,ACK 4 TLP; FIN,ACK; FIN,PSH,ACK 4 RTO; FIN,PSH,ACK 4 RTO")
	p.wantSteps("close after the probe", p.times(p.client, at), [2]float64{0.22, 0.24},
		[2]float64{0.06, 0.08}, [2]float64{0.145, 0.165}, [2]float64{0.45, 0.5})
}

// tcp-c-forever: an orphan's FIN is sent nine times again, the last a minute after the first, then
// the connection is forgotten without a word (tcp_orphan_retries).
func TestOrphanGivesUp(t *testing.T) {
	p := newTCPPair(t).connect()
	p.cut()
	at := p.net.Now()
	p.c.Close(at)
	p.run(3 * time.Minute)
	sent := p.times(p.client, at)
	if n := len(sent); n != 10 || sent[9] < 57 || sent[9] > 63 {
		t.Errorf("FIN sent %d times, at %v; want 10, the last after 60 s", n, sent)
	}
	if p.net.Socket(p.c.ID()) != nil {
		t.Error("the orphan is still there")
	}
}

// tcp-b-unread: closing with unread data resets (RFC 2525, 2.17).
func TestCloseWithUnreadData(t *testing.T) {
	p := newTCPPair(t).connect()
	p.write(p.s, "never read")
	p.run(time.Second)
	at := p.net.Now()
	p.c.Close(at)
	p.run(time.Second)
	p.wantStory("unread", p.client, at, "RST,ACK")
	if _, e := p.s.Read(p.net.Now(), make([]byte, 1)); e != ECONNRESET {
		t.Errorf("the peer reads %v, want ECONNRESET", e)
	}
	if _, e := p.s.Write(p.net.Now(), []byte("x")); e != EPIPE {
		t.Errorf("the peer writes %v, want EPIPE", e)
	}
}

// tcp-d-after-close: data for a closed socket is answered by a RST without ACK.
func TestDataAfterClose(t *testing.T) {
	p := newTCPPair(t).connect()
	p.c.Close(p.net.Now())
	p.run(time.Second)
	at := p.net.Now()
	p.write(p.s, "too late")
	p.run(time.Second)
	p.wantStory("after close", p.client, at, "RST")
}

// tcp-g-keepalive: with 5/2/3 three probes stay unanswered, then RST,ACK and ETIMEDOUT.
func TestKeepaliveGivesUp(t *testing.T) {
	p := newTCPPair(t).connect()
	p.c.SetKeepAlive(true, 5*time.Second, 2*time.Second, 3)
	at := p.net.Now()
	p.run(6 * time.Second)
	p.cut()
	p.run(14 * time.Second)
	p.wantStory("keepalive", p.client, at,
		"ACK keepalive; ACK keepalive; ACK keepalive; ACK keepalive; RST,ACK")
	if e := p.c.TakeError(); e != ETIMEDOUT {
		t.Errorf("%v, want ETIMEDOUT", e)
	}
}

// tcp-h-zero-window: a full receive buffer closes the window; probes without data go on, twice as
// far apart each time, until reading opens it.
func TestZeroWindow(t *testing.T) {
	p := newTCPPair(t).listen()
	p.listener.SetRecvBuffer(4096)
	p.c = p.client.NewSocket()
	p.c.SetNoDelay(true)
	p.c.Connect(0, Endpoint{p.server.Addr(), 1883})
	p.run(100 * time.Millisecond)
	p.s, _ = p.listener.Accept(p.net.Now())
	data := strings.Repeat("z", 20000)
	p.write(p.c, data)
	p.run(10 * time.Second)
	if w := p.c.Info().SndWnd; w != 0 {
		t.Fatalf("window %d, want 0", w)
	}
	probes := 0
	for _, s := range p.segs {
		if s.why == SendWindowProbe && len(s.seg.Payload) == 0 {
			probes++
		}
	}
	if probes < 4 || probes > 6 {
		t.Errorf("%d probes in 10 s, want about five", probes)
	}
	var got int
	buf := make([]byte, 4096)
	for range 100 {
		n, _ := p.s.Read(p.net.Now(), buf)
		got += n
		p.run(100 * time.Millisecond)
	}
	if got != len(data) {
		t.Errorf("%d bytes arrived, want %d", got, len(data))
	}
}

// The ACK of an answer to an answer is delayed by 40 to 48 ms: the connection is interactive
// (tcp_send_delayed_ack); the first exchanges are acknowledged at once (quick ACKs).
func TestDelayedAckWhenInteractive(t *testing.T) {
	p := newTCPPair(t).connect()
	p.write(p.c, "CONNECT")
	p.run(10 * time.Millisecond)
	p.run(time.Millisecond)
	p.wantRead(p.s, "CONNECT")
	p.write(p.s, "CONNACK")
	p.run(11 * time.Millisecond)
	p.wantRead(p.c, "CONNACK")
	p.write(p.c, "SUBSCRIBE")
	p.run(11 * time.Millisecond)
	p.wantRead(p.s, "SUBSCRIBE")
	p.write(p.s, "SUBACK")
	at := p.net.Now()
	p.run(11 * time.Millisecond)
	p.wantRead(p.c, "SUBACK")
	p.run(time.Second)
	p.wantStory("SUBACK", p.client, at, "ACK delayed")
	if got := p.times(p.client, at)[0]; got < .050 || got > .0582 {
		t.Errorf("acknowledged %.4f s after it was sent, want 0.050 to 0.058", got)
	}
}
