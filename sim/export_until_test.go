package sim

// TraceUntil is what -sim.until prints of a trace when it stops at an event, for the tests outside.
var TraceUntil = cut

// Steps is the ladder that it prints.
var Steps = steps
