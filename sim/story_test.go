package sim

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// story is the experiment in its shortest form: a message in the cut, a reconnect, a ghost.
const story = `seed 1
run 5m
broker broker
client client keepalive=60s connect-timeout=5s max-reconnect-interval=2s
client feed host=broker keepalive=1h tcp-keepalive=off
link client broker latency=10ms
at 0s client subscribe t
every 60s from 66.9s feed publish t "{n}"
at 67s cut client broker for 116s
`

func runText(t *testing.T, text string) *trace.Trace {
	t.Helper()
	s, err := scenario.Parse("test", text)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := RunScenario(s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// The subscriber is cut off for two minutes. Nobody is told; its PINGREQ goes unanswered; it calls
// again with the same client id and subscribes again; and the broker's old connection, which still
// retransmits, meets a RST.
func TestSeedStory(t *testing.T) {
	tr := runText(t, story)
	var got []string
	for i := range tr.Events {
		if ev := &tr.Events[i]; ev.Kind == trace.ClientMessage {
			got = append(got, string(ev.App.Payload))
		}
	}
	if want := "1 3 4"; strings.Join(got, " ") != want {
		t.Errorf("the program got messages %v, want %s: only 2 was sent into the cut", got, want)
	}
	lost := find(t, tr, trace.ClientLost)
	ping := tr.Event(lost.Cause)
	if ping == nil || ping.Kind != trace.Wrote || !wrote(tr, lost.Cause, "PINGREQ") {
		t.Errorf("the client's loss is due to event %d, want its unanswered PINGREQ", lost.Cause)
	}
	if d := lost.At.Sub(ping.At); d < 10*time.Second || d > 15*time.Second {
		t.Errorf("it gave up %v after the PINGREQ, want 10 s, or 15 s at the next look", d)
	}
	ghost := findSent(t, tr, netmodel.SendResetNoSocket)
	if ghost.At < netmodel.Time(183*time.Second) {
		t.Errorf("the ghost is answered at %v, in the middle of the cut", ghost.At)
	}
}

func find(t *testing.T, tr *trace.Trace, kind netmodel.Kind) *trace.Event {
	t.Helper()
	for i := range tr.Events {
		if tr.Events[i].Kind == kind {
			return &tr.Events[i]
		}
	}
	t.Fatalf("the trace has no event of kind %d", kind)
	return nil
}

func findSent(t *testing.T, tr *trace.Trace, why netmodel.Reason) *trace.Event {
	t.Helper()
	for i := range tr.Events {
		if ev := &tr.Events[i]; ev.Kind == netmodel.SegmentSent && ev.Reason == why {
			return ev
		}
	}
	t.Fatalf("no segment was sent for reason %d", why)
	return nil
}

// wrote reports whether the packet of that name was written by the event.
func wrote(tr *trace.Trace, id trace.ID, name string) bool {
	for i := range tr.Sockets {
		for j := range tr.Sockets[i].Packets {
			if p := &tr.Sockets[i].Packets[j]; p.Event == id && p.Name() == name {
				return true
			}
		}
	}
	return false
}

// One scenario, one trace: whatever the processor count, and beside another world.
func TestSameTraceEveryTime(t *testing.T) {
	want := runText(t, story).Hash()
	for _, procs := range []int{1, 2, 4} {
		before := runtime.GOMAXPROCS(procs)
		for range 5 {
			if got := runText(t, story).Hash(); got != want {
				t.Errorf("with GOMAXPROCS=%d the hash is %s, want %s", procs, got, want)
			}
		}
		if now := runtime.GOMAXPROCS(0); now != procs {
			t.Errorf("the run left GOMAXPROCS at %d, want %d as before", now, procs)
		}
		runtime.GOMAXPROCS(before)
	}
}

// Another seed is another run, and an edit at time t changes nothing before t.
func TestFaultChangesNothingBefore(t *testing.T) {
	plain := runText(t, story)
	edited := runText(t, story+"at 200s cut client > broker for 5s\n")
	at := netmodel.Time(200 * time.Second)
	n := 0
	for n < len(plain.Events) && plain.Events[n].At < at {
		n++
	}
	if len(edited.Events) < n {
		t.Fatalf("the edited run has %d events, the first %d should be equal", len(edited.Events), n)
	}
	for i := range n {
		a, b := &plain.Events[i], &edited.Events[i]
		if a.At != b.At || a.Kind != b.Kind || a.Socket != b.Socket || a.Cause != b.Cause {
			t.Fatalf("event %d before the edit changed:\n%+v\n%+v", i+1, a, b)
		}
	}
}

// A ticker of the program that is due together with paho's own is a tie, and is named.
func TestTieIsNamed(t *testing.T) {
	var tr *trace.Trace
	err := Run(func(w *World) {
		hub := w.Broker("hub")
		c := DefaultClient()
		c.KeepAlive, c.Ideal = 60*time.Second, true
		phone := w.Client("phone", hub, c)
		w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 10 * time.Millisecond})
		_ = phone.Connect() // paho's keepalive ticker starts in this very instant
		time.Sleep(60 * time.Second)
		phone.Publish("t", 0, false, []byte("x"))
		time.Sleep(time.Second)
		tr = w.Trace()
	})
	if err != nil {
		t.Fatal(err)
	}
	if tr.Ties == 0 {
		t.Fatal("a publish and a PINGREQ of one instant were not reported as a tie")
	}
	if ev := find(t, tr, trace.Tie); !strings.Contains(ev.App.Text, "phone") {
		t.Errorf("the tie says %q: whose timers?", ev.App.Text)
	}
}
