package main

import (
	"fmt"
	"strings"
	"testing"
)

// A fleet is judged by its budget, and beyond that by what its programs cost over bare pipes on the
// same machine.
func TestJudgeFleets(t *testing.T) {
	small := &fleetCost{n: 100, seconds: 0.7, memory: 0.1, client: 6, pipe: 5}
	for _, c := range []struct {
		large       fleetCost
		note, error string
	}{
		{fleetCost{10000, 95, 3.8, 9.5, 8}, "", ""},
		{fleetCost{10000, 119, 3.8, 11.9, 7}, "", ""},                 // dear, but in its budget
		{fleetCost{10000, 140, 3.8, 14, 12}, "slow machine", ""},      // and so are bare pipes
		{fleetCost{10000, 130, 3.8, 11.9, 7}, "", "budget 2m0s"},      // that is ours
		{fleetCost{10000, 95, 6.1, 9.5, 8}, "", "budget 6"},           // memory
		{fleetCost{10000, 110, 3.8, 13, 8}, "", "not flat"},           // it grows
		{fleetCost{10000, 119, 3.8, 13, 12}, "", ""},                  // but so does everything
		{fleetCost{10000, 300, 3.8, 30, 12}, "", "5.0 times as much"}, // not at all
	} {
		note, err := judge(small, &c.large)
		if !strings.Contains(note, c.note) || c.note == "" && note != "" {
			t.Errorf("%v: note %q, want %q", &c.large, note, c.note)
		}
		if got := fmt.Sprint(err); c.error == "" && err != nil || !strings.Contains(got, c.error) {
			t.Errorf("%v: error %v, want %q", &c.large, err, c.error)
		}
	}
}
