package sim

import (
	"fmt"
	"testing"
)

// Two worlds at once, in parallel tests, are as apart as two processes: each gives the trace that
// it gives alone.
func TestWorldsInParallel(t *testing.T) {
	want := runText(t, story).Hash()
	for i := range 2 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			for range 10 {
				if got := runText(t, story).Hash(); got != want {
					t.Errorf("beside another world the hash is %s, want %s", got, want)
				}
			}
		})
	}
}
