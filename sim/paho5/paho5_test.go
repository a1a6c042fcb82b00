package paho5_test

import (
	"context"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/eclipse/paho.golang/autopaho"
	"github.com/eclipse/paho.golang/paho"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/paho5"
)

// inbox is what a client got.
type inbox struct {
	mu   sync.Mutex
	list []string
}

func (b *inbox) add(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = append(b.list, s)
}

func (b *inbox) all() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.list)
}

// configuration is that of a client which subscribes to everything when it is connected.
func configuration(hub *sim.Broker, got *inbox) autopaho.ClientConfig {
	return autopaho.ClientConfig{
		ServerUrls: []*url.URL{paho5.URL(hub.Addr())}, KeepAlive: 20, SessionExpiryInterval: 3600,
		ConnectTimeout:   10 * time.Second,
		ReconnectBackoff: func(int) time.Duration { return time.Second },
		OnConnectionUp: func(m *autopaho.ConnectionManager, _ *paho.Connack) {
			go func() {
				_, _ = m.Subscribe(context.Background(), &paho.Subscribe{
					Subscriptions: []paho.SubscribeOptions{{Topic: "home/#", QoS: 1}}})
			}()
		},
		ClientConfig: paho.ClientConfig{ClientID: "phone",
			OnPublishReceived: []func(paho.PublishReceived) (bool, error){
				func(p paho.PublishReceived) (bool, error) {
					got.add(string(p.Packet.Payload))
					return true, nil
				}}},
	}
}

// An MQTT 5 client notices a dead line, comes back once, and gets what was kept for it.
func TestAutopahoSurvivesOutage(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Host("phone")
		radio := w.Link(phone, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		var inbox inbox
		m, err := autopaho.NewConnection(t.Context(), paho5.On(phone, configuration(hub, &inbox)))
		if err != nil {
			t.Fatal(err)
		}
		if err := m.AwaitConnection(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(30 * time.Second)
		radio.Cut().For(2 * time.Minute)
		time.Sleep(time.Minute)
		if err := hub.Publish("home/door", []byte("open"), 1, false); err != nil {
			t.Error(err)
		}
		time.Sleep(5 * time.Minute)
		if got := inbox.all(); len(got) != 1 || got[0] != "open" {
			t.Errorf("the phone got %q, want the message that was kept", got)
		}
		w.Expect(t, sim.NoticedWithin(phone, 40*time.Second), sim.Reconnects(phone).Exactly(1))
		if err := m.Disconnect(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A packet is one segment, although paho.golang writes it in several pieces: as the kernel's writev
// does it.
func TestPacketIsOneWrite(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Host("phone")
		w.Link(phone, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		var inbox inbox
		m, err := autopaho.NewConnection(t.Context(), paho5.On(phone, configuration(hub, &inbox)))
		if err != nil {
			t.Fatal(err)
		}
		if err := m.AwaitConnection(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Publish(t.Context(), &paho.Publish{QoS: 1, Topic: "door",
			Payload: []byte("open")}); err != nil {
			t.Error(err)
		}
		tr := w.Snapshot()
		for i := range tr.Sockets {
			s := &tr.Sockets[i]
			for j := 1; j < len(s.Packets); j++ {
				if s.Actor == "phone" && s.Packets[j].Event == s.Packets[j-1].Event {
					t.Errorf("%s and %s left in one write", s.Packets[j-1].Name(), s.Packets[j].Name())
				}
			}
		}
		if len(hub.Received("door")) != 1 {
			t.Error("the message did not arrive")
		}
	})
}
