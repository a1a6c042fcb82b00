package chaos

import (
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"

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
		o := h.play(nil)
		if o.failed {
			t.Fatalf("chaos: the test fails without any fault (seed %d):\n%s", seed, o.text)
		}
		h.links = len(o.names)
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
	links int      // how many the world has
	first Schedule // the first that failed
	last  *outcome // the last that failed: in the end, the smallest
}

// outcome is what became of one run.
type outcome struct {
	schedule Schedule
	failed   bool
	text     string
	scenario string
	names    []string // of the world's links: phone-hub
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
		through := false
		defer func() {
			if !through || t.Failed() {
				o.scenario = w.Describe()
			}
		}()
		t.run(h.f)
		through = true
		return nil
	})
	if err != nil {
		t.note(err.Error())
		t.Fail()
	}
	o.failed, o.text, o.names = t.failed, strings.Join(t.log, "\n"), t.names
	h.known[key] = o
	return o
}

// find has rapid look for a schedule that fails, and makes it small.
func (h *hunt) find() bool {
	h.search()
	if h.last == nil {
		return false
	}
	h.first = h.last.schedule
	h.shrink()
	return true
}

// search has rapid look for a schedule that fails.
func (h *hunt) search() {
	checking.Lock()
	defer checking.Unlock()
	setRapidFlags(h.seed)
	defer func() {
		if p := recover(); p != nil && p != any(failNow{}) {
			panic(p)
		}
	}()
	rapid.Check(&quiet{TB: h.t}, func(rt *rapid.T) {
		if o := h.play(schedules.Draw(rt, "faults").on(h.links)); o.failed {
			h.last = o
			rt.Fatalf("fails")
		}
	})
}

// checking lets one search run at a time: what rapid is to do stands in its flags.
var checking sync.Mutex

// rapidFlags are those of rapid's flags that this package sets, with rapid's own defaults.
var rapidFlags = map[string]string{"rapid.seed": "0", "rapid.shrinktime": "30s",
	"rapid.nofailfile": "false"}

// givenFlags are those of them that the command line, or rapid's own environment variables, have
// set.
var givenFlags = sync.OnceValue(func() map[string]bool {
	given := make(map[string]bool)
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, value := range rapidFlags {
		if f := flag.Lookup(name); f != nil && f.DefValue != value {
			given[name] = true
		}
	}
	return given
})

// setRapidFlags sets those of rapid's flags that were not given: the seed, so that runs can be
// repeated; no shrinking, which this package does better; no files, since the report has
// everything.
func setRapidFlags(seed uint64) {
	for name, value := range map[string]string{"rapid.seed": fmt.Sprint(seed | 1<<32),
		"rapid.shrinktime": "0s", "rapid.nofailfile": "true"} {
		if !givenFlags()[name] {
			_ = flag.Set(name, value)
		}
	}
}

// failNow is what quiet's FailNow panics with: rapid calls it on the goroutine of Check.
type failNow struct{}

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

// report prints the smallest schedule that fails: what fails and by which faults, then how to have
// it again.
func (h *hunt) report() string {
	var b strings.Builder
	s := h.last.schedule
	fmt.Fprintf(&b, "chaos: fails with %s:\n", count(len(s), "fault"))
	for _, f := range s {
		fmt.Fprintf(&b, "  %s\n", f.words(h.last.names))
	}
	fmt.Fprintf(&b, "%s\n\nfound in %s with seed %d; the first schedule that failed had %s\n",
		h.last.text, count(h.runs, "run"), h.seed, count(len(h.first), "fault"))
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
