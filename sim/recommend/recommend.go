package recommend

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"halfopen/netmodel"
)

// Priority is what matters most once all wishes are met.
type Priority string

// The priorities.
const (
	Battery Priority = "battery" // as few pings as possible
	Data    Priority = "data"    // the same: pings are all the traffic that a keepalive makes
	Latency Priority = "latency" // notice as early as is reasonable
)

// Wishes are what a keepalive has to satisfy. The zero value of a field is no wish.
type Wishes struct {
	NATs      []NAT              // all of them: what is on the way, or the parts of a mix
	Places    []*netmodel.Preset // brokers, clouds and carriers with limits of their own
	Client    *netmodel.Preset   // the client library; nil: paho.mqtt.golang
	Silence   time.Duration      // the client must notice a dead line within it
	PerHour   int                // at most so many radio accesses an hour by pings
	Priority  Priority           // empty: Battery
	MayLose   bool               // messages during an outage may be lost
	KeepAlive time.Duration      // TCP keepalive of the device; 0: off, as most devices have it
}

// NAT is one NAT's idle timeout and where the number is from.
type NAT struct {
	Name    string
	Timeout time.Duration
	Source  string
}

// Bound is a wish as a limit on the keepalive in seconds.
type Bound struct {
	Wish   string // in a few words, for "give up ..."
	Least  int    // 0: none
	Most   int    // 0: none
	Why    string // a clause with its number
	Source string
}

// mostKeepalive is the largest that MQTT can say (MQTT 3.1.1, 3.1.2.10).
const mostKeepalive = 65535

// natMargin is the share of a NAT's timeout that is used. The rest is for a ping that is lost and
// sent again (each loss doubles the wait), for a device that wakes late, and for NATs that round
// down.
const natMargin = 85 // per cent

// Notice is how late a client notices a silent line, at most, and what lies between two pings.
type Notice struct {
	Per    float64 // times the keepalive
	Plus   time.Duration
	Check  time.Duration // how often it looks: a ping may be that much late
	Source string
}

// NoticeOf reads the rule of a client library from its preset. Two looks can be missed by a hair,
// one before the ping and one before giving up.
func NoticeOf(p *netmodel.Preset) (Notice, error) {
	n := Notice{Source: p.Name, Check: time.Second}
	x, ok := p.Get("notice-x")
	if !ok {
		return n, fmt.Errorf("%s: its rule for noticing a silent line is not known", p.ID)
	}
	if _, err := fmt.Sscanf(x.Value, "%f", &n.Per); err != nil {
		return n, fmt.Errorf("%s: notice-x=%s", p.ID, x.Value)
	}
	if v, ok := p.Get("notice-plus"); ok {
		n.Plus, _ = v.Duration()
	}
	if v, ok := p.Get("check"); ok {
		n.Check, _ = v.Duration()
		n.Plus += n.Check
	}
	return n, nil
}

// Latest is the bound on noticing for a keepalive in seconds.
func (n Notice) Latest(keepalive int) time.Duration {
	return time.Duration(n.Per*float64(keepalive)*float64(time.Second)) + n.Plus
}

// most is the largest keepalive with which the client notices within d; 0 if none does.
func (n Notice) most(d time.Duration) int {
	if d <= n.Plus {
		return 0
	}
	k := int(float64(d-n.Plus) / float64(time.Second) / n.Per)
	for k > 0 && n.Latest(k) > d {
		k--
	}
	return k
}

// leastKeepalive is the lowest that mochi does not warn of (clients.go, minimumKeepalive). paho
// looks every keepalive/4, so half of the broker's patience beyond the keepalive may be gone before
// the ping leaves: with 1 s the rest is a round-trip time of the mobile network.
const leastKeepalive = 5

// Bounds turns wishes into limits. A wish that no keepalive at all can satisfy has a Most below 1.
func (w *Wishes) Bounds(n Notice) []Bound {
	out := []Bound{{Wish: "MQTT's own range", Least: 1, Most: mostKeepalive,
		Why: "MQTT counts the keepalive in 16 bits of seconds", Source: "MQTT 3.1.1, 3.1.2.10"},
		{Wish: "a broker that keeps live clients", Least: leastKeepalive, Source: "mochi clients.go",
			Why: fmt.Sprintf("brokers give 1.5 times the keepalive; below %d s a ping that is a little "+
				"late, or a slow path, uses that up", leastKeepalive)}}
	for _, nat := range w.NATs {
		if w.KeepAlive > 0 && w.KeepAlive*100 < nat.Timeout*natMargin {
			continue // the device's TCP keepalive holds the mapping by itself
		}
		usable := nat.Timeout*natMargin/100 - n.Check
		out = append(out, Bound{Wish: fmt.Sprintf("being reachable through %s", nat.Name),
			Most: atLeast(int(usable / time.Second)), Source: nat.Source,
			Why: fmt.Sprintf("%s forgets an idle connection after %s; %d %% of that, less %s by which a "+
				"ping may be late, leaves room for one that is lost", nat.Name, text(nat.Timeout), natMargin,
				text(n.Check))})
	}
	for _, p := range w.Places {
		out = append(out, placeBounds(p, n)...)
	}
	if w.Silence > 0 {
		out = append(out, Bound{Wish: fmt.Sprintf("noticing within %s", text(w.Silence)),
			Most: atLeast(n.most(w.Silence)), Source: n.Source,
			Why: fmt.Sprintf("the client notices at most %g times the keepalive and %s later, and %s is "+
				"the longest silence allowed", n.Per, text(n.Plus), text(w.Silence))})
	}
	if w.PerHour > 0 {
		out = append(out, Bound{Wish: fmt.Sprintf("at most %d radio accesses an hour", w.PerHour),
			Least: (3600 + w.PerHour - 1) / w.PerHour, Source: "your wish",
			Why: fmt.Sprintf("%d accesses an hour are one in %d s", w.PerHour,
				(3600+w.PerHour-1)/w.PerHour)})
	}
	return out
}

// atLeast keeps an impossible limit apart from none.
func atLeast(k int) int {
	if k < 1 {
		return -1
	}
	return k
}

// placeBounds reads the limits of a broker, a cloud or a carrier.
func placeBounds(p *netmodel.Preset, n Notice) []Bound {
	var out []Bound
	add := func(name string, b Bound) {
		if v, ok := p.Get(name); ok {
			b.Source = p.SourceOf(v).Name
			out = append(out, b)
		}
	}
	number := func(name string) int {
		v, _ := p.Get(name)
		k, _ := v.Int()
		return k
	}
	if k := number("keepalive-min"); k > 0 {
		add("keepalive-min", Bound{Wish: "the lower limit of " + p.Title, Least: k,
			Why: fmt.Sprintf("%s allows no keepalive under %d s", p.Title, k)})
	}
	if k := number("keepalive-max"); k > 0 {
		add("keepalive-max", Bound{Wish: "the upper limit of " + p.Title, Most: k,
			Why: fmt.Sprintf("%s allows no keepalive over %d s", p.Title, k)})
	}
	if k := number("keepalive-overflow"); k > 0 {
		add("keepalive-overflow", Bound{Wish: "a keepalive that " + p.Title + " can count", Most: k - 1,
			Why: fmt.Sprintf("from %d s on, %s computes 1.5 times the keepalive in too few bits", k,
				p.Title)})
	}
	if k := number("accesses-per-hour"); k > 0 {
		add("accesses-per-hour", Bound{Wish: fmt.Sprintf("at most %d radio accesses an hour (%s)", k,
			p.Title), Least: (3600 + k - 1) / k,
			Why: fmt.Sprintf("%s allows %d radio accesses an hour: one in %d s", p.Title, k,
				(3600+k-1)/k)})
	}
	if v, ok := p.Get("established"); ok && p.Kind == netmodel.PresetCarrier {
		d, _ := v.Duration()
		usable := d*natMargin/100 - n.Check
		add("established", Bound{Wish: "being reachable through " + p.Title,
			Most: atLeast(int(usable / time.Second)),
			Why:  fmt.Sprintf("%s forgets an idle connection after about %s", p.Title, text(d))})
	}
	return out
}

// interval is what satisfies all bounds: empty if least > most.
func interval(bounds []Bound) (least, most int) {
	least, most = 1, mostKeepalive
	for _, b := range bounds {
		least = max(least, b.Least)
		if b.Most != 0 {
			most = min(most, b.Most)
		}
	}
	return least, most
}

// sensible is the shortest keepalive that is recommended to somebody who wants to notice early:
// with shorter ones most of the traffic of a quiet device is pings.
const sensible = 30

// choose picks from an interval: the longest, in round numbers, or for Latency the shortest
// sensible.
func choose(least, most int, p Priority) int {
	if p == Latency {
		return min(max(least, min(sensible, most)), most)
	}
	return max(least, roundDown(most))
}

// roundDown makes a number of seconds that people would say.
func roundDown(k int) int {
	step := 1
	switch {
	case k >= 7200:
		step = 600
	case k >= 600:
		step = 60
	case k >= 60:
		step = 10
	case k >= 10:
		step = 5
	}
	return k / step * step
}

// binding are the bounds that stop a better choice, the tightest first.
func binding(bounds []Bound, p Priority) []Bound {
	var out []Bound
	for _, b := range bounds {
		if p == Latency && b.Least > 1 || p != Latency && b.Most > 0 {
			out = append(out, b)
		}
	}
	slices.SortStableFunc(out, func(a, b Bound) int {
		if p == Latency {
			return cmp.Compare(b.Least, a.Least)
		}
		return cmp.Compare(a.Most, b.Most)
	})
	return out
}

// text writes a duration in seconds up to ten minutes, else as Go does without zeros.
func text(d time.Duration) string {
	switch {
	case d < 10*time.Minute || d%time.Minute != 0:
		return fmt.Sprintf("%g s", d.Seconds())
	case d%time.Hour == 0:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%d min", d/time.Minute)
}
