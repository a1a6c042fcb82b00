package fidelity

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// This file finds out when the programs were late: the testbed's machine was busy, and steps that
// take a program microseconds sometimes took it a tenth of a second. What is played again then has
// its programs stopped for as long.

// stall is from when to when a program did not run although it had something to do.
type stall struct {
	side Side
	span
}

const (
	noticeableStall = 0.010
	longestStall    = 1.0
	// ahead: the program stops before what it should have answered arrives, but after what it wrote
	// before. The model's programs are quicker than real ones.
	ahead, after = 0.020, 0.001
)

// answerOf is what each side answers at once, and what it answers.
var answerOf = [2]map[string]string{
	Client: {"CONNECT": "SYN,ACK", "SUBSCRIBE": "CONNACK", "PUBACK": "PUBLISH"},
	Broker: {"CONNACK": "CONNECT", "SUBACK": "SUBSCRIBE", "PINGRESP": "PINGREQ"},
}

// stalls are the times at which programs were late, in order for each side.
func (r *Run) stalls() []stall {
	p := planOf(r)
	out := r.lateDials()
	for _, c := range p.conns {
		for _, s := range []Side{Client, Broker} {
			for _, st := range c.stalls(r, s) {
				busy := p.frozen[s]
				for _, o := range out {
					if o.side == s {
						busy = append(busy, o.span)
					}
				}
				if !stopped(busy, st.from) && !stopped(busy, st.to) {
					out = append(out, st)
				}
			}
		}
	}
	return out
}

// lateDials are the times at which the client slept for longer than the whole seconds that it meant
// to sleep between a failure and the next dial. Such lateness adds up.
func (r *Run) lateDials() []stall {
	const noticeable = 0.003
	var out []stall
	before := never
	for _, l := range r.by("client") {
		if redial.MatchString(l.Text) {
			slept := l.T - before
			whole := math.Floor(slept)
			if late := slept - whole; whole >= 1 && late > noticeable && late < longestStall/2 {
				out = append(out, stall{Client, span{l.T - late - ahead, l.T}})
			}
		}
		before = l.T
	}
	return out
}

// stalls looks for late answers on one connection. What unacknowledged data held back was not late.
func (c *connPlan) stalls(r *Run, s Side) []stall {
	var out []stall
	came := map[string]float64{}
	if s == Broker {
		came = r.publishTimes()
	}
	var top [2]int64
	wrote := -ahead
	for i := range r.At[s] {
		p := &r.At[s][i]
		if p.Port != int(c.port) || p.FromRouter {
			continue
		}
		end := p.Seq + int64(p.Len)
		way := 0
		if p.out(s) {
			way = 1
		}
		isNew := p.Len > 0 && end > top[way]
		top[way] = max(top[way], end)
		switch {
		case way == 0 && p.Flags == "SYN,ACK":
			came[p.Flags] = p.T
		case way == 0 && isNew:
			for _, kind := range p.MQTT {
				came[kind] = p.T
			}
		case way == 1 && isNew:
			for _, cause := range causes(p, s) {
				t, ok := came[cause]
				if d := p.T - t; ok && d > noticeableStall && d < longestStall && !c.unacked(r, s, t) {
					out = append(out, stall{s, span{max(t-ahead, min(t, wrote+after)), p.T}})
				}
				delete(came, cause)
			}
			wrote = p.T
		}
	}
	return out
}

// causes are what the packets in a segment answer: what arrived, or what the publisher sent.
func causes(p *Packet, s Side) []string {
	var out []string
	for _, kind := range p.MQTT {
		out = append(out, answerOf[s][kind])
	}
	for _, info := range p.Info {
		if i := strings.Index(info, "n="); i >= 0 {
			name, _, _ := strings.Cut(info[i:], " ")
			out = append(out, name)
		}
	}
	return out
}

// late writes the stalls as statements, and where packets were held for longer.
func (r *Run) late(b *strings.Builder) {
	const while = 30 * time.Millisecond
	paths := [2]string{r.near() + " > broker", "broker > client"}
	if r.near() == "router" {
		paths[Broker] = "router > client"
	}
	for _, d := range r.lateness(r.oneWay()) {
		if d.extra > 0 {
			path := paths[d.from]
			fmt.Fprintf(b, "at %v latency %s %v for %v\n", seconds(max(0, d.at)), path,
				d.extra.Round(time.Microsecond), while)
		}
	}
	for _, s := range r.stalls() {
		fmt.Fprintf(b, "at %v %s freeze for %v\n", seconds(max(0, s.from)), s.side,
			seconds(s.to-max(0, s.from)))
	}
}
