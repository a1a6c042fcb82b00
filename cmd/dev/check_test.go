package main

import (
	"strings"
	"testing"
)

// What a log keeps of a failed run of tests is what failed, not the hundred tests that passed.
func TestTailLeavesOutWhatPassed(t *testing.T) {
	passed := "=== RUN   TestFine\n--- PASS: TestFine (0.00s)\n    --- PASS: TestFine/a\n"
	out := strings.Repeat(passed, 50) +
		"=== RUN   TestLate\n    late_test.go:3: too late\n--- FAIL: TestLate (0.01s)\nFAIL\n"
	want := "    late_test.go:3: too late\n--- FAIL: TestLate (0.01s)\nFAIL"
	if got := tail(out); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
