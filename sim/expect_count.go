package sim

import (
	"cmp"
	"fmt"
	"time"

	"halfopen/sim/metrics"
	"halfopen/sim/trace"
)

// A Count is a number that a run has: reconnects, pings, lost messages. Exactly, AtMost and AtLeast
// make expectations of it.
type Count struct {
	text    string // "reconnects of phone"
	who     string
	nothing func(*evidence) string // why there is nothing to count; empty: there is something
	of      func(*evidence) (n int, which []trace.ID, because []string)
}

// Exactly expects the number to be n.
func (c Count) Exactly(n int) Expectation {
	return c.expect(fmt.Sprintf("exactly %d", n), func(got int) bool { return got == n })
}

// AtMost expects the number to be n or less.
func (c Count) AtMost(n int) Expectation {
	return c.expect(fmt.Sprintf("at most %d", n), func(got int) bool { return got <= n })
}

// AtLeast expects the number to be n or more.
func (c Count) AtLeast(n int) Expectation {
	return c.expect(fmt.Sprintf("at least %d", n), func(got int) bool { return got >= n })
}

func (c Count) expect(bound string, ok func(int) bool) Expectation {
	return Expectation{text: c.text + ": " + bound, who: c.who, judge: func(e *evidence) Verdict {
		if why := c.nothing(e); why != "" {
			return Verdict{Found: why}
		}
		n, which, because := c.of(e)
		return Verdict{Met: ok(n), Found: fmt.Sprintf("there were %d", n), Around: which,
			Because: because}
	}}
}

// countEvents counts events of a client's library.
func countEvents(who Subject, text string, keep func(ev *trace.Event) bool) Count {
	name := who.Name()
	return Count{text: text + " of " + name, who: name,
		nothing: func(e *evidence) string { return e.unknown(name) },
		of: func(e *evidence) (n int, which []trace.ID, _ []string) {
			for i := range e.tr.Events {
				ev := &e.tr.Events[i]
				if ev.App != nil && ev.App.Actor == name && keep(ev) {
					n++
					which = append(which, trace.ID(i+1))
				}
			}
			return n, newestFirst(which), nil
		}}
}

func newestFirst(ids []trace.ID) []trace.ID {
	for i, j := 0, len(ids)-1; i < j; i, j = i+1, j-1 {
		ids[i], ids[j] = ids[j], ids[i]
	}
	return ids
}

// Reconnects counts who's connections after its first.
func Reconnects(who Subject) Count {
	c := countEvents(who, "reconnects", func(ev *trace.Event) bool {
		return ev.Kind == trace.ClientConnected
	})
	all := c.of
	c.of = func(e *evidence) (int, []trace.ID, []string) {
		n, which, _ := all(e)
		return max(n-1, 0), which, lostReasons(e.tr, who.Name())
	}
	return c
}

// lostReasons says why the first few connections ended, as the client's library put it.
func lostReasons(tr *trace.Trace, client string) []string {
	var why []string
	for i := range tr.Events {
		ev := &tr.Events[i]
		if ev.Kind != trace.ClientLost || ev.App.Actor != client {
			continue
		}
		if len(why) == 3 {
			return append(why, "... and more.")
		}
		why = append(why, fmt.Sprintf("At %s it lost its connection: %s.", ev.At.Clock(), ev.App.Text))
	}
	return why
}

// Attempts counts who's attempts to connect, failed and successful.
func Attempts(who Subject) Count {
	return countEvents(who, "attempts to connect", func(ev *trace.Event) bool {
		return ev.Kind == trace.ClientConnecting
	})
}

// Pings counts the PINGREQ packets that who wrote.
func Pings(who Subject) Count {
	const pingreq = 12 // MQTT 3.1.1, 2.2.1
	name := who.Name()
	return Count{text: "pings of " + name, who: name,
		nothing: func(e *evidence) string { return cmp.Or(e.unknown(name), e.unreadable(name)) },
		of: func(e *evidence) (n int, which []trace.ID, because []string) {
			for i := range e.tr.Sockets {
				s := &e.tr.Sockets[i]
				if s.Actor != name {
					continue
				}
				for j := range s.Packets {
					if s.Packets[j].Type == pingreq {
						n++
						which = append(which, s.Packets[j].Event)
					}
				}
			}
			if k := settingOf(e.tr, name, "keepalive"); k != "" {
				because = []string{"Its keepalive is " + k + "."}
			}
			return n, newestFirst(which), because
		}}
}

// Delivered counts the messages under a topic filter that a subscriber's program got exactly once
// and within a second. A message for two subscribers counts twice, here and below.
func Delivered(filter string) Count {
	return fatesOf("", filter, "messages delivered once and at once", time.Second,
		func(f *metrics.Fate, late time.Duration) bool { return f.Copies == 1 && f.Delay <= late })
}

// Lost counts the messages under a topic filter that a subscriber had asked for and never got.
// Messages that are still under way do not count, nor those for which nobody had ever asked.
func Lost(filter string) Count {
	return fatesOf("", filter, "messages lost", 0, isLost)
}

// Duplicated counts the messages under a topic filter that a subscriber's program got more than
// once.
func Duplicated(filter string) Count {
	return fatesOf("", filter, "messages duplicated", 0, isDuplicated)
}

// Late counts the messages under a topic filter that arrived, and later than after.
func Late(filter string, after time.Duration) Count {
	return fatesOf("", filter, fmt.Sprintf("messages later than %s", durationText(after)), after,
		func(f *metrics.Fate, late time.Duration) bool { return f.Copies > 0 && f.Delay > late })
}

// lostBy and duplicatedBy count what Lost and Duplicated do, for one receiver and all topics.
func lostBy(who Subject) Count { return fatesOf(who.Name(), "#", "messages lost", 0, isLost) }

func duplicatedBy(who Subject) Count {
	return fatesOf(who.Name(), "#", "messages duplicated", 0, isDuplicated)
}

func isLost(f *metrics.Fate, _ time.Duration) bool {
	return f.Copies == 0 && f.Place != metrics.UnderWay && f.Place != metrics.NobodySubscribed
}

func isDuplicated(f *metrics.Fate, _ time.Duration) bool { return f.Copies > 1 }

func fatesOf(receiver, filter, text string, late time.Duration,
	keep func(f *metrics.Fate, late time.Duration) bool) Count {
	text = fmt.Sprintf("%s under %s", text, filter)
	if receiver != "" {
		text += " for " + receiver
	}
	return Count{text: text, who: receiver,
		nothing: func(e *evidence) string {
			for i := range e.tr.Messages {
				if metrics.Match(filter, e.tr.Messages[i].Topic) {
					return ""
				}
			}
			return fmt.Sprintf("no message under %s was published", filter)
		},
		of: func(e *evidence) (n int, which []trace.ID, because []string) {
			all := e.run("").Balance.Fates
			for i := range all {
				f := &all[i]
				m := &e.tr.Messages[f.Message-1]
				if !metrics.Match(filter, m.Topic) || !keep(f, late) ||
					receiver != "" && f.Receiver != receiver {
					continue
				}
				n++
				which = append(which, f.Event)
				if len(because) < 3 {
					because = append(because, fateText(m, f))
				}
			}
			return n, which, because
		}}
}

func fateText(m *trace.Message, f *metrics.Fate) string {
	text := fmt.Sprintf("%s %.40q, QoS %d, for %s: ", m.Topic, m.Payload, m.QoS, f.Receiver)
	switch {
	case f.Copies == 0:
		return text + "ended in the " + placeText[f.Place] + "."
	case f.Copies > 1:
		return fmt.Sprintf("%scame %d times.", text, f.Copies)
	}
	return text + "came after " + span(f.Delay) + "."
}

// placeText says where a message is, after "in the".
var placeText = [metrics.NumPlaces]string{
	metrics.Delivered:        "program",
	metrics.ClientQueue:      "publisher's library, which never wrote it",
	metrics.SocketBuffer:     "buffer of a connection that ended",
	metrics.Wire:             "network",
	metrics.BrokerQueue:      "broker's queue",
	metrics.Offline:          "broker, while the subscriber was away (QoS 0 is not kept)",
	metrics.ForgottenSession: "broker, which had forgotten the subscriber's session",
	metrics.NobodySubscribed: "broker: nobody had subscribed",
	metrics.UnderWay:         "network, still under way",
}
