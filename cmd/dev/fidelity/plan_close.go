package fidelity

import "strings"

// closeTime is when the program closed the connection: when it said so, or when a FIN left,
// whatever came first. A close behind unacknowledged data sends no FIN, and a FIN may follow much
// later.
func (c *connPlan) closeTime(r *Run, s Side, next float64) float64 {
	t := never
	half := false
	for _, l := range r.by(s.String()) {
		if toolHalf.MatchString(l.Text) {
			half = true
		}
	}
	established := never
	for i := range r.At[s] {
		p := &r.At[s][i]
		if p.Port != int(c.port) || p.FromRouter {
			continue
		}
		if p.Flags == "SYN,ACK" && s == Client || p.Len > 0 {
			established = min(established, p.T)
		}
		if p.out(s) && p.has("FIN") && !half {
			t = min(t, p.T)
		}
	}
	for _, l := range r.by(s.String()) {
		if l.T < c.dial || s == Client && l.T >= next+overlap {
			continue
		}
		if c.saysClosed(r, s, l, established <= l.T) {
			return min(t, l.T)
		}
	}
	return t
}

// overlap: a program that reconnects at once may say only after the new dial that it has lost the
// old connection. The new one cannot be established by then.
const overlap = 0.015

// saysClosed reports whether a program's line says that it closed this connection.
func (c *connPlan) saysClosed(r *Run, s Side, l Line, established bool) bool {
	if s == Client {
		return established && clientLost.MatchString(l.Text) ||
			!established && dialGivenUp.MatchString(l.Text)
	}
	if m := mochiGone.FindStringSubmatch(l.Text); m != nil {
		return atoi(m[1]) == int(c.port)
	}
	if r.tool(s) {
		return strings.HasPrefix(l.Text, "close()")
	}
	return mosquittoGone.MatchString(l.Text) && c.served(r, l.T)
}

// served reports whether the connection is the last one that mosquitto accepted before t: its lines
// name the client, not the port.
func (c *connPlan) served(r *Run, t float64) bool {
	last := 0
	for _, l := range r.by("broker") {
		if m := mosquittoNew.FindStringSubmatch(l.Text); m != nil && l.T <= t {
			last = atoi(m[1])
		}
	}
	return last == int(c.port)
}
