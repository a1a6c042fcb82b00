package fidelity

import "strings"

// mqttWrites: an MQTT program writes when its payload first leaves, except that a PUBLISH which
// waited in the kernel was written when the publisher sent it.
func (c *connPlan) mqttWrites(r *Run, s Side) []op {
	times := map[string]float64{}
	for _, l := range r.by("publisher") {
		if m := published.FindStringSubmatch(l.Text); m != nil {
			times["n="+m[1]] = l.T
		}
	}
	var out []op
	firsts := c.firsts(r, s)
	for _, ch := range firsts {
		if parts := publishes(ch); s == Broker && parts != nil {
			waited := ch.at
			if n := len(out); n > 0 && ch.at-out[n-1].at < burst {
				waited = out[n-1].at
			}
			for _, p := range parts {
				at := waited
				if t, ok := times[p.name]; ok && t > firsts[0].at {
					at = min(at, t+brokerDelay)
				}
				out = append(out, op{kind: opWrite, at: at, bytes: p.size})
			}
			continue
		}
		out = append(out, op{kind: opWrite, at: ch.at, bytes: ch.n})
	}
	return out
}

// brokerDelay is from the publisher's log line to the broker's write (both on one host).
const brokerDelay = 0.0008

// burst: several messages in one segment, so soon after others, were written with these and waited
// for the congestion window.
const burst = 0.05

type publish struct {
	name string // n=5
	size int
}

// publishes splits a chunk that consists of PUBLISH packets only, by what their info says: "q1
// mid=3 n=5 t=1795448765.168261". It returns nil if the sizes do not add up.
func publishes(ch chunk) []publish {
	if len(ch.pkt.MQTT) < 2 || len(ch.pkt.MQTT) != len(ch.pkt.Info) {
		return nil
	}
	var out []publish
	total := 0
	for i, kind := range ch.pkt.MQTT {
		at := strings.Index(ch.pkt.Info[i], "n=")
		if kind != "PUBLISH" || at < 0 {
			return nil
		}
		payload := ch.pkt.Info[i][at:]
		name, _, _ := strings.Cut(payload, " ")
		// Fixed header 2, topic length 2, topic, packet identifier with QoS 1 and 2 (MQTT 3.1.1, 3.3).
		size := 4 + len("reality/ts") + len(payload)
		if !strings.Contains(ch.pkt.Info[i], "q0") {
			size += 2
		}
		out = append(out, publish{name, size})
		total += size
	}
	if total != ch.n {
		return nil
	}
	return out
}
