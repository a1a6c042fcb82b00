package recommend

import (
	"fmt"
	"strings"
	"time"

	"halfopen/netmodel"
)

// NAT is one NAT's idle timeout and where the number is from.
type NAT struct {
	Name    string
	Timeout time.Duration
	Source  string
}

// natMargin is the share of a NAT's timeout that is used. The rest is for a ping that is lost and
// sent again (each loss doubles the wait), for a device that wakes late, and for NATs that round
// down.
const natMargin = 85 // per cent

// NATOf reads the idle timeout of a NAT's or a carrier's preset; false if it tells none.
func NATOf(p *netmodel.Preset) (NAT, bool) {
	v, ok := p.Get("established")
	if !ok {
		v, ok = p.Get("established-min")
	}
	d, good := v.Duration()
	return NAT{Name: p.Title, Timeout: d, Source: sourced(p.SourceOf(v))}, ok && good
}

// AllNATs are those on the way: the wished ones, and those of the carriers.
func (w *Wishes) AllNATs() []NAT {
	nats := w.NATs[:len(w.NATs):len(w.NATs)]
	for _, p := range w.Places {
		if nat, ok := NATOf(p); ok && p.Kind == netmodel.PresetCarrier {
			nats = append(nats, nat)
		}
	}
	return nats
}

func (nat *NAT) bound(n Notice) Bound {
	usable := nat.Timeout * natMargin / 100
	return Bound{Wish: "being reachable through " + nat.Name, Source: nat.Source,
		Most: largest(func(k int) bool { return n.Interval(k)+n.check(k) <= usable }),
		Why:  fmt.Sprintf("%s forgets an idle connection after %s", nat.Name, text(nat.Timeout)),
		Detail: fmt.Sprintf("%d %% of it are used: there is room for a ping that is late, or lost and "+
			"sent again", natMargin)}
}

// placeBounds reads the limits of a broker, a cloud or a carrier.
func (w *Wishes) placeBounds(p *netmodel.Preset, n Notice) []Bound {
	var out []Bound
	add := func(name string, of func(k int) Bound) {
		v, _ := p.Get(name)
		if k, ok := v.Int(); ok && k > 0 {
			b := of(k)
			b.Source = sourced(p.SourceOf(v))
			b.Detail = contradiction(p, v)
			out = append(out, b)
		}
	}
	add("keepalive-min", func(k int) Bound {
		return Bound{Wish: "the lower limit of " + p.Title, Least: k,
			Why: fmt.Sprintf("%s allows no keepalive under %d s", p.Title, k)}
	})
	add("keepalive-max", func(k int) Bound {
		return Bound{Wish: "the upper limit of " + p.Title, Most: k,
			Why: fmt.Sprintf("%s allows no keepalive over %d s", p.Title, k)}
	})
	add("keepalive-overflow", func(k int) Bound {
		return Bound{Wish: "a keepalive that " + p.Title + " can count", Most: k - 1,
			Why: fmt.Sprintf("from %d s on, %s computes 1.5 times the keepalive in too few bits", k,
				p.Title)}
	})
	add("accesses-per-hour", func(k int) Bound {
		return w.accesses(k, n, Bound{Wish: fmt.Sprintf("at most %d radio accesses an hour (%s)", k,
			p.Title)})
	})
	add("alarm", func(k int) Bound {
		return Bound{Wish: "pings in time on " + p.Title, Least: k,
			Why: fmt.Sprintf("%s wakes a program up each %d s at most", p.Title, k)}
	})
	add("poll", func(k int) Bound {
		return Bound{Wish: "the advice of " + p.Title, Most: k,
			Why: fmt.Sprintf("%s: a packet each %d s holds the NATs of mobile networks", p.Title, k)}
	})
	if name, ok := shortestHeartbeat(p); ok {
		add(name, func(k int) Bound {
			return Bound{Wish: "what is known to work: " + p.Title, Most: k,
				Why: fmt.Sprintf("%s: each %d s holds its connections", p.Title, k)}
		})
	}
	return out
}

// shortestHeartbeat is the one that works everywhere.
func shortestHeartbeat(p *netmodel.Preset) (name string, ok bool) {
	least := 0
	for _, h := range []string{"heartbeat-mobile", "heartbeat-wifi", "heartbeat-cdma"} {
		if v, has := p.Get(h); has {
			if k, good := v.Int(); good && (least == 0 || k < least) {
				least, name = k, h
			}
		}
	}
	return name, least > 0
}

// contradiction says that other sources give other numbers.
func contradiction(p *netmodel.Preset, used netmodel.Value) string {
	var out []string
	for _, v := range p.Values {
		if v.Name == used.Name && v != used {
			out = append(out, fmt.Sprintf("%s %s according to %s", v.Value, v.Unit,
				sourced(p.SourceOf(v))))
		}
	}
	return strings.Join(out, "; ")
}

// Silent returns the places that limit no keepalive: what is known of them does not help here.
func (w *Wishes) Silent(n Notice) []*netmodel.Preset {
	var out []*netmodel.Preset
	for _, p := range w.Places {
		if _, nat := NATOf(p); !nat && len(w.placeBounds(p, n)) == 0 {
			out = append(out, p)
		}
	}
	return out
}
