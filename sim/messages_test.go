package sim

import (
	"slices"
	"testing"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/trace"
)

// A sensor that says the same three times has sent three messages, and each is followed to its
// end.
func TestEqualMessagesAreToldApart(t *testing.T) {
	var got []trace.MessageID
	var messages int
	err := Run(func(w *World) {
		hub := w.Broker("hub")
		c := w.Client("reader", hub, DefaultClient())
		w.Link(c.Host, hub.Host, netmodel.Conditions{Latency: 10 * time.Millisecond})
		if err := c.Connect(); err != nil {
			t.Error(err)
		}
		c.Subscribe("t", 0)
		time.Sleep(time.Second)
		for range 4 {
			if err := hub.Publish("t", []byte("warm"), 0, false); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Second)
		}
		tr := w.Snapshot()
		messages = len(tr.Messages)
		for i := range tr.Events {
			if ev := &tr.Events[i]; ev.Kind == trace.ClientMessage {
				got = append(got, ev.App.Message)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []trace.MessageID{1, 2, 3, 4}; messages != 4 || !slices.Equal(got, want) {
		t.Errorf("%d messages; delivered %v, want %v", messages, got, want)
	}
}
