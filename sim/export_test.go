package sim

import "time"

// TraceUntil is what -sim.until prints of a trace when it stops at an event, for the tests outside.
var TraceUntil = cut

// Steps is the ladder that it prints.
var Steps = steps

// SetPatience sets how long a run may stand still: ten seconds are long for a test that waits them.
func SetPatience(d time.Duration) { patience = d }
