package sim_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"halfopen/netmodel"
	"halfopen/sim"
)

// history is what handlers saw. It has a mutex because handlers run on goroutines of the library's,
// and time that passes is no synchronization.
type history struct {
	mu     sync.Mutex
	events []string
}

func (h *history) add(event string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, event)
}

func (h *history) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.events, ", ")
}

// A client of the user's own, unchanged but for Paho: expectations about its line and its messages
// work as for w.Client.
func TestOwnClientIsObserved(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Host("phone")
		radio := w.Link(phone, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond})
		var log history
		o := mqtt.NewClientOptions().AddBroker("tcp://hub:1883").SetClientID("phone")
		o.SetProtocolVersion(4).SetMaxReconnectInterval(30 * time.Second)
		o.SetOnConnectHandler(func(c mqtt.Client) {
			log.add("connected")
			c.Subscribe("home/#", 0, func(mqtt.Client, mqtt.Message) { log.add("message") })
		})
		o.SetConnectionLostHandler(func(mqtt.Client, error) { log.add("lost") })
		c := mqtt.NewClient(phone.Paho(o))
		t.Cleanup(func() { c.Disconnect(0) })
		if token := c.Connect(); token.Wait() && token.Error() != nil {
			t.Fatal(token.Error())
		}
		publish := func(text string) {
			if err := hub.Publish("home/door", []byte(text), 0, false); err != nil {
				t.Error(err)
			}
		}
		time.Sleep(time.Second)
		publish("open")
		time.Sleep(time.Minute)
		radio.Cut().For(2 * time.Minute)
		time.Sleep(100 * time.Second)
		publish("closed")
		time.Sleep(10 * time.Minute)
		publish("open again")
		time.Sleep(time.Second)

		w.Expect(t, sim.NoticedWithin(phone, time.Minute), sim.BackWithin(phone, time.Minute),
			sim.Reconnects(phone).Exactly(1), sim.Delivered("home/#").Exactly(2),
			sim.Lost("home/#").Exactly(1), sim.Attempts(phone).AtLeast(2))
		want := "connected, message, lost, connected, message"
		if got := log.String(); got != want {
			t.Errorf("the client's own handlers saw %s; want %s", got, want)
		}
	})
}

// An expectation about somebody whom nobody reports for does not hold by silence.
func TestUnknownSubject(t *testing.T) {
	sim.Test(t, func(t *testing.T, w *sim.World) {
		ghost := w.Host("ghost")
		for _, x := range []sim.Expectation{sim.NoticedWithin(ghost, time.Hour),
			sim.NeverDeaf(ghost, time.Hour), sim.BackWithin(ghost, time.Hour),
			sim.LostWithin(ghost, time.Hour, 0)} {
			if err := w.Check(x); err == nil {
				t.Errorf("%q holds for a host without a client", x)
			}
		}
	})
}
