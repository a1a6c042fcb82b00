package sweep

import (
	"fmt"
	"math"
	"strconv"
	"strings"

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
	kind := presetKind(name)
	if kind == "" {
		return nil, fmt.Errorf("there are no presets for it; there are for nat, stack and link.preset")
	}
	var out []Value
	for _, p := range netmodel.Presets(kind) {
		out = append(out, Value{Text: p.ID})
	}
	return out, nil
}

// presetKind is the kind of the presets that a setting takes: of the statements that have its key,
// those of its own verb if it names one.
func presetKind(name string) netmodel.PresetKind {
	if name == "nat" {
		return netmodel.PresetNAT
	}
	verb, key, dotted := strings.Cut(name, ".")
	if !dotted {
		key = name
	}
	kind := netmodel.PresetKind("")
	for i := range scenario.Verbs {
		v := &scenario.Verbs[i]
		k := v.Key(key)
		if k == nil || k.Kind != scenario.Preset || len(k.Words) == 0 {
			continue
		}
		if v.Name == verb {
			return netmodel.PresetKind(k.Words[0])
		}
		if kind == "" {
			kind = netmodel.PresetKind(k.Words[0])
		}
	}
	return kind
}

// withUnit adds the seconds to a bare number where the setting is a duration.
func withUnit(name, text string) string {
	if _, err := strconv.ParseFloat(text, 64); err != nil || !isDuration(name) {
		return text
	}
	return text + "s"
}
