package export_test

import (
	"fmt"
	"strings"

	"halfopen/sim/export"
	"halfopen/sim/scenario"
)

// A scenario becomes a test that plays it.
func ExampleGoTest() {
	s, err := scenario.Parse("tunnel", "broker hub\nclient phone\nlink phone hub latency=10ms\n")
	if err != nil {
		fmt.Println(err)
	}
	src, err := export.GoTest(s)
	_, test, _ := strings.Cut(string(src), "func ")
	first, _, _ := strings.Cut(test, "\n")
	fmt.Println(err, first)
	// Output: <nil> TestTunnel(t *testing.T) {
}
