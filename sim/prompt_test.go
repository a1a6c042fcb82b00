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

// Whether programs change the timer that the driver waits for, or tell it to look, makes no
// difference to what happens.
func TestDriverOfACrowdedWorld(t *testing.T) {
	outage := func(crowd int) *trace.Trace {
		tr, err := run(Options{Seed: 3}, func(w *World) error {
			w.mu.Lock()
			w.crowd = crowd
			w.mu.Unlock()
			hub := w.Broker("hub")
			for _, name := range []string{"phone", "pump"} {
				c := w.Client(name, hub, DefaultClient())
				w.Link(c.Host, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond,
					Loss: netmodel.Percent(2, 0)})
				c.ConnectLater()
			}
			time.Sleep(5 * time.Minute)
			hub.Stop()
			time.Sleep(time.Minute)
			if err := hub.Start(); err != nil {
				return err
			}
			time.Sleep(5 * time.Minute)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return tr
	}
	if d := trace.Diff(outage(0), outage(crowd)); d != nil {
		t.Error(d)
	}
}
