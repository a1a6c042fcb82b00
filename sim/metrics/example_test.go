package metrics_test

import (
	"fmt"
	"time"

	"halfopen/netmodel"
	"halfopen/sim"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// outage is an hour of a phone that gets a message each minute, with a cut of two minutes.
func outage() (tr *trace.Trace) {
	err := sim.Run(func(w *sim.World) {
		hub := w.Broker("hub")
		phone := w.Client("phone", hub, sim.DefaultClient())
		radio := w.Link(phone.Host, hub.Host, netmodel.Conditions{Latency: 30 * time.Millisecond})
		phone.Subscribe("home/#", 0)
		_ = phone.Connect()
		w.At(10*time.Minute, func() { radio.Cut().For(2 * time.Minute) })
		for range 60 {
			time.Sleep(time.Minute)
			_ = hub.Publish("home/temp", []byte(w.Now().String()), 0, false)
		}
		tr = w.Snapshot()
	})
	if err != nil {
		fmt.Println(err)
	}
	return tr
}

// What became of the messages, and who found out when.
func ExampleOf() {
	tr := outage()
	r := metrics.Of(tr, "phone", metrics.Options{LateAfter: 5 * time.Second})
	fmt.Println("sent", r.Balance.Sent, "lost", r.Balance.LostTotal(), "reconnects", r.Reconnects)
	if n, ok := r.Noticed(metrics.ClientProgram); ok {
		fmt.Println("noticed by", n.Rule, n.Rule == metrics.RuleOf(tr, n.Event))
	}
	// Output:
	// sent 60 lost 3 reconnects 1
	// noticed by ping-timeout true
}

// What an hour costs: packets by what they are for, and how often a radio would wake in a day.
func ExampleTraffic() {
	t := metrics.Of(outage(), "phone", metrics.Options{}).Traffic
	fmt.Println(t.Packets[metrics.Ping] > 50, metrics.Sum(t.Packets) > metrics.Sum(t.Wakes))
	fmt.Println(t.PerDay(metrics.Sum(t.Wakes)) > 1000)
	// Output:
	// true true
	// true
}

// A filter says which topics it means (MQTT 3.1.1, 4.7).
func ExampleMatch() {
	fmt.Println(metrics.Match("home/+/temp", "home/hall/temp"), metrics.Match("home/#", "garden"))
	// Output: true false
}

// A segment is as large as the IP packet that carries it.
func ExampleSize() {
	largest := 0
	tr := outage()
	for i := range tr.Events {
		if ev := &tr.Events[i]; ev.Kind == netmodel.SegmentSent {
			largest = max(largest, metrics.Size(ev.Seg))
		}
	}
	fmt.Println(largest > 60, largest < 1500)
	// Output: true true
}
