package sim_test

import (
	"net"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"halfopen/netmodel"
	"halfopen/sim"
)

// This file has the mistakes that users make, and what they read about them.

// cutOff is a phone whose line dies after a minute.
func cutOff(t *testing.T, w *sim.World) {
	hub := w.Broker("hub")
	phone := w.Client("phone", hub, sim.DefaultClient())
	radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
	if err := phone.Connect(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
	radio.Cut()
	time.Sleep(time.Minute)
}

func TestMisbehavingPanic(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		cutOff(t, w)
		openFront(nil)
	})
}

func openFront(doors map[string]bool) { doors["front"] = true }

// A panic of the test's function is a failure like any other: with the instant, the line, the rows
// that led to it and the seed. Other tests go on.
func TestPanicIsAFailure(t *testing.T) {
	ownSeeds(t)
	out, failed := misbehave(t, "TestMisbehavingPanic|TestMisbehavingNot", "-test.v")
	if !failed {
		t.Fatal("a panic is no failure")
	}
	wantAll(t, out, "panic at 2:00.080: assignment to entry in nil map\n",
		"halfopen/sim_test.TestMisbehavingPanic.func1\n", "sim/mistakes_test.go:", "PINGREQ",
		"seed:      1", "repeat:    go test", "--- PASS: TestMisbehavingNot")
	if strings.Contains(out, "sim.(*testRun)") || strings.Contains(out, "testing.tRunner") {
		t.Errorf("the calls of the kit are among those of the panic:\n%s", out)
	}
}

func TestMisbehavingGoroutine(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		go func() {
			time.Sleep(time.Minute)
			panic("boom")
		}()
		time.Sleep(time.Hour)
	})
}

// A panic in another goroutine ends the process: the runtime's own words have the seed, and how to
// repeat the run.
func TestPanicElsewhereHasTheSeed(t *testing.T) {
	ownSeeds(t)
	out, _ := misbehave(t, "TestMisbehavingGoroutine", "-sim.seeds=5-9")
	wantAll(t, out, "panic: boom", `"seed": "5"`,
		"go test halfopen/sim -run '^TestMisbehavingGoroutine$' -sim.seed=5")
}

func TestMisbehavingRealDial(t *testing.T) {
	onlyIfAsked(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sim.Test(t, func(t *testing.T, w *sim.World) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Read(make([]byte, 1))
	})
}

// A real socket inside a world stops its time: the user's own line is named, not package net's.
func TestRealSocketIsDiagnosed(t *testing.T) {
	t.Parallel()
	out, failed := misbehave(t, "TestMisbehavingRealDial")
	if !failed {
		t.Fatal("a world that stands still is no failure")
	}
	wantAll(t, out, "stands still at 0:00.000: a goroutine waits for something outside the world:",
		"halfopen/sim_test.TestMisbehavingRealDial.func1 [IO wait]", "sim/mistakes_test.go:",
		"In place of net.Dial", "repeat:    go test")
}

func TestMisbehavingSetUp(t *testing.T) {
	onlyIfAsked(t)
	dial := func(host func(*sim.World) *sim.Host, to string) func(*testing.T) {
		return func(t *testing.T) {
			sim.Test(t, func(t *testing.T, w *sim.World) {
				w.Broker("hub")
				if h := host(w); h != nil {
					_, _ = h.Dial("tcp", to)
				}
				t.Error("nothing works")
			})
		}
	}
	linked := func(w *sim.World) *sim.Host {
		h, middle := w.Host("phone"), w.Host("middle", sim.AsRouter())
		w.Link(h, middle, netmodel.Conditions{})
		w.Link(middle, w.FindHost("hub"), netmodel.Conditions{})
		return h
	}
	t.Run("nobody", dial(func(*sim.World) *sim.Host { return nil }, ""))
	t.Run("unlinked", dial(func(w *sim.World) *sim.Host { return w.Host("phone") }, "hub:1883"))
	t.Run("port", dial(linked, "hub:8883"))
	t.Run("sound", dial(linked, "hub:1883"))
}

// What somebody who is new to the kit forgets is said where it shows: in the failure of the test.
func TestHints(t *testing.T) {
	for name, want := range map[string]string{
		"nobody":   "hint: no program has dialled anybody in this world.",
		"unlinked": "hint: no link (w.Link) leads from phone to hub",
		"port": "hint: phone dialled port 8883 of hub, where nobody has ever listened; " +
			"somebody did on port 1883.",
	} {
		out, _ := misbehave(t, "TestMisbehavingSetUp)$/^("+name)
		wantAll(t, out, want)
	}
	if out, _ := misbehave(t, "TestMisbehavingSetUp)$/^(sound"); strings.Contains(out, "hint") {
		t.Errorf("there is nothing to hint at:\n%s", out)
	}
}

func TestMisbehavingPaho(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Host("phone")
		w.Link(phone, hub.Host, netmodel.Conditions{})
		o := mqtt.NewClientOptions().AddBroker("tcp://" + hub.Addr()).SetClientID("phone")
		mqtt.NewClient(phone.Paho(o)).Connect().Wait()
	})
}

// A client that nobody disconnects is a leak, named once and at the test's own line.
func TestForgottenClient(t *testing.T) {
	out, failed := misbehave(t, "TestMisbehavingPaho")
	if !failed {
		t.Fatal("a forgotten client is no failure")
	}
	wantAll(t, out, "mistakes_test.go:", "paho.mqtt.golang.(*backoffController)",
		"ends with Disconnect only")
	if n := strings.Count(out, "(*backoffController)"); n != 1 {
		t.Errorf("the goroutine is named %d times:\n%s", n, out)
	}
	if strings.Contains(out, "    test.go:") {
		t.Errorf("the failure is in the kit:\n%s", out)
	}
}
