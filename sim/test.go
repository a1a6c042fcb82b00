package sim

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// Test runs f in a world of its own, in virtual time: see the package documentation. f is ordinary
// blocking Go, and t is the test inside the bubble: t.Context ends, and t.Cleanup runs, in virtual
// time. When f has returned, programs may come to their end for another virtual hour; a goroutine
// of theirs that is still there is a failure that names it.
//
// A failed test prints the rows of the ladder that matter, what each side believed, the seed, and
// how to repeat it. The flags -sim.seed=N and -sim.seeds=1-100 (SIM_SEED and SIM_SEEDS in the
// environment) run the test with other seeds; it stops at the first that fails. -sim.until=1234
// stops the world at a step that a ladder names, or at an instant (2m11s), and prints what led
// there: see Breakpoint.
//
// t.Parallel must come before Test. t.Run and t.Parallel do not work inside: call Test inside
// t.Run.
func Test(t *testing.T, f func(t *testing.T, w *World), opts ...TestOption) {
	t.Helper()
	c := newTestConfig(opts)
	seeds, err := c.seeds()
	if err != nil {
		t.Fatal(err)
	}
	for _, seed := range seeds {
		runTest(t, c, seed, f)
		if t.Failed() {
			t.FailNow()
		}
	}
}

// A TestOption changes how a test runs its world.
type TestOption func(*testConfig)

type testConfig struct {
	options Options
	strict  bool
}

func newTestConfig(opts []TestOption) *testConfig {
	c := &testConfig{options: Options{Seed: DefaultSeed}}
	for _, o := range opts {
		o(c)
	}
	return c
}

// WithSeed gives the world another seed than DefaultSeed. Flags and environment come first.
func WithSeed(seed uint64) TestOption {
	return func(c *testConfig) { c.options.Seed = seed }
}

// StartAt sets what the clock shows when the world starts. Default: DefaultStart.
func StartAt(start time.Time) TestOption {
	return func(c *testConfig) { c.options.Start = start }
}

// Strict makes failures of the warnings about what is almost always a mistake: see Warnings.
func Strict() TestOption { return func(c *testConfig) { c.strict = true } }

// IdealClock lets the writes of w.Client take no time at all. By default they take some
// microseconds, sometimes none, because with code that takes no time each comparison of clocks
// comes out equal, and paho always gives up at its first look after the ping timeout, which real
// machines do in one case of five.
func IdealClock() TestOption { return func(c *testConfig) { c.options.Ideal = true } }

// WithLimits sets other limits than the default ones.
func WithLimits(l Limits) TestOption { return func(c *testConfig) { c.options.Limits = l } }

// runTest runs f once. The bubble has a goroutine of its own, so that this one can look after it: a
// bubble that never becomes idle cannot be ended, only left behind.
func runTest(t *testing.T, c *testConfig, seed uint64, f func(t *testing.T, w *World)) *World {
	t.Helper()
	if thisBubble() != 0 {
		t.Fatal("sim.Test, or synctest.Test, is under way already: a world has no world inside")
	}
	defer pinProcs()()
	o := c.options
	o.Seed = seed
	stop, err := parseUntil(flags.until)
	if err != nil {
		t.Fatal(err)
	}
	r := &testRun{alive: new(pulse), until: stop, seed: seed,
		repeat: repeatLine(t.Name(), seed)}
	result := make(chan error, 1)
	go func() {
		var err error
		defer func() {
			if p := recover(); p != nil {
				err = bubblePanic(p, r.alive)
			}
			result <- err // after t.FailNow, too, which ends this goroutine
		}()
		synctest.Test(t, func(t *testing.T) { r.inside(t, o, f) })
	}()
	err = watch(result, r.alive)
	if stuck := new(stuckError); errors.As(err, &stuck) {
		r.reportStuck(t, stuck) // its goroutines are still there: nothing of its world may be touched
		return nil
	}
	if r.w == nil {
		t.Fatal(err)
	}
	if err != nil && len(r.wrong) == 0 && !t.Failed() {
		r.wrong = append(r.wrong, err.Error())
	}
	r.report(t, c)
	if stop != nil {
		t.Error(stop.missed(&r.w.rec.Trace))
	}
	return r.w
}

// testRun is one run of a test's function.
type testRun struct {
	alive  *pulse
	until  *until // where to stop, or nil
	seed   uint64
	repeat string // the command that runs it again
	w      *World
	wrong  []string // what went wrong beside the test's own failures, for the report
}

// inside is what happens in the bubble.
func (r *testRun) inside(t *testing.T, o Options, f func(t *testing.T, w *World)) {
	r.label()
	w := newWorld(o, r.alive)
	r.w = w
	if r.until != nil {
		w.stopAt(t.Name(), r.until)
	} else {
		go w.endWhenFailed()
	}
	// The first cleanup runs last: after the test's own, which may still use the network, and after
	// t.Context has ended.
	t.Cleanup(func() {
		w.Close()
		if w.err != nil {
			r.wrong = append(r.wrong, w.err.Error())
		}
		if left := bubbleID(r.alive.bubble.Load()).wait(); len(left) > 0 {
			r.wrong = append(r.wrong, leakText(left))
		}
	})
	defer r.rescue(t)
	f(t, w)
}
