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

// A promise is taken at its word.
func TestPromiseAtItsWord(t *testing.T) {
	for _, c := range []struct {
		promise
		got  float64
		kept bool
	}{{promise{most: 60}, 60, true}, {promise{most: 60}, 60.1, false},
		{promise{least: 2}, 2, true}, {promise{least: 2}, 1.9, false}} {
		text, kept := c.line(c.got)
		if kept != c.kept || strings.HasPrefix(text, "ok") != c.kept {
			t.Errorf("%q, %v: %v of %+v", text, kept, c.got, c.promise)
		}
	}
}
