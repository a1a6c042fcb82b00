package sim

import (
	"bytes"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// At calls f when the world is d old, on a goroutine of its own: `w.At(90*time.Second, func() {
// radio.Cut() })`. It does not wait. If the world ends before, f is not called.
func (w *World) At(d time.Duration, f func()) {
	go func() {
		if w.sleepUntil(d) {
			f()
		}
	}()
}

// Received returns the messages under a topic filter that the broker has received so far, in order,
// its own (Publish) included. A message that a publisher sent twice, because an acknowledgement did
// not come, is there twice.
func (b *Broker) Received(filter string) []Message {
	b.w.do(b.prog, func(netmodel.Time) {}) // what happened so far is in the trace
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	t := &b.w.rec.Trace
	var out []Message
	for i := range t.Events {
		ev := &t.Events[i]
		if ev.Kind != trace.BrokerReceived || ev.App.Actor != b.prog.name ||
			!metrics.Match(filter, ev.App.Topic) {
			continue
		}
		m := Message{At: ev.At.Duration(), Topic: ev.App.Topic, Payload: bytes.Clone(ev.App.Payload),
			QoS: ev.App.QoS, Dup: ev.App.Dup}
		if id := ev.App.Message; id > 0 {
			m.Retain = t.Messages[id-1].Retain
		}
		out = append(out, m)
	}
	return out
}
