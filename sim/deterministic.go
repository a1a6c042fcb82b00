package sim

import (
	"fmt"
	"strings"
	"testing"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Deterministic runs f's world n times with one seed and fails if two runs differ. It shows the first
// divergence with the lines around it, and names the likely reason: two timers of one host that were
// due at one instant, for which the runtime chose the order.
//
// What your own code contributes to differences: map iteration, math/rand, select with several ready
// cases, client ids that a library makes up.
func Deterministic(t *testing.T, n int, f func(t *testing.T, w *World), opts ...TestOption) {
	t.Helper()
	c := newTestConfig(opts)
	seeds, err := c.seeds()
	if err != nil {
		t.Fatal(err)
	}
	var first *trace.Trace
	for i := range n {
		w := runTest(t, c, seeds[0], f)
		if t.Failed() {
			t.FailNow()
		}
		if first == nil {
			first = &w.rec.Trace
			continue
		}
		if text := divergence(first, &w.rec.Trace); text != "" {
			t.Fatalf("run %d of %d with seed %d differs from the first:\n%s", i+1, n, seeds[0], text)
		}
	}
}

// divergence compares two runs event by event. It is empty if they are the same.
func divergence(a, b *trace.Trace) string {
	for i := 0; i < max(len(a.Events), len(b.Events)); i++ {
		if i < len(a.Events) && i < len(b.Events) && sameEvent(&a.Events[i], &b.Events[i]) {
			continue
		}
		id := trace.ID(i + 1)
		var out strings.Builder
		fmt.Fprintf(&out, "%s\n  the first run:\n%s  the other run:\n%s", when(a, b, id),
			nearby(a, id), nearby(b, id))
		if tie := likelyTie(a, b, id); tie != "" {
			fmt.Fprintf(&out, "  %s", tie)
		}
		return out.String()
	}
	return ""
}

// sameEvent compares what a program or a packet capture could tell apart.
func sameEvent(a, b *trace.Event) bool {
	x, y := a.Record, b.Record
	x.Seg, y.Seg = nil, nil
	if x != y || (a.Seg == nil) != (b.Seg == nil) || (a.App == nil) != (b.App == nil) {
		return false
	}
	if a.Seg != nil {
		s, t := *a.Seg, *b.Seg
		if string(s.Payload) != string(t.Payload) {
			return false
		}
		s.Payload, t.Payload = nil, nil
		if fmt.Sprint(s) != fmt.Sprint(t) {
			return false
		}
	}
	if a.App != nil {
		s, t := *a.App, *b.App
		return string(s.Payload) == string(t.Payload) && fmt.Sprint(s) == fmt.Sprint(t)
	}
	return true
}

func when(a, b *trace.Trace, id trace.ID) string {
	at := netmodel.Never
	for _, tr := range []*trace.Trace{a, b} {
		if ev := tr.Event(id); ev != nil {
			at = min(at, ev.At)
		}
	}
	return fmt.Sprintf("  at %s (event %d)", instant(at), id)
}

// nearby prints an event and those next to it, all kinds.
func nearby(tr *trace.Trace, id trace.ID) string {
	r := newRows(tr)
	var ids []trace.ID
	for i := max(1, id-3); i <= min(id+3, trace.ID(len(tr.Events))); i++ {
		ids = append(ids, i)
	}
	var out strings.Builder
	for _, row := range r.print(ids, id) {
		fmt.Fprintf(&out, "  %s\n", row)
	}
	if int(id) > len(tr.Events) {
		out.WriteString("   (it has ended)\n")
	}
	return out.String()
}

// likelyTie looks for what makes runs differ: in either run, two events of one host, at one instant
// near the divergence, that no arrival caused.
func likelyTie(a, b *trace.Trace, id trace.ID) string {
	for _, tr := range []*trace.Trace{a, b} {
		for i := max(1, id-8); i <= min(id+8, trace.ID(len(tr.Events))); i++ {
			if ev := tr.Event(i); ev.Kind == trace.Tie {
				return "likely reason: " + ev.App.Text + " (" + instant(ev.At) + ")."
			}
		}
	}
	for _, tr := range []*trace.Trace{a, b} {
		for i := max(1, id-8); i < min(id+8, trace.ID(len(tr.Events))); i++ {
			x, y := tr.Event(i), tr.Event(i+1)
			if x.Kind == trace.Wrote && y.Kind == trace.Wrote && x.At == y.At && x.Host == y.Host {
				return fmt.Sprintf("likely reason: two timers of %s were due at the same instant, %s. "+
					"Give one of them a delay of its own.", tr.Host(x.Host).Name, instant(x.At))
			}
		}
	}
	return "no two timers of one host coincide here: look for map iteration, math/rand or select in " +
		"your own code."
}
