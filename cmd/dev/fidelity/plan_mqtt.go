package fidelity

import "strings"

// mqttWrites: an MQTT program writes when its payload first leaves, except that what waited in the
// kernel was written before: a PUBLISH when the publisher sent it, a PINGRESP when its PINGREQ came.
func (c *connPlan) mqttWrites(r *Run, s Side) []op {
	times := map[string]float64{}
	for _, l := range r.by("publisher") {
		if m := published.FindStringSubmatch(l.Text); m != nil {
			times["n="+m[1]] = l.T
		}
	}
	pings := c.pings(r, s)
	var out []op
	firsts := c.firsts(r, s)
	for _, ch := range firsts {
		parts := partsOf(ch)
		if s == Client || parts == nil {
			pings = pings[min(len(pings), count(ch.pkt.MQTT, "PINGRESP")):]
			out = append(out, op{kind: opWrite, at: ch.at, bytes: ch.n})
			continue
		}
		waited := ch.at
		if n := len(out); n > 0 && len(parts) > 1 && ch.at-out[n-1].at < burst {
			waited = out[n-1].at
		}
		for _, p := range parts {
			at := waited
			if t, ok := times[p.name]; ok && t > firsts[0].at && len(parts) > 1 {
				at = min(at, t+brokerDelay)
			}
			if p.name == "PINGRESP" && len(pings) > 0 {
				if len(parts) > 1 {
					at = min(at, pings[0]+brokerDelay)
				}
				pings = pings[1:]
			}
			out = append(out, op{kind: opWrite, at: at, bytes: p.size})
		}
	}
	return out
}

// brokerDelay is from the publisher's log line, or the arrival of a packet, to the broker's write.
const brokerDelay = 0.0008

// burst: several messages in one segment, so soon after others, were written with these and waited
// for the congestion window.
const burst = 0.05

// pings are the times at which PINGREQs arrived at the side for the first time.
func (c *connPlan) pings(r *Run, s Side) []float64 {
	var out []float64
	var top int64
	for i := range r.At[s] {
		p := &r.At[s][i]
		if p.Port == int(c.port) && !p.out(s) && p.Seq+int64(p.Len) > top && p.Len > 0 {
			top = p.Seq + int64(p.Len)
			for range count(p.MQTT, "PINGREQ") {
				out = append(out, p.T)
			}
		}
	}
	return out
}

func count(kinds []string, kind string) int {
	n := 0
	for _, k := range kinds {
		if k == kind {
			n++
		}
	}
	return n
}

// part is one MQTT packet of a chunk.
type part struct {
	name string // n=5 of a PUBLISH, or PINGRESP
	size int
}

// partsOf splits a chunk that consists of PUBLISH and PINGRESP only, by what their info says: "q1
// mid=3 n=5 t=1795448765.168261". It returns nil if the sizes do not add up.
func partsOf(ch chunk) []part {
	info := ch.pkt.Info
	var out []part
	total := 0
	for _, kind := range ch.pkt.MQTT {
		p := part{kind, 2}
		switch {
		case kind == "PUBLISH" && len(info) > 0:
			at := strings.Index(info[0], "n=")
			if at < 0 {
				return nil
			}
			payload := info[0][at:]
			p.name, _, _ = strings.Cut(payload, " ")
			// Fixed header 2, topic length 2, topic, packet identifier with QoS 1 and 2 (MQTT 3.1.1,
			// 3.3).
			p.size = 4 + len("reality/ts") + len(payload)
			if !strings.Contains(info[0], "q0") {
				p.size += 2
			}
			info = info[1:]
		case kind != "PINGRESP":
			return nil
		}
		out = append(out, p)
		total += p.size
	}
	if total != ch.n {
		return nil
	}
	return out
}
