package sim_test

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/eclipse/paho.golang/autopaho"
	"github.com/eclipse/paho.golang/autopaho/queue/memory"
	"github.com/eclipse/paho.golang/paho"
	mqtt "github.com/eclipse/paho.mqtt.golang"
	server "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/paho5"
)

// The recipes around code of the user's own: COOKBOOK.md is made of these, too.

// door is a client as it could stand in a product. Its options pass through tune, which a test
// sets.
type door struct {
	mu   sync.Mutex
	lost []string
}

func (d *door) options(tune func(*mqtt.ClientOptions) *mqtt.ClientOptions) *mqtt.ClientOptions {
	o := mqtt.NewClientOptions().AddBroker("tcp://hub:1883").SetClientID("door")
	o.SetKeepAlive(20 * time.Second).SetMaxReconnectInterval(10 * time.Second)
	o.SetConnectionLostHandler(func(_ mqtt.Client, err error) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.lost = append(d.lost, err.Error())
	})
	return tune(o)
}

// Your own client, and its handlers.
//
// How does one test a handler for lost connections (eclipse-paho/paho.mqtt.golang #73)? A method
// that pretends a loss was proposed and refused (PR #568). Here the connection is really lost, in
// each of the ways that there are: the code is the one that ships, and only its options pass
// through Host.Paho.
func TestRecipeOwnClient(t *testing.T) {
	for name, lose := range map[string]func(*sim.Link, *sim.Broker) *sim.Fault{
		"pingresp not received, disconnecting": func(l *sim.Link, _ *sim.Broker) *sim.Fault {
			return l.Cut()
		},
		"EOF": func(_ *sim.Link, b *sim.Broker) *sim.Fault {
			b.Kill()
			_ = b.Start()
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			sim.Test(t, func(t *testing.T, w *sim.World) {
				hub, box := w.Broker("hub"), w.Host("box")
				radio := w.Link(box, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
				var d door
				c := mqtt.NewClient(d.options(box.Paho))
				t.Cleanup(func() { c.Disconnect(250) })
				if token := c.Connect(); token.Wait() && token.Error() != nil {
					t.Fatal(token.Error())
				}
				time.Sleep(time.Minute)
				if f := lose(radio, hub); f != nil {
					f.For(2 * time.Minute)
				}
				time.Sleep(5 * time.Minute)

				d.mu.Lock()
				defer d.mu.Unlock()
				if len(d.lost) != 1 || d.lost[0] != name {
					t.Errorf("the handler was told %q, want once %q", d.lost, name)
				}
				w.Expect(t, sim.Reconnects(box).Exactly(1))
			})
		})
	}
}

// presence is a hook of mochi's that keeps a list of who is online. The careless one believes that
// the last event about a client is the truth.
type presence struct {
	server.HookBase
	careless bool
	mu       sync.Mutex
	online   map[string]bool
}

func (p *presence) Provides(b byte) bool {
	return b == server.OnSessionEstablished || b == server.OnDisconnect
}

func (p *presence) OnSessionEstablished(cl *server.Client, _ packets.Packet) {
	p.set(cl.ID, true)
}

func (p *presence) OnDisconnect(cl *server.Client, _ error, _ bool) {
	if p.careless || cl.StopCause() != packets.ErrSessionTakenOver {
		p.set(cl.ID, false)
	}
}

func (p *presence) set(id string, is bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.online[id] = is
}

// The old connection's end marks the new one offline.
//
// A device loses its line, comes back, and takes its own session over; and then the broker reports
// the end of the old connection. A list of who is online that takes this for the device's end shows
// a device that is there as gone (mochi-mqtt/server #246, #466, #483). The reason of the end tells
// the two apart.
func TestRecipePresence(t *testing.T) {
	for _, careless := range []bool{true, false} {
		t.Run(fmt.Sprintf("careless=%t", careless), func(t *testing.T) {
			sim.Test(t, func(t *testing.T, w *sim.World) {
				hub := w.Broker("hub")
				list := &presence{careless: careless, online: make(map[string]bool)}
				if err := hub.Server().AddHook(list, nil); err != nil {
					t.Fatal(err)
				}
				c := sim.DefaultClient()
				c.KeepAlive = 4 * time.Minute // the broker would wait for six
				phone := w.Client("phone", hub, c)
				w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
				if err := phone.Connect(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				phone.Host.ChangeAddr(netmodel.AddrFrom4(10, 64, 0, 7)) // Wi-Fi is out of reach
				phone.Publish("seen", 1, false, nil)                    // into the old connection
				time.Sleep(10 * time.Minute)

				list.mu.Lock()
				defer list.mu.Unlock()
				if list.online["phone"] == careless {
					t.Errorf("online: %t, want %t", list.online["phone"], !careless)
				}
				if !phone.MQTT().IsConnectionOpen() {
					t.Error("the phone is not connected")
				}
			})
		})
	}
}

// MQTT 5: a queue, and a session that outlives the outage.
//
// With autopaho (github.com/eclipse/paho.golang) both halves are settings: PublishViaQueue keeps
// what is published while there is no connection, and SessionExpiryInterval says how long the
// broker keeps subscriptions and messages for a client that is away.
func TestRecipeMQTT5(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub, box := w.Broker("hub"), w.Host("box")
		radio := w.Link(box, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		got := make(chan string, 100)
		cfg := autopaho.ClientConfig{ServerUrls: []*url.URL{paho5.URL(hub.Addr())}, KeepAlive: 20,
			Queue: memory.New(), SessionExpiryInterval: 3600,
			ReconnectBackoff: autopaho.NewConstantBackoff(2 * time.Second),
			ClientConfig: paho.ClientConfig{ClientID: "box",
				OnPublishReceived: []func(paho.PublishReceived) (bool, error){
					func(p paho.PublishReceived) (bool, error) {
						got <- string(p.Packet.Payload)
						return true, nil
					}}}}
		m, err := autopaho.NewConnection(t.Context(), paho5.On(box, cfg))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = m.Disconnect(context.Background()) })
		if err := m.AwaitConnection(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := m.Subscribe(t.Context(), &paho.Subscribe{Subscriptions: []paho.SubscribeOptions{
			{Topic: "to/box", QoS: 1}}}); err != nil {
			t.Fatal(err)
		}
		radio.Cut().For(5 * time.Minute)
		time.Sleep(2 * time.Minute)
		err = m.PublishViaQueue(t.Context(), &autopaho.QueuePublish{Publish: &paho.Publish{QoS: 1,
			Topic: "from/box", Payload: []byte("while away")}})
		if err != nil {
			t.Error(err)
		}
		if err := hub.Publish("to/box", []byte("for later"), 1, false); err != nil {
			t.Error(err)
		}
		time.Sleep(10 * time.Minute)

		if n := len(hub.Received("from/box")); n != 1 || len(got) != 1 {
			t.Errorf("the hub got %d messages and the box %d, want one each", n, len(got))
		}
		w.Expect(t, sim.Reconnects(box).Exactly(1), sim.NeverDeaf(box, time.Second))
	})
}
