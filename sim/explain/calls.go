package explain

import (
	"slices"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/trace"
)

// call is one dialling of the client.
type call struct {
	started, ended trace.ID // ended: DialDone or DialFailed, 0: neither
	failed         bool
	socket         netmodel.SocketID
}

// calls lists the client's calls, and counts those that others made to the client's host.
func (s *summary) calls() (own []call, others int) {
	host := netmodel.HostID(0)
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		switch id := trace.ID(i + 1); ev.Kind {
		case trace.DialStarted:
			if ev.App.Actor == s.run.Client {
				host = ev.Host
				own = append(own, call{started: id, socket: ev.Socket})
			} else if ev.App.Actor == s.broker && ev.Host != host {
				others++
			}
		case trace.DialDone, trace.DialFailed:
			for j := range own {
				if own[j].socket == ev.Socket && own[j].ended == 0 {
					own[j].ended, own[j].failed = id, ev.Kind == trace.DialFailed
				}
			}
		}
	}
	return own, others
}

// why answers: why did the client call? Where there are several it says which one this is about.
func (s *summary) why() []string {
	if n := len(belief.Far(s.tr)); n > 1 {
		about := s.line("sum.about", gaps{"n": itoa(n), "who": s.run.Client})
		return append([]string{about}, s.whyCalled()...)
	}
	return s.whyCalled()
}

func (s *summary) whyCalled() []string {
	own, others := s.calls()
	if s.lost == 0 {
		return s.whyNot(own)
	}
	lost := s.tr.Event(s.lost)
	out := []string{s.line("sum.why-lost", gaps{"t": lost.At.Clock(),
		"sentence": s.Sentence(s.lost, s.l)})}
	if s.losses > 1 {
		out = append(out, s.line("sum.why-first", gaps{"losses": itoa(s.losses)}))
	}
	if others == 0 {
		out = append(out, s.line("sum.why-only", gaps{"who": s.run.Client, "broker": s.broker,
			"calls": s.times(len(own))}))
	}
	limit := s.run.Lanes.End
	if s.back > 0 {
		limit = s.at(s.back)
	}
	outage := slices.DeleteFunc(own, func(c call) bool {
		at := s.at(c.started)
		return at < lost.At || at > limit
	})
	out = append(out, s.failures(outage)...)
	if s.back == 0 {
		return append(out, s.line("sum.why-notback", nil))
	}
	g := gaps{"t": limit.Clock(), "gap": lasting(limit.Sub(lost.At)), "heal": s.heal.Clock()}
	if !s.healed || s.heal < lost.At {
		return append(out, s.line("sum.why-back-open", g))
	}
	g["after"] = lasting(limit.Sub(s.heal))
	out = append(out, s.line("sum.why-back", g))
	return append(out, s.whyLate(outage, limit)...)
}

// whyNot answers for a client that lost no connection.
func (s *summary) whyNot(own []call) []string {
	out := s.failures(own)
	switch again := s.repaired(); {
	case len(own) == 0:
		return []string{s.line("sum.why-nobody", nil)}
	case !s.was:
		return append(out, s.line("sum.why-neverthere", nil))
	case len(own) > 1:
		return append(out, s.line("sum.why-calls", gaps{"calls": s.times(len(own))}))
	case again > 0 && !s.ended && s.settled():
		return append(out, s.line("sum.why-repaired", gaps{"copies": itoa(again)}))
	}
	return append(out, s.line("sum.why-never", nil))
}

// failures are the calls that failed, the first few one by one.
func (s *summary) failures(calls []call) []string {
	var out []string
	failed := 0
	for _, c := range calls {
		if !c.failed {
			continue
		}
		if failed++; failed <= mostShown {
			out = append(out, s.line("sum.why-failed", gaps{"t": s.at(c.started).Clock(),
				"text":  s.tr.Event(c.ended).App.Text,
				"after": lasting(s.at(c.ended).Sub(s.at(c.started)))}))
		}
	}
	if failed > mostShown {
		out = append(out, s.line("sum.why-more", gaps{"calls": s.times(failed - mostShown)}))
	}
	return out
}

// times is how often something happened, in words.
func (s *summary) times(n int) string {
	if n == 1 {
		return s.line("count.once", nil)
	}
	return s.line("count.times", gaps{"n": itoa(n)})
}

// prompt is how soon after the path's repair a return needs no further explanation.
const prompt = time.Second

// whyLate says what kept the client from returning at once when the path was whole: the SYNs of a
// call that were sent too early, the end of that call, the back-off before the next.
func (s *summary) whyLate(outage []call, back netmodel.Time) []string {
	if back.Sub(s.heal) < prompt {
		return nil
	}
	var out []string
	for i, c := range outage {
		end := back
		if c.ended > 0 {
			end = s.at(c.ended)
		}
		if end < s.heal {
			continue
		}
		before, after := s.syns(c.socket, s.heal)
		switch {
		case c.failed && before >= 0 && after < 0:
			out = append(out, s.line("sum.late-syn", gaps{"dial": s.at(c.started).Clock(),
				"syn": before.Clock(), "end": end.Clock(), "unused": lasting(end.Sub(s.heal))}))
		case !c.failed && before >= 0 && after >= 0 && after.Sub(s.heal) >= prompt:
			out = append(out, s.line("sum.late-retry", gaps{"syn": after.Clock()}))
		}
		if c.failed && i+1 < len(outage) {
			if wait := s.at(outage[i+1].started).Sub(end); wait >= prompt/2 {
				out = append(out, s.line("sum.late-backoff", gaps{"end": end.Clock(),
					"wait": lasting(wait)}))
			}
		}
	}
	if len(out) == 0 && len(outage) > 0 {
		out = s.waited(outage)
	}
	return out
}

// waited says that the path healed while the client was between two calls.
func (s *summary) waited(outage []call) []string {
	for i := 1; i < len(outage); i++ {
		prev, next := outage[i-1], outage[i]
		if prev.ended > 0 && s.at(prev.ended) <= s.heal && s.at(next.started) >= s.heal {
			return []string{s.line("sum.late-backoff", gaps{"end": s.at(prev.ended).Clock(),
				"wait": lasting(s.at(next.started).Sub(s.at(prev.ended)))})}
		}
	}
	return nil
}

// syns finds a socket's last SYN before an instant and the first one after it; -1: none.
func (s *summary) syns(sock netmodel.SocketID, t netmodel.Time) (before, after netmodel.Time) {
	before, after = -1, -1
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		if ev.Kind != netmodel.SegmentSent || ev.Socket != sock || !ev.Seg.Flags.Has(netmodel.SYN) {
			continue
		}
		if ev.At < t {
			before = ev.At
		} else if after < 0 {
			after = ev.At
		}
	}
	return before, after
}

// repaired counts the segments of the client's connections that were sent again.
func (s *summary) repaired() int {
	n := 0
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		if ev.Kind == netmodel.SegmentSent && ev.Copies > 0 && s.ours(ev.Socket) {
			n++
		}
	}
	return n
}

// settled reports whether all that the client's last connection carried was acknowledged.
func (s *summary) settled() bool {
	end := s.run.Lanes.End
	sock := s.run.Lanes.Believed(end)
	return s.unacked(sock, end) == "" && s.unacked(s.peer(sock), end) == ""
}

// ours reports whether a socket is one end of a connection of the client.
func (s *summary) ours(id netmodel.SocketID) bool {
	for _, sock := range [2]netmodel.SocketID{id, s.peer(id)} {
		if sock > 0 && s.dialledBy(sock) == s.run.Client {
			return true
		}
	}
	return false
}

func (x *Explainer) dialledBy(id netmodel.SocketID) string {
	if x.dials == nil {
		x.dials = make(map[netmodel.SocketID]string)
		for i := range x.tr.Events {
			if ev := &x.tr.Events[i]; ev.Kind == trace.DialStarted && ev.Socket > 0 {
				x.dials[ev.Socket] = ev.App.Actor
			}
		}
	}
	return x.dials[id]
}
