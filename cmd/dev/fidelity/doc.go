// Package fidelity compares the model with captures of real machines.
//
// A folder of runs (shared/reality is one) holds a folder for each: client.jsonl and broker.jsonl,
// what each interface saw; app.log, what the programs did; meta.json, the settings and the faults.
//
//	run.go      reads a run
//	applog.go   what the programs' lines say
//	plan*.go    a run as the calls that its programs made: dials, writes, reads, closes
//	faults.go   the testbed's actions as faults of netmodel
//	delay.go    how long the testbed held packets
//	course.go   which looks of its timer the client's writes met
//	phase.go    what the kernel's tick counter was
//	stalls.go   when the programs were late
//	replay.go   carries out a plan on netmodel alone, without any program
//	record.go   what the model's two interfaces saw, in the form of the captures
//	match.go    matches two lists of segments and their intervals
//	report.go   the tables
//	scenario*.go a run as a scenario of package sim
//	story.go    plays it with real paho and mochi, over seeds
//
// What the model must get right is what the kernels did. What the testbed did, it is told: how long
// each packet was held, when a rule took effect and a process died, which programs came late, how
// long the machine had been up. Which ticks were served late is left to the seed.
//
// Nothing depends on the name of a run: all settings come from meta.json, and all calls from the
// log and the captures. What a capture cannot say, the programs' sources do: which sockets have
// TCP_NODELAY and keepalive.
package fidelity
