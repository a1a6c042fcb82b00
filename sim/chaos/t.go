package chaos

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"halfopen/sim"
)

// T is the test inside one run: a *testing.T as far as a run that may fail a hundred times can be
// one. It satisfies the interfaces of the usual assertion packages.
type T struct {
	name     string
	w        *sim.World
	schedule Schedule
	mu       sync.Mutex
	failed   bool
	log      []string
	cleanups []func()
	ctx      context.Context
	troubled bool
	from     time.Duration // when Trouble was called
}

// failNow is what FailNow panics with.
type failNow struct{}

// Trouble lets the schedule's faults happen, and returns when the last of them is over and all
// links are well again. Call it once, when the world works.
func (t *T) Trouble() {
	if t.troubled {
		t.Fatalf("chaos: Trouble was called twice")
	}
	t.troubled, t.from = true, t.w.Now()
	links := t.w.Links()
	if len(links) == 0 {
		t.Fatalf("chaos: the world has no link that a fault could happen on")
	}
	for _, f := range t.schedule {
		l := links[f.Link%len(links)]
		t.w.At(t.from+f.At, func() {
			if h := f.begin(l); f.For > 0 {
				h.For(f.For)
			}
		})
	}
	time.Sleep(t.schedule.end() + time.Second)
	for _, l := range links {
		l.Heal()
	}
}

// run runs the test's function, and its cleanups.
func (t *T) run(f func(*T, *sim.World)) {
	ctx, cancel := context.WithCancel(context.Background())
	t.ctx = ctx
	defer func() {
		cancel()
		for i := len(t.cleanups) - 1; i >= 0; i-- {
			t.cleanups[i]()
		}
		if p := recover(); p != nil && p != any(failNow{}) {
			panic(p)
		}
	}()
	f(t, t.w)
	if !t.troubled {
		t.Fatalf("chaos: the test never calls t.Trouble()")
	}
}

// Context ends when the test's function has returned.
func (t *T) Context() context.Context { return t.ctx }

// Cleanup calls f when the test's function has returned.
func (t *T) Cleanup(f func()) { t.cleanups = append(t.cleanups, f) }

// Name is the name of the test that runs.
func (t *T) Name() string { return t.name }

// Helper is there for assertion packages.
func (t *T) Helper() {}

// Logf and the methods below are as those of testing.T. The log is printed for the run that is
// reported in the end.
func (t *T) Logf(format string, args ...any) { t.note(fmt.Sprintf(format, args...)) }

// Log: see Logf.
func (t *T) Log(args ...any) { t.note(strings.TrimSuffix(fmt.Sprintln(args...), "\n")) }

func (t *T) note(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.log = append(t.log, text)
}

// Fail marks the run as failed, and goes on.
func (t *T) Fail() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed = true
}

// Failed reports whether the run has failed.
func (t *T) Failed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failed
}

// FailNow fails and ends the run. Only the test's function may call it, not a goroutine it started.
func (t *T) FailNow() {
	t.Fail()
	panic(failNow{})
}

// Errorf is Logf and Fail.
func (t *T) Errorf(format string, args ...any) {
	t.Logf(format, args...)
	t.Fail()
}

// Error is Log and Fail.
func (t *T) Error(args ...any) {
	t.Log(args...)
	t.Fail()
}

// Fatalf is Logf and FailNow.
func (t *T) Fatalf(format string, args ...any) {
	t.Logf(format, args...)
	t.FailNow()
}

// Fatal is Log and FailNow.
func (t *T) Fatal(args ...any) {
	t.Log(args...)
	t.FailNow()
}
