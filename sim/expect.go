package sim

import (
	"slices"
	"strings"
	"time"

	"halfopen/sim/belief"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// An Expectation is a statement about a run in the words of the domain: "phone notices a dead line
// within 1m20s". It is judged by the trace alone, and explains itself when the run did not keep to
// it: see Verdict.
type Expectation struct {
	text  string
	who   string // the client it is about, or empty
	at    string // where it stands, if that is a scenario's file: "tunnel.sim:9: "
	judge func(*evidence) Verdict
}

// String is the expectation in words.
func (e Expectation) String() string { return e.text }

// A Verdict says whether a run kept to an expectation, and how that is known.
type Verdict struct {
	Met     bool       // the run kept to it
	Found   string     // what the trace shows: "phone was deaf for 6m11.7s, from 3:48.290 on"
	Because []string   // what explains it, most telling first
	Around  []trace.ID // the events to look at, the most telling one first
}

// A Subject is somebody that an expectation can be about: a *Client, or a *Host whose program uses
// an MQTT library that reports to the world (see Host.Paho).
type Subject interface{ Name() string }

// Judge says whether a run kept to the expectation. The trace may be one of a run that goes on.
func (e Expectation) Judge(tr *trace.Trace) Verdict { return e.judge(&evidence{tr: tr}) }

// evidence is a trace, and what was computed from it: several expectations share the work.
type evidence struct {
	tr   *trace.Trace
	runs map[string]*metrics.Run
}

// run measures a client.
func (e *evidence) run(client string) *metrics.Run {
	if r := e.runs[client]; r != nil {
		return r
	}
	if e.runs == nil {
		e.runs = make(map[string]*metrics.Run)
	}
	r := metrics.Of(e.tr, client, metrics.Options{})
	e.runs[client] = &r
	return &r
}

// unknown says that the trace has no events of the client's library, or is empty.
func (e *evidence) unknown(client string) string {
	if slices.Contains(belief.Clients(e.tr), client) {
		return ""
	}
	return client + " never tried to connect. A program of your own reports to the world if its " +
		"options pass through Host.Paho, or paho5.On."
}

// unreadable says that nobody could read what a client wrote, or is empty.
func (e *evidence) unreadable(client string) string {
	wrote := false
	for i := range e.tr.Sockets {
		s := &e.tr.Sockets[i]
		if s.Actor == client && len(s.Packets) > 0 {
			return ""
		}
		wrote = wrote || s.Actor == client && s.Peer > 0
	}
	if !wrote {
		return ""
	}
	return "its packets cannot be read: it encrypts by itself. Host.Paho, paho5.On and Host.Open " +
		"see through their own TLS."
}

// about makes an expectation about a client, which fails when the trace does not know the client:
// an expectation that nothing could break would hold for ever.
func about(who Subject, text string, judge func(e *evidence, r *metrics.Run) Verdict) Expectation {
	name := who.Name()
	return Expectation{text: name + " " + text, who: name, judge: func(e *evidence) Verdict {
		if why := e.unknown(name); why != "" {
			return Verdict{Found: why}
		}
		return judge(e, e.run(name))
	}}
}

// tester is what Expect needs of a *testing.T, and of its like in other packages.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
}

// Expect judges what has happened so far, and reports each expectation that does not hold as a
// failure of t, with the reasons and the rows of the ladder around it.
func (w *World) Expect(t tester, list ...Expectation) {
	t.Helper()
	e := &evidence{tr: w.Snapshot()}
	for _, x := range list {
		v := x.judge(e)
		w.noteVerdict(x, v)
		if v.Met {
			continue
		}
		if text := w.explain(e.tr, x, v); w.failures.n <= shownFailures {
			t.Errorf("%s", text)
		}
	}
}

// Check is Expect without a test: it returns an error that says what Expect would have printed.
func (w *World) Check(list ...Expectation) error {
	e := &evidence{tr: w.Snapshot()}
	var failed []string
	for _, x := range list {
		v := x.judge(e)
		w.noteVerdict(x, v)
		if !v.Met {
			failed = append(failed, w.explain(e.tr, x, v))
		}
	}
	if failed == nil {
		return nil
	}
	return &ExpectationError{Text: strings.Join(failed, "\n")}
}

// ExpectationError is the error of a run that did not keep to an expectation.
type ExpectationError struct {
	Text string // what was expected, what was found, and why: several lines
}

// Error implements error.
func (e *ExpectationError) Error() string { return e.Text }

// noteVerdict puts the verdict into the trace.
func (w *World) noteVerdict(x Expectation, v Verdict) {
	kind := trace.ExpectationMet
	if !v.Met {
		kind = trace.ExpectationFailed
	}
	w.director().event(kind, trace.App{Name: x.text, Text: v.Found}, nil)
}

// Snapshot returns what has happened up to now as a trace that does not grow: for expectations, and
// for your own analysis in the middle of a test.
func (w *World) Snapshot() *trace.Trace {
	w.settle()
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.rec.Trace
	t.Hosts = slices.Clone(t.Hosts)
	t.Sockets = slices.Clone(t.Sockets)
	t.Faults = slices.Clone(t.Faults)
	t.Messages = slices.Clone(t.Messages)
	t.Events = slices.Clip(t.Events)
	if !w.closing {
		t.Length = w.clock()
	}
	return &t
}

// span prints a duration without more digits than anybody reads.
func span(d time.Duration) string {
	switch {
	case d >= time.Second:
		return durationText(d.Round(100 * time.Millisecond))
	case d >= time.Millisecond:
		return durationText(d.Round(100 * time.Microsecond))
	}
	return d.String()
}
