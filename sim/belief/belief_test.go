package belief_test

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/internal/story"
	"halfopen/sim/trace"
)

// seed tells the experiment in short: connected at 0, cut at 67, ping at 120, the client gives up
// at 130, the broker closes at 150, the path heals at 183, the client is back at 193.
func seed() (*story.Story, [4]netmodel.SocketID) {
	s := story.New()
	connecting := s.App(trace.ClientConnecting, 0, 1, trace.App{Actor: "client", Attempt: 1})
	c1, b1 := s.Connect(connecting)
	s.Session(c1, b1, true)
	s.At(67).Cut()
	ping, _ := s.At(120).Write(c1, 12, 0, story.Keepalive)
	s.At(121).Resend(c1, ping, netmodel.SendRTO)
	s.At(130)
	lost := s.App(trace.ClientLost, c1, ping,
		trace.App{Actor: "client", Text: "pingresp not received"})
	s.App(trace.ClientReconnecting, 0, lost, trace.App{Actor: "client"})
	s.App(trace.ClosedByApp, c1, lost, trace.App{Actor: "client"})
	s.State(c1, netmodel.FinWait1, lost)
	s.At(150)
	gone := s.App(trace.BrokerDisconnect, b1, story.Keepalive,
		trace.App{Actor: "broker", Client: "client", Text: "i/o timeout", Expired: true})
	s.State(b1, netmodel.FinWait1, gone)
	s.At(183).Heal()
	s.At(185)
	s.State(c1, netmodel.Closed, s.Trace.Events[0].Cause)
	s.State(b1, netmodel.Closed, 1)
	again := s.At(193).App(trace.ClientConnecting, 0, lost, trace.App{Actor: "client", Attempt: 3})
	c2, b2 := s.Connect(again)
	s.Session(c2, b2, true)
	return s, [4]netmodel.SocketID{c1, b1, c2, b2}
}

// The cut tells nobody: client and broker go on believing until their own clocks run out. The lie
// is from the cut to the later of the two.
func TestLieOfTheSeed(t *testing.T) {
	s, _ := seed()
	l := belief.Of(s.End(300), "client")
	lie := l.Lie()
	want := belief.Set{{Begin: 67e9, End: 150e9}}
	if len(lie.Spans) != 1 || lie.Spans[0] != want[0] {
		t.Fatalf("the lie is %v, want from the cut at 67 s to the broker's close at 150 s", lie.Spans)
	}
	for lane, end := range map[belief.Lane]time.Duration{belief.ClientApp: 130 * time.Second,
		belief.ClientTCP: 130 * time.Second, belief.BrokerTCP: 150 * time.Second,
		belief.BrokerSession: 150 * time.Second} {
		if got := lie.Lanes[lane].Total(); got != end-67*time.Second {
			t.Errorf("%v lied for %v, want %v", lane, got, end-67*time.Second)
		}
	}
	if lie.Total != 83*time.Second {
		t.Errorf("total %v, want 83s", lie.Total)
	}
}

// Each lane tells its own story, without gaps, and says what began each span.
func TestLanesOfTheSeed(t *testing.T) {
	s, sock := seed()
	tr := s.End(300)
	l := belief.Of(tr, "")
	for lane, want := range map[belief.Lane][]belief.State{
		belief.ClientApp: {belief.Connecting, belief.Connected, belief.Waiting, belief.TryingAgain,
			belief.Connected},
		belief.ClientTCP: {belief.SynSent, belief.Established, belief.Retransmitting, belief.FinWait1,
			belief.None, belief.SynSent, belief.Established},
		belief.Path: {belief.Open, belief.Cut, belief.Open},
		belief.BrokerTCP: {belief.None, belief.SynReceived, belief.Established, belief.FinWait1,
			belief.None, belief.SynReceived, belief.Established},
		belief.BrokerSession: {belief.None, belief.Deaf, belief.Session, belief.None, belief.Deaf,
			belief.Session},
	} {
		var got []belief.State
		at := netmodel.Time(0)
		for _, sp := range l.Lane[lane] {
			got = append(got, sp.State)
			if sp.Begin != at {
				t.Errorf("%v: a gap at %v", lane, at)
			}
			at = sp.End
			if sp.Begin > 0 && sp.Cause == 0 {
				t.Errorf("%v: the span %v has no cause", lane, sp.State)
			}
		}
		if at != l.End {
			t.Errorf("%v ends at %v, the run at %v", lane, at, l.End)
		}
		if !equal(got, want) {
			t.Errorf("%v:\n got %v\nwant %v", lane, got, want)
		}
	}
	if sp := l.At(belief.ClientApp, 125e9); sp.Socket != sock[0] || !sp.Up {
		t.Errorf("at 125 s the client waits for an answer on its first connection, got %+v", *sp)
	}
	if since, dead := l.DeadSince(sock[0], 130e9); !dead || since != 67e9 {
		t.Errorf("the first connection was dead since 67 s, got %v %v", since, dead)
	}
}

func equal(a, b []belief.State) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// A goodbye in order is not a lie: for one one-way trip the broker does not know yet, and that is
// word on its way. The same disagreement over a cut path counts from its first moment.
func TestGoodbyeIsNoLie(t *testing.T) {
	for _, cut := range []bool{false, true} {
		s := story.New()
		c, b := s.Connect(1)
		s.Session(c, b, true)
		if cut {
			s.At(20).Cut()
		}
		bye := s.At(20).App(trace.ClientDisconnect, c, 1, trace.App{Actor: "client"})
		s.State(c, netmodel.FinWait1, bye)
		s.At(20.02)
		end := s.App(trace.BrokerDisconnect, b, bye,
			trace.App{Actor: "broker", Client: "client", Text: "EOF", Expired: true})
		s.State(b, netmodel.CloseWait, end)
		l := belief.Of(s.End(30), "client")
		want := time.Duration(0)
		if cut {
			want = 20 * time.Millisecond
		}
		if got := l.Lie().Total; got != want {
			t.Errorf("cut %v: lie %v, want %v", cut, got, want)
		}
	}
}

// Subscribing makes the difference between connected and deaf.
func TestDeafWithoutSubscription(t *testing.T) {
	s, sock := seed()
	s.At(200).App(trace.BrokerUnsubscribed, sock[3], 1,
		trace.App{Actor: "broker", Client: "client", Topic: "home/#"})
	l := belief.Of(s.End(300), "client")
	if got := l.Deafness().Total(); got < 100*time.Second || got > 101*time.Second {
		t.Errorf("deaf for %v, want the 100 s after unsubscribing, and a moment at each connect", got)
	}
	h := l.Hearing()
	if len(h) != 2 || h[0].End != 67e9 || h[1].End != 200e9 {
		t.Errorf("the client could hear during %v, want until the cut, and from its return to 200 s", h)
	}
}

// A new address ends the connections that there are. Those made later begin with it, and are whole.
func TestLieOfAnAddressThatChanged(t *testing.T) {
	s := story.New()
	c1, b1 := s.Connect(s.App(trace.ClientConnecting, 0, 1, trace.App{Actor: "client", Attempt: 1}))
	s.Session(c1, b1, true)
	s.At(60)
	s.Trace.Faults = append(s.Trace.Faults, trace.Fault{Text: "address client 10.9.9.9",
		Host: story.Client, Begin: s.Now, End: netmodel.Never})
	moved := s.Net(netmodel.Record{Kind: netmodel.FaultBegan, Fault: 1})
	lost := s.At(130).App(trace.ClientLost, c1, moved, trace.App{Actor: "client"})
	s.State(c1, netmodel.FinWait1, lost)
	c2, b2 := s.Connect(lost)
	s.App(trace.BrokerTakeover, b1, lost, trace.App{Actor: "broker", Client: "client"})
	s.State(b1, netmodel.FinWait1, lost)
	s.Session(c2, b2, true)
	l := belief.Of(s.End(300), "client")
	if got := l.Lie().Total; got < 70*time.Second || got > 71*time.Second {
		t.Errorf("the lie is %v long, want 70s, until the client gave its old address up", got)
	}
	if p := l.Lane[belief.Path]; p[len(p)-1].State != belief.Open {
		t.Errorf("the path of the new connection is %v, want open", p[len(p)-1].State)
	}
}
