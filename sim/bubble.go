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

	"halfopen/netmodel"
)

// This file is the only one that knows how virtual time is had outside tests: testing/synctest runs
// its bubble with a zero testing.T. Go does not promise that; TestBubbleWithZeroT explains itself
// when a release breaks it. On a zero T, Errorf, FailNow and Log crash: nobody here calls them.

// bubble runs f on a goroutine of its own in a synctest bubble and returns its error. alive is
// asked about progress, on the wall clock, from outside: see watch.
func bubble(f func() error, alive *pulse) error {
	unpin := pinProcs()
	defer unpin()
	result := make(chan error, 1)
	go func() {
		var err error
		defer func() {
			if p := recover(); p != nil && err == nil { // goroutines that are left are in err already
				err = bubblePanic(p, alive)
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
func bubblePanic(p any, alive *pulse) error {
	text := fmt.Sprint(p)
	if strings.Contains(text, "deadlock") {
		return fmt.Errorf("goroutines of the simulated programs never ended:\n%s",
			describeGoroutines(bubbleID(alive.bubble.Load()).goroutines()))
	}
	return fmt.Errorf("panic in the simulation: %s", text)
}

// pulse is what a watchdog looks at: both numbers stand still only in a run that is stuck.
type pulse struct {
	progress   atomic.Int64 // virtual time
	operations atomic.Int64
	bubble     atomic.Int64 // the bubbleID of the run, once it has begun
}

// patience is how long, on the wall clock, a run may show no progress before it is given up. A
// variable for tests.
var patience = 10 * time.Second

// looks is how often the watchdog looks in that time. It counts looks and not time, because a
// process that a debugger stops, or a machine that sleeps, makes no progress either.
const looks = 10

// ErrStuck is wrapped by the error of a run whose virtual time stands still: a program spins, waits
// for something outside the bubble, or holds a mutex that another wants across a virtual wait. Go
// cannot end such a bubble; its goroutines stay until the process ends.
var ErrStuck = errors.New("virtual time stands still")

// stuckError is ErrStuck with what can be said about it.
type stuckError struct {
	at    time.Duration // virtual
	text  string
	spins bool // a goroutine runs: the bubble cannot be left alone
}

// Error implements error.
func (e *stuckError) Error() string {
	return fmt.Sprintf("%v at %s: %s", ErrStuck, netmodel.Time(e.at).Clock(), e.text)
}

// Unwrap makes it an ErrStuck.
func (e *stuckError) Unwrap() error { return ErrStuck }

func watch(result <-chan error, alive *pulse) error {
	tick := time.NewTicker(patience / looks)
	defer tick.Stop()
	var last [2]int64
	for still := 0; ; still++ {
		select {
		case err := <-result:
			return err
		case <-tick.C:
		}
		if now := [2]int64{alive.progress.Load(), alive.operations.Load()}; now != last {
			last, still = now, 0
		}
		if still == looks {
			text, spins := stuckText(bubbleID(alive.bubble.Load()).goroutines())
			return &stuckError{at: time.Duration(last[0]), text: text, spins: spins}
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
	ballast()
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
var ballast = sync.OnceValue(func() []byte { return make([]byte, 16<<20) })
