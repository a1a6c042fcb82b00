package fidelity

import (
	"fmt"
	"strings"
	"time"
)

// errNoStory is why a run has no second part.
type errNoStory struct{ why string }

func (e errNoStory) Error() string { return e.why }

// scenarioText writes a run as a scenario, from its settings and the times at which the testbed
// acted.
func scenarioText(r *Run, seed int) (string, error) {
	p := &r.Meta.Parameters
	if (p.Client != "G" && p.Client != "G0") || p.Broker != "O" {
		return "", errNoStory{"other programs"}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "seed %d\nrun %v\n", seed, seconds(p.Duration+1))
	if t, ok := r.start(); ok {
		fmt.Fprintf(&b, "start %s\n", t.UTC().Format(time.RFC3339Nano))
	}
	fmt.Fprintf(&b, "broker broker%s\n", r.stackKeys(Broker))
	fmt.Fprintf(&b, "client client id=goclient keepalive=%v%s%s\n", seconds(p.Keepalive),
		r.clientKeys(), r.stackKeys(Client))
	r.links(&b)
	qos := p.QoS
	fmt.Fprintf(&b, "at 0s client subscribe reality/ts qos=%d\n", qos)
	if p.Pub != nil {
		if p.Pub.QoS != nil {
			qos = *p.Pub.QoS
		}
		r.feed(&b, qos)
	}
	r.endings(&b)
	r.late(&b)
	usual, _ := p.Loss.(float64)
	for i, f := range r.Meta.Faults {
		line, err := r.actionLine(f, r.until(i), usual)
		if err != nil {
			return "", err
		}
		if line != "" {
			fmt.Fprintf(&b, "at %v %s\n", seconds(max(0, r.effective(f), r.died(f))), line)
		}
	}
	return b.String(), nil
}

// feed writes the publisher beside the broker: what it published, when it did. It is part of the
// test bed, and was late at times.
func (r *Run) feed(b *strings.Builder, qos int) {
	fmt.Fprintf(b, "client feed host=broker id=publisher keepalive=1h start=200ms "+
		"max-reconnect-interval=1s\n") // src/publisher.py: reconnect_delay_set(1, 1)
	for _, l := range r.by("publisher") {
		if m := published.FindStringSubmatch(l.Text); m != nil {
			fmt.Fprintf(b, "at %v feed publish reality/ts \"n=%s t={unix}.000000\" qos=%d\n",
				seconds(l.T), m[1], qos)
		}
	}
}

// until is when the process that action i kills or stops goes on, or 0: a broker that is started
// again goes on when it listens.
func (r *Run) until(i int) float64 {
	side, what, ok := processAction(r.Meta.Faults[i].Action)
	end := map[string]string{"kill": "start", "stop": "cont"}[what]
	if !ok || end == "" {
		return 0
	}
	for _, f := range r.Meta.Faults[i+1:] {
		if s, w, ok := processAction(f.Action); ok && s == side && w == end {
			for _, l := range r.by(side.String()) {
				if w == "start" && l.T >= f.T && listening.MatchString(l.Text) {
					return l.T
				}
			}
			return f.Done
		}
	}
	return 0
}

// endings adds the end of processes that no action of its own names: a power loss kills the client.
func (r *Run) endings(b *strings.Builder) {
	for _, f := range r.Meta.Faults {
		if _, _, process := processAction(f.Action); process {
			return
		}
	}
	for _, s := range []Side{Client, Broker} {
		for _, l := range r.by(s.String()) {
			if processEnded.MatchString(l.Text) {
				fmt.Fprintf(b, "at %v %s kill\n", seconds(l.T), s)
			}
		}
	}
}

func seconds(s float64) time.Duration {
	return time.Duration(s * 1e9).Round(time.Microsecond)
}

// start is the wall-clock time of the first SYN.
func (r *Run) start() (time.Time, bool) {
	sec, frac, _ := strings.Cut(r.Meta.FirstSYN, ".")
	var s, ns int64
	if _, err := fmt.Sscanf(sec, "%d", &s); err != nil {
		return time.Time{}, false
	}
	fmt.Sscanf((frac + "000000000")[:9], "%d", &ns)
	return time.Unix(s, ns), true
}

// clientKeys are the settings of the Go client, from its parameters and its command line.
func (r *Run) clientKeys() string {
	var s string
	p := &r.Meta.Parameters
	if p.Client == "G0" {
		s += " tcp-keepalive=off"
	}
	if d := r.begin(); d > 0 {
		s += fmt.Sprintf(" start=%v", d)
	}
	if p.Clean != nil && !*p.Clean {
		s += " session=kept"
	}
	for flag, key := range map[string]string{"pingtimeout": "ping-timeout",
		"maxreconnect": "max-reconnect-interval", "connectretryinterval": "connect-retry-interval"} {
		if v := r.flag(flag); v != "" {
			s += " " + key + "=" + v
		}
	}
	if v := r.flag("connectretry"); v == "true" {
		s += " connect-retry=on"
	}
	if v := r.flag("autoreconnect"); v == "false" {
		s += " auto-reconnect=off"
	}
	return s
}

// begin is when the scenario's client starts: at once, or when what came before the first SYN is
// there.
func (r *Run) begin() time.Duration {
	if len(r.Meta.Faults) > 0 && r.Meta.Faults[0].T < 0 {
		return 5 * time.Millisecond
	}
	return 0
}

// flag is the value of -name or -name=value on the client's command line.
func (r *Run) flag(name string) string {
	f := strings.Fields(r.Meta.ClientCommand)
	for i, w := range f {
		w = "-" + strings.TrimLeft(w, "-")
		if v, ok := strings.CutPrefix(w, "-"+name+"="); ok {
			return v
		}
		if w == "-"+name {
			if i+1 < len(f) && !strings.HasPrefix(f[i+1], "-") {
				return f[i+1]
			}
			return "true"
		}
	}
	return ""
}

// stackKeys are the kernel's settings that the run changed from the defaults.
func (r *Run) stackKeys(s Side) string {
	var keys string
	set := r.Meta.Parameters.Sysctls[s.String()]
	for _, name := range sorted(set) {
		if short, ok := cutSysctl(name); ok {
			keys += fmt.Sprintf(" sysctl.%s=%s", short, set[name])
		}
	}
	return keys
}

// links joins the two hosts, over a NAT if the run has one.
func (r *Run) links(b *strings.Builder) {
	latency := r.oneWay() + wireDelay
	c := r.nat()
	switch {
	case c == nil && r.routed():
		fmt.Fprintf(b, "router router\nlink client router latency=%v\n", wireDelay)
		fmt.Fprintf(b, "link router broker latency=%v\n", latency-wireDelay)
		return
	case c == nil:
		fmt.Fprintf(b, "link client broker latency=%v\n", latency)
		return
	}
	fmt.Fprint(b, "nat router")
	if t := c.Timeouts.Established; t > 0 {
		fmt.Fprintf(b, " timeout=%v", t)
	}
	if t := c.Timeouts.Unacknowledged; t > 0 {
		fmt.Fprintf(b, " unacked=%v", t)
	}
	if c.NoLoose {
		fmt.Fprint(b, " loose=off")
	}
	on := [...]string{"drop", "reset", "pass"}
	fmt.Fprintf(b, " on-forgotten=%s on-unsolicited=%s\n", on[c.Forgotten], on[c.Unsolicited])
	fmt.Fprintf(b, "link client router latency=%v\nlink router broker latency=%v\n", wireDelay,
		latency-wireDelay)
}

// routed: a host whose interface is down cannot be reached from the router, which says so; only
// then does it matter that there is one.
func (r *Run) routed() bool {
	for _, f := range r.Meta.Faults {
		if strings.Contains(f.Action, "link_down") || powerLossByLink(f.Action) {
			return true
		}
	}
	return false
}
