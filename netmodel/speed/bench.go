package speed

import (
	"testing"
	"time"
)

// Bench runs a workload, which returns how many segments it delivered, beside a [Loop] of as many
// flows as it has connections, and reports
//
//	Msegments/cpu-s  millions of segments delivered in a second of processor time
//	cpu-ms/op        processor time of the workload, milliseconds
//	bare-ns/event    what the loop needs for an event
//	events/segment   the ratio: what a segment costs, in events of the loop
func Bench(b *testing.B, flows int, workload func() int) {
	const events = 200_000
	loop := NewLoop(flows)
	var work, bare time.Duration
	segments, rounds := 0, 0
	for b.Loop() {
		t0 := CPU()
		segments += workload()
		t1 := CPU()
		loop.Run(events)
		work, bare = work+t1-t0, bare+CPU()-t1
		rounds++
	}
	perSegment := float64(work.Nanoseconds()) / float64(segments)
	perEvent := float64(bare.Nanoseconds()) / float64(events*rounds)
	b.ReportMetric(1e3/perSegment, "Msegments/cpu-s")
	b.ReportMetric(work.Seconds()*1e3/float64(rounds), "cpu-ms/op")
	b.ReportMetric(perEvent, "bare-ns/event")
	b.ReportMetric(perSegment/perEvent, "events/segment")
}

// Fastest measures something several times, and keeps the least processor time that it took: what
// else runs on a machine only adds.
type Fastest struct{ least time.Duration }

// Time runs f.
func (m *Fastest) Time(f func()) {
	t := CPU()
	f()
	if d := CPU() - t; m.least == 0 || d < m.least {
		m.least = d
	}
}

// Seconds is the time of the fastest run.
func (m *Fastest) Seconds() float64 { return m.least.Seconds() }
