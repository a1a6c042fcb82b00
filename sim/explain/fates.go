package explain

import (
	"strings"

	"halfopen/netmodel"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// mostShown is how many lost messages a summary names, for each place.
const mostShown = 3

func (s *summary) messages() []string {
	b := &s.run.Balance
	if b.Sent == 0 {
		return []string{s.line("sum.msg-none", nil)}
	}
	out := []string{s.balance(b)}
	for p := range metrics.NumPlaces {
		if p != metrics.Delivered && p != metrics.UnderWay && p != metrics.NobodySubscribed {
			out = append(out, s.lostAt(p)...)
		}
	}
	return append(out, s.flowAgain()...)
}

// balance is what was sent and what became of it, as a sum; parts that are zero are left out.
func (s *summary) balance(b *metrics.Balance) string {
	var parts []string
	for _, p := range []struct {
		key string
		n   int
	}{{"msg.delivered", b.Delivered}, {"msg.late", b.Late}, {"msg.duplicated", b.Duplicated},
		{"msg.lost", b.LostTotal()}, {"msg.unheard", b.Lost[metrics.NobodySubscribed]},
		{"msg.underway", b.Lost[metrics.UnderWay]}} {
		if p.n > 0 {
			parts = append(parts, s.line(p.key, gaps{"n": itoa(p.n)}))
		}
	}
	g := gaps{"sent": itoa(len(s.tr.Messages)), "due": itoa(b.Sent),
		"parts": strings.Join(parts, " + ")}
	if len(s.tr.Messages) != b.Sent { // several subscribers
		return s.line("sum.msg-due", g)
	}
	return s.line("sum.msg-line", g)
}

func (s *summary) lostAt(p metrics.Place) []string {
	var out []string
	place := s.line("place."+p.String(), nil)
	left := 0
	for _, f := range s.run.Balance.Fates {
		if f.Copies > 0 || f.Place != p {
			continue
		}
		if len(out) == mostShown {
			left++
			continue
		}
		m := &s.tr.Messages[f.Message-1]
		at := netmodel.Time(0)
		if ev := s.tr.Event(m.Published); ev != nil {
			at = ev.At
		}
		out = append(out, s.line("sum.msg-lost", gaps{"place": place, "t": at.Clock(),
			"payload": quote(m.Payload)}))
	}
	if left > 0 {
		out = append(out, s.line("sum.msg-more", gaps{"place": place, "n": itoa(left)}))
	}
	return out
}

// flowAgain finds the first message that reached the client's program after its return, or after
// the path had healed.
func (s *summary) flowAgain() []string {
	from := s.heal
	if s.back > 0 {
		from = s.at(s.back)
	} else if !s.healed {
		return nil
	}
	for i := range s.tr.Events {
		ev := &s.tr.Events[i]
		if ev.Kind != trace.ClientMessage || ev.App.Actor != s.run.Client || ev.At < from {
			continue
		}
		if s.healed {
			return []string{s.line("sum.msg-flow", gaps{"t": ev.At.Clock(),
				"after": lasting(ev.At.Sub(s.heal))})}
		}
		return []string{s.line("sum.msg-flow-open", gaps{"t": ev.At.Clock()})}
	}
	return nil
}
