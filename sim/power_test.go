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
