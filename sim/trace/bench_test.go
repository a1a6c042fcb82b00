package trace

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/netmodel/speed"
)

// BenchmarkRecording compares the network alone with the network and the full trace, in processor
// time, on the workloads of package speed. The budget of the second is twice the first; of each,
// the fastest round counts. "ratio" is the steady state, in which a trace that is done with makes
// room for the next; "ratio-fresh" has all memory come from the system.
func BenchmarkRecording(b *testing.B) {
	for _, w := range []struct {
		name string
		run  func(netmodel.Sink) int
	}{
		{"MQTT", func(s netmodel.Sink) int { return speed.MQTT(s, 1, 24*time.Hour) }},
		{"Bulk", speed.Bulk},
		{"Many", func(s netmodel.Sink) int { return speed.MQTT(s, 200, time.Hour) }},
	} {
		b.Run(w.name, func(b *testing.B) { compareRecording(b, w.run) })
	}
}

func compareRecording(b *testing.B, run func(netmodel.Sink) int) {
	var bare, traced, fresh speed.Fastest
	var rec Recorder
	segments := run(&rec)
	for b.Loop() {
		rec.Reset()
		bare.Time(func() { run(nil) })
		traced.Time(func() { run(&rec) })
		fresh.Time(func() { run(new(Recorder)) })
	}
	b.ReportMetric(bare.Seconds()*1e9/float64(segments), "ns/segment")
	b.ReportMetric(traced.Seconds()*1e9/float64(segments), "ns/segment-traced")
	b.ReportMetric(traced.Seconds()/bare.Seconds(), "ratio")
	b.ReportMetric(fresh.Seconds()/bare.Seconds(), "ratio-fresh")
}

// counter is a sink that keeps nothing.
type counter struct{ n netmodel.EventID }

func (c *counter) Record(*netmodel.Record) netmodel.EventID { c.n++; return c.n }

// TestRecordingAllocatesNothing: in steady state a segment costs no allocation, not even on record.
// The network's own allocations with a sink (it gives up the buffers of payloads that a trace may
// look at) are those with a sink that keeps nothing.
func TestRecordingAllocatesNothing(t *testing.T) {
	day := func(s netmodel.Sink) { speed.MQTT(s, 1, 24*time.Hour) }
	var rec Recorder
	bare := testing.AllocsPerRun(4, func() { day(new(counter)) })
	traced := testing.AllocsPerRun(4, func() { day(&rec); rec.Reset() })
	if traced > bare+2 { // a trace of 60,000 events and 20,000 segments
		t.Fatalf("recording a day allocated %.0f times", traced-bare)
	}
}
