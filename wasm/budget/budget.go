package budget

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"halfopen/wasm"
)

// Limits are sizes after brotli, in bytes: what a first visit waits for. A kB is 1,000 bytes and a
// MB 1,000,000, as in the SI and in what networks promise: the stricter reading.
type Limits struct{ Picture, Simulation, Rest int }

const (
	kB = 1000
	mB = 1000 * kB
)

// Now are the limits that hold. Raising one is a decision, to be made here and defended.
var Now = Limits{Picture: 22 * mB / 10, Simulation: 28 * mB / 10, Rest: 300 * kB}

// Weigh compresses a bundle, prints what its parts weigh, and says what is too heavy.
func Weigh(b wasm.Bundle, out io.Writer) error {
	var rest int
	parts := map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		n := len(wasm.Brotli(b[name]))
		if name == wasm.PictureName || name == wasm.SimulationName {
			parts[name] = n
			continue
		}
		rest += n
	}
	var heavy []string
	for _, p := range []struct {
		name     string
		is, most int
	}{{"picture", parts[wasm.PictureName], Now.Picture},
		{"simulation", parts[wasm.SimulationName], Now.Simulation},
		{"everything else", rest, Now.Rest}} {
		fmt.Fprintf(out, "%-16s %9d of %9d bytes (brotli)\n", p.name, p.is, p.most)
		if p.is > p.most {
			heavy = append(heavy, p.name)
		}
	}
	if len(heavy) > 0 {
		return fmt.Errorf("too heavy: %v", heavy)
	}
	return nil
}
