package sim

import (
	"flag"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"
	"testing"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/trace"
)

// The parts of a failed test's output. Together they stay below 40 lines, so that the output fits a
// screen: ladderLines and 8 for the first expectation, 3 for each further one, 5 in the end.
const (
	ladderEvents  = 12
	ladderLines   = 17
	maxBecause    = 4
	shownFailures = 3 // after these, failed expectations are only counted
)

// failures is what a World knows about its failed expectations.
type failures struct {
	n      int
	ladder bool     // the rows were printed
	focus  trace.ID // the event that they are around
	unmet  []string // what a scenario's expect lines have to say, for the report
}

// Helper and Errorf make it a tester for expectations that stand in no line of Go.
func (f *failures) Helper() {}
func (f *failures) Errorf(format string, args ...any) {
	f.unmet = append(f.unmet, fmt.Sprintf(format, args...))
}

// explain is the text of a failed expectation: what was expected, what was found instead, why, and
// for the first one of a world the rows of the ladder and what each side believed.
func (w *World) explain(tr *trace.Trace, x Expectation, v Verdict) string {
	w.failures.n++
	var b strings.Builder
	fmt.Fprintf(&b, "%sexpected: %s\n%s   found: %s", x.at, x.text, blank(x.at), v.Found)
	if w.failures.n > 1 {
		if len(v.Because) > 0 {
			fmt.Fprintf(&b, "\n          %s", v.Because[0])
		}
		return b.String()
	}
	for i, line := range v.Because {
		if i == maxBecause {
			break
		}
		fmt.Fprintf(&b, "\n          %s", line)
	}
	focus := moment(tr)
	if len(v.Around) > 0 {
		focus = v.Around[0]
	}
	b.WriteString(ladderText(tr, x.who, focus))
	w.failures.ladder, w.failures.focus = true, focus
	return b.String()
}

func blank(s string) string { return strings.Repeat(" ", len(s)) }

// ladderOf draws some events of a run, with their numbers: -sim.until takes them.
func ladderOf(tr *trace.Trace, ids []trace.ID) string {
	var b strings.Builder
	only := func(id trace.ID) bool {
		_, found := slices.BinarySearch(ids, id)
		return found
	}
	o := trace.LadderOptions{Width: 100, Steps: true, Only: only}
	_ = tr.Ladder(&b, o) // a Builder takes everything
	return b.String()
}

// ladderText is the rows around an event and what each side believed then, or in the end.
func ladderText(tr *trace.Trace, client string, focus trace.ID) string {
	var b strings.Builder
	r := newRows(tr)
	text := ""
	for n := ladderEvents; n > 2; n-- {
		ids := r.around(focus, n)
		if text = ladderOf(tr, ids); strings.Count(text, "\n") <= ladderLines {
			break
		}
	}
	b.WriteString("\n\n" + text)
	at := tr.Length
	if ev := tr.Event(focus); ev != nil {
		at = ev.At
	}
	if client == "" {
		client = firstClient(tr)
	}
	if s := beliefs(tr, client, at); s != "" && client != "" {
		b.WriteString("  believes, " + s + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// report prints, after the bubble, what a failed test needs beyond its own words: the rows that
// matter, if no expectation has printed them, the seed, the line to repeat it, the artefacts. A
// test that has not failed gets its run's warnings.
func (r *testRun) report(t *testing.T, c *testConfig) {
	t.Helper()
	tr := &r.w.rec.Trace
	for _, text := range append(r.wrong, r.w.failures.unmet...) {
		t.Error(text)
	}
	for _, w := range Warnings(tr) {
		if c.strict {
			t.Errorf("warning (strict): %s", w.Text)
		} else {
			t.Logf("warning: %s", w.Text)
		}
	}
	if !t.Failed() {
		return
	}
	var b strings.Builder
	if n := r.w.failures.n; n > shownFailures {
		fmt.Fprintf(&b, "%d expectations failed in all\n", n)
	}
	if focus := moment(tr); !r.w.failures.ladder && focus > 0 {
		r.w.failures.focus = focus
		fmt.Fprintf(&b, "what led to it:%s\n\n", ladderText(tr, "", focus))
	}
	for _, hint := range r.hints() {
		fmt.Fprintf(&b, "hint: %s\n", strings.ReplaceAll(hint, "\n", "\n      "))
	}
	fmt.Fprintf(&b, "%s\nartefacts: %s", r.seedLines(), r.artefacts(t))
	t.Attr("sim.seed", fmt.Sprint(r.seed))
	t.Log(b.String())
}

func firstClient(tr *trace.Trace) string {
	if names := belief.Clients(tr); len(names) > 0 {
		return names[0]
	}
	return ""
}

// moment is the most telling event of a run of which nothing more is known: the last time that
// somebody found out that a connection was over, or the last fault.
func moment(tr *trace.Trace) trace.ID {
	fault := trace.ID(0)
	for i := len(tr.Events) - 1; i >= 0; i-- {
		switch tr.Events[i].Kind {
		case trace.ClientLost, trace.BrokerTakeover, trace.BrokerDisconnect, netmodel.SocketError,
			trace.BrokerDropped:
			return trace.ID(i + 1)
		case netmodel.FaultEnded, netmodel.FaultBegan:
			if fault == 0 {
				fault = trace.ID(i + 1)
			}
		}
	}
	return fault
}

// repeatLine is the command that runs a test with a seed again.
func repeatLine(test string, seed uint64) string {
	levels := strings.Split(test, "/")
	for i, l := range levels {
		levels[i] = "^" + quoteMeta(l) + "$"
	}
	pkg := ""
	if p := testPackage(); p != "" {
		pkg = " " + p
	}
	return fmt.Sprintf("go test%s -run '%s' -sim.seed=%d", pkg, strings.Join(levels, "/"), seed)
}

// testPackage is the import path of the package whose test called into this one: the outermost
// function on the stack that is not testing's.
func testPackage() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	found := ""
	for {
		f, more := frames.Next()
		if f.Function != "" && !strings.HasPrefix(f.Function, "testing.") &&
			!strings.HasPrefix(f.Function, "runtime.") {
			found = packageOf(f.Function)
		}
		if !more {
			break
		}
	}
	// An external test package is run under the name of the package it tests.
	return path.Join(path.Dir(found), strings.TrimSuffix(path.Base(found), "_test"))
}

// artefacts writes the run's files if go test was asked to keep them, and says where they are.
func (r *testRun) artefacts(t *testing.T) string {
	f := flag.Lookup("test.artifacts")
	if f == nil || f.Value.String() != "true" {
		return "run again with -artifacts (" + artefactNames + ")"
	}
	dir := t.ArtifactDir()
	if err := writeArtefacts(dir, t.Name(), &r.w.rec.Trace, r.w.failures.focus); err != nil {
		return err.Error()
	}
	return dir
}
