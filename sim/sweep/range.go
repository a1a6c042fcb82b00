package sweep

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"halfopen/sim/scenario"
)

// parseRange reads A..B, A..B:N, A..B:linN and A..B/STEP, of plain numbers, durations or shares.
func parseRange(w string) ([]Value, error) {
	body, step, stepped := strings.Cut(w, "/")
	body, count, counted := strings.Cut(body, ":")
	low, high, _ := strings.Cut(body, "..")
	a, unitA, errA := number(low)
	b, unitB, errB := number(high)
	switch {
	case errA != nil:
		return nil, errA
	case errB != nil:
		return nil, errB
	case a > b || a < 0:
		return nil, fmt.Errorf("the range %s does not go up", w)
	case unitA != unitB && low != "0":
		return nil, fmt.Errorf("the range %s mixes numbers, durations and shares", w)
	case stepped:
		d, unit, err := number(step)
		if err != nil || d <= 0 || unit != unitB {
			return nil, fmt.Errorf("%q is not a step for the range %s..%s", step, low, high)
		}
		return steps(a, b, d, unitB)
	}
	n, linear := DefaultPoints, false
	if counted {
		linear = strings.HasPrefix(count, "lin")
		var err error
		count = strings.TrimPrefix(strings.TrimPrefix(count, "log"), "lin")
		if n, err = strconv.Atoi(count); err != nil || n < 2 || n > limitPoints {
			return nil, fmt.Errorf("%q is not a count of values like 12, log12 or lin12", count)
		}
	}
	if !linear && a <= 0 {
		return nil, fmt.Errorf("the range %s begins at 0, which no log scale does: write %s:lin%d, or "+
			"0,1..%s", w, body, n, high)
	}
	return spread(a, b, n, linear, unitB), nil
}

func steps(a, b, d float64, u unit) ([]Value, error) {
	if (b-a)/d > limitPoints {
		return nil, fmt.Errorf("more than %d values", limitPoints)
	}
	var out []Value
	for i := 0; a+float64(i)*d <= b*(1+1e-12); i++ {
		out = append(out, Value{Text: format(a+float64(i)*d, u)})
	}
	return out, nil
}

// spread makes n values from a to b. Whole numbers stay whole: what rounds to the same is one
// value.
func spread(a, b float64, n int, linear bool, u unit) []Value {
	var out []Value
	for i := range n {
		f := float64(i) / float64(n-1)
		x := a + (b-a)*f
		if !linear {
			x = a * math.Pow(b/a, f)
		}
		switch {
		case u == share:
			x = math.Round(x*100) / 100
		case u == plain || x >= 1:
			x = math.Round(x)
		}
		out = append(out, Value{Text: format(x, u)})
	}
	return unique(out)
}

// unit is what the ends of a range are.
type unit int

const (
	plain    unit = iota // a number
	duration             // counted in seconds
	share                // per cent
)

// number reads a plain number, a duration as seconds, or a share in per cent.
func number(s string) (float64, unit, error) {
	body, isShare := strings.CutSuffix(s, "%")
	if x, err := strconv.ParseFloat(body, 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) {
		if isShare {
			return x, share, nil
		}
		return x, plain, nil
	}
	d, err := scenario.ParseDuration(s)
	if err != nil {
		return 0, plain, fmt.Errorf("%q is neither a number, a duration nor a share", s)
	}
	return d.Seconds(), duration, nil
}

func format(x float64, u unit) string {
	switch u {
	case duration:
		return scenario.FormatDuration(time.Duration(math.Round(x * 1e9)))
	case share:
		return strconv.FormatFloat(math.Round(x*1e4)/1e4, 'f', -1, 64) + "%"
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
