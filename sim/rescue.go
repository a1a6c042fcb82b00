package sim

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
)

// This file is about tests that end in other ways than by their own judgement: by a panic, or by a
// call that a bubble forbids.

// rescue keeps a panic of the test's function for the report: testing would let it end the process
// without a word about the world, its seed and the other tests.
func (r *testRun) rescue(t *testing.T) {
	if p := recover(); p != nil {
		r.wrong = append(r.wrong, r.w.recovered(p))
		t.FailNow()
	}
}

// recovered says what a panic was about that was just recovered.
func (w *World) recovered(p any) string {
	stack := parseGoroutine(string(debug.Stack()))
	if text, ok := misuseText(p, &stack); ok {
		return text
	}
	return w.panicText(p, &stack)
}

// panicText is a panic with the instant and the calls that led to it, without the standard
// library's and this package's.
func (w *World) panicText(p any, stack *goroutine) string {
	var b strings.Builder
	fmt.Fprintf(&b, "panic at %s: %v", w.clock().Clock(), p)
	shown := 0
	for _, f := range stack.panicked() {
		if f.created || f.standard() || f.simulator() {
			continue
		}
		if shown++; shown > maxPanicFrames {
			b.WriteString("\n  ...")
			break
		}
		fmt.Fprintf(&b, "\n  %s\n      %s", f.function(), f.at)
	}
	return b.String()
}

// maxPanicFrames bounds the calls that are printed of a panic.
const maxPanicFrames = 6

// panicked are the calls that led to a panic: those below the outermost call of the runtime's
// panic, which is the original one if a deferred function had it again.
func (g *goroutine) panicked() []frame {
	from := 0
	for i, f := range g.frames {
		if strings.HasPrefix(f.call, "panic(") {
			from = i + 1
		}
	}
	return g.frames[from:]
}

// misuseText puts the remedy in the place of testing's panics about calls that a bubble forbids.
func misuseText(p any, stack *goroutine) (text string, ok bool) {
	text, _ = p.(string)
	if !strings.Contains(text, "called inside synctest bubble") {
		return "", false
	}
	call, _, _ := strings.Cut(strings.TrimPrefix(text, "testing: "), " called")
	at := goroutine{frames: stack.panicked()}
	return fmt.Sprintf("%s does not work inside sim.Test, where time is virtual: %s\n  %s", call,
		remedies[call], at.place().at), true
}

// remedies says what to do instead of a call of testing.T.
var remedies = map[string]string{
	"t.Run":      "call sim.Test inside t.Run, one world for each case",
	"t.Parallel": "call it before sim.Test",
	"t.Deadline": "the deadline of the test binary is one of real time",
}

// label gives the goroutines of a test's world its seed and the command to repeat it. A panic in
// one of them ends the process, and nobody but the runtime can print anything any more: it prints
// these.
func (r *testRun) label() {
	showLabels()
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(),
		pprof.Labels("seed", fmt.Sprint(r.seed), "repeat", r.repeat)))
}

// showLabels asks the runtime to print goroutines' labels (Go 1.26, GODEBUG=tracebacklabels=1),
// unless the environment has an opinion about that.
var showLabels = sync.OnceFunc(func() {
	if before := os.Getenv("GODEBUG"); !strings.Contains(before, "tracebacklabels=") {
		_ = os.Setenv("GODEBUG", strings.TrimPrefix(before+",tracebacklabels=1", ","))
	}
})

// reportStuck fails a test whose bubble's clock stands still, with the reason. A bubble that waits
// for a mutex can be left behind: it costs nothing. One that spins cannot, and the process has to
// end.
func (r *testRun) reportStuck(t *testing.T, stuck *stuckError) {
	t.Helper()
	text := fmt.Sprintf("%v\n%s", stuck, r.seedLines())
	if !stuck.spins {
		t.Fatalf("%s", text)
	}
	text = strings.ReplaceAll(text, "\n", "\n    ")
	fmt.Fprintf(os.Stderr, "--- FAIL: %s\n    %s\nFAIL\n", t.Name(), text)
	os.Exit(2)
}

// seedLines say with which seed the test ran, and how to run it again.
func (r *testRun) seedLines() string {
	return fmt.Sprintf("seed:      %d\nrepeat:    %s", r.seed, r.repeat)
}
