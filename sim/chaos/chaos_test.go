package chaos_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/chaos"
	"halfopen/sim/scenario"
)

const misbehaves = "SIM_TEST_MISBEHAVES"

// find runs a test with a planted bug in a process of its own, and returns what chaos prints. It
// has to find the bug within ten seconds.
func find(t *testing.T, name string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^"+name+"$")
	cmd.Env = append(os.Environ(), misbehaves+"=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("the bug was not found: %v\n%s", err, out)
	}
	checkScenario(t, string(out))
	return string(out)
}

// checkScenario plays the scenario that a report ends with: it must be one.
func checkScenario(t *testing.T, report string) {
	t.Helper()
	_, text, found := strings.Cut(report, "as a scenario:\n")
	text, _, end := strings.Cut(text, "\nFAIL")
	if !found || !end {
		t.Fatalf("the report has no scenario:\n%s", report)
	}
	s, err := scenario.Parse("report", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if _, err := sim.RunScenario(s, sim.Options{}); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

func onlyIfAsked(t *testing.T) {
	t.Helper()
	if os.Getenv(misbehaves) == "" {
		t.Skip("has a planted bug: another test runs it in a process of its own")
	}
}

func wantAll(t *testing.T, output string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(output, p) {
			t.Errorf("the output lacks %q:\n%s", p, output)
		}
	}
}

// forgetful subscribes once, after the first connect.
func forgetful(t *chaos.T, w *sim.World) {
	hub := w.Broker("hub")
	c := sim.DefaultClient()
	c.Resubscribe = false
	phone := w.Client("phone", hub, c)
	w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
	if err := phone.Connect(); err != nil {
		t.Fatal(err)
	}
	phone.Subscribe("home/#", 1)
	time.Sleep(10 * time.Second)
	t.Trouble()
	time.Sleep(15 * time.Minute)
	if err := hub.Publish("home/door", []byte("open"), 1, false); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
	if n := len(phone.Received()); n != 1 {
		t.Errorf("after the trouble the phone got %d messages, want 1", n)
	}
}

func TestPlantedForgetful(t *testing.T) {
	onlyIfAsked(t)
	chaos.Test(t, forgetful)
}

func TestFindsForgetful(t *testing.T) {
	out := find(t, "TestPlantedForgetful")
	wantAll(t, out, "after the trouble the phone got 0 messages", "chaos.Replay(t, 1, chaos.Schedule{",
		"client phone resubscribe=off", "phone subscribe home/# qos=1")
	if n := strings.Count(out, "Kind: chaos."); n != 1 {
		t.Errorf("the schedule has %d faults, want 1:\n%s", n, out)
	}
}

// patient has no idea of a dead line: no keepalive, neither MQTT's nor TCP's.
func patient(t *chaos.T, w *sim.World) {
	hub := w.Broker("hub", sim.BrokerSockets(sim.SocketOptions{}))
	c := sim.DefaultClient()
	c.KeepAlive, c.Sockets = 0, sim.SocketOptions{}
	phone := w.Client("phone", hub, c)
	carrier := w.Host("carrier", sim.AsRouter())
	w.Link(phone.Host, carrier, netmodel.Conditions{Latency: 20 * time.Millisecond})
	w.Link(carrier, hub.Host, netmodel.Conditions{Latency: 5 * time.Millisecond})
	phone.Subscribe("home/#", 1)
	if err := phone.Connect(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Second)
	stop := every(w, 7*time.Second, func() { _ = hub.Publish("home/tick", []byte("x"), 1, false) })
	t.Trouble()
	stop()
	time.Sleep(20 * time.Minute)
	before := len(phone.Received())
	if err := hub.Publish("home/door", []byte("open"), 1, false); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
	if len(phone.Received()) == before {
		t.Errorf("twenty minutes after the trouble the phone gets nothing")
	}
}

// every calls f each d, until stop is called or the world ends.
func every(w *sim.World, d time.Duration, f func()) (stop func()) {
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(d)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				f()
			case <-done:
				return
			}
		}
	}()
	return func() { close(done) }
}

func TestPlantedPatient(t *testing.T) {
	onlyIfAsked(t)
	chaos.Test(t, patient)
}

func TestFindsNeverGivesUp(t *testing.T) {
	out := find(t, "TestPlantedPatient")
	wantAll(t, out, "twenty minutes after the trouble the phone gets nothing", "chaos.Replay(",
		"client phone keepalive=0s")
}

// counter counts visitors, and believes that QoS 1 means exactly once.
func counter(t *chaos.T, w *sim.World) {
	hub := w.Broker("hub")
	c := sim.DefaultClient()
	c.CleanSession, c.Resubscribe = false, false
	var total, sent atomic.Int32
	c.Options = func(o *mqtt.ClientOptions) {
		o.SetDefaultPublishHandler(func(mqtt.Client, mqtt.Message) { total.Add(1) })
	}
	desk := w.Client("desk", hub, c)
	w.Link(desk.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
	if err := desk.Connect(); err != nil {
		t.Fatal(err)
	}
	desk.MQTT().Subscribe("visitor", 1, nil).Wait()
	stop := every(w, 700*time.Millisecond, func() {
		_ = hub.Publish("visitor", fmt.Append(nil, sent.Add(1)), 1, false)
	})
	time.Sleep(10 * time.Second)
	t.Trouble()
	stop()
	time.Sleep(15 * time.Minute)
	if total.Load() > sent.Load() {
		t.Errorf("%d visitors were counted, and only %d came", total.Load(), sent.Load())
	}
}

func TestPlantedCounter(t *testing.T) {
	onlyIfAsked(t)
	chaos.Test(t, counter)
}

func TestFindsDuplicateHandling(t *testing.T) {
	out := find(t, "TestPlantedCounter")
	wantAll(t, out, "visitors were counted, and only", "chaos.Replay(", "session=kept")
}

// A sound program passes, whatever happens to its links.
func TestSoundClient(t *testing.T) {
	chaos.Test(t, func(t *chaos.T, w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Client("phone", hub, sim.DefaultClient())
		w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		phone.Subscribe("home/#", 1)
		if err := phone.Connect(); err != nil {
			t.Fatal(err)
		}
		t.Trouble()
		time.Sleep(20 * time.Minute)
		if err := hub.Publish("home/door", []byte("open"), 1, false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if n := len(phone.Received()); n != 1 {
			t.Errorf("the phone got %d messages, want 1", n)
		}
	})
}

// Replay repeats what chaos has found.
func TestReplay(t *testing.T) {
	short := chaos.Schedule{{At: 5 * time.Second, Kind: chaos.Cut, For: time.Second}}
	chaos.Replay(t, 1, short, forgetful)
}
