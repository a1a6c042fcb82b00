package sim

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/explain"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// until is where -sim.until asks a test's world to stop: a step, which is the number of an event as
// ladders and trace.jsonl print it, or an instant.
type until struct {
	step trace.ID      // 0: at an instant
	at   time.Duration // since the world's start
}

func parseUntil(text string) (*until, error) {
	if text == "" {
		return nil, nil
	}
	if n, err := strconv.ParseInt(text, 10, 32); err == nil && n > 0 {
		return &until{step: trace.ID(n)}, nil
	}
	if d, err := scenario.ParseDuration(text); err == nil && d > 0 {
		return &until{at: d}, nil
	}
	return nil, fmt.Errorf("-sim.until=%s: neither the number of a step, such as 1234, "+
		"nor an instant, such as 2m11.2s", text)
}

// Breakpoint is called when a world arrives at what -sim.until asks for, before it is printed and
// the process ends. It does nothing: set a debugger's breakpoint here (dlv test -- -test.run ...,
// break halfopen/sim.Breakpoint), and look at what the goroutines of your program are about. None
// of them has gone further than the step.
//
//go:noinline
func Breakpoint() {}

// stopAt has the world stop at u: the ladder up to there is printed, and the process ends. There is
// no other end in the middle of a test: its goroutines cannot be taken from it.
func (w *World) stopAt(test string, u *until) {
	w.mu.Lock()
	w.prompt = true // no program shall go further than the step
	if u.step > 0 {
		w.limits.Events = int(u.step) - 1 // the driver says when there are more
	}
	w.mu.Unlock()
	go func() {
		if u.step == 0 && !w.sleepUntil(u.at) {
			return
		}
		if u.step > 0 {
			select {
			case <-w.failed:
			case <-w.over:
				return
			}
		}
		Breakpoint()
		tr := w.Snapshot()
		last := u.step
		if u.step == 0 {
			last = lastBefore(tr, netmodel.Time(u.at))
		}
		if int(last) > len(tr.Events) { // another limit was in the way: the test reports it
			return
		}
		dump(os.Stdout, test, cut(tr, last))
		os.Exit(1)
	}()
}

// missed says that a test was over before the world came to where it should stop.
func (u *until) missed(tr *trace.Trace) string {
	if u.step > 0 {
		return fmt.Sprintf("-sim.until=%d: the run ended before; it has %d steps", u.step,
			len(tr.Events))
	}
	return fmt.Sprintf("-sim.until=%s: the run ended before, at %s", durationText(u.at),
		tr.Length.Clock())
}

// lastBefore is the last event at or before t.
func lastBefore(tr *trace.Trace, t netmodel.Time) trace.ID {
	n, _ := slices.BinarySearchFunc(tr.Events, t+1, func(ev trace.Event, t netmodel.Time) int {
		return int(min(max(ev.At-t, -1), 1))
	})
	return trace.ID(n)
}

// cut is the trace as it was when event last had happened. What was under way then has not arrived,
// and faults go on.
func cut(tr *trace.Trace, last trace.ID) *trace.Trace {
	t := *tr
	t.Events = tr.Events[:last:last]
	if last > 0 {
		t.Length = t.Events[last-1].At + 1 // what it has changed is the state of affairs
	}
	t.Faults = nil
	for _, f := range tr.Faults {
		if f.Begin > t.Length {
			break
		}
		if f.End > t.Length {
			f.End = netmodel.Never
		}
		t.Faults = append(t.Faults, f)
	}
	return &t
}

// dumpLines is how much of the ladder is printed: the end of it.
const dumpLines = 1000

// dump prints a run that was stopped: its ladder, the last step and why it happened, and what each
// side believes.
func dump(out io.Writer, test string, tr *trace.Trace) {
	last := trace.ID(len(tr.Events))
	rows := strings.Split(strings.TrimRight(steps(tr), "\n"), "\n")
	if n := len(rows) - dumpLines; n > 2 {
		rows = append(append(rows[:2:2], fmt.Sprintf("         ... %d rows above", n-2)), rows[n:]...)
	}
	fmt.Fprintf(out, "%s\n\n", strings.Join(rows, "\n"))
	fmt.Fprintf(out, "%s stops at step %d of seed %d.\n", test, last, tr.Seed)
	fmt.Fprintf(out, "%s\n", explain.New(tr).Text(last, explain.EN))
	for _, name := range belief.Clients(tr) {
		if s := beliefs(tr, name, tr.Length); s != "" {
			fmt.Fprintf(out, "%s: %s\n", name, s)
		}
	}
}

// steps is the whole ladder, with the number of each step.
func steps(tr *trace.Trace) string {
	var b strings.Builder
	_ = tr.Ladder(&b, trace.LadderOptions{Steps: true}) // a Builder takes everything
	return b.String()
}
