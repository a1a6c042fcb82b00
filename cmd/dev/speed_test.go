package main

import (
	"strings"
	"testing"
)

// Of several runs the best counts, and of ratios the one in the middle.
func TestMeasuredValue(t *testing.T) {
	m := measured{"cpu-ms/op": {3, 1, 2}, "Msegments/cpu-s": {3, 1, 4}, "ratio": {9, 1, 2}}
	for metric, want := range map[string]float64{"cpu-ms/op": 1, "Msegments/cpu-s": 4, "ratio": 2} {
		if got, ok := m.value(metric); !ok || got != want {
			t.Errorf("%s is %v, want %v", metric, got, want)
		}
	}
	if _, ok := m.value("ns/op"); ok {
		t.Error("a metric that nobody reported has a value")
	}
}

// The command takes promises at their word; the check forgives what a busy machine costs, and says
// so.
func TestMissedPromise(t *testing.T) {
	for _, c := range []struct {
		missed, slack float64
		verdict       string
		broken        int
	}{{0.9, 1, "ok", 0}, {1.2, 1, "FAIL", 1}, {1.2, weather, "miss", 0}, {1.6, weather, "FAIL", 1}} {
		var b strings.Builder
		if broken := line(&b, "x", 1, "ms", "<= 1", c.missed, c.slack); broken != c.broken ||
			!strings.HasPrefix(b.String(), c.verdict) {
			t.Errorf("missed by %v with slack %v: %q, %d", c.missed, c.slack, b.String(), broken)
		}
	}
}
