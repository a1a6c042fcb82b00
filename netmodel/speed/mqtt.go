package speed

import (
	"time"

	"halfopen/netmodel"
)

// MQTT is traffic of the shape of MQTT, for some virtual time: each client writes 2 bytes each 60
// s, which the server answers by 2; the server writes 60 to each client each 10 s; all packets are
// lost for the last 120 s of each 1200 s. Links have 10 Mbit/s and 10 ms. It returns the number of
// segments delivered.
func MQTT(sink netmodel.Sink, clients int, length time.Duration) int {
	star := NewStar(sink, clients,
		netmodel.Conditions{Latency: 10 * time.Millisecond, Rate: 10e6})
	now := star.Net.Now()
	w := &mqtt{Star: star, buf: make([]byte, 64), in: make([]byte, 4096),
		ping: now.Add(time.Minute), pub: now.Add(10 * time.Second), cut: now.Add(1080 * time.Second),
		heal: netmodel.Never}
	w.run(netmodel.Time(length))
	return w.Segments()
}

type mqtt struct {
	*Star
	buf, in              []byte
	ping, pub, cut, heal netmodel.Time // when these happen next
	cuts                 []netmodel.FaultID
}

// run writes what the workload says, and reads what comes.
func (w *mqtt) run(until netmodel.Time) {
	for {
		next := min(w.ping, w.pub, w.cut, w.heal)
		if next > until {
			return
		}
		w.drain(next)
		switch next {
		case w.ping:
			for _, c := range w.Conns {
				c[0].Write(next, w.buf[:2])
			}
			w.ping = next.Add(time.Minute)
		case w.pub:
			for _, c := range w.Conns {
				c[1].Write(next, w.buf[:60])
			}
			w.pub = next.Add(10 * time.Second)
		case w.cut:
			w.cuts = w.cuts[:0]
			for _, l := range w.Links {
				w.cuts = append(w.cuts,
					w.Net.Begin(next, netmodel.Fault{Kind: netmodel.FaultCut, Link: l}))
			}
			w.cut, w.heal = next.Add(1200*time.Second), next.Add(120*time.Second)
		default:
			for _, id := range w.cuts {
				w.Net.EndFault(next, id)
			}
			w.heal = netmodel.Never
		}
	}
}

// drain processes events up to until; the server answers two bytes with two.
func (w *mqtt) drain(until netmodel.Time) {
	for w.Net.Next() <= until {
		w.Net.Step()
		for _, s := range w.Net.Woken() {
			n, _ := s.Read(w.Net.Now(), w.in)
			if n == 2 && s.Local().Port == port {
				s.Write(w.Net.Now(), w.buf[:2])
			}
		}
	}
	w.Net.AdvanceTo(until)
}
