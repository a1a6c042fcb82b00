package chaos

import (
	"context"
	"fmt"
	"path"
	"runtime"
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
	helpers  map[string]bool // functions that called Helper
	cleanups []func()
	ctx      context.Context
	troubled bool
	names    []string // of the world's links
}

// Trouble lets the schedule's faults happen, and returns when the last of them is over and all
// links are well again. Call it once, when the world works.
func (t *T) Trouble() {
	if t.troubled {
		t.Fatalf("chaos: Trouble was called twice")
	}
	t.troubled = true
	links := t.w.Links()
	if len(links) == 0 {
		t.Fatalf("chaos: the world has no link that a fault could happen on")
	}
	for _, l := range links {
		a, b := l.Ends()
		t.names = append(t.names, a.Name()+"-"+b.Name())
	}
	from := t.w.Now()
	for _, f := range t.schedule {
		l := links[f.Link%len(links)]
		t.w.At(from+f.At, func() {
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

// run runs the test's function, and its cleanups, also if FailNow or a panic ends it.
func (t *T) run(f func(*T, *sim.World)) {
	ctx, cancel := context.WithCancel(context.Background())
	t.ctx = ctx
	defer func() {
		cancel()
		for i := len(t.cleanups) - 1; i >= 0; i-- {
			t.cleanups[i]()
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

// Helper marks the calling function as one whose lines are of no interest: what it logs has the
// line that called it.
func (t *T) Helper() {
	var pc [1]uintptr
	runtime.Callers(2, pc[:])
	f, _ := runtime.CallersFrames(pc[:]).Next()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.helpers == nil {
		t.helpers = make(map[string]bool)
	}
	t.helpers[f.Function] = true
}

// Logf and the methods below are as those of testing.T. The log is printed for the run that is
// reported in the end.
func (t *T) Logf(format string, args ...any) { t.note(t.line() + fmt.Sprintf(format, args...)) }

// Log: see Logf.
func (t *T) Log(args ...any) {
	t.note(t.line() + strings.TrimSuffix(fmt.Sprintln(args...), "\n"))
}

// line is the place in the user's code that logs something, "door_test.go:12: ".
func (t *T) line() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var pcs [20]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if strings.HasPrefix(f.Function, "halfopen/sim.") && !t.helpers[f.Function] {
			return "" // it is this package that has something to say
		}
		if !t.helpers[f.Function] && !strings.HasPrefix(f.Function, "halfopen/sim/chaos.") {
			return fmt.Sprintf("%s:%d: ", path.Base(f.File), f.Line)
		}
	}
	return ""
}

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

// FailNow fails and ends the calling goroutine, and with it the run, if that is the goroutine of
// the test's function.
func (t *T) FailNow() {
	t.Fail()
	runtime.Goexit()
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
