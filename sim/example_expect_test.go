package sim_test

import (
	"fmt"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
)

// story is what the examples of expectations are about: keepalive 30 s; at 1 min the radio is cut
// for two minutes; two messages for the phone during the cut, one after it.
func story(judge func(w *sim.World, phone *sim.Client)) {
	run(func(w *sim.World) {
		hub, phone, radio := home(w)
		phone.Subscribe("home/#", 1)
		if err := phone.Connect(); err != nil {
			fmt.Println(err)
			return
		}
		time.Sleep(time.Minute - w.Now())
		radio.Cut().For(2 * time.Minute)
		time.Sleep(5 * time.Second)
		_ = hub.Publish("home/door", []byte("open"), 1, false)
		time.Sleep(time.Minute)
		_ = hub.Publish("home/door", []byte("closed"), 1, false)
		time.Sleep(9 * time.Minute)
		_ = hub.Publish("home/temp", []byte("21"), 1, false)
		time.Sleep(time.Minute)
		judge(w, phone)
	})
}

// verdict prints the first line of what Check says: without findings, reasons and ladder.
func verdict(err error) {
	if err == nil {
		fmt.Println("as expected")
		return
	}
	for line := range strings.Lines(err.Error()) {
		if what, ok := strings.CutPrefix(line, "expected:"); ok {
			fmt.Println("not so:" + strings.TrimSuffix(what, "\n"))
		}
	}
}

func ExampleNoticedWithin() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.NoticedWithin(phone, time.Minute)))
		verdict(w.Check(sim.NoticedWithin(phone, 10*time.Second)))
	})
	// Output:
	// as expected
	// not so: phone notices within 10s that its line is dead
}

func ExampleBackWithin() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.BackWithin(phone, time.Minute)))
		verdict(w.Check(sim.BackWithin(phone, time.Millisecond)))
	})
	// Output:
	// as expected
	// not so: phone is back within 1ms after the path has opened
}

func ExampleNeverDeaf() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.NeverDeaf(phone, time.Second)))
	})
	// A client that does not subscribe again, as in the cookbook's first recipe:
	run(func(w *sim.World) {
		hub := w.Broker("hub")
		c := sim.DefaultClient()
		c.Resubscribe = false
		phone := w.Client("phone", hub, c)
		radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{})
		_ = phone.Connect()
		phone.Subscribe("home/#", 1)
		time.Sleep(time.Minute)
		radio.Cut().For(2 * time.Minute)
		time.Sleep(10 * time.Minute)
		verdict(w.Check(sim.NeverDeaf(phone, time.Second)))
	})
	// Output:
	// as expected
	// not so: phone is never deaf for longer than 1s
}

func ExampleLostWithin() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.LostWithin(phone, time.Minute, time.Minute)))
		verdict(w.Check(sim.LostWithin(phone, time.Second, time.Minute)))
	})
	// Output:
	// as expected
	// not so: phone loses its connection within 1s of 1m
}

// The broker gives a client up that it has not heard for 1.5 times the keepalive.
func ExampleDroppedWithin() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.DroppedWithin(phone, 46*time.Second, time.Minute)))
		verdict(w.Check(sim.DroppedWithin(phone, 10*time.Second, time.Minute)))
	})
	// Output:
	// as expected
	// not so: phone is dropped by its broker within 10s of 1m
}

func ExampleHearsWithin() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.HearsWithin(phone, 10*time.Minute, 3*time.Minute)))
		verdict(w.Check(sim.HearsWithin(phone, time.Minute, time.Minute)))
	})
	// Output:
	// as expected
	// not so: phone gets a message within 1m of 1m
}

func ExampleConnectedWithin() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.ConnectedWithin(phone, time.Minute, 3*time.Minute)))
		verdict(w.Check(sim.ConnectedWithin(phone, time.Minute, 9*time.Minute)))
	})
	// Output:
	// as expected
	// not so: phone is connected within 1m of 9m
}

func ExampleReconnects() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.Reconnects(phone).Exactly(1)))
		verdict(w.Check(sim.Reconnects(phone).AtLeast(2)))
	})
	// Output:
	// as expected
	// not so: reconnects of phone: at least 2
}

func ExampleAttempts() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.Attempts(phone).AtMost(10)))
		verdict(w.Check(sim.Attempts(phone).AtMost(2)))
	})
	// Output:
	// as expected
	// not so: attempts to connect of phone: at most 2
}

func ExamplePings() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.Pings(phone).AtMost(25)))
		verdict(w.Check(sim.Pings(phone).AtMost(5)))
	})
	// Output:
	// as expected
	// not so: pings of phone: at most 5
}

func ExampleLost() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.Lost("home/temp").Exactly(0)))
		verdict(w.Check(sim.Lost("home/#").Exactly(0)))
	})
	// Output:
	// as expected
	// not so: messages lost under home/#: exactly 0
}

func ExampleDelivered() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.Delivered("home/temp").Exactly(1)))
		verdict(w.Check(sim.Delivered("home/#").AtLeast(3)))
	})
	// Output:
	// as expected
	// not so: messages delivered once and at once under home/#: at least 3
}

func ExampleDuplicated() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.Duplicated("home/#").Exactly(0)))
		verdict(w.Check(sim.Duplicated("home/#").AtLeast(1)))
	})
	// Output:
	// as expected
	// not so: messages duplicated under home/#: at least 1
}

func ExampleLate() {
	story(func(w *sim.World, phone *sim.Client) {
		verdict(w.Check(sim.Late("home/temp", time.Second).Exactly(0)))
		verdict(w.Check(sim.Late("home/temp", time.Microsecond).Exactly(0)))
	})
	// Output:
	// as expected
	// not so: messages later than 1µs under home/temp: exactly 0
}

func ExampleWarnings() {
	run(func(w *sim.World) {
		hub := w.Broker("hub")
		c := sim.DefaultClient()
		c.ID = "sensor" // in both
		for _, name := range []string{"attic", "cellar"} {
			box := w.Client(name, hub, c)
			w.Link(box.Host, hub.Host, netmodel.Conditions{Latency: 5 * time.Millisecond})
			box.ConnectLater()
		}
		time.Sleep(time.Minute)
		for _, found := range sim.Warnings(w.Snapshot()) {
			fmt.Println(found.Rule, "-", found.Actor)
		}
	})
	// Output:
	// duel - sensor
}

func ExampleExpectation_Judge() {
	story(func(w *sim.World, phone *sim.Client) {
		x := sim.Pings(phone).AtMost(100)
		v := x.Judge(w.Snapshot())
		fmt.Println(x, "-", v.Met)
	})
	// Output:
	// pings of phone: at most 100 - true
}
