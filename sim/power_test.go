package sim

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

const powerStory = `
run 5m
broker hub
client pump keepalive=30s
link pump hub
at 1s pump subscribe pump/cmd
every 20s from 10s pump publish pump/state "{n}"
at 60s power-off pump for 90s
at 170s hub publish pump/cmd "go"
`

// A device without power does nothing: its program neither notices nor dials nor publishes. When
// the power is back it boots, and its program connects as a new process does.
func TestPowerOffEndsProgramsAndPowerStartsThem(t *testing.T) {
	tr := runText(t, powerStory)
	var dark, up, got int
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.App == nil || ev.App.Actor != "pump" {
			continue
		}
		switch at := ev.At.Duration(); {
		case at > 60*time.Second+time.Millisecond && at < 150*time.Second && ev.Kind != trace.Action:
			dark++
			t.Errorf("at %v, without power: %s", at, tr.Describe(ev))
		case ev.Kind == trace.ClientConnected && at >= 150*time.Second:
			up++
		case ev.Kind == trace.ClientMessage:
			got++
		}
	}
	if up != 1 || got != 1 {
		t.Errorf("with power again it connected %d times and got %d messages, want 1 and 1", up, got)
	}
}

// heal gives a host its power back, too.
func TestHealGivesPowerBack(t *testing.T) {
	tr := runText(t, `
run 2m
broker hub
client pump
link pump hub
at 20s power-off pump
at 40s heal pump
`)
	if n := count(tr, trace.ClientConnected, "pump"); n != 2 {
		t.Errorf("connected %d times, want 2: at the start, and after the power was back", n)
	}
}

// A broker that loses its power forgets what it had not stored, says no goodbye, and boots.
func TestBrokerPowerOff(t *testing.T) {
	tr := runText(t, `
run 3m
broker hub
client pump keepalive=10s max-reconnect-interval=2s
link pump hub
at 20s power-off hub for 30s
`)
	for i := range tr.Events {
		ev := &tr.Events[i]
		if at := ev.At.Seconds(); ev.Kind == netmodel.SegmentSent && at > 20 && at < 50 &&
			tr.Hosts[ev.Host-1].Name == "hub" {
			t.Fatalf("at %v, without power: %s", ev.At, tr.Describe(ev))
		}
	}
	if n := count(tr, trace.ClientConnected, "pump"); n != 2 {
		t.Errorf("connected %d times, want 2: at the start, and when the broker was up again", n)
	}
}

// A broker that is killed, or loses its power, says nothing more: it drops nobody and publishes no
// will. One that starts from its store had dropped nobody either.
func TestDeadBrokerSaysNothing(t *testing.T) {
	for _, end := range []string{"kill", "power"} {
		step := "at 20s hub kill for 10s"
		if end == "power" {
			step = "at 20s power-off hub for 10s"
		}
		tr := runText(t, `
run 2m
broker hub persist=on
client pump session=kept will=pump:gone max-reconnect-interval=2s keepalive=5s
client desk host=hub session=kept
link pump hub
at 1s desk subscribe pump
`+step)
		for i := range tr.Events {
			ev := &tr.Events[i]
			if s := ev.At.Seconds(); s > 19 && s < 31 && (ev.Kind == trace.BrokerDisconnect ||
				ev.Kind == trace.BrokerReceived) {
				t.Errorf("%s: at %v %s", end, ev.At, tr.Describe(ev))
			}
		}
		if count(tr, trace.ClientConnected, "pump") != 2 {
			t.Errorf("%s: the pump did not come back", end)
		}
	}
}

// Programs of your own cannot be ended, so what they ask of a dead host fails.
func TestPowerOffRefusesOwnPrograms(t *testing.T) {
	Test(t, func(t *testing.T, w *World) {
		hub := w.Broker("hub")
		box := w.Host("box")
		w.Link(box, hub.Host, netmodel.Conditions{Latency: time.Millisecond})
		off := box.PowerOff()
		if _, err := box.Dial("tcp", hub.Addr()); err == nil {
			t.Error("a host without power could dial")
		}
		off.Remove()
		c, err := box.Dial("tcp", hub.Addr())
		if err != nil {
			t.Fatalf("with power again: %v", err)
		}
		if _, err := c.Write([]byte{0xc0, 0}); err != nil {
			t.Errorf("with power again: %v", err)
		}
		_ = c.Close()
	})
}

func count(tr *trace.Trace, kind netmodel.Kind, actor string) (n int) {
	for i := range tr.Events {
		if ev := &tr.Events[i]; ev.Kind == kind && ev.App.Actor == actor {
			n++
		}
	}
	return n
}

// Whether the library of a process that is killed still tries to write is up to the Go scheduler.
// It must not show: neither in that run's dice nor in its trace.
func TestKilledProcessesRepeat(t *testing.T) {
	const text = `
run 3m
broker hub
client pump keepalive=30s
client feed host=hub
link pump hub
at 1s pump subscribe pump/cmd
every 7s from 2s feed publish pump/cmd "{n}"
at 20s pump kill for 20s
at 60s power-off pump for 20s
at 100s power-off hub for 20s
`
	first := runText(t, text).Hash()
	for range 20 {
		if h := runText(t, text).Hash(); h != first {
			t.Fatalf("one run gave %s, another %s", first, h)
		}
	}
}
