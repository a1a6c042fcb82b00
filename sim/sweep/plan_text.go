package sweep

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"halfopen/sim/scenario"
)

// String describes the plan as it is printed before anything runs.
func (p *Plan) String() string {
	var b strings.Builder
	width := len("measures")
	for _, a := range p.Axes {
		width = max(width, len(a.Name))
	}
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-*s  %s\n", width, name, fmt.Sprintf(format, args...))
	}
	line("scenario", "%s, %s each", p.Name, scenario.FormatDuration(p.base.Length()))
	for _, a := range p.Axes {
		var texts []string
		for i := range a.Values {
			texts = append(texts, a.Values[i].Text)
		}
		line(a.Name, "%s (%d)", strings.Join(texts, " "), len(a.Values))
	}
	line("measures", "a radio is awake for %s after a packet; messages are late after %s",
		scenario.FormatDuration(p.Tail), scenario.FormatDuration(p.Late))
	line("seeds", "%s", seedText(p.Seeds))
	line("runs", "%d", p.Runs())
	if long := p.narrow(); len(long) > 0 {
		line("note", "outages move within a keepalive, but at most %s, a quarter of the run: with %s\n"+
			"%*s  they begin at fewer moments than they might, and are noticed sooner;\n"+
			"%*s  --set run=%s has room for all",
			scenario.FormatDuration(p.base.Length()/phasePart), strings.Join(long, ", "), width, "", width,
			"", scenario.FormatDuration(phasePart*p.longest()))
	}
	return b.String()
}

// keepalives are those that the plan's devices have.
func (p *Plan) keepalives() []time.Duration {
	var out []time.Duration
	for _, d := range devices(p.base) {
		out = append(out, d.Duration("keepalive"))
	}
	for _, a := range p.Axes {
		if a.Name != "keepalive" && !strings.HasSuffix(a.Name, ".keepalive") {
			continue
		}
		out = nil // instead of the scenario's own
		for _, v := range a.Values {
			if d, err := scenario.ParseDuration(v.Text); err == nil {
				out = append(out, d)
			}
		}
	}
	return out
}

func (p *Plan) longest() time.Duration { return slices.Max(append(p.keepalives(), 0)) }

// narrow are the keepalives for which an outage cannot begin at every moment of their period:
// shift has no room for it. Empty if there is no outage, or if outages do not move.
func (p *Plan) narrow() []string {
	var out []string
	swept := slices.ContainsFunc(p.Axes, func(a Axis) bool { return a.Name == "run" })
	cut := slices.ContainsFunc(p.base.Statements, func(st scenario.Statement) bool {
		return outage(&st)
	})
	if !p.Phase || !cut || swept {
		return nil
	}
	for _, d := range p.keepalives() {
		if d > p.base.Length()/phasePart {
			out = append(out, scenario.FormatDuration(d))
		}
	}
	return out
}

func seedText(seeds []uint64) string {
	n := len(seeds)
	if n > 1 && seeds[n-1]-seeds[0] == uint64(n-1) {
		return fmt.Sprintf("%d-%d", seeds[0], seeds[n-1])
	}
	var out []string
	for _, s := range seeds {
		out = append(out, strconv.FormatUint(s, 10))
	}
	return strings.Join(out, ",")
}

// ParseSeeds reads "1-10", "7", or a list of both.
func ParseSeeds(s string) ([]uint64, error) {
	var out []uint64
	for _, w := range strings.Split(s, ",") {
		low, high, isRange := strings.Cut(w, "-")
		if !isRange {
			high = low
		}
		a, errA := strconv.ParseUint(low, 10, 64)
		b, errB := strconv.ParseUint(high, 10, 64)
		if errA != nil || errB != nil || b < a || b-a >= limitPoints {
			return nil, fmt.Errorf("%q are not seeds like 1-10 or 1,7,42", s)
		}
		for x := a; ; x++ {
			out = append(out, x)
			if x == b {
				break
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
