package sweep

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

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
	return b.String()
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
