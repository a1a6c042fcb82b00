package fidelity

import (
	"context"
	"errors"
	"fmt"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// stories is part 2: real paho and real mochi play the same scenario, with one seed after the
// other, until one gives what the captures hold. A real run took one of several branches (a check
// tick decides between two ping times); a seed takes one, too.
func (o *Options) stories(ctx context.Context, runs []*Run) (int, error) {
	fmt.Fprintf(o.Out, "Story: real paho and mochi play the scenario; the best of seeds 1 to %d\n",
		o.Seeds)
	fmt.Fprintf(o.Out, header, "run", "client matched", "broker matched", "pure ACKs real:model", "")
	var t total
	for _, r := range runs {
		if _, err := scenarioText(r, 1); errors.As(err, new(errNoStory)) {
			if err.Error() != "other programs" {
				t.runs, t.bad = t.runs+1, t.bad+1
				fmt.Fprintf(o.Out, "%-26s FAIL %v\n", r.Name(), err)
			}
			continue
		}
		best, model, seed, recorded, err := o.bestSeed(ctx, r)
		if err != nil {
			t.runs, t.bad = t.runs+1, t.bad+1
			fmt.Fprintf(o.Out, "%-26s FAIL %v\n", r.Name(), err)
			continue
		}
		if r.random() {
			o.rulesRow(r, best, model, &t)
			continue
		}
		ok, verdict, note := best[0].OK() && best[1].OK(), "ok", fmt.Sprintf("seed %d", seed)
		if recorded {
			note += ", the capture's lateness"
		}
		if recorded && ok {
			t.helped++
		}
		if !ok {
			verdict = "FAIL"
		}
		t.add(best, ok)
		o.row(r.Name(), best, verdict, note)
		if o.Diff {
			real := &Run{Dir: r.Dir, Meta: r.Meta, At: renumber(r.At)}
			o.diff(real, model)
		}
	}
	o.total(t)
	return t.bad, nil
}

// bestSeed tries the seeds in order, and stops at the first that matches. If none does, it tries
// them with what the capture shows of chance in the testbed: that ticks were late, and which of the
// client's writes met a look of its timer.
func (o *Options) bestSeed(ctx context.Context, r *Run) (best [2]Match, model [2][]Packet, seed int,
	recorded bool, err error) {
	real := renumber(r.At)
	top := -1.0
	for n := range 2 * o.Seeds {
		s := n%o.Seeds + 1
		if ctx.Err() != nil {
			return best, model, seed, recorded, ctx.Err()
		}
		at, err := Story(r, s, n >= o.Seeds)
		if err != nil {
			return best, model, s, recorded, err
		}
		at = renumber(at)
		var ms [2]Match
		for _, side := range []Side{Client, Broker} {
			ms[side] = compareSide(side, real[side], at[side], r.Meta.HZ())
		}
		if part := min(ms[0].Part(), ms[1].Part()); part > top {
			top, best, model, seed, recorded = part, ms, at, s, n >= o.Seeds
		}
		if r.random() && storyRules(real, at) == nil {
			return ms, at, s, false, nil
		}
		if !r.random() && ms[0].OK() && ms[1].OK() || r.random() && n+1 == o.Seeds {
			break
		}
	}
	return best, model, seed, recorded, nil
}

// Story runs the scenario of a run with a seed, and returns what both interfaces saw. The captures'
// hosts are namespaces of one kernel, whose timers tick together. With recorded, the lateness of
// programs and ticks is the capture's.
func Story(r *Run, seed int, recorded bool) ([2][]Packet, error) {
	text, err := scenarioText(r, seed)
	if err != nil {
		return [2][]Packet{}, err
	}
	s, err := scenario.Parse(r.Name(), text)
	if err != nil {
		return [2][]Packet{}, fmt.Errorf("%w\n%s", err, text)
	}
	o := sim.Options{OneMachine: true, Uptime: r.uptime(-r.begin().Seconds(), uint64(seed))}
	if recorded {
		o.Course, o.LateTicks = r.course(), lateTicks
	}
	tr, err := sim.RunScenario(s, o)
	if err != nil {
		return [2][]Packet{}, fmt.Errorf("seed %d: %w", seed, err)
	}
	return seen(tr, r.last()), nil
}

// last is when the captures end.
func (r *Run) last() float64 {
	t := r.Meta.Parameters.Duration
	for _, s := range []Side{Client, Broker} {
		if n := len(r.At[s]); n > 0 {
			t = max(t, r.At[s][n-1].T)
		}
	}
	return t
}

// seen takes what the interfaces of client and broker saw out of a trace. The clock of a capture
// starts at the first SYN.
func seen(tr *trace.Trace, until float64) [2][]Packet {
	rec := newRecorder()
	for i, h := range tr.Hosts {
		switch h.Name {
		case "client":
			rec.host[Client] = netmodel.HostID(i + 1)
		case "broker":
			rec.host[Broker], rec.broker = netmodel.HostID(i+1), h.Addr
		}
	}
	started := false
	for i := range tr.Events {
		e := &tr.Events[i].Record
		if e.Seg == nil || e.Link == 0 || e.At.Sub(rec.zero).Seconds() > until && started {
			continue
		}
		if !started && e.Kind == netmodel.SegmentSent && e.Host == rec.host[Client] {
			started, rec.zero = true, e.At
		}
		rec.Record(e)
	}
	return rec.at
}

// renumber names connections by the order in which the client opened them, instead of by its ports,
// which are drawn by lot.
func renumber(at [2][]Packet) [2][]Packet {
	number := map[int]int{}
	for i := range at[Client] {
		p := &at[Client][i]
		if p.out(Client) && p.Flags == "SYN" && number[p.Port] == 0 {
			number[p.Port] = len(number) + 1
		}
	}
	var out [2][]Packet
	for s := range at {
		for _, p := range at[s] {
			p.Port = number[p.Port]
			out[s] = append(out[s], p)
		}
	}
	return out
}

// rulesRow judges a run with random loss by its rules.
func (o *Options) rulesRow(r *Run, ms [2]Match, model [2][]Packet, t *total) {
	ok, verdict, note := true, "ok", "rules only"
	if err := storyRules(renumber(r.At), model); err != nil {
		ok, verdict, note = false, "FAIL", err.Error()
	}
	t.add(ms, ok)
	for s := range ms {
		ms[s].First = ""
	}
	o.row(r.Name(), ms, verdict, note)
}

// storyRules: as many connections, as many of them reset, and as many bytes for the client, within
// what some pings more or less make.
func storyRules(real, model [2][]Packet) error {
	want, got := outcomes(real[Client]), outcomes(model[Client])
	if len(want) != len(got) {
		return fmt.Errorf("%d directions of connections, not %d", len(got), len(want))
	}
	for k, w := range want {
		g := got[k]
		if w.Reset != g.Reset {
			return fmt.Errorf("%s: reset %v, not %v", k, g.Reset, w.Reset)
		}
		if d := float64(g.Bytes - w.Bytes); max(d, -d) > 20+0.1*float64(w.Bytes) {
			return fmt.Errorf("%s: %d bytes, not %d", k, g.Bytes, w.Bytes)
		}
	}
	return nil
}
