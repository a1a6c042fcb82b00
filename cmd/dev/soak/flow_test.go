package soak

import (
	"strings"
	"testing"
)

// A few cases in every run of the tests; `dev soak` looks at many more.
func TestFlows(t *testing.T) {
	for seed := range uint64(40) {
		f := NewFlow(seed)
		if err := f.Run(); err != nil {
			t.Errorf("%v\n%s", err, f)
		}
	}
}

func TestShrinkKeepsWhatFails(t *testing.T) {
	var f *Flow
	for seed := uint64(0); f == nil || len(f.Faults) < 3 || len(f.Conns) < 2; seed++ {
		f = NewFlow(seed)
	}
	kind := f.Faults[1].Kind
	small := f.Shrink(func(g *Flow) bool {
		for _, t := range g.Faults {
			if t.Kind == kind {
				return true
			}
		}
		return false
	})
	if len(small.Faults) != 1 || small.Faults[0].Kind != kind || len(small.Conns) != 1 {
		t.Errorf("not minimal:\n%s", small)
	}
	if text := small.String(); !strings.Contains(text, "link client server") {
		t.Errorf("not a scenario:\n%s", text)
	}
}

// FuzzFlow: any seed is a case, and all cases hold.
func FuzzFlow(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		c := NewFlow(seed)
		if err := c.Run(); err != nil {
			t.Errorf("%v\n%s", err, c)
		}
	})
}
