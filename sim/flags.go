package sim

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// flags are the command-line flags of a test binary that uses this package. They begin with "sim."
// so that they meet none of the user's own.
var flags struct {
	seed, seeds string
	until       string
	update      bool
}

// Only a test binary gets the flags: a program that runs worlds has flags of its own.
func init() {
	if !testing.Testing() {
		return
	}
	flag.StringVar(&flags.seed, "sim.seed", "",
		"run each simulated world with this seed (or set SIM_SEED)")
	flag.StringVar(&flags.seeds, "sim.seeds", "",
		"run each simulated world with each of these seeds, as in 1-100,207 (or set SIM_SEEDS); "+
			"a test stops at the first that fails")
	flag.StringVar(&flags.until, "sim.until", "",
		"stop the simulated world at this step, as in 1234, or instant, as in 2m11s, print the ladder "+
			"up to there, and end the process: use it with -run")
	flag.BoolVar(&flags.update, "sim.update", false,
		"write the golden transcripts of simulated worlds instead of comparing with them")
}

// DefaultSeed is the seed of a test's world, unless an option, a flag or the environment gives one.
const DefaultSeed = 1

// maxSeeds bounds what one -sim.seeds asks for.
const maxSeeds = 1 << 20

// seeds are the seeds to run a test with: those of the command line, else those of the environment
// (for `go test ./...`, where packages that do not know the flag would refuse it), else the test's
// own.
func (c *testConfig) seeds() ([]uint64, error) {
	asked := seedsAskedFor()
	if len(asked) == 0 {
		return []uint64{c.options.Seed}, nil
	}
	list, err := parseSeeds(asked[0].text)
	if err != nil {
		return nil, fmt.Errorf("%s=%s: %w", asked[0].name, asked[0].text, err)
	}
	return list, nil
}

// seedSource is a flag or a variable, and what it says.
type seedSource struct{ name, text string }

// seedsAskedFor are the sources that say something, the first being the one that counts.
func seedsAskedFor() []seedSource {
	return slices.DeleteFunc([]seedSource{
		{"-sim.seed", flags.seed}, {"-sim.seeds", flags.seeds},
		{"SIM_SEED", os.Getenv("SIM_SEED")}, {"SIM_SEEDS", os.Getenv("SIM_SEEDS")},
	}, func(s seedSource) bool { return s.text == "" })
}

// parseSeeds reads numbers and ranges: "7", "1-100", "1-3,207".
func parseSeeds(text string) ([]uint64, error) {
	var list []uint64
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(strings.TrimSpace(part), "-")
		from, err := strconv.ParseUint(first, 0, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not a seed: a whole number, or a range such as 1-100", part)
		}
		to := from
		if isRange {
			if to, err = strconv.ParseUint(last, 0, 64); err != nil || to < from {
				return nil, fmt.Errorf("%q is not a range of seeds, such as 1-100", part)
			}
		}
		if to-from >= maxSeeds || len(list) >= maxSeeds {
			return nil, fmt.Errorf("more than %d seeds", maxSeeds)
		}
		for s := from; ; s++ {
			list = append(list, s)
			if s == to {
				break
			}
		}
	}
	return list, nil
}

// Seeds are the seeds that the command line or the environment asks for, or DefaultSeed alone: for
// packages that run worlds of their own.
func Seeds() ([]uint64, error) { return newTestConfig(nil).seeds() }
