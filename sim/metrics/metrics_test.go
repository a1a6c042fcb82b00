package metrics_test

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/internal/story"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"

	"pgregory.net/rapid"
)

func connected() (*story.Story, netmodel.SocketID, netmodel.SocketID) {
	s := story.New()
	c, b := s.Connect(s.App(trace.ClientConnecting, 0, 1, trace.App{Actor: "client", Attempt: 1}))
	s.Session(c, b, true)
	return s, c, b
}

// lose tells the client's giving up 10 s after its unanswered PINGREQ, and the broker's 1.5 times
// the keepalive after the last packet.
func lose(s *story.Story, c, b netmodel.SocketID) {
	ping, _ := s.At(120).Write(c, 12, 0, story.Keepalive)
	s.At(130)
	lost := s.App(trace.ClientLost, c, ping, trace.App{Actor: "client", Text: "pingresp not received"})
	s.State(c, netmodel.Closed, lost)
	s.At(150)
	gone := s.App(trace.BrokerDisconnect, b, story.Keepalive,
		trace.App{Actor: "broker", Client: "client", Text: "i/o timeout", Expired: true})
	s.State(b, netmodel.FinWait1, gone)
}

// Each side's finding out is measured from the moment at which the line died, with its rule.
func TestWhoNoticesWhen(t *testing.T) {
	s, c, b := connected()
	s.At(67).Cut()
	lose(s, c, b)
	s.At(900)
	timer := s.Net(netmodel.Record{Kind: netmodel.TimerFired, Timer: netmodel.TimerRTO, Socket: b})
	s.Net(netmodel.Record{Kind: netmodel.SocketError, Socket: b, Errno: netmodel.ETIMEDOUT,
		Cause: timer})
	r := metrics.Of(s.End(1000), "client", metrics.Options{})
	for who, want := range map[metrics.Side]struct {
		rule  metrics.Rule
		after time.Duration
	}{
		metrics.ClientProgram: {metrics.PingTimeout, 63 * time.Second},
		metrics.BrokerProgram: {metrics.OneAndAHalf, 83 * time.Second},
		metrics.BrokerKernel:  {metrics.RetriesOver, 833 * time.Second},
	} {
		n, ok := r.Noticed(who)
		if !ok || n.Rule != want.rule || n.After != want.after {
			t.Errorf("%v noticed by %v after %v, want %v after %v", who, n.Rule, n.After, want.rule,
				want.after)
		}
	}
	if _, ok := r.Noticed(metrics.ClientKernel); ok {
		t.Error("the client's kernel is said to have noticed: nobody told it")
	}
}

// One message for each place in which it can end.
func TestEveryPlace(t *testing.T) {
	s, c, b := connected()
	s.At(10)
	s.Deliver(b, s.Publish("home/t", 0)) // delivered
	late := s.Publish("home/t", 0)
	s.At(15).Deliver(b, late)
	s.At(16).Publish("other", 0) // nobody
	s.At(20)
	s.App(trace.BrokerDropped, b, 1, trace.App{Actor: "broker", Client: "client",
		Message: s.Publish("home/t", 1)}) // broker queue
	s.At(67).Cut()
	s.Deliver(b, s.Publish("home/t", 0)) // wire
	m := s.At(68).Publish("home/t", 0)
	s.Queue(b, 3, m, s.Trace.Messages[m-1].Published) // socket buffer
	lose(s, c, b)
	s.At(160).Publish("home/t", 0) // forgotten session
	r := metrics.Of(s.End(300), "client", metrics.Options{})
	bal := r.Balance
	if bal.Sent != 7 || bal.Delivered != 1 || bal.Late != 1 {
		t.Errorf("sent %d delivered %d late %d, want 7 1 1", bal.Sent, bal.Delivered, bal.Late)
	}
	for _, p := range []metrics.Place{metrics.NobodySubscribed, metrics.BrokerQueue, metrics.Wire,
		metrics.SocketBuffer, metrics.ForgottenSession} {
		if bal.Lost[p] != 1 {
			t.Errorf("lost at %v: %d, want 1", p, bal.Lost[p])
		}
	}
	if bal.LostTotal() != 4 {
		t.Errorf("lost %d, want 4: what nobody had asked for is not lost", bal.LostTotal())
	}
}

// Whatever is published, delivered, cut and repeated: the balance comes out.
func TestBalanceAlwaysBalances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c, b := connected()
		at := 10.0
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			at += rapid.Float64Range(0.1, 5).Draw(t, "gap")
			s.At(at)
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				s.Cut()
				s.Deliver(b, s.Publish("home/t", 0))
				s.Heal()
			case 1:
				s.Publish("nobody/t", 0)
			case 2:
				s.App(trace.BrokerUnsubscribed, b, 1,
					trace.App{Actor: "broker", Client: "client", Topic: "home/#"})
			case 3:
				s.Subscribe(c, b, 1)
			case 4:
				m := s.Publish("home/t", 1)
				s.Deliver(b, m)
				s.Deliver(b, m) // twice
			case 5:
				s.Queue(b, 3, s.Publish("home/t", 0), 1)
			default:
				s.Deliver(b, s.Publish("home/t", 0))
			}
		}
		r := metrics.Of(s.End(at+60), "client", metrics.Options{})
		bal := r.Balance
		sum := bal.Delivered + bal.Late + bal.Duplicated
		for p, n := range bal.Lost {
			sum += n
			if n > 0 && metrics.Place(p) == metrics.Delivered {
				t.Fatal("a message is lost in delivery")
			}
		}
		if sum != bal.Sent || bal.Sent < len(s.Trace.Messages) || len(bal.Fates) != bal.Sent {
			t.Fatalf("%+v: parts sum to %d of %d sent", bal, sum, bal.Sent)
		}
		copies := 0
		for _, f := range bal.Fates {
			copies += f.Copies
		}
		if copies != bal.Delivered+bal.Late+bal.Duplicated+bal.Extra {
			t.Fatalf("%+v: %d copies came", bal, copies)
		}
	})
}

// A ping and its answer, 20 ms apart, wake the radio once; two pings a minute apart wake it twice.
func TestWakesMergeWithinTheTail(t *testing.T) {
	s, c, b := connected()
	for _, at := range []float64{60, 120} {
		_, got := s.At(at).Write(c, 12, 0, story.Keepalive)
		s.Write(b, 13, 0, got)
	}
	r := metrics.Of(s.End(3600*24), "client", metrics.Options{Tail: 10 * time.Second})
	tf := r.Traffic
	if tf.Wakes[metrics.Ping] != 2 || tf.Wakes[metrics.Connecting] != 1 {
		t.Errorf("wakes %v, want 2 by pings and 1 by connecting", tf.Wakes)
	}
	if tf.Packets[metrics.Ping] != 4 || tf.PerDay(metrics.Sum(tf.Wakes)) != 3 {
		t.Errorf("packets %v, %v wakes a day, want 4 pings, 3 a day", tf.Packets,
			tf.PerDay(metrics.Sum(tf.Wakes)))
	}
	want := 3*10*time.Second + 20*time.Millisecond*2
	if tf.Awake < want || tf.Awake > want+time.Second {
		t.Errorf("awake for %v, want three tails and what was said", tf.Awake)
	}
}

// A radio that is never left alone for its tail wakes once and never sleeps: what it costs shows in
// the time that it is awake, which is at most the run.
func TestAwakeAllTheTime(t *testing.T) {
	s, c, b := connected()
	for at := 5.0; at < 100; at += 5 {
		_, got := s.At(at).Write(c, 12, 0, story.Keepalive)
		s.Write(b, 13, 0, got)
	}
	tf := metrics.Of(s.End(100), "client", metrics.Options{Tail: 10 * time.Second}).Traffic
	if metrics.Sum(tf.Wakes) != 1 || tf.Awake > 100*time.Second || tf.Awake < 99*time.Second {
		t.Errorf("%v wake-ups, awake for %v of 100 s", tf.Wakes, tf.Awake)
	}
}

// Downtime begins with the first hearing. Who never hears is down from its wish on; who never
// wished, a publisher, is not down.
func TestDowntime(t *testing.T) {
	s, _, _ := connected()
	s.At(100).Cut()
	s.At(160).Heal()
	r := metrics.Of(s.End(300), "client", metrics.Options{})
	if r.Downtime != time.Minute || r.Longest != time.Minute {
		t.Errorf("down for %v, at most %v at a time, want one minute", r.Downtime, r.Longest)
	}
	for _, wishes := range []bool{false, true} {
		s := story.New()
		s.App(trace.ClientConnecting, 0, 1, trace.App{Actor: "client", Attempt: 1})
		want := time.Duration(0)
		if s.At(20); wishes {
			s.App(trace.Action, 0, 1, trace.App{Actor: "client", Name: "subscribe"})
			want = 80 * time.Second
		}
		r := metrics.Of(s.End(100), "client", metrics.Options{})
		if r.Downtime != want || r.Longest != want {
			t.Errorf("never connected, wishes to hear %v: down for %v, want %v", wishes, r.Downtime, want)
		}
	}
}

// MQTT 3.1.1, 4.7: the examples of the standard.
func TestMatch(t *testing.T) {
	for _, c := range []struct {
		filter, topic string
		want          bool
	}{
		{"sport/tennis/player1/#", "sport/tennis/player1", true},
		{"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true},
		{"sport/#", "sport", true}, {"#", "a/b", true}, {"sport/tennis/+", "sport/tennis/player1", true},
		{"sport/tennis/+", "sport/tennis/player1/ranking", false}, {"sport/+", "sport", false},
		{"sport/+", "sport/", true}, {"+/+", "/finance", true}, {"/+", "/finance", true},
		{"+", "/finance", false}, {"#", "$SYS/x", false},
		{"+/monitor/Clients", "$SYS/monitor/Clients", false},
		{"$SYS/#", "$SYS/monitor", true}, {"a/b", "a", false}, {"a", "a/b", false},
	} {
		if got := metrics.Match(c.filter, c.topic); got != c.want {
			t.Errorf("Match(%q, %q) = %v", c.filter, c.topic, got)
		}
	}
}
