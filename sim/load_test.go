package sim_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/scenario"
)

// A scenario file is a test: its expect lines, all kinds of them, are checked.
func TestLoad(t *testing.T) {
	ownSeeds(t)
	tr := sim.Load(t, "testdata/tunnel.sim")
	if tr.Length.Duration().Round(time.Second) != 10*time.Minute || tr.Seed != 7 {
		t.Errorf("length %v, seed %d", tr.Length.Duration(), tr.Seed)
	}
}

func TestMisbehavingLoad(t *testing.T) {
	onlyIfAsked(t)
	sim.Load(t, os.Getenv("SIM_TEST_FILE"))
}

// An expect line that does not hold fails as w.Expect does; a transcript is compared, or written.
func TestLoadFails(t *testing.T) {
	ownSeeds(t)
	text, err := os.ReadFile("testdata/tunnel.sim")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "tunnel.sim")
	t.Setenv("SIM_TEST_FILE", file)
	write := func(s string) {
		if err := os.WriteFile(file, []byte(s), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Replace(string(text), "reconnects 1", "reconnects 3", 1))
	out, failed := misbehave(t, "TestMisbehavingLoad")
	if !failed {
		t.Error("a false expectation is no failure")
	}
	at := fmt.Sprint("load_test.go:28: ", file, ":18: ")
	wantAll(t, out, at+"expected: reconnects of phone: exactly 3", "found: there were 1",
		"-sim.seed=7",
		"cut phone hub for 116s")

	write(string(text) + "----\nnothing happens\n")
	out, _ = misbehave(t, "TestMisbehavingLoad")
	wantAll(t, out, "the run is not the transcript", "  line 22\n", "- nothing happens",
		"-sim.update writes the file")
	if out, failed = misbehave(t, "TestMisbehavingLoad", "-sim.update"); failed {
		t.Errorf("writing the transcript failed:\n%s", out)
	}
	if out, failed = misbehave(t, "TestMisbehavingLoad"); failed {
		t.Errorf("the transcript that was written is not that of the run:\n%s", out)
	}
	if out, failed = misbehave(t, "TestMisbehavingLoad", "-sim.seed=8"); failed {
		t.Errorf("the transcript of another seed was compared:\n%s", out)
	}
	write("run 1m\nbroker hub\nclint phone\n")
	out, _ = misbehave(t, "TestMisbehavingLoad")
	wantAll(t, out, "tunnel.sim:3", "client")
}

func TestMisbehavingBeside(t *testing.T) {
	onlyIfAsked(t)
	sim.Play(t, "run 1m\nhost server\n", func(*testing.T, *sim.World) { panic("boom") })
}

// A panic of the program beside a scenario is a failure at its line.
func TestPanicBeside(t *testing.T) {
	out, _ := misbehave(t, "TestMisbehavingBeside")
	wantAll(t, out, "--- FAIL: TestMisbehavingBeside", ": boom\n", "sim/load_test.go:", "seed:")
}

// A program of one's own takes part in a scenario.
func TestPlayBeside(t *testing.T) {
	sim.Play(t, "run 1m\nhost server\nhost client\nlink server client latency=10ms\n",
		func(t *testing.T, w *sim.World) {
			l, err := w.FindHost("server").Listen("tcp", ":7")
			if err != nil {
				t.Fatal(err)
			}
			go echo(l)
			c, err := w.FindHost("client").Dial("tcp", "server:7")
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			fmt.Fprint(c, "hello")
			if b, err := io.ReadAll(io.LimitReader(c, 5)); string(b) != "hello" || err != nil {
				t.Errorf("%q, %v", b, err)
			}
		})
}

// What a world describes is a scenario that plays the same story.
func TestDescribeIsAScenario(t *testing.T) {
	var text string
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		c := sim.DefaultClient()
		c.CleanSession, c.KeepAlive = false, 20*time.Second
		phone := w.Client("phone", hub, c)
		radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		phone.Subscribe("home/#", 1)
		if err := phone.Connect(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second)
		radio.Worsen(nil, netmodel.Conditions{Latency: time.Second}).For(20 * time.Second)
		radio.Drop(phone.Host, sim.Match{Packet: "PINGREQ", Next: 1})
		time.Sleep(time.Minute)
		radio.CutFrom(hub.Host).For(2 * time.Minute)
		_ = hub.Publish("home/door", []byte("open \"now\""), 1, false)
		time.Sleep(8*time.Minute + 30*time.Second - w.Now())
		text = w.Describe()
		w.Expect(t, sim.Reconnects(phone).Exactly(1))
	})
	s, err := scenario.Parse("described", text+"expect phone reconnects 1\nexpect phone receives 1\n")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if _, err := sim.RunScenario(s, sim.Options{}); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// A transcript is a golden file: the handshake, five bytes there and back, and the end.
func TestGolden(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		c, s := simulatedPlace(w).pair(t)
		fmt.Fprint(c, "hello")
		wantRead(t, s, "hello")
		s.Close()
		if _, err := c.Read(make([]byte, 1)); err != io.EOF {
			t.Error(err)
		}
		sim.Golden(t, w)
	})
}
