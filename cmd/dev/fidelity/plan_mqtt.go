package fidelity

import (
	"slices"
	"strings"
)

// mqttWrites: an MQTT program writes when its payload first leaves, except that what waited in the
// kernel, behind unacknowledged data, was written before: a PUBLISH when the publisher sent it, a
// PINGRESP when its PINGREQ came, if the program ran then.
func (c *connPlan) mqttWrites(r *Run, s Side, frozen []span) []op {
	times := r.publishTimes()
	pings := c.pings(r, s)
	var out []op
	firsts := c.firsts(r, s)
	for _, ch := range firsts {
		parts := partsOf(ch)
		answers := pings[:min(len(pings), count(ch.pkt.MQTT, "PINGRESP"))]
		pings = pings[len(answers):]
		if s == Client || parts == nil {
			out = append(out, op{kind: opWrite, at: ch.at, bytes: ch.n})
			continue
		}
		waited := ch.at
		if n := len(out); n > 0 && len(parts) > 1 && ch.at-out[n-1].at < burst {
			waited = out[n-1].at
		}
		for i, p := range parts {
			t, known := times[p.name]
			if p.name == "PINGRESP" && len(answers) > 0 {
				t, known, answers = answers[0], true, answers[1:]
			}
			at := waited
			if known && t > firsts[0].at && !stopped(frozen, t) && c.unacked(r, s, t+brokerDelay) {
				at = min(at, t+brokerDelay)
			}
			if n := len(out); i > 0 && out[n-1].at == at {
				out[n-1].bytes += p.size
				continue
			}
			out = append(out, op{kind: opWrite, at: at, bytes: p.size})
		}
	}
	return out
}

// publishTimes are the times at which the publisher sent its messages, by their names: n=5.
func (r *Run) publishTimes() map[string]float64 {
	times := map[string]float64{}
	for _, l := range r.by("publisher") {
		if m := published.FindStringSubmatch(l.Text); m != nil {
			times["n="+m[1]] = l.T
		}
	}
	return times
}

func stopped(frozen []span, t float64) bool {
	return slices.ContainsFunc(frozen, func(f span) bool { return t >= f.from && t < f.to })
}

// brokerDelay is from the publisher's log line, or the arrival of a packet, to the broker's write.
const brokerDelay = 0.0008

// burst: several messages in one segment, so soon after others, were written with these and waited
// for the congestion window.
const burst = 0.05

// unacked reports whether the side had sent what was not acknowledged to it yet at a time.
func (c *connPlan) unacked(r *Run, s Side, t float64) bool {
	var sent, acked int64
	for i := range r.At[s] {
		p := &r.At[s][i]
		switch {
		case p.Port != int(c.port) || p.T > t || p.FromRouter:
		case p.out(s):
			sent = max(sent, p.Seq+int64(p.Len))
		case p.has("ACK"):
			acked = max(acked, p.Ack)
		}
	}
	return sent > acked
}

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
