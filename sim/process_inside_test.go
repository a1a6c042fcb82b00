package sim

import (
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/scenario"
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

// The broker has the room for a client that the scenario says, or mochi's own.
func TestClientQueue(t *testing.T) {
	for text, want := range map[string]int32{
		"broker hub": 8192, "broker hub client-queue=1024": 1024,
	} {
		s, err := scenario.Parse("test", text+"\n")
		if err != nil {
			t.Fatal(err)
		}
		_, err = run(Options{Seed: 1}, func(w *World) error {
			in := newInterpreter(w, s)
			if err := in.build(); err != nil {
				return err
			}
			caps := in.brokers["hub"].Server().Options.Capabilities
			if got := caps.MaximumClientWritesPending; got != want {
				t.Errorf("%q: room for %d packets, want %d", text, got, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
