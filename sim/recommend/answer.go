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
	data      bool     // costs are told in bytes, too
}

// GoKeepAlive is the TCP keepalive that Go's net.Dialer switches on by itself.
const GoKeepAlive = 15 * time.Second

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
	a := &Answer{Bounds: w.Bounds(n), Notice: n, data: w.Priority == Data}
	least, most := interval(a.Bounds)
	if least > most {
		a.none(w, least, most)
	} else {
		a.Keepalive = choose(least, most, w.Priority)
		a.some(w, least, most)
	}
	a.otherWise(w)
	a.notes(w)
	return a, nil
}

// mostReasons is how many reasons a sentence bears.
const mostReasons = 2

// some writes the sentence for a keepalive that satisfies everything.
func (a *Answer) some(w *Wishes, least, most int) {
	k := a.Keepalive
	a.Sentence = fmt.Sprintf("Use keepalive %d s: a dead line is noticed within %s [%s], at %s", k,
		text(a.Notice.Latest(k)), a.Notice.Source, a.pings(k))
	tight := binding(a.Bounds, w.Priority)
	for i, b := range tight[:min(len(tight), mostReasons)] {
		a.Sentence += []string{", because ", ", and because "}[i] + b.Why + " [" + b.Source + "]"
	}
	switch {
	case len(tight) > 0:
	case w.Priority == Latency:
		a.Sentence += fmt.Sprintf(", because with less than %d s most of a quiet device's traffic is "+
			"pings [our own floor]", sensible)
	default:
		a.Sentence += fmt.Sprintf(", because nothing but %s limits it [%s]", a.Bounds[0].Wish,
			a.Bounds[0].Source)
	}
	a.Sentence += "."
	other := a.other(w, least, most)
	if other != k && other > 0 {
		later := "later"
		d := a.Notice.Latest(other) - a.Notice.Latest(k)
		if d < 0 {
			later, d = "earlier", -d
		}
		a.RunnerUp = fmt.Sprintf("Runner-up: %d s, noticed %s %s, at %s.", other, text(d), later,
			a.pings(other))
	} else {
		a.RunnerUp = "There is no runner-up: the wishes leave this one value."
	}
	for i, b := range a.Bounds {
		rest := slices.Delete(slices.Clone(a.Bounds), i, i+1)
		if l, m := interval(rest); i > 0 && l <= m {
			if c := choose(l, m, w.Priority); c != k {
				a.Changes = append(a.Changes, fmt.Sprintf("Without %s: %s.", b.Wish, a.costs(c)))
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
	return max(roundDown(a.Keepalive*4/5), least)
}

// none writes that no setting satisfies every wish, which ones contradict each other, and what
// giving up each of them would buy.
func (a *Answer) none(w *Wishes, least, most int) {
	var clash []int
	var wishes []string
	if most < 0 { // one wish that nothing satisfies contradicts no other
		least, most = 0, mostKeepalive
	}
	for i, b := range a.Bounds {
		if b.Least > most || b.Most != 0 && b.Most < least {
			clash = append(clash, i)
			wishes = append(wishes, b.Wish+" ("+b.limit()+")")
		}
	}
	a.Sentence = "No setting satisfies all of: " + strings.Join(wishes, "; ") + "."
	enough := false
	for _, i := range clash {
		rest := slices.Delete(slices.Clone(a.Bounds), i, i+1)
		what := "alone is not enough"
		if l, m := interval(rest); l <= m {
			what, enough = a.costs(choose(l, m, w.Priority)), true
		}
		a.Changes = append(a.Changes, fmt.Sprintf("Give up %s: %s.", a.Bounds[i].Wish, what))
	}
	if !enough {
		a.Changes = append(a.Changes, a.pairs(w, clash)...)
	}
	a.RunnerUp = "Or do not stay connected: connect when there is something to send, and be " +
		"unreachable in between."
}

// mostPairs is how many pairs of wishes are worth reading.
const mostPairs = 5

// pairs are the ways out by giving up two wishes.
func (a *Answer) pairs(w *Wishes, clash []int) []string {
	var out []string
	for x, i := range clash {
		for _, j := range clash[x+1:] {
			rest := slices.Delete(slices.Clone(a.Bounds), j, j+1)
			rest = slices.Delete(rest, i, i+1)
			if least, most := interval(rest); least <= most && len(out) < mostPairs {
				out = append(out, fmt.Sprintf("Give up %s, and %s: %s.", a.Bounds[i].Wish,
					a.Bounds[j].Wish, a.costs(choose(least, most, w.Priority))))
			}
		}
	}
	return out
}

// otherWise tells the answers to the neighbouring questions: with TCP keepalive as Go has it, or
// without it; and if something else mattered most.
func (a *Answer) otherWise(w *Wishes) {
	o := *w
	label := "With Go's own TCP keepalive of 15 s left on"
	if o.KeepAlive = GoKeepAlive; w.KeepAlive > 0 {
		o.KeepAlive, label = 0, "With TCP keepalive off, as most devices have it"
	}
	a.Changes = append(a.Changes, label+": "+a.instead(&o))
	o = *w
	if o.Priority = Latency; w.Priority == Latency {
		o.Priority = Battery
	}
	if a.Keepalive > 0 {
		a.Changes = append(a.Changes, fmt.Sprintf("If %s mattered most: %s", o.Priority, a.instead(&o)))
	}
}

// instead is the answer to other wishes, in short.
func (a *Answer) instead(o *Wishes) string {
	least, most := interval(o.Bounds(a.Notice))
	if least > most {
		return "no setting satisfies all wishes."
	}
	k := choose(least, most, o.Priority)
	s := a.costs(k)
	if k == a.Keepalive {
		s = "the same"
	}
	if o.KeepAlive > 0 {
		s += fmt.Sprintf("; and TCP keepalive wakes the radio %d times a day", int(Day/o.KeepAlive))
	}
	return s + "."
}

// Day is the time over which costs are told.
const Day = 24 * time.Hour

func (a *Answer) notes(w *Wishes) {
	if w.KeepAlive == 0 && len(w.AllNATs()) > 0 {
		a.Notes = append(a.Notes, "This is for devices without TCP keepalive, as most are. Go's "+
			"net.Dialer switches it on by itself; net.Dialer.KeepAlive = -1 switches it off "+
			"[Go 1.26, net/dial.go].")
	}
	for _, p := range w.Silent(a.Notice) {
		a.Notes = append(a.Notes, fmt.Sprintf("%s: what is known of it limits no keepalive.", p.Title))
	}
	if w.MayLose {
		return
	}
	a.Notes = append(a.Notes, "No keepalive saves what is sent during an outage: use QoS 1 and a "+
		"kept session (clean session off) where messages must not be lost (MQTT 3.1.1, 4.3 and "+
		"3.1.2.4).")
}
