package sim_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
)

// misbehaves is set in the process that runs the tests below which are meant to fail.
const misbehaves = "SIM_TEST_MISBEHAVES"

// misbehave runs one of the tests named Misbehaving... in a process of its own and returns what it
// prints.
func misbehave(t *testing.T, name string, args ...string) (output string, failed bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"-test.run", "^(" + name + ")$"}, args...)...)
	cmd.Env = append(os.Environ(), misbehaves+"=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), err != nil
}

// ownSeeds undoes what the environment of this process asks for.
func ownSeeds(t *testing.T) {
	t.Helper()
	t.Setenv("SIM_SEED", "")
	t.Setenv("SIM_SEEDS", "")
}

func onlyIfAsked(t *testing.T) {
	t.Helper()
	if os.Getenv(misbehaves) == "" {
		t.Skip("meant to fail: another test runs it in a process of its own")
	}
	sim.SetPatience(2 * time.Second)
}

func wantAll(t *testing.T, output string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(output, p) {
			t.Errorf("the output lacks %q:\n%s", p, output)
		}
	}
}

func TestMisbehavingExpectation(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		c := sim.DefaultClient()
		c.Resubscribe = false
		phone := w.Client("phone", hub, c)
		radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond})
		if err := phone.Connect(); err != nil {
			t.Fatal(err)
		}
		phone.Subscribe("home/#", 0)
		time.Sleep(90 * time.Second)
		radio.Cut().For(2 * time.Minute)
		time.Sleep(10 * time.Minute)
		w.Expect(t, sim.NeverDeaf(phone, 20*time.Second), sim.Reconnects(phone).Exactly(0),
			sim.NoticedWithin(phone, time.Second), sim.Pings(phone).AtMost(3),
			sim.Attempts(phone).AtMost(1), sim.BackWithin(phone, time.Second))
	}, sim.WithSeed(7))
}

var (
	wallTime = regexp.MustCompile(`\(\d+\.\d+s\)`)
	testLine = regexp.MustCompile(`kit_test\.go:\d+:`)
)

// What a failed test prints is for people: it is a golden file, and at most 40 lines.
func TestFailureOutput(t *testing.T) {
	ownSeeds(t)
	out, failed := misbehave(t, "TestMisbehavingExpectation")
	if !failed {
		t.Fatalf("the test did not fail:\n%s", out)
	}
	out = testLine.ReplaceAllString(wallTime.ReplaceAllString(out, "(0.00s)"), "kit_test.go:NN:")
	if n := strings.Count(out, "\n"); n > 40 {
		t.Errorf("%d lines of output, want at most 40", n)
	}
	sim.GoldenText(t, "failure.txt", out)
}

// The line that a failure prints repeats it, and the seed is the one that was asked for.
func TestFailureRepeats(t *testing.T) {
	ownSeeds(t)
	out, _ := misbehave(t, "TestMisbehavingExpectation", "-sim.seed=23")
	wantAll(t, out, "seed:      23", "-sim.seed=23",
		"go test halfopen/sim -run '^TestMisbehavingExpectation$'")
	again, _ := misbehave(t, "TestMisbehavingExpectation", "-sim.seed=23")
	if a, b := wallTime.ReplaceAllString(out, ""), wallTime.ReplaceAllString(again, ""); a != b {
		t.Errorf("two runs with one seed:\n%s\n%s", a, b)
	}
	out, _ = misbehave(t, "TestMisbehavingExpectation", "-sim.seeds=30-40")
	wantAll(t, out, "seed:      30")
	if strings.Contains(out, "seed:      31") {
		t.Error("the test went on after the first seed that failed")
	}
	t.Setenv("SIM_SEEDS", "50-60")
	out, _ = misbehave(t, "TestMisbehavingExpectation")
	wantAll(t, out, "seed:      50")
	t.Setenv("SIM_SEED", "41") // one seed is more to the point than many
	out, _ = misbehave(t, "TestMisbehavingExpectation")
	wantAll(t, out, "seed:      41")
	out, _ = misbehave(t, "TestMisbehavingExpectation", "-sim.seeds=3-1")
	wantAll(t, out, `"3-1" is not a range of seeds`)
}

// With -artifacts a failed test leaves everything that is needed to look at it.
func TestArtefacts(t *testing.T) {
	dir := t.TempDir()
	out, _ := misbehave(t, "TestMisbehavingExpectation", "-test.artifacts", "-test.outputdir="+dir)
	found := make(map[string]int64)
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, _ := d.Info()
			found[d.Name()] = info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"player.html", "capture.pcapng", "transcript.txt",
		"ladder.svg", "trace.jsonl"} {
		if found[name] == 0 {
			t.Errorf("no %s among the artefacts %v:\n%s", name, found, out)
		}
	}
}

func TestMisbehavingLeak(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		for range 3 {
			go forgotten()
		}
		go func() { <-make(chan int) }()
	})
}

// forgotten is a goroutine that nobody ends.
func forgotten() {
	for {
		time.Sleep(time.Second)
	}
}

// A goroutine that is left over is named with its line and where it was started; other tests go on.
func TestLeakIsNamed(t *testing.T) {
	out, failed := misbehave(t, "TestMisbehavingLeak|TestMisbehavingNot", "-test.v")
	if !failed {
		t.Fatal("a leak is no failure")
	}
	wantAll(t, out, "4 goroutines are left", "3 times: halfopen/sim_test.forgotten [sleep]",
		"sim/kit_test.go:", "started by halfopen/sim_test.TestMisbehavingLeak",
		"--- PASS: TestMisbehavingNot")
}

func TestMisbehavingNot(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) { time.Sleep(time.Hour) })
}

// store guards a map with a mutex, and waits for the network inside.
type cache struct {
	name string
	mu   sync.Mutex
}

func (c *cache) refresh() {
	c.mu.Lock()
	defer c.mu.Unlock()
	time.Sleep(time.Minute) // stands for a request
}

func (c *cache) get() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.name
}

func TestMisbehavingMutex(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		c := &cache{name: "x"}
		go c.refresh()
		time.Sleep(time.Second)
		c.get()
	})
}

// A mutex that is held across a virtual wait stops time: both goroutines are named, and the remedy.
func TestMutexIsDiagnosed(t *testing.T) {
	t.Parallel()
	out, failed := misbehave(t, "TestMisbehavingMutex|TestMisbehavingNot", "-test.v")
	if !failed {
		t.Fatal("a world that stands still is no failure")
	}
	wantAll(t, out, "virtual time stands still", "This goroutine wants it:",
		"halfopen/sim_test.(*cache).get [sync.Mutex.Lock]", "to all appearances, holds it",
		"halfopen/sim_test.(*cache).refresh [sleep]", "Remedy: do not hold a mutex across a wait",
		"--- PASS: TestMisbehavingNot")
}

func TestMisbehavingSpin(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		for w.Now() < time.Second {
		}
	})
}

// A goroutine that never waits cannot be left behind: the process ends, and says why.
func TestSpinIsDiagnosed(t *testing.T) {
	t.Parallel()
	out, failed := misbehave(t, "TestMisbehavingSpin")
	if !failed {
		t.Fatal("a world that stands still is no failure")
	}
	wantAll(t, out, "--- FAIL: TestMisbehavingSpin", "a goroutine runs without ever waiting",
		"TestMisbehavingSpin")
}

func TestMisbehavingRun(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		t.Run("inside", func(*testing.T) {})
	})
}

// t.Run inside a bubble is testing's panic; here it comes with what to do instead.
func TestRunInsideIsExplained(t *testing.T) {
	out, _ := misbehave(t, "TestMisbehavingRun")
	wantAll(t, out, "t.Run does not work inside sim.Test", "call sim.Test inside t.Run")
}

func TestMisbehavingStrict(t *testing.T) {
	onlyIfAsked(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		c := sim.DefaultClient()
		c.Resubscribe = false
		phone := w.Client("phone", hub, c)
		radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{})
		_ = phone.Connect()
		phone.Subscribe("home/#", 0)
		time.Sleep(time.Minute)
		radio.Cut().For(3 * time.Minute)
		time.Sleep(10 * time.Minute)
	}, sim.Strict())
}

// Strict makes the warnings failures: deafness is caught with no assertion written.
func TestStrictCatchesDeafness(t *testing.T) {
	out, failed := misbehave(t, "TestMisbehavingStrict")
	if !failed {
		t.Error("a deaf client is no failure in strict mode")
	}
	wantAll(t, out, "warning (strict): phone was deaf for")
}

// The user's own synctest.Wait works in a world.
func TestSynctestWait(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		done := false
		go func() { done = true }()
		synctest.Wait()
		if !done {
			t.Error("synctest.Wait came back before the goroutine was through")
		}
	})
}

// Worlds in parallel do not know of each other.
func TestParallel(t *testing.T) {
	for _, name := range []string{"a", "b", "c", "d"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim.Test(t, func(t *testing.T, w *sim.World) {
				hub := w.Broker("hub")
				phone := w.Client("phone", hub, sim.DefaultClient())
				w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: time.Millisecond})
				if err := phone.Connect(); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Hour)
				w.Expect(t, sim.Reconnects(phone).Exactly(0))
			})
		})
	}
}

// The flags exist in test binaries only.
func TestFlagsOnlyInTests(t *testing.T) {
	out, err := exec.Command("go", "run", "./testdata/flags").CombinedOutput()
	if err != nil || !bytes.Equal(bytes.TrimSpace(out), []byte("no flags")) {
		t.Errorf("%s %v", out, err)
	}
}
