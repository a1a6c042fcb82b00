package chaos

import (
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"halfopen/sim"
)

// Test looks for a schedule of faults that makes f fail: see the package documentation. It runs f
// first without any fault, then with 100 schedules (-rapid.checks). The schedules follow from the
// seed (-sim.seed), so that a test that passes today passes tomorrow; -sim.seeds=1-50 looks longer.
func Test(t *testing.T, f func(t *T, w *sim.World)) {
	t.Helper()
	seeds, err := sim.Seeds()
	if err != nil {
		t.Fatal(err)
	}
	for _, seed := range seeds {
		h := &hunt{t: t, seed: seed, f: f, known: make(map[string]*outcome)}
		if o := h.play(nil); o.failed {
			t.Fatalf("chaos: the test fails without any fault (seed %d):\n%s", seed, o.text)
		}
		if h.find() {
			t.Fatalf("%s", h.report())
		}
	}
}

// Replay runs f once with the given faults, and fails if f does: what Test prints calls it.
func Replay(t *testing.T, seed uint64, s Schedule, f func(t *T, w *sim.World)) {
	t.Helper()
	h := &hunt{t: t, seed: seed, f: f, known: make(map[string]*outcome)}
	if o := h.play(s); o.failed {
		t.Fatalf("chaos: with seed %d and %d faults:\n%s", seed, len(s), o.text)
	}
}

// hunt is the search with one seed.
type hunt struct {
	t     *testing.T
	seed  uint64
	f     func(*T, *sim.World)
	known map[string]*outcome // a run follows from its schedule: rapid asks for many twice
	runs  int
	first Schedule // the first that failed
	last  *outcome // the last that failed: in the end, the smallest
}

// outcome is what became of one run.
type outcome struct {
	schedule Schedule
	failed   bool
	text     string
	scenario string
	from     time.Duration
}

// play runs the test's function in a world with a schedule's faults.
func (h *hunt) play(s Schedule) *outcome {
	key := s.GoString()
	if o := h.known[key]; o != nil {
		return o
	}
	h.runs++
	o := &outcome{schedule: s}
	t := &T{name: h.t.Name(), schedule: s}
	err := sim.RunWith(sim.Options{Seed: h.seed}, func(w *sim.World) error {
		t.w = w
		t.run(h.f)
		if t.Failed() {
			o.scenario = w.Describe()
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	o.failed, o.text, o.from = t.failed, strings.Join(t.log, "\n"), t.from
	h.known[key] = o
	return o
}

// find has rapid look for a schedule that fails and make it small.
func (h *hunt) find() (found bool) {
	setRapidDefaults(h.seed)
	defer func() {
		if p := recover(); p != nil && p != any(failNow{}) {
			panic(p)
		}
		found = h.last != nil
	}()
	rapid.Check(&quiet{TB: h.t}, func(rt *rapid.T) {
		o := h.play(schedules.Draw(rt, "faults"))
		if o.failed {
			if h.first == nil {
				h.first = o.schedule
			}
			h.last = o
			rt.Fatalf("fails")
		}
	})
	return false
}

var rapidOnce sync.Once

// setRapidDefaults sets those of rapid's flags that were not given: the seed, so that runs can be
// repeated; less time for shrinking than its 30 s; no files, since the report has everything.
func setRapidDefaults(seed uint64) {
	rapidOnce.Do(func() {
		given := make(map[string]bool)
		flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
		for name, value := range map[string]string{"rapid.seed": fmt.Sprint(seed | 1<<32),
			"rapid.shrinktime": "5s", "rapid.nofailfile": "true"} {
			if !given[name] {
				_ = flag.Set(name, value)
			}
		}
	})
}

// quiet is the testing.TB that rapid reports to: the report of this package is the only one.
type quiet struct {
	testing.TB
	failed bool
}

// Logf and the others implement rapid.TB.
func (q *quiet) Logf(string, ...any)   {}
func (q *quiet) Log(...any)            {}
func (q *quiet) Errorf(string, ...any) { q.failed = true }
func (q *quiet) Error(...any)          { q.failed = true }
func (q *quiet) Fail()                 { q.failed = true }
func (q *quiet) Failed() bool          { return q.failed }
func (q *quiet) FailNow()              { q.failed = true; panic(failNow{}) }
func (q *quiet) Fatalf(string, ...any) { q.FailNow() }
func (q *quiet) Fatal(...any)          { q.FailNow() }

// report prints the smallest schedule that fails.
func (h *hunt) report() string {
	var b strings.Builder
	s := h.last.schedule
	fmt.Fprintf(&b, "chaos: found in %d runs, made smaller from %s to %s (seed %d)\n%s\n", h.runs,
		count(len(h.first), "fault"), count(len(s), "fault"), h.seed, h.last.text)
	fmt.Fprintf(&b, "\nas Go (f is the function given to chaos.Test):\n\n")
	code := fmt.Sprintf("chaos.Replay(t, %d, %#v, f)", h.seed, s)
	fmt.Fprintf(&b, "\t%s\n", strings.ReplaceAll(code, "\n", "\n\t"))
	fmt.Fprintf(&b, "\nas a scenario:\n\n\t%s",
		strings.ReplaceAll(strings.TrimSpace(h.last.scenario), "\n", "\n\t"))
	return b.String()
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
