package sim

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// This file is the only one that knows how virtual time is had outside tests: testing/synctest runs
// its bubble with a zero testing.T. Go does not promise that; TestBubbleWithZeroT explains itself
// when a release breaks it. On a zero T, Errorf, FailNow and Log crash: nobody here calls them.

// bubble runs f on a goroutine of its own in a synctest bubble and returns its error. stuck is
// asked about progress, on the wall clock, from outside: see watchdog.
func bubble(f func() error, alive *pulse) error {
	unpin := pinProcs()
	defer unpin()
	result := make(chan error, 1)
	go func() {
		var err error
		defer func() {
			if p := recover(); p != nil {
				err = bubblePanic(p)
			}
			result <- err
		}()
		synctest.Test(new(testing.T), func(*testing.T) {
			defer func() {
				if p := recover(); p != nil {
					err = fmt.Errorf("panic in the simulation: %v\n%s", p, debug.Stack())
				}
			}()
			err = f()
		})
	}()
	return watch(result, alive)
}

// bubblePanic turns the runtime's complaint that goroutines are left over into an error that names
// them.
func bubblePanic(p any) error {
	text := fmt.Sprint(p)
	if strings.Contains(text, "deadlock") {
		return fmt.Errorf("goroutines of the simulated programs never ended:\n%s",
			describeGoroutines(bubbleGoroutines()))
	}
	return fmt.Errorf("panic in the simulation: %s", text)
}

// pulse is what a watchdog looks at: both numbers stand still only in a run that is stuck.
type pulse struct {
	progress   atomic.Int64 // virtual time
	operations atomic.Int64
}

// patience is how long, on the wall clock, a run may show no progress before it is given up. A
// variable for tests.
var patience = 10 * time.Second

// ErrStuck is wrapped by the error of a run whose virtual time stands still: a program spins, waits
// for something outside the bubble, or holds a mutex that another wants across a virtual wait. Go
// cannot end such a bubble; its goroutines stay until the process ends.
var ErrStuck = errors.New("virtual time stands still")

func watch(result <-chan error, alive *pulse) error {
	tick := time.NewTicker(patience / 10)
	defer tick.Stop()
	var last [2]int64
	since := time.Now()
	for {
		select {
		case err := <-result:
			return err
		case <-tick.C:
		}
		now := [2]int64{alive.progress.Load(), alive.operations.Load()}
		if now != last {
			last, since = now, time.Now()
		} else if time.Since(since) >= patience {
			return fmt.Errorf("%w at %v for %v:\n%s", ErrStuck, time.Duration(last[0]), patience,
				describeGoroutines(bubbleGoroutines()))
		}
	}
}

// procs counts the runs that want one processor. With more, programs race themselves on one
// connection, and a run is slower by a quarter or more (DESIGN.md, "One processor").
var procs struct {
	sync.Mutex
	runs, before int
}

func pinProcs() (unpin func()) {
	layBallast()
	procs.Lock()
	defer procs.Unlock()
	if procs.runs++; procs.runs == 1 {
		procs.before = runtime.GOMAXPROCS(1)
	}
	return sync.OnceFunc(func() {
		procs.Lock()
		defer procs.Unlock()
		if procs.runs--; procs.runs > 0 {
			return
		}
		if os.Getenv("GOMAXPROCS") == "" && procs.before == runtime.NumCPU() {
			runtime.SetDefaultGOMAXPROCS()
			return
		}
		runtime.GOMAXPROCS(procs.before)
	})
}

// ballast makes the collector patient. It runs first when the heap has 4 MB, and then each time
// that has doubled: but a trace of an hour is half of that, and would be read again and again while
// it grows. An allocation that nobody touches, and that so takes no memory, has it begin at 36 MB:
// an hour costs a sixth less. The heap of a large world dwarfs it, and is collected as always.
var ballast []byte

var layBallast = sync.OnceFunc(func() { ballast = make([]byte, 16<<20) })

// goroutine is one goroutine of a bubble, read from a stack dump.
type goroutine struct {
	header string
	frames []string
}

// blocked says whether only the world outside, or a mutex, can wake it: such a goroutine keeps the
// bubble's clock from moving.
func (g *goroutine) blocked() bool { return !strings.Contains(g.header, "(durable)") }

// bubbleGoroutines reads the stacks of all goroutines that are in a bubble.
func bubbleGoroutines() []goroutine {
	buf := make([]byte, 1<<20)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) || len(buf) >= 64<<20 {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	var gs []goroutine
	for _, dump := range strings.Split(string(buf), "\n\n") {
		lines := strings.Split(strings.TrimSpace(dump), "\n")
		if strings.Contains(lines[0], "synctest bubble") {
			gs = append(gs, goroutine{lines[0], lines[1:]})
		}
	}
	return gs
}

// describeGoroutines prints those that hold the clock first, with where each waits and where it was
// started, without the frames of the runtime. At most ten.
func describeGoroutines(gs []goroutine) string {
	var b strings.Builder
	n := 0
	for _, wantBlocked := range []bool{true, false} {
		for i := range gs {
			g := &gs[i]
			if g.blocked() != wantBlocked || g.ours() {
				continue
			}
			if n++; n > 10 {
				fmt.Fprintf(&b, "  ... and more of %d goroutines\n", len(gs))
				return b.String()
			}
			g.describe(&b)
		}
	}
	return b.String()
}

// ours reports whether the goroutine is the simulator's driver or the bubble's own.
func (g *goroutine) ours() bool {
	all := strings.Join(g.frames, "\n")
	return strings.Contains(all, "sim.(*World).drive(") || strings.Contains(all, "synctest.Run") ||
		strings.Contains(all, "sim.bubbleGoroutines")
}

func (g *goroutine) describe(b *strings.Builder) {
	fmt.Fprintf(b, "  %s\n", strings.TrimSuffix(g.header, ":"))
	shown := 0
	for i := 0; i+1 < len(g.frames); i += 2 {
		fn, at := g.frames[i], strings.TrimSpace(g.frames[i+1])
		created := strings.HasPrefix(fn, "created by ")
		if !created && (shown >= 3 || inRuntime(fn)) {
			continue
		}
		if i := strings.LastIndex(at, " +0x"); i > 0 {
			at = at[:i]
		}
		if i := strings.LastIndex(fn, "("); i > 0 && !created {
			fn = fn[:i]
		}
		fmt.Fprintf(b, "    %s\n      %s\n", fn, at)
		shown++
	}
}

func inRuntime(fn string) bool {
	for _, p := range []string{"runtime.", "sync.", "internal/", "time.Sleep", "testing"} {
		if strings.HasPrefix(fn, p) {
			return true
		}
	}
	return false
}
