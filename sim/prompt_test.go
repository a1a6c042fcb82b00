package sim

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// Whether the driver wakes for what nobody notices makes no difference to what happens.
func TestDriverSleepsThroughWhatNobodyNotices(t *testing.T) {
	outage := func(prompt bool) *trace.Trace {
		tr, err := run(Options{Seed: 3}, func(w *World) error {
			w.mu.Lock()
			w.prompt = prompt
			w.mu.Unlock()
			hub := w.Broker("hub")
			phone := w.Client("phone", hub, DefaultClient())
			radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond,
				Loss: netmodel.Percent(2, 0)})
			if err := phone.Connect(); err != nil {
				return err
			}
			time.Sleep(5 * time.Minute)
			radio.Cut().For(time.Minute)
			time.Sleep(5 * time.Minute)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return tr
	}
	if d := trace.Diff(outage(true), outage(false)); d != nil {
		t.Error(d)
	}
}
