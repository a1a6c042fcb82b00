package explain_test

import (
	"strings"
	"testing"

	"halfopen/netmodel"
	"halfopen/sim/explain"
	"halfopen/sim/internal/story"
	"halfopen/sim/trace"
)

// seed tells the experiment: cut at 67, ping at 120, given up at 130, the broker at 150, healed at
// 183; the second call's SYNs miss the repair, the third gets through at 193; the ghost comes at
// 187.
func seed(resubscribe bool) *trace.Trace {
	s := story.New()
	s.App(trace.BrokerStarted, 0, 1, trace.App{Actor: "broker", Text: "broker:1883"})
	c1, b1 := s.Connect(s.App(trace.ClientConnecting, 0, 1, trace.App{Actor: "client", Attempt: 1}))
	s.Session(c1, b1, true)
	s.At(66).Deliver(b1, message(s, "1419926642"))
	s.At(67).Cut()
	ping, _ := s.At(120).Write(c1, 12, 0, story.Keepalive)
	s.At(126)
	lostMessage := s.Deliver(b1, message(s, "1419926702"))
	s.At(130)
	lost := s.App(trace.ClientLost, c1, ping,
		trace.App{Actor: "client", Text: "pingresp not received, disconnecting"})
	closed := s.App(trace.ClosedByApp, c1, lost, trace.App{Actor: "client"})
	s.State(c1, netmodel.Closed, closed)
	call(s, 130.0, 160.0, lost)
	s.At(150)
	gone := s.App(trace.BrokerDisconnect, b1, story.Keepalive,
		trace.App{Actor: "broker", Client: "client", Text: "i/o timeout", Expired: true})
	s.State(b1, netmodel.FinWait1, s.App(trace.ClosedByApp, b1, gone, trace.App{Actor: "broker"}))
	failed := call(s, 161.0, 0, lost)
	s.At(183).Heal()
	got := s.At(187).Resend(b1, lostMessage, netmodel.SendRTO)
	s.Net(netmodel.Record{Kind: netmodel.SegmentSent, Reason: netmodel.SendResetNoSocket,
		Host: story.Client, Peer: story.Broker, Link: story.Link,
		Cause: got, Seg: &netmodel.Segment{Flags: netmodel.RST}})
	s.At(191)
	refused := s.App(trace.DialFailed, failed, 1, trace.App{Actor: "client", Text: "i/o timeout"})
	s.At(193)
	c2, b2 := s.Connect(refused)
	if resubscribe {
		s.Session(c2, b2, true)
	} else {
		_, in := s.Write(c2, 1, 0, refused)
		s.App(trace.BrokerConnect, b2, in,
			trace.App{Actor: "broker", Client: "client", Text: "clean=1 keepalive=60"})
		s.App(trace.BrokerSession, b2, in, trace.App{Actor: "broker", Client: "client"})
		_, out := s.Write(b2, 2, 0, in)
		s.App(trace.ClientConnected, c2, out, trace.App{Actor: "client"})
	}
	if s.At(246); resubscribe {
		s.Deliver(b2, message(s, "1419926821"))
	}
	return s.End(300)
}

func message(s *story.Story, payload string) trace.MessageID {
	m := s.Publish("home/t", 0)
	s.Trace.Messages[m-1].Payload = []byte(payload)
	return m
}

// call tells a dial with one SYN that the cut eats, and its failure if it has one.
func call(s *story.Story, at, failed float64, cause trace.ID) netmodel.SocketID {
	s.At(at)
	s.Trace.Sockets = append(s.Trace.Sockets,
		trace.Socket{Host: story.Client, Actor: "client", ISS: 5000})
	c := netmodel.SocketID(len(s.Trace.Sockets))
	dial := s.App(trace.DialStarted, c, cause, trace.App{Actor: "client", Text: "broker:1883"})
	s.Pass(c, netmodel.Segment{Seq: 5000, Flags: netmodel.SYN}, netmodel.SendHandshake, dial)
	if failed > 0 {
		s.At(failed).App(trace.DialFailed, c, dial, trace.App{Actor: "client", Text: "i/o timeout"})
	}
	return c
}

// The summary answers the questions with the numbers of this very run.
func TestSummaryOfTheSeed(t *testing.T) {
	text := explain.Summary(seed(true), "", explain.EN)
	for _, want := range []string{
		"Why did the client call?",
		"At 2:10.000 client gave up: PINGREQ was written at 2:00.000, and 10 s passed without PINGRESP",
		"client knows an address to call, and broker only listens: client called 4 times in this run",
		"It called at 2:10.000: i/o timeout after 30 s.",
		"10.1 s after the path was whole again (3:03.000) and 63 s after it had given up",
		"The call of 2:41.000 had sent its last SYN at 2:41.000, which was lost",
		"stayed unused for 8 s",
		"After the failure at 3:11.000 it waited 2 s before it called again",
		"The client's program: at 2:10.000, 63 s after the line had died.",
		"The broker's program: at 2:30.000, 83 s after the line had died.",
		"The broker's kernel: not by itself. Its program closed the connection at 2:30.000.",
		"the lie lasted 83 s in all",
		"Yes: at 3:13", "session present=0", "(clean session)", "The client subscribed again at 3:13",
		"3 sent = 2 delivered in time + 1 lost.",
		"Lost on the wire: 1419926702 of 2:06.000.",
		"Data flowed again at 4:06", "63 s after the path was whole again",
		"At 3:07.010 PUBLISH of the old connection reached client", "answered RST",
		"It carried no FIN: broker closed at 2:30.000 while PUBLISH was still unacknowledged",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the summary does not say %q:\n%s", want, text)
		}
	}
}

// The same run without subscribing again: the summary says that it was necessary, and what it cost.
func TestSummaryOfTheDeaf(t *testing.T) {
	text := explain.Summary(seed(false), "", explain.EN)
	if !strings.Contains(text, "did not subscribe again: connected and deaf for 107 s") {
		t.Errorf("the summary does not tell of deafness:\n%s", text)
	}
}

// The chain of the client's giving up ends at the setting, and beside it stands the lost PINGREQ
// with the cut that ate it.
func TestWhyTheClientGaveUp(t *testing.T) {
	tr := seed(true)
	x := explain.New(tr)
	for i := range tr.Events {
		if tr.Events[i].Kind != trace.ClientLost {
			continue
		}
		e := x.Explain(trace.ID(i+1), explain.EN)
		last := tr.Event(e.Chain[len(e.Chain)-1])
		if last.Kind != trace.Setting || last.App.Text != "60s" {
			t.Errorf("the chain ends at %v, want the keepalive setting", last)
		}
		if len(e.Beside) != 2 || tr.Event(e.Beside[0]).Kind != netmodel.SegmentDropped ||
			tr.Event(e.Beside[1]).Kind != netmodel.FaultBegan {
			t.Errorf("beside it: %v, want the loss of PINGREQ and the cut", e.Beside)
		}
		if !strings.Contains(e.Source.Name, "ping.go") {
			t.Errorf("source %q, want paho's ping.go", e.Source.Name)
		}
		text := x.Text(trace.ID(i+1), explain.JA)
		if !strings.Contains(text, "10 秒たっても PINGRESP が来なかった") {
			t.Errorf("in Japanese: %s", text)
		}
	}
}

// Every event of the story has a sentence in both languages, with no gap left open.
func TestEveryEventHasASentence(t *testing.T) {
	tr := seed(true)
	x := explain.New(tr)
	for i := range tr.Events {
		for l := range explain.NumLangs {
			checkSentence(t, x.Sentence(trace.ID(i+1), l))
		}
	}
	for l := range explain.NumLangs {
		checkSentence(t, explain.Summary(tr, "", l))
	}
}

func checkSentence(t *testing.T, s string) {
	t.Helper()
	if s == "" || strings.ContainsAny(s, "{}[]") || strings.Contains(s, "%!") {
		t.Errorf("not a sentence: %q", s)
	}
}
