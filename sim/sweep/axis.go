package sweep

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/scenario"
)

// Axis is one setting and the values that it takes.
type Axis struct {
	Name   string  `json:"name"`
	Values []Value `json:"values"`
}

// Value is one value of a setting. A mix of NATs has several parts, each of which gets runs of its
// own; Text is then the whole mix.
type Value struct {
	Text  string `json:"text"`
	Parts []Part `json:"parts,omitempty"`
}

// Part is one component of a mix, and its share in parts per million of the population.
type Part struct {
	Text  string       `json:"text"`
	Share netmodel.PPM `json:"share"`
}

// Defaults are the values of a setting that is swept without saying which: "-v keepalive". The
// keepalive's include the edges of its 16 bits, and 43690 and 43691, where 1.5 times the keepalive
// leaves them.
var Defaults = map[string]string{
	"keepalive": "0,1,5,10,15,30,60,120,300,600,1200,43690,43691,65535",
	"outage":    "1s,10s,60s,10m",
	"nat":       "presets",
	"qos":       "0,1,2",
	"session":   "clean,kept",
}

// DefaultPoints is how many values a range has that does not say how many.
const DefaultPoints = 12

// limitPoints bounds one axis: a mistyped step must not fill the memory.
const limitPoints = 100_000

// ParseAxis reads NAME=VALUES, or NAME for its Defaults. VALUES is a list of
//
//	30s           one value
//	5..1200       a range of DefaultPoints values, even on a log scale
//	5..1200:20    the same with 20 values; :lin20 for an even spacing
//	10s..60s/10s  a range with a step
//	presets       all presets of this setting's kind (nat, stack)
//	4m:30%,28m:70%  for nat: a mix; the parts' shares add up to 100%
//
// A bare number is in seconds for settings that are durations.
func ParseAxis(s string) (Axis, error) {
	name, list, ok := strings.Cut(s, "=")
	if !ok {
		list = Defaults[name]
	}
	a := Axis{Name: name}
	if name == "" || list == "" {
		return a, fmt.Errorf("%q: want NAME=VALUES, as keepalive=5..1200 or nat=presets", s)
	}
	words := strings.Split(list, ",")
	for i := 0; i < len(words); {
		n, values, err := parseValues(name, words[i:])
		if err != nil {
			return a, fmt.Errorf("%s: %w", name, err)
		}
		a.Values = append(a.Values, values...)
		i += n
	}
	a.Values = unique(a.Values)
	if len(a.Values) > limitPoints {
		return a, fmt.Errorf("%s: %d values, more than %d", name, len(a.Values), limitPoints)
	}
	return a, nil
}

func unique(in []Value) []Value {
	seen := make(map[string]bool)
	out := in[:0]
	for _, v := range in {
		if !seen[v.Text] {
			seen[v.Text] = true
			out = append(out, v)
		}
	}
	return out
}

// parseValues reads what begins with the first word, and says how many words it took.
func parseValues(name string, words []string) (int, []Value, error) {
	w := strings.TrimSpace(words[0])
	switch {
	case w == "":
		return 0, nil, fmt.Errorf("an empty value in the list")
	case w == "presets":
		v, err := presets(name)
		return 1, v, err
	case name == "nat" && strings.Contains(w, ":"):
		return parseMix(words)
	case strings.Contains(w, ".."):
		v, err := parseRange(w)
		for i := range v {
			v[i].Text = withUnit(name, v[i].Text)
		}
		return 1, v, err
	}
	return 1, []Value{{Text: withUnit(name, w)}}, nil
}

// parseMix reads parts until their shares add up to all.
func parseMix(words []string) (int, []Value, error) {
	var v Value
	var sum netmodel.PPM
	var texts []string
	for i, w := range words {
		what, share, ok := strings.Cut(strings.TrimSpace(w), ":")
		if !ok {
			return 0, nil, fmt.Errorf("the shares of the mix %q add up to %s, not to 100%%",
				strings.Join(texts, ","), percent(sum))
		}
		p, ok := parseShare(share)
		if !ok {
			return 0, nil, fmt.Errorf("%q is not a share like 30%%", share)
		}
		sum += p
		v.Parts = append(v.Parts, Part{withUnit("nat", what), p})
		texts = append(texts, w)
		if sum == 1_000_000 {
			v.Text = strings.Join(texts, ",")
			return i + 1, []Value{v}, nil
		}
		if sum > 1_000_000 {
			break
		}
	}
	return 0, nil, fmt.Errorf("the shares of the mix %q add up to %s, not to 100%%",
		strings.Join(texts, ","), percent(sum))
}

func parseShare(s string) (netmodel.PPM, bool) {
	x, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	ok := err == nil && strings.HasSuffix(s, "%") && x > 0 && x <= 100
	return netmodel.PPM(math.Round(x * 1e4)), ok
}

func percent(p netmodel.PPM) string {
	return strconv.FormatFloat(float64(p)/1e4, 'f', -1, 64) + "%"
}

func presets(name string) ([]Value, error) {
	kind := map[string]netmodel.PresetKind{"nat": netmodel.PresetNAT, "stack": netmodel.PresetStack,
		"client.stack": netmodel.PresetStack}[name]
	if kind == "" {
		return nil, fmt.Errorf("there are no presets for it; there are for nat and stack")
	}
	var out []Value
	for _, p := range netmodel.Presets(kind) {
		out = append(out, Value{Text: p.ID})
	}
	return out, nil
}

// parseRange reads A..B, A..B:N, A..B:linN and A..B/STEP, of plain numbers or of durations.
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
		return nil, fmt.Errorf("the range %s mixes numbers and durations", w)
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

func steps(a, b, d float64, unit bool) ([]Value, error) {
	if (b-a)/d > limitPoints {
		return nil, fmt.Errorf("more than %d values", limitPoints)
	}
	var out []Value
	for i := 0; a+float64(i)*d <= b*(1+1e-12); i++ {
		out = append(out, Value{Text: format(a+float64(i)*d, unit)})
	}
	return out, nil
}

// spread makes n values from a to b. Whole numbers stay whole: what rounds to the same is one
// value.
func spread(a, b float64, n int, linear, unit bool) []Value {
	var out []Value
	for i := range n {
		f := float64(i) / float64(n-1)
		x := a + (b-a)*f
		if !linear {
			x = a * math.Pow(b/a, f)
		}
		if !unit || x >= 1 {
			x = math.Round(x)
		}
		out = append(out, Value{Text: format(x, unit)})
	}
	return unique(out)
}

// number reads a plain number, or a duration as seconds; unit says that it was one.
func number(s string) (x float64, unit bool, err error) {
	if x, err = strconv.ParseFloat(s, 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) {
		return x, false, nil
	}
	d, err := scenario.ParseDuration(s)
	if err != nil {
		return 0, false, fmt.Errorf("%q is neither a number nor a duration", s)
	}
	return d.Seconds(), true, nil
}

func format(x float64, unit bool) string {
	if unit {
		return scenario.FormatDuration(time.Duration(math.Round(x * 1e9)))
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

// withUnit adds the seconds to a bare number where the setting is a duration.
func withUnit(name, text string) string {
	if _, err := strconv.ParseFloat(text, 64); err != nil || !isDuration(name) {
		return text
	}
	return text + "s"
}
