package sim_test

import (
	"crypto/tls"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"halfopen/netmodel"
	"halfopen/sim"
)

// An expectation that could not fail, because nothing of what it is about ever happened, fails.
func TestEmptyExpectationsFail(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub, phone := w.Broker("hub"), w.Host("phone")
		w.Link(phone, hub.Host, netmodel.Conditions{})
		time.Sleep(time.Minute)
		for _, x := range []sim.Expectation{sim.Reconnects(phone).Exactly(0),
			sim.Attempts(phone).AtMost(3), sim.Pings(phone).AtMost(5), sim.NeverDeaf(phone, time.Second),
			sim.NoticedWithin(phone, time.Minute), sim.Lost("home/#").Exactly(0),
			sim.Duplicated("#").Exactly(0), sim.Late("#", time.Second).AtMost(2)} {
			if err := w.Check(x); err == nil {
				t.Errorf("it holds that %s", x)
			}
		}
	})
}

// A program that only publishes is back when it is connected: it has no subscription that messages
// could reach it by.
func TestPublisherIsBack(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		sensor := w.Client("sensor", hub, sim.DefaultClient())
		radio := w.Link(sensor.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		if err := sensor.Connect(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		radio.Cut().For(time.Minute)
		time.Sleep(5 * time.Minute)
		w.Expect(t, sim.BackWithin(sensor, time.Minute))
		if err := w.Check(sim.BackWithin(sensor, time.Millisecond)); err == nil {
			t.Error("it was back within a millisecond")
		}
	})
}

// What a program encrypts by itself cannot be counted, and is not taken for nothing.
func TestUnreadablePings(t *testing.T) {
	server, client := certificates(t)
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub, phone := w.Broker("hub"), w.Host("phone")
		w.Link(phone, hub.Host, netmodel.Conditions{})
		everyTransport(t, hub, server)
		o := mqtt.NewClientOptions().AddBroker("tcp://hub:8883").SetClientID("phone")
		phone.Paho(o).SetCustomOpenConnectionFn(func(*url.URL, mqtt.ClientOptions) (net.Conn, error) {
			raw, err := phone.Dial("tcp", "hub:8883")
			if err != nil {
				return nil, err
			}
			own := client.Clone()
			own.ServerName = "hub"
			return tls.Client(raw, own), nil
		})
		c := mqtt.NewClient(o)
		t.Cleanup(func() { c.Disconnect(0) })
		if token := c.Connect(); token.Wait() && token.Error() != nil {
			t.Fatal(token.Error())
		}
		time.Sleep(time.Minute)
		w.Expect(t, sim.Reconnects(phone).Exactly(0))
		err := w.Check(sim.Pings(phone).AtMost(5))
		if err == nil || !strings.Contains(err.Error(), "cannot be read") {
			t.Errorf("the error is %v", err)
		}
	})
}

// A client of the user's own explains itself by its settings, as one of the world's does.
func TestOwnClientsSettings(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub, phone := w.Broker("hub"), w.Host("phone")
		radio := w.Link(phone, hub.Host, netmodel.Conditions{})
		o := mqtt.NewClientOptions().AddBroker("tcp://hub:1883").SetClientID("phone")
		c := mqtt.NewClient(phone.Paho(o.SetKeepAlive(time.Minute).SetCleanSession(true)))
		t.Cleanup(func() { c.Disconnect(0) })
		c.Connect().Wait()
		c.Subscribe("home/#", 0, nil).Wait()
		radio.Cut().For(2 * time.Minute)
		time.Sleep(10 * time.Minute)
		deaf := w.Check(sim.NeverDeaf(phone, time.Second))
		late := w.Check(sim.NoticedWithin(phone, time.Second))
		if deaf == nil || late == nil {
			t.Fatal("it is not deaf, or it noticed at once")
		}
		wantAll(t, deaf.Error(), "CONNECT asked for a clean session")
		wantAll(t, late.Error(), "Its settings: keepalive=60s, ping-timeout=10s.")
	})
}

// A snapshot has everything that was asked for before it, in the same instant too.
func TestSnapshotIsComplete(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		time.Sleep(time.Minute)
		if err := hub.Publish("home/door", nil, 0, false); err != nil {
			t.Fatal(err)
		}
		if n := len(w.Snapshot().Messages); n != 1 {
			t.Errorf("the snapshot has %d messages, want 1", n)
		}
		if n := len(hub.Received("home/#")); n != 1 {
			t.Errorf("the hub has %d messages, want 1", n)
		}
	})
}
