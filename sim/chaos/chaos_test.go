package chaos_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
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

// find runs a test with a planted bug in a process of its own, for several of rapid's seeds, and
// returns what chaos prints for each. It has to find the bug within ten seconds of processor time,
// and to leave one fault of whole seconds.
func find(t *testing.T, name string) []string {
	t.Helper()
	var reports []string
	for seed := 1; seed <= 4; seed++ {
		cmd := exec.Command(os.Args[0], "-test.run", "^"+name+"$", fmt.Sprint("-rapid.seed=", seed))
		cmd.Env = append(os.Environ(), misbehaves+"=1")
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			t.Fatalf("the bug was not found: %v\n%s", err, out)
		}
		if took := exit.UserTime() + exit.SystemTime(); took > 10*time.Second {
			t.Errorf("with rapid's seed %d it took %v", seed, took)
		}
		report := string(out)
		checkScenario(t, report)
		if n := strings.Count(report, "Kind: chaos."); n != 1 || strings.Contains(report, "Millisecond") {
			t.Errorf("%d faults, want 1 of whole seconds:\n%s", n, report)
		}
		reports = append(reports, report)
	}
	return reports
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
	for _, out := range find(t, "TestPlantedForgetful") {
		wantAll(t, out, "after the trouble the phone got 0 messages",
			"chaos.Replay(t, 1, chaos.Schedule{", "{At: 0, Kind: chaos.Cut, Link: 0, For: 30 * time.Second}",
			"client phone resubscribe=off", "phone subscribe home/# qos=1")
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
	for _, out := range find(t, "TestPlantedPatient") {
		wantAll(t, out, "twenty minutes after the trouble the phone gets nothing", "chaos.Replay(",
			"client phone keepalive=0s")
	}
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
	stop := every(w, 1700*time.Millisecond, func() {
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
	for _, out := range find(t, "TestPlantedCounter") {
		wantAll(t, out, "visitors were counted, and only", "chaos.Replay(", "session=kept",
			"Kind: chaos.Cut")
	}
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

// wrong ends in another way than by a failure in the test's own goroutine.
func wrong(how func(t *chaos.T)) func(*chaos.T, *sim.World) {
	return func(t *chaos.T, w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Client("phone", hub, sim.DefaultClient())
		w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		if err := phone.Connect(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(phone.Disconnect)
		t.Trouble()
		how(t)
	}
}

func TestPlantedPanic(t *testing.T) {
	onlyIfAsked(t)
	t.Run("panic", func(t *testing.T) {
		chaos.Replay(t, 1, nil, wrong(func(*chaos.T) { panic("boom") }))
	})
	t.Run("elsewhere", func(t *testing.T) {
		chaos.Replay(t, 1, nil, wrong(func(t *chaos.T) {
			done := make(chan bool)
			go func() {
				defer close(done)
				t.Fatal("from another goroutine")
			}()
			<-done
		}))
	})
	t.Run("fatal", func(t *testing.T) {
		chaos.Replay(t, 1, nil, wrong(func(t *chaos.T) { fail(t) }))
	})
}

func fail(t *chaos.T) {
	t.Helper()
	t.Fatal("from a helper")
}

// A run may end by a panic, by FailNow of any goroutine, in a helper: each is a failure that says
// where.
func TestEndsOfARun(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run", "^TestPlantedPanic$")
	cmd.Env = append(os.Environ(), misbehaves+"=1")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Error("it passes")
	}
	wantAll(t, string(out), "panic at ", ": boom\n", "chaos_test.TestPlantedPanic.func1.1\n",
		"chaos_test.go:", ": from another goroutine", "chaos_test.go:", ": from a helper")
	if n := strings.Count(string(out), "--- FAIL"); n != 4 {
		t.Errorf("%d tests fail, want 4:\n%s", n, out)
	}
}

func TestPlantedNothing(t *testing.T) {
	onlyIfAsked(t)
	chaos.Test(t, func(t *chaos.T, w *sim.World) {
		w.Link(w.Host("a"), w.Host("b"), netmodel.Conditions{})
		before := w.Now()
		t.Trouble()
		fmt.Printf("%d: %v\n", w.Seed(), w.Now()-before)
	})
}

// Each seed has schedules of its own; one seed has the same ones each time.
func TestSeedsHaveSchedules(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run", "^TestPlantedNothing$", "-test.count=2",
		"-sim.seeds=3-4", "-rapid.checks=10")
	cmd.Env = append(os.Environ(), misbehaves+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	of := make(map[string][]string)
	for line := range strings.Lines(string(out)) {
		if seed, took, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			of[seed] = append(of[seed], took)
		}
	}
	three, four := of["3"], of["4"]
	if n := len(three); n < 20 || n%2 != 0 || len(four) != n {
		t.Fatalf("%d runs with seed 3 and %d with seed 4:\n%s", n, len(four), out)
	}
	if half := len(three) / 2; slices.Equal(three, four) || !slices.Equal(three[:half], three[half:]) {
		t.Errorf("seed 3 had %v, seed 4 had %v", three, four)
	}
}
