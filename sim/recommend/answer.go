package recommend

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"halfopen/netmodel"
)

// Answer is a recommendation, or the plain word that there is none.
type Answer struct {
	Keepalive int // seconds; 0: no setting satisfies every wish
	Bounds    []Bound
	Notice    Notice
	Sentence  string
	RunnerUp  string
	Changes   []string // what would change the answer; if there is none: what each wish costs
	Notes     []string // true whatever the choice
}

// Answer recommends a keepalive.
func (w *Wishes) Answer() (*Answer, error) {
	client := w.Client
	if client == nil {
		client = netmodel.FindPreset("paho-go")
	}
	n, err := NoticeOf(client)
	if err != nil {
		return nil, err
	}
	switch w.Priority {
	case "", Battery, Data, Latency:
	default:
		return nil, fmt.Errorf("%q is no priority: battery, data or latency", w.Priority)
	}
	a := &Answer{Bounds: w.Bounds(n), Notice: n}
	least, most := interval(a.Bounds)
	if least > most {
		a.none(w)
	} else {
		a.Keepalive = choose(least, most, w.Priority)
		a.some(w, least, most)
	}
	a.notes(w)
	return a, nil
}

// some writes the sentence for a keepalive that satisfies everything.
func (a *Answer) some(w *Wishes, least, most int) {
	k := a.Keepalive
	a.Sentence = fmt.Sprintf("Use keepalive %d s: a dead line is noticed within %s, at %s.", k,
		text(a.Notice.Latest(k)), pings(k))
	other := a.other(w, least, most)
	if other != k && other > 0 {
		later := "later"
		d := a.Notice.Latest(other) - a.Notice.Latest(k)
		if d < 0 {
			later, d = "earlier", -d
		}
		a.RunnerUp = fmt.Sprintf("Runner-up: %d s, noticed %s %s, at %s.", other, text(d), later,
			pings(other))
	} else {
		a.RunnerUp = "There is no runner-up: the wishes leave this one value."
	}
	tight := binding(a.Bounds, w.Priority)
	for i, b := range tight {
		if i == 2 {
			break
		}
		rest := slices.DeleteFunc(slices.Clone(a.Bounds), func(o Bound) bool { return o == b })
		if l, m := interval(rest); l <= m {
			if c := choose(l, m, w.Priority); c != k {
				a.Changes = append(a.Changes, fmt.Sprintf("Without %s: %d s.", b.Wish, c))
			}
		}
	}
}

// other is the next best choice: the next one down, or up for Latency.
func (a *Answer) other(w *Wishes, least, most int) int {
	if w.Priority == Latency {
		if k := min(2*a.Keepalive, most); k > a.Keepalive {
			return k
		}
		return 0
	}
	k := roundDown(a.Keepalive * 4 / 5)
	if k < least {
		k = least
	}
	return k
}

// none writes that no setting satisfies every wish, and what giving up each one would buy.
func (a *Answer) none(w *Wishes) {
	var wishes []string
	for _, b := range a.Bounds[1:] {
		wishes = append(wishes, b.Wish)
	}
	a.Sentence = "No setting satisfies all of: " + strings.Join(wishes, "; ") + "."
	for i, b := range a.Bounds {
		rest := slices.Delete(slices.Clone(a.Bounds), i, i+1)
		if least, most := interval(rest); i > 0 && least <= most {
			k := choose(least, most, w.Priority)
			a.Changes = append(a.Changes, fmt.Sprintf("Give up %s: %d s, noticed within %s, at %s.", b.Wish,
				k, text(a.Notice.Latest(k)), pings(k)))
		}
	}
	if len(a.Changes) == 0 {
		a.Changes = append([]string{"Giving up a single wish is not enough."}, a.pairs(w)...)
	}
	a.RunnerUp = "Or do not stay connected: connect when there is something to send, and be " +
		"unreachable in between."
}

// mostPairs is how many pairs of wishes are worth reading.
const mostPairs = 5

// pairs are the ways out by giving up two wishes.
func (a *Answer) pairs(w *Wishes) []string {
	var out []string
	for i := 1; i < len(a.Bounds); i++ {
		for j := i + 1; j < len(a.Bounds) && len(out) < mostPairs; j++ {
			rest := slices.Delete(slices.Clone(a.Bounds), j, j+1)
			rest = slices.Delete(rest, i, i+1)
			if least, most := interval(rest); least <= most {
				k := choose(least, most, w.Priority)
				out = append(out, fmt.Sprintf("Give up %s, and %s: %d s, noticed within %s, at %s.",
					a.Bounds[i].Wish, a.Bounds[j].Wish, k, text(a.Notice.Latest(k)), pings(k)))
			}
		}
	}
	return out
}

func (a *Answer) notes(w *Wishes) {
	if w.KeepAlive > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("The device's TCP keepalive (%s) wakes the radio %d times "+
			"a day by itself and keeps NATs awake: none of them limits the MQTT keepalive here.",
			text(w.KeepAlive), int(24*time.Hour/w.KeepAlive)))
	} else if len(w.NATs) > 0 {
		a.Notes = append(a.Notes, "This is for devices without TCP keepalive, as most are. Go's "+
			"net.Dialer switches it on by itself (15 s): then no NAT of more than 15 s matters, for "+
			"5760 radio wake-ups a day; switch it off (net.Dialer.KeepAlive = -1) to save them.")
	}
	if w.MayLose {
		return
	}
	a.Notes = append(a.Notes, "No keepalive saves what is sent during an outage: use QoS 1 and a "+
		"kept session (clean session off) where messages must not be lost (MQTT 3.1.1, 4.3 and "+
		"3.1.2.4).")
}

// pings says what a keepalive costs.
func pings(k int) string {
	perHour := float64(3600) / float64(k)
	s := fmt.Sprintf("%.0f pings a day", 86400/float64(k))
	if perHour >= 1 {
		s += fmt.Sprintf(" (%.0f an hour)", perHour)
	}
	return s
}

// String is the answer as it is printed: every clause with its source.
func (a *Answer) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, a.Sentence)
	for _, w := range a.Bounds {
		limit := ""
		if w.Least > 1 {
			limit = fmt.Sprintf("at least %d s", w.Least)
		}
		switch {
		case w.Most < 0:
			limit = "impossible"
		case w.Most > 0 && limit != "":
			limit += fmt.Sprintf(", at most %d s", w.Most)
		case w.Most > 0:
			limit = fmt.Sprintf("at most %d s", w.Most)
		}
		fmt.Fprintf(&b, "  %s: %s [%s]\n", limit, w.Why, w.Source)
	}
	fmt.Fprintf(&b, "  noticing: %g times the keepalive and %s [%s]\n", a.Notice.Per,
		text(a.Notice.Plus), a.Notice.Source)
	fmt.Fprintln(&b, a.RunnerUp)
	for _, c := range a.Changes {
		fmt.Fprintln(&b, c)
	}
	for _, n := range a.Notes {
		fmt.Fprintln(&b, n)
	}
	return b.String()
}
