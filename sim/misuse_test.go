package sim_test

import (
	"strings"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
)

// What makes no sense is a panic at the line that asks for it: never one of the driver's, and never
// a fault that silently does nothing.
func TestMisuseIsAPanicOfTheCaller(t *testing.T) {
	for want, do := range map[string]func(w *sim.World, l *sim.Link, a *sim.Host){
		"a link joins two hosts": func(w *sim.World, _ *sim.Link, a *sim.Host) {
			w.Link(a, a, slow)
		},
		"there is a host named a": func(w *sim.World, _ *sim.Link, _ *sim.Host) { w.Host("a") },
		`"PingResp" is no MQTT control`: func(_ *sim.World, l *sim.Link, _ *sim.Host) {
			l.Drop(nil, sim.Match{Packet: "PingResp"})
		},
		`"PUBLSH" is no MQTT control`: func(w *sim.World, _ *sim.Link, a *sim.Host) {
			w.When(a, "PUBLSH", 1, nil)
		},
		"c is not an end of the link": func(w *sim.World, l *sim.Link, _ *sim.Host) {
			l.CutFrom(w.Host("c"))
		},
		"conditions with a negative value": func(_ *sim.World, l *sim.Link, _ *sim.Host) {
			l.Worsen(nil, netmodel.Conditions{Latency: -time.Second})
		},
	} {
		err := sim.Run(func(w *sim.World) {
			a := w.Host("a")
			do(w, w.Link(a, w.Host("b"), netmodel.Conditions{}), a)
		})
		if err == nil {
			t.Errorf("nothing says %q", want)
			continue
		}
		wantAll(t, err.Error(), "panic at 0:00.000", want, "sim/misuse_test.go:")
	}
}

// When counts control bits of TCP as well.
func TestWhenCountsSegments(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		a, b := w.Host("a"), w.Host("b")
		w.Link(a, b, netmodel.Conditions{Latency: time.Second})
		arrived := make(chan time.Duration, 1)
		w.When(b, "SYN", 2, func() { arrived <- w.Now() })
		for range 3 {
			_, _ = a.Dial("tcp", "b:1")
		}
		if at := <-arrived; at.Round(time.Second) != 3*time.Second {
			t.Errorf("the second SYN arrived at %v, want 3s", at)
		}
	})
}

// A world ends when it gets too long, also if nothing at all happens in it.
func TestLengthIsLimited(t *testing.T) {
	o := sim.Options{Limits: sim.Limits{Length: time.Hour}}
	err := sim.RunWith(o, func(w *sim.World) error {
		time.Sleep(24 * time.Hour)
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "longer than 1h0m0s of virtual time") {
		t.Errorf("the error is %v", err)
	}
}

func TestMisbehavingNested(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		sim.Test(t, func(*testing.T, *sim.World) {})
	})
}

func TestWorldInAWorld(t *testing.T) {
	out, failed := misbehave(t, "TestMisbehavingNested")
	if !failed {
		t.Error("it passes")
	}
	wantAll(t, out, "a world has no world inside")
}
