package fidelity

import (
	"slices"
	"strings"
)

// This file is about the two programs' processes: when they were stopped, killed, started again,
// and what their kernels did with the connections then.

// programs finds when the two programs ran, were stopped and listened.
func (p *plan) programs(r *Run) {
	for _, s := range []Side{Client, Broker} {
		for _, l := range r.by(s.String()) {
			if processEnded.MatchString(l.Text) {
				p.ended[s] = append(p.ended[s], span{killedBefore(r, s, l.T), l.T})
			}
		}
		var stopped float64 = never
		for _, f := range r.Meta.Faults {
			who, what, _ := processAction(f.Action)
			if who != s {
				continue
			}
			switch what {
			case "stop":
				stopped = f.Done
			case "cont":
				p.frozen[s] = append(p.frozen[s], span{stopped, f.T})
				stopped = never
			}
		}
		if stopped < never {
			p.frozen[s] = append(p.frozen[s], span{stopped, never})
		}
	}
	p.listens(r)
}

// killedBefore is when a process was killed whose end was noticed at t: a busy machine takes its
// time for that. A process that ended by itself ended then.
func killedBefore(r *Run, s Side, t float64) float64 {
	const dying = 2.0
	at := t
	for _, f := range r.Meta.Faults {
		who, what, _ := processAction(f.Action)
		if who == s && what == "kill" && f.T <= t && t < f.Done+dying {
			at = min(f.Done, t)
		}
	}
	return at
}

// endAfter is the first end of a process after t.
func endAfter(ended []span, t float64) span {
	for _, e := range ended {
		if e.from >= t {
			return e
		}
	}
	return span{never, never}
}

// listens finds when the server's port was open: from the first line that says so, or the first SYN
// that was answered, until the process was killed, and again.
func (p *plan) listens(r *Run) {
	if r.Meta.Parameters.Broker == "none" {
		return
	}
	open, closed := never, -never
	for _, l := range r.by("broker") {
		switch {
		case listening.MatchString(l.Text) && open == never:
			open = r.answered(closed, l.T)
		case processEnded.MatchString(l.Text) && open < never:
			p.listen = append(p.listen, span{open, endAfter(p.ended[Broker], open).from})
			open, closed = never, l.T
		}
	}
	if open < never {
		p.listen = append(p.listen, span{open, never})
	}
}

// processAction splits kill_broker, stop_client, SIGCONT broker ... into whom and what.
func processAction(action string) (Side, string, bool) {
	a := strings.ToLower(action)
	side := Client
	if strings.Contains(a, "broker") {
		side = Broker
	}
	for _, w := range [...][2]string{{"kill", "kill"}, {"start", "start"}, {"stop", "stop"},
		{"cont", "cont"}, {"unfreeze", "cont"}, {"freeze", "stop"}, {"thaw", "cont"},
		{"pause", "stop"}, {"resume", "cont"}} {
		if strings.Contains(a, w[0]) {
			return side, w[1], true
		}
	}
	return -1, "", false
}

// answered is when the server first accepted a connection between two times, or the later of them:
// on a busy machine a log line comes late. The SYN came before its answer.
func (r *Run) answered(from, to float64) float64 {
	for i := range r.At[Broker] {
		p := &r.At[Broker][i]
		if p.out(Broker) && p.Flags == "SYN,ACK" && p.T > from && p.T < to {
			return p.T - before
		}
	}
	return to
}

// killed is when the kernel closed the connection of a process that was killed: the FIN or RST that
// follows shows it.
func (c *connPlan) killed(r *Run, s Side, ended span) float64 {
	for i := range r.At[s] {
		p := &r.At[s][i]
		if p.Port == int(c.port) && p.out(s) && !p.FromRouter && (p.has("FIN") || p.has("RST")) &&
			p.T >= ended.from && p.T <= ended.to {
			return p.T
		}
	}
	return ended.from
}

// died is when the sockets of a process that an action killed were closed, if the captures show it.
func (r *Run) died(a Action) float64 {
	s, what, _ := processAction(a.Action)
	if what != "kill" {
		return 0
	}
	p := planOf(r)
	at := 0.0
	for _, c := range p.conns {
		if e := endAfter(p.ended[s], a.T); c.dial < e.from && e.from < never {
			at = max(at, c.killed(r, s, e))
		}
	}
	return at
}

// closedUnread finds a connection that a program closed, with data unread, when it went on after
// having been stopped: its kernel sends RST,ACK (RFC 2525, 2.17). Otherwise it would have read that
// data.
func (c *connPlan) closedUnread(r *Run, s Side, frozen []span) {
	for _, f := range frozen {
		for i := range r.At[s] {
			p := &r.At[s][i]
			if p.Port == int(c.port) && p.out(s) && !p.FromRouter && p.Flags == "RST,ACK" &&
				p.T >= f.to && p.T < f.to+1 {
				h := &c.half[s]
				h.readUntil = f.from
				h.ops = slices.DeleteFunc(h.ops, func(o op) bool { return o.kind == opClose })
				h.ops = append(h.ops, op{kind: opClose, at: p.T})
			}
		}
	}
}
