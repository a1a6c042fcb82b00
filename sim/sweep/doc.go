// Package sweep runs one scenario many times with different settings and seeds, and says what came
// out: a row of measures for each run, bands over seeds, a heat map, a trade-off curve, a report.
//
// The nouns, in the order of one sweep:
//
//   - Axis: a setting and the values it takes; ParseAxis reads "keepalive=5..1200", and knows
//     ranges, lists, presets and weighted mixes of NATs;
//   - Plan: a base scenario, axes and seeds; a plain number names each of its runs, for ever, so
//     that shards, resuming and reports agree on what run 1234 is;
//   - Row: the measures of one run (package metrics), with the analytic bound it was held against;
//   - Pool: worker processes that run them; a run is single-threaded, and two processes do almost
//     twice as much as one;
//   - Dir: the directory of a result, which survives being killed, resumes, and merges with others;
//   - Band, Table, Heat, Report: what people read;
//   - Choices, Tradeoff: what one chooses, compared over all that the world does.
//
// The package does not know the simulator: whoever makes a Worker gives it a function that runs a
// scenario.
package sweep
