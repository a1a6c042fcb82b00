//go:build js

package main

import (
	"iter"
	"time"

	"halfopen/sim/trace"
	"halfopen/wasm/parcel"
)

// loading is a trace that is being unpacked and made ready a little at a time: a page has one
// thread for this, for frames and for whoever presses something. It stops at each rest, and goes on
// when the page says so.
type loading struct {
	resume func() (struct{}, bool) // works up to the next rest; false at the end
	out    any
	err    error
}

// load begins to take a trace from the simulation: the desk's, or that of a lesson's variant. A run
// that has been asked for meanwhile, or another scenario, makes the desk's one out of date.
func (p *picture) load(data []byte, variant string) *loading {
	l := new(loading)
	of, runs := p.asked, p.lesson.runs
	l.resume, _ = iter.Pull(func(yield func(struct{}) bool) {
		rest := func() { yield(struct{}{}) }
		tr, err := parcel.Unpack(data, rest)
		switch {
		case err != nil:
			l.err = err
		case variant != "":
			runs[variant] = tr
		default:
			r := p.desk.Prepare(tr, rest)
			if of == p.asked {
				p.desk.Put(r)
				l.out = p.took(tr)
			}
		}
	})
	return l
}

// more goes on for a time, or somewhat longer, and reports whether that was the end.
func (l *loading) more(d time.Duration) (done bool) {
	for began := time.Now(); time.Since(began) < d; {
		if _, more := l.resume(); !more {
			return true
		}
	}
	return false
}

// loaded is what the page tells about a run. Its hash comes from the simulation, which has the code
// for it anyway.
type loaded struct {
	Ties   int    `json:"ties"`
	Seed   uint64 `json:"seed"`
	Events int    `json:"events"`
}

// took follows a trace that is on the desk now.
func (p *picture) took(tr *trace.Trace) loaded {
	p.lesson.took(tr, len(p.desk.History.Edits()))
	return loaded{Ties: tr.Ties, Seed: tr.Seed, Events: len(tr.Events)}
}
