package fidelity

import (
	"context"
	"fmt"
	"io"
)

// Options say what to compare, and how to show it.
type Options struct {
	Replay, Story bool
	Verbose, Diff bool
	Seeds         int
	Out           io.Writer
}

// Report compares all runs and returns how many comparisons failed.
func Report(ctx context.Context, runs []*Run, o Options) (failed int, err error) {
	if o.Replay {
		n, err := o.replays(ctx, runs)
		if err != nil {
			return 0, err
		}
		failed += n
	}
	if o.Story {
		n, err := o.stories(ctx, runs)
		if err != nil {
			return 0, err
		}
		failed += n
	}
	return failed, nil
}

// total adds up matches.
type total struct {
	runs, bad         int
	helped            int // runs that match only with the lateness that the capture shows
	real, model, same int
}

func (t *total) add(ms [2]Match, ok bool) {
	t.runs++
	if !ok {
		t.bad++
	}
	for _, m := range ms {
		t.real += m.Real
		t.model += m.Model
		t.same += m.Same
	}
}

const (
	header = "%-26s %-18s %-18s %-23s %s\n"
	row    = "%-26s %4d/%-4d %6.1f%%  %4d/%-4d %6.1f%%  %5d:%-5d %5d:%-5d %-4s %s\n"
)

func (o *Options) row(name string, ms [2]Match, verdict, note string) {
	c, b := ms[Client], ms[Broker]
	fmt.Fprintf(o.Out, row, name, c.Same, max(c.Real, c.Model), 100*c.Part(), b.Same,
		max(b.Real, b.Model), 100*b.Part(), c.ACKs[0], c.ACKs[1], b.ACKs[0], b.ACKs[1], verdict, note)
	for _, m := range ms {
		if m.First != "" && (verdict == "FAIL" || o.Verbose) {
			fmt.Fprintln(o.Out, "    "+m.First)
		}
	}
}

// replays is part 1.
func (o *Options) replays(ctx context.Context, runs []*Run) (int, error) {
	fmt.Fprintln(o.Out, "TCP replay: the recorded calls and faults drive netmodel alone")
	fmt.Fprintf(o.Out, header, "run", "client matched", "broker matched", "pure ACKs real:model", "")
	var t total
	for _, r := range runs {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		ms, model, seed, err := o.bestReplay(r)
		if err != nil {
			t.runs, t.bad = t.runs+1, t.bad+1
			fmt.Fprintf(o.Out, "%-26s FAIL %v\n", r.Name(), err)
			continue
		}
		ok, verdict, note := ms[0].OK() && ms[1].OK(), "ok", fmt.Sprintf("seed %d", seed)
		if !ok {
			verdict = "FAIL"
		}
		if r.random() {
			ok, verdict, note = true, "ok", "rules only"
			if err := rules(r, model); err != nil {
				ok, verdict, note = false, "FAIL", err.Error()
			}
		}
		t.add(ms, ok)
		o.row(r.Name(), ms, verdict, note)
		if o.Diff {
			o.diff(r, model)
		}
	}
	o.total(t)
	return t.bad, nil
}

// replayFactor: netmodel alone is so cheap that more seeds can be tried.
const replayFactor = 16

// enoughSeeds: when a seed matches, so many are tried to find one that matches better.
const enoughSeeds = 32

// bestReplay tries seeds: a seed is which ticks were late, how soon programs read, and the phase of
// the timer wheel as far as the capture does not tell it. A run with random loss needs one whose
// rules hold.
func (o *Options) bestReplay(r *Run) (best [2]Match, model [2][]Packet, seed int, err error) {
	top := -1.0
	for s := 1; s <= o.Seeds*replayFactor; s++ {
		at, err := Replay(r, uint64(s))
		if err != nil {
			return best, model, s, err
		}
		ms := Compare(r, at)
		if part := min(ms[0].Part(), ms[1].Part()); part > top {
			top, best, model, seed = part, ms, at, s
		}
		if r.random() && rules(r, at) == nil {
			return ms, at, s, nil
		}
		if top == 1 || s >= enoughSeeds && (best[0].OK() && best[1].OK() || r.random()) {
			break
		}
	}
	return best, model, seed, nil
}

func (o *Options) total(t total) {
	fmt.Fprintf(o.Out, "%d runs, %d failed; %d of %d segments with a flag or data match (%.1f %%)\n",
		t.runs, t.bad, t.same, max(t.real, t.model), 100*float64(t.same)/float64(max(1, t.real, t.model)))
	if t.helped > 0 {
		fmt.Fprintf(o.Out, "%d of them match no seed alone, but with the capture's lateness\n", t.helped)
	}
	fmt.Fprintln(o.Out)
}

// Compare matches both interfaces.
func Compare(r *Run, model [2][]Packet) [2]Match {
	var ms [2]Match
	for _, s := range []Side{Client, Broker} {
		ms[s] = compareSide(s, r.At[s], model[s], r.Meta.HZ())
	}
	return ms
}

// diff shows both lists of each interface side by side.
func (o *Options) diff(r *Run, model [2][]Packet) {
	var acks int
	for _, s := range []Side{Client, Broker} {
		fmt.Fprintf(o.Out, "--- at %s's interface\n", s)
		real, mod := split(r.At[s], &acks), split(model[s], &acks)
		for _, port := range real.ports {
			a, b := real.of[port], mod.of[port]
			for _, p := range align(a, b) {
				left, right := "", ""
				if p.real >= 0 {
					left = a[p.real].String()
				}
				if p.model >= 0 {
					right = b[p.model].String()
				}
				fmt.Fprintf(o.Out, "%-66s | %s\n", left, right)
			}
		}
	}
}

// rules compares runs with random loss: what got through in the end must be the same bytes of the
// same connections, and no connection may have been reset that was not.
func rules(r *Run, model [2][]Packet) error {
	for _, s := range []Side{Client, Broker} {
		want, got := outcomes(r.At[s]), outcomes(model[s])
		for k, w := range want {
			if g := got[k]; g != w {
				return fmt.Errorf("at %s's interface, %s: %+v, not %+v", s, k, g, w)
			}
		}
	}
	return nil
}

// outcomeOf is what became of one direction of a connection.
type outcomeOf struct {
	Bytes int64 // sent in order at least once
	Reset bool
}

func outcomes(l []Packet) map[string]outcomeOf {
	out := map[string]outcomeOf{}
	for i := range l {
		p := &l[i]
		k := fmt.Sprint(p.Dir, " ", p.Port)
		v := out[k]
		v.Bytes = max(v.Bytes, p.Seq+int64(p.Len)-1)
		v.Reset = v.Reset || p.has("RST")
		out[k] = v
	}
	return out
}
