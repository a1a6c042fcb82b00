package sim_test

import (
	"testing"
	"time"

	"halfopen/sim"
)

// A program beside the broker goes on publishing while the test stops it and starts it again.
func TestBrokerIsSafeForConcurrentUse(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub, phone, _ := home(w)
		phone.Subscribe("tick", 0)
		phone.ConnectLater()
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 300 {
				_ = hub.Publish("tick", nil, 0, false)
				phone.Publish("tock", 0, false, nil)
				_, _ = hub.Server(), phone.MQTT().IsConnectionOpen()
				time.Sleep(100 * time.Millisecond)
			}
		}()
		for range 3 {
			time.Sleep(2 * time.Second)
			hub.Stop()
			phone.Kill()
			time.Sleep(2 * time.Second)
			phone.Start()
			if err := hub.Start(); err != nil {
				t.Error(err)
			}
			time.Sleep(2 * time.Second)
			hub.Kill()
			if err := hub.Start(); err != nil {
				t.Error(err)
			}
		}
		<-done
		if len(phone.Received()) == 0 {
			t.Error("the phone got nothing")
		}
	})
}
