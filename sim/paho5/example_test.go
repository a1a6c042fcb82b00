package paho5_test

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/eclipse/paho.golang/autopaho"
	"github.com/eclipse/paho.golang/paho"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/paho5"
)

// connect runs an MQTT 5 client on a phone for a minute of its life.
func connect(adapt func(*sim.Host, autopaho.ClientConfig) autopaho.ClientConfig) error {
	return sim.Run(func(w *sim.World) {
		hub, phone := w.Broker("hub"), w.Host("phone")
		w.Link(phone, hub.Host, netmodel.Conditions{Latency: 20 * time.Millisecond})
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		m, err := autopaho.NewConnection(ctx, adapt(phone, autopaho.ClientConfig{
			ServerUrls: []*url.URL{paho5.URL(hub.Addr())}, KeepAlive: 20, ConnectTimeout: time.Second,
			ClientConfig: paho.ClientConfig{ClientID: "phone"}}))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("connected:", m.AwaitConnection(ctx))
		time.Sleep(time.Minute)
		fmt.Println("expected:", w.Check(sim.Pings(phone).AtLeast(2)) == nil)
		_ = m.Disconnect(ctx)
	})
}

// The library reports to the world, which can tell what to expect of it.
func ExampleOn() {
	fmt.Println(connect(paho5.On))
	// Output:
	// connected: <nil>
	// expected: true
	// <nil>
}

// Attempt alone brings the library into the world, and tells nothing of it.
func ExampleAttempt() {
	fmt.Println(connect(func(h *sim.Host, c autopaho.ClientConfig) autopaho.ClientConfig {
		c.AttemptConnection = paho5.Attempt(h)
		return c
	}))
	// Output:
	// connected: <nil>
	// expected: false
	// <nil>
}
