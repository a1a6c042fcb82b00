package sim_test

import (
	"fmt"
	"os"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
)

// home is the world of most examples: a broker, and a phone that reaches it by radio.
func home(w *sim.World) (hub *sim.Broker, phone *sim.Client, radio *sim.Link) {
	hub = w.Broker("hub")
	phone = w.Client("phone", hub, sim.DefaultClient())
	radio = w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond})
	return hub, phone, radio
}

// run runs an example's world, and prints what went wrong with it.
func run(f func(w *sim.World)) {
	if err := sim.Run(f); err != nil {
		fmt.Fprintln(os.Stdout, "error:", err)
	}
}

// The lift swallows the radio for two minutes. The phone notices within two rounds of its keepalive
// and comes back once.
func Example() {
	err := sim.Run(func(w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Client("phone", hub, sim.DefaultClient())
		radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond})
		phone.Subscribe("home/#", 1)
		fmt.Println("connect:", phone.Connect())

		time.Sleep(90 * time.Second) // virtual: free
		radio.Cut().For(2 * time.Minute)
		time.Sleep(10 * time.Minute)

		fmt.Println("check:", w.Check(sim.NoticedWithin(phone, 60*time.Second),
			sim.Reconnects(phone).Exactly(1), sim.NeverDeaf(phone, time.Second)))
	})
	fmt.Println("world:", err)
	// Output:
	// connect: <nil>
	// check: <nil>
	// world: <nil>
}

func ExampleRun() {
	start := time.Now()
	err := sim.Run(func(w *sim.World) {
		time.Sleep(24 * time.Hour)
		fmt.Println("a day later:", w.Now())
	})
	fmt.Println(err, time.Since(start) < time.Minute)
	// Output:
	// a day later: 24h0m0s
	// <nil> true
}

func ExampleRunWith() {
	err := sim.RunWith(sim.Options{Seed: 7, Start: time.Unix(1419926642, 0)},
		func(w *sim.World) error {
			fmt.Println(w.Seed(), time.Now().Unix())
			return nil
		})
	fmt.Println(err)
	// Output:
	// 7 1419926642
	// <nil>
}

func ExampleWorld_Expect() {
	// In a test: w.Expect(t, sim.Reconnects(phone).Exactly(1)). Check is the same without a test.
	run(func(w *sim.World) {
		_, phone, radio := home(w)
		_ = phone.Connect()
		radio.Cut().For(2 * time.Minute)
		time.Sleep(5 * time.Minute)
		fmt.Println(w.Check(sim.Reconnects(phone).Exactly(1)))
	})
	// Output: <nil>
}
