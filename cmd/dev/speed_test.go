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

// A promise is taken at its word, or at that of its yardstick where the machine is slow.
func TestPromiseAtItsWord(t *testing.T) {
	for _, c := range []struct {
		promise
		got, bare float64
		kept      bool
	}{
		{promise{most: 60}, 60, 0, true}, {promise{most: 60}, 60.1, 0, false},
		{promise{least: 2, bare: 33}, 2, 40, true}, {promise{least: 2, bare: 33}, 1.2, 32, true},
		{promise{least: 2, bare: 33}, 1.9, 34, false}, {promise{least: 2, bare: 33}, 1.9, 0, false},
		{promise{least: 2}, 1.9, 5, false},
	} {
		text, kept := c.line(c.got, c.bare)
		if kept != c.kept || strings.HasPrefix(text, "ok") != c.kept {
			t.Errorf("%q, %v: %v, %v of %+v", text, kept, c.got, c.bare, c.promise)
		}
	}
}
