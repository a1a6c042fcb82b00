package trace

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/netmodel/speed"
)

// TestResetRecorderForgets: a recorder's second trace has nothing of its first.
func TestResetRecorderForgets(t *testing.T) {
	var rec, fresh Recorder
	rec.App(Event{Record: netmodel.Record{Kind: Note}, App: &App{Text: "old"}})
	speed.MQTT(&rec, 1, 24*time.Hour)
	rec.Reset()
	if n := len(rec.Trace.Events); n != 0 || rec.NextID() != 1 {
		t.Fatalf("%d events are left, the next is %d", n, rec.NextID())
	}
	speed.MQTT(&rec, 1, 24*time.Hour)
	speed.MQTT(&fresh, 1, 24*time.Hour)
	if rec.Trace.Hash() != fresh.Trace.Hash() {
		t.Error("the same day on a used recorder has another hash")
	}
	for i := range rec.Trace.Events {
		if rec.Trace.Events[i].App != nil {
			t.Fatalf("event %d has an application's part of the trace before", i+1)
		}
	}
}
