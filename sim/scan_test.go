package sim

import (
	"regexp"
	"slices"
	"testing"
)

// What the runtime prints is read right, also where it is cut off or has nothing to read.
func TestStackDumpsAreRead(t *testing.T) {
	for in, want := range map[string][]uint64{
		"main.f(0xc000012028, 0x1, {0x0?, 0xabc...})": {0xc000012028, 1, 0, 0xabc},
		"main.f(...)": nil, "0x": nil, "0x0x10": {0}, "0xfffffffffffffffff": nil,
	} {
		if got := addresses(in); !slices.Equal(got, want) {
			t.Errorf("%q has %x, want %x", in, got, want)
		}
	}
	for in, want := range map[string]bubbleID{
		"goroutine 9 [sleep (durable), synctest bubble 12]:": 12,
		"goroutine 9 [running]:":                             0,
		"goroutine 9 [synctest bubble ":                      0,
	} {
		if got := bubbleOf(in); got != want {
			t.Errorf("%q is of bubble %d, want %d", in, got, want)
		}
	}
}

// The line that repeats a test names it as regexp itself would quote it.
func TestQuoteMetaIsRegexps(t *testing.T) {
	for _, s := range []string{"", "TestA", `a.b+c*d?e(f)g|h[i]j{k}l^m$n\o`, "切断=1s"} {
		if got, want := quoteMeta(s), regexp.QuoteMeta(s); got != want {
			t.Errorf("%q is quoted %q, want %q", s, got, want)
		}
	}
}
