package sim

import (
	"fmt"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/belief"
	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// This file has the expectations about a client's line: noticing that it is dead, being back, being
// deaf.

// NoticedWithin expects that each time who's line died, who noticed within d: its library reported
// the connection as lost. A run in which no line died does not meet it.
func NoticedWithin(who Subject, d time.Duration) Expectation {
	return about(who, fmt.Sprintf("notices within %s that its line is dead", durationText(d)),
		func(e *evidence, r *metrics.Run) Verdict {
			v := Verdict{Met: true}
			seen := 0
			for _, n := range r.Notices {
				if n.Who != metrics.ClientProgram || !n.Dead {
					continue
				}
				seen++
				if n.After > d && v.Met {
					v.miss(n.Event, "it took %s until %s, when it noticed by %s", span(n.After),
						n.At.Clock(), n.Rule)
				} else if v.Met {
					v.Found = fmt.Sprintf("it took %s at most", span(n.After))
				}
			}
			if i, ok := unnoticed(&r.Lie, r.Lanes.End); ok && i.Length() > d && v.Met {
				v.miss(eventAt(e.tr, i.Begin), "the line has been dead since %s, and it has not noticed "+
					"until %s", i.Begin.Clock(), i.End.Clock())
			} else if seen == 0 && v.Met {
				v.miss(0, "its line never died: there was nothing to notice")
			}
			v.explainSetting(e.tr, r.Client, "keepalive", "ping-timeout")
			return v
		})
}

// unnoticed is the last time the program believed in a dead line, if that lasts to the end.
func unnoticed(lie *belief.Lie, end netmodel.Time) (belief.Interval, bool) {
	s := lie.Lanes[belief.ClientApp]
	if n := len(s); n > 0 && s[n-1].End >= end {
		return s[n-1], true
	}
	return belief.Interval{}, false
}

// BackWithin expects that each time the path to the broker opened again, a message could reach
// who's program within d; for a program that never subscribes, that it could send one. A path that
// closes again before d is over, or the end of the run, leaves a case undecided; a run without a
// decided case does not meet the expectation.
func BackWithin(who Subject, d time.Duration) Expectation {
	return about(who, fmt.Sprintf("is back within %s after the path has opened", durationText(d)),
		func(e *evidence, r *metrics.Run) Verdict {
			v := Verdict{Met: true}
			cases := 0
			for _, i := range openings(&r.Lanes) {
				back, heard := heardAgain(served(r), i)
				switch late := back.Sub(i.Begin); {
				case heard && late <= d:
					cases++
					if v.Met {
						v.Found = fmt.Sprintf("it was back %s after %s", span(late), i.Begin.Clock())
					}
				case i.Length() < d && !heard:
				case v.Met && heard:
					cases++
					v.miss(eventAt(e.tr, back), "the path opened at %s, and it was back only at %s, "+
						"%s later", i.Begin.Clock(), back.Clock(), span(late))
				case v.Met:
					cases++
					v.miss(eventAt(e.tr, i.Begin), "the path opened at %s, and it was not back by %s",
						i.Begin.Clock(), i.End.Clock())
				}
			}
			if cases == 0 && v.Met {
				v.miss(0, "the path never opened again for as long as %s", durationText(d))
			}
			v.explainSetting(e.tr, r.Client, "connect-timeout", "max-reconnect-interval")
			return v
		})
}

// openings are the times during which the path was open again after it had not been.
func openings(l *belief.Lanes) []belief.Interval {
	var out []belief.Interval
	closed := false
	for _, sp := range l.Lane[belief.Path] {
		switch {
		case !sp.Up:
			closed = true
		case closed:
			out = append(out, belief.Interval{Begin: sp.Begin, End: sp.End})
			closed = false
		case len(out) > 0:
			out[len(out)-1].End = sp.End
		}
	}
	return out
}

// served is when the broker served the client's session: with a subscription, if it ever had one.
func served(r *metrics.Run) belief.Set {
	for _, sp := range r.Lanes.Lane[belief.BrokerSession] {
		if sp.State == belief.Session {
			return r.Hearing
		}
	}
	return r.Lanes.Serving()
}

// heardAgain is when, during an opening, the client could hear first.
func heardAgain(hearing belief.Set, i belief.Interval) (netmodel.Time, bool) {
	for _, h := range hearing.Intersect(belief.Set{i}) {
		return h.Begin, true
	}
	return 0, false
}

// NeverDeaf expects that who was never connected without a subscription at the broker for longer
// than d. What comes before its first subscription does not count.
func NeverDeaf(who Subject, d time.Duration) Expectation {
	return about(who, fmt.Sprintf("is never deaf for longer than %s", durationText(d)),
		func(e *evidence, r *metrics.Run) Verdict {
			worst := longest(r.Lanes.Deafness())
			if worst.Length() <= d {
				return Verdict{Met: true, Found: "it was deaf for " + span(worst.Length()) + " at most"}
			}
			var v Verdict
			v.miss(eventAt(e.tr, worst.Begin), "it was deaf for %s, from %s to %s",
				span(worst.Length()), worst.Begin.Clock(), worst.End.Clock())
			v.Because = append(v.Because,
				"It is connected, but the broker has no subscription for it.")
			v.Because = append(v.Because, whyDeaf(e.tr, r.Client, worst.Begin)...)
			return v
		})
}

func longest(s belief.Set) (worst belief.Interval) {
	for _, i := range s {
		if i.Length() > worst.Length() {
			worst = i
		}
	}
	return worst
}

// whyDeaf says what made the broker forget, and that nobody told it again.
func whyDeaf(tr *trace.Trace, client string, since netmodel.Time) []string {
	session := settingOf(tr, client, "session")
	var why []string
	switch {
	case session == "clean":
		why = append(why, "CONNECT asked for a clean session (CleanSession: true), so the broker "+
			"forgot the subscriptions.")
	case session == "kept":
		why = append(why, "The session was to be kept, but CONNACK at "+since.Clock()+
			" says that the broker had none.")
	default:
		why = append(why, "The broker had no session with subscriptions when it connected.")
	}
	return append(why, "Nothing subscribes again after OnConnect.")
}

// miss makes the verdict one of failure.
func (v *Verdict) miss(around trace.ID, format string, args ...any) {
	v.Met, v.Found, v.Around = false, fmt.Sprintf(format, args...), nil
	if around > 0 {
		v.Around = []trace.ID{around}
	}
}

// explainSetting adds the settings that decide how long something takes, for a verdict of failure.
func (v *Verdict) explainSetting(tr *trace.Trace, client string, names ...string) {
	if v.Met {
		return
	}
	text := ""
	for _, n := range names {
		if s := settingOf(tr, client, n); s != "" {
			if text != "" {
				text += ", "
			}
			text += n + "=" + s
		}
	}
	if text != "" {
		v.Because = append(v.Because, "Its settings: "+text+".")
	}
}

// settingOf is a setting of a client as the trace has it, or empty.
func settingOf(tr *trace.Trace, client, name string) string {
	value := ""
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind == trace.Setting && ev.App.Actor == client && ev.App.Name == client+"."+name {
			value = ev.App.Text
		}
	}
	return value
}

// eventAt is the first event at or after t, or the last of all.
func eventAt(tr *trace.Trace, t netmodel.Time) trace.ID {
	lo, hi := 0, len(tr.Events)
	for lo < hi {
		if mid := (lo + hi) / 2; tr.Events[mid].At < t {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return trace.ID(min(lo+1, len(tr.Events)))
}
