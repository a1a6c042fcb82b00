package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"halfopen/netmodel"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
)

// Describe writes what has happened so far as a scenario's text: its machines, links, brokers and
// w.Client clients, what these did, the faults, and how long it took. Programs of your own have no
// place in a scenario: their machines are there, and a comment.
func (w *World) Describe() string {
	tr := w.Snapshot()
	d := &description{w: w, tr: tr}
	d.line("seed %d", w.seed)
	d.line("run %s", scenarioTime(tr.Length.Duration().Round(time.Second)))
	d.hosts()
	for _, l := range w.Links() {
		a, b := l.Ends()
		c := l.net.Conditions(a.net)
		d.line("link %s %s%s", a.name, b.name, conditionKeys(c))
	}
	d.steps()
	return strings.Join(d.lines, "\n") + "\n"
}

type description struct {
	w     *World
	tr    *trace.Trace
	lines []string
	timed []timedLine
}

// timedLine is a step, for sorting by time.
type timedLine struct {
	at   time.Duration
	text string
}

func (d *description) line(format string, args ...any) {
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
}

// hosts prints the machines: those of brokers and clients with these.
func (d *description) hosts() {
	used := make(map[*Host]bool)
	for _, b := range d.w.brokers {
		used[b.Host] = true
		keys := ""
		if b.store != nil {
			keys = " persist=on"
		}
		d.line("broker %s%s", b.prog.name, keys)
	}
	for _, c := range d.w.clients {
		used[c.Host] = true
		d.line("client %s%s", c.prog.name, d.clientKeys(c))
	}
	for _, h := range d.w.hosts {
		switch {
		case used[h]:
		case d.tr.Hosts[h.id-1].Router:
			d.line("router %s", h.name)
		default:
			if len(h.prog.conns)+len(h.prog.listeners) > 0 {
				d.line("# on %s runs a program of the test's own, which a scenario cannot have", h.name)
			}
			d.line("host %s", h.name)
		}
	}
}

// clientKeys prints the settings that are not the default.
func (d *description) clientKeys(c *Client) string {
	g, def := &c.config, DefaultClient()
	var b strings.Builder
	duration := func(key string, is, other time.Duration) {
		if is != other {
			fmt.Fprintf(&b, " %s=%s", key, scenarioTime(is))
		}
	}
	flag := func(key string, is, other bool) {
		if is != other {
			fmt.Fprintf(&b, " %s=%s", key, map[bool]string{true: "on", false: "off"}[is])
		}
	}
	if c.Host.name != c.prog.name {
		fmt.Fprintf(&b, " host=%s", c.Host.name)
	}
	if g.ID != c.prog.name {
		fmt.Fprintf(&b, " id=%s", g.ID)
	}
	duration("keepalive", g.KeepAlive, def.KeepAlive)
	duration("ping-timeout", g.PingTimeout, def.PingTimeout)
	duration("connect-timeout", g.ConnectTimeout, def.ConnectTimeout)
	if !g.CleanSession {
		b.WriteString(" session=kept")
	}
	flag("auto-reconnect", g.AutoReconnect, def.AutoReconnect)
	flag("connect-retry", g.ConnectRetry, def.ConnectRetry)
	duration("connect-retry-interval", g.ConnectRetryInterval, def.ConnectRetryInterval)
	duration("max-reconnect-interval", g.MaxReconnectInterval, def.MaxReconnectInterval)
	flag("resubscribe", g.Resubscribe, def.Resubscribe)
	flag("resume-subs", g.ResumeSubs, def.ResumeSubs)
	if at, ok := d.firstAttempt(c.prog.name); ok && at >= time.Second {
		fmt.Fprintf(&b, " start=%s", scenarioTime(at.Round(time.Millisecond)))
	}
	return b.String()
}

func (d *description) firstAttempt(client string) (time.Duration, bool) {
	for i := range d.tr.Events {
		if ev := &d.tr.Events[i]; ev.Kind == trace.ClientConnecting && ev.App.Actor == client {
			return ev.At.Duration(), true
		}
	}
	return 0, false
}

func conditionKeys(c netmodel.Conditions) string {
	text := " latency=" + scenarioTime(c.Latency)
	if c.Jitter > 0 {
		text += " jitter=" + scenarioTime(c.Jitter)
	}
	if c.Loss > 0 {
		text += fmt.Sprintf(" loss=%g%%", float64(c.Loss)/10_000)
	}
	if c.Rate > 0 {
		text += fmt.Sprintf(" rate=%d", c.Rate)
	}
	return text
}

// steps prints what programs did and what went wrong, in order of time.
func (d *description) steps() {
	subscribed := make(map[[2]string]bool)
	for i := range d.tr.Events {
		ev := &d.tr.Events[i]
		switch {
		case ev.Kind == trace.BrokerSubscribed:
			who := d.clientOf(ev)
			if k := [2]string{who, ev.App.Topic}; who != "" && !subscribed[k] {
				subscribed[k] = true
				d.step(ev.At.Duration(), "%s subscribe %s qos=%d", who, ev.App.Topic, ev.App.QoS)
			}
		case ev.Kind == trace.ClientPublish:
			d.published(ev, ev.App.Actor)
		case ev.Kind == trace.BrokerReceived && d.ownMessage(ev):
			d.published(ev, ev.App.Actor)
		case ev.Kind == trace.ClientDisconnect:
			d.step(ev.At.Duration(), "%s disconnect", ev.App.Actor)
		}
	}
	for i := range d.tr.Faults {
		f := &d.tr.Faults[i]
		d.step(f.Begin.Duration(), "%s", faultLine(f))
	}
	slices.SortStableFunc(d.timed, func(a, b timedLine) int { return int(a.at - b.at) })
	for _, s := range d.timed {
		d.line("at %s  %s", scenarioTime(s.at.Round(time.Millisecond)), s.text)
	}
}

// faultLine is the fault as a statement: its length stands before its keys. A fault with a count
// ends by itself.
func faultLine(f *trace.Fault) string {
	if f.End == netmodel.Never || f.End <= f.Begin || strings.Contains(f.Text, " for ") ||
		strings.Contains(f.Text, " count=") {
		return f.Text
	}
	length := " for " + scenarioTime(f.End.Sub(f.Begin).Round(time.Millisecond))
	if eq := strings.IndexByte(f.Text, '='); eq > 0 {
		at := strings.LastIndexByte(f.Text[:eq], ' ')
		return f.Text[:at] + length + f.Text[at:]
	}
	return f.Text + length
}

func (d *description) step(at time.Duration, format string, args ...any) {
	d.timed = append(d.timed, timedLine{at, fmt.Sprintf(format, args...)})
}

// clientOf is the w.Client at the other end of the broker's connection that an event is about.
func (d *description) clientOf(ev *trace.Event) string {
	if ev.Socket == 0 {
		return ""
	}
	peer := d.tr.Socket(d.tr.Socket(ev.Socket).Peer)
	for _, c := range d.w.clients {
		if peer != nil && c.prog.name == peer.Actor {
			return peer.Actor
		}
	}
	return ""
}

// ownMessage reports whether a message is one of the broker's own.
func (d *description) ownMessage(ev *trace.Event) bool {
	id := ev.App.Message
	return id > 0 && d.tr.Messages[id-1].Publisher == ev.App.Actor
}

func (d *description) published(ev *trace.Event, who string) {
	payload := string(ev.App.Payload)
	special := func(r rune) bool { return r < ' ' || r > '~' || r == '"' || r == '\\' }
	if strings.ContainsFunc(payload, special) {
		payload = fmt.Sprintf("%x", payload) // a scenario's payload is text
	}
	d.step(ev.At.Duration(), "%s publish %s \"%s\" qos=%d", who, ev.App.Topic, payload, ev.App.QoS)
}

// scenarioTime prints a duration as scenarios write it.
func scenarioTime(d time.Duration) string { return scenario.FormatDuration(d) }
