package sim

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// A client that calls a broker in vain for hours does not keep what each call took.
func TestCallsInVainAreForgotten(t *testing.T) {
	_, err := run(Options{Seed: 1}, func(w *World) error {
		hub := w.Broker("hub")
		config := DefaultClient()
		config.ConnectTimeout, config.MaxReconnectInterval = 2*time.Second, 10*time.Second
		phone := w.Client("phone", hub, config)
		radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: time.Millisecond})
		if err := phone.Connect(); err != nil {
			return err
		}
		radio.Cut()
		time.Sleep(2 * time.Hour)
		w.mu.Lock()
		defer w.mu.Unlock()
		tried := 0
		for i := range w.rec.Trace.Events {
			if w.rec.Trace.Events[i].Kind == trace.ClientConnecting {
				tried++
			}
		}
		if kept := len(phone.prog.conns); tried < 100 || kept > 10 {
			t.Errorf("after %d calls the client keeps %d connections, want a few", tried, kept)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
