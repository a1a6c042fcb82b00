package main

import "testing"

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
