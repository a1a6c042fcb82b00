package chaos

import (
	"time"

	"pgregory.net/rapid"
)

// maxFaults bounds a schedule: what needs five faults to go wrong is found by one of its parts
// first.
const maxFaults = 4

// starts and lengths are drawn from tables: their order is the order in which rapid tries to make
// them smaller, so that what is left of a schedule is short and round.
var (
	starts = []time.Duration{0, 1 * time.Second, 2 * time.Second, 5 * time.Second,
		10 * time.Second, 20 * time.Second, 30 * time.Second, 45 * time.Second, time.Minute,
		90 * time.Second, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute}
	lengths = []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second,
		15 * time.Second, 20 * time.Second, 30 * time.Second, 45 * time.Second, time.Minute,
		90 * time.Second, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute, 10 * time.Minute}
)

// maxLinks is how many links a schedule tells apart; a world with fewer counts round.
const maxLinks = 8

var faults = rapid.Custom(func(t *rapid.T) Fault {
	f := Fault{Kind: Kind(rapid.IntRange(0, int(numKinds)-1).Draw(t, "kind")),
		Link: rapid.IntRange(0, maxLinks-1).Draw(t, "link"),
		At:   rapid.SampledFrom(starts).Draw(t, "at")}
	// A start that is off the round seconds meets what programs do between their own timers.
	f.At += time.Duration(rapid.IntRange(0, 999).Draw(t, "ms")) * time.Millisecond
	f.For = rapid.SampledFrom(lengths).Draw(t, "for")
	if f.Kind == DropPacket {
		f.Packet = rapid.SampledFrom(Packets).Draw(t, "packet")
	}
	return f
})

var schedules = rapid.Custom(func(t *rapid.T) Schedule {
	return rapid.SliceOfN(faults, 1, maxFaults).Draw(t, "faults")
})
