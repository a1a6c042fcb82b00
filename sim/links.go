package sim

import (
	"fmt"
	"slices"

	"halfopen/netmodel"
)

// Links returns the world's links in the order in which they were made.
func (w *World) Links() []*Link {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.links)
}

// FindHost returns the machine with a name, or nil: for programs of your own in the world of a
// scenario.
func (w *World) FindHost(name string) *Host {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, h := range w.hosts {
		if h.name == name {
			return h
		}
	}
	return nil
}

// Ends are the hosts that the link joins.
func (l *Link) Ends() (a, b *Host) { return l.a, l.b }

// Worsen adds to the link's conditions: latencies add up, chances of loss combine, the lower rate
// holds; from is the sending end of the direction meant, nil for both.
func (l *Link) Worsen(from *Host, c netmodel.Conditions) *Fault {
	verb, value := worsenText(c)
	f := netmodel.Fault{Kind: netmodel.FaultConditions, Conditions: c}
	return l.keep(l.faultKeys(verb, from, value, f))
}

// worsenText says it as a scenario does, as far as one of a scenario's verbs goes.
func worsenText(c netmodel.Conditions) (verb, value string) {
	switch {
	case c.Loss > 0:
		return "loss", fmt.Sprintf(" rate=%g%%", float64(c.Loss)/10_000)
	case c.Duplicate > 0:
		return "duplicate", fmt.Sprintf(" rate=%g%%", float64(c.Duplicate)/10_000)
	case c.Jitter > 0:
		return "jitter", " " + durationText(c.Jitter)
	case c.Latency > 0:
		return "latency", " " + durationText(c.Latency)
	case c.Rate > 0:
		return "rate", fmt.Sprintf(" %d", c.Rate)
	case c.Corrupt > 0:
		return "corrupt", fmt.Sprintf(" rate=%g%%", float64(c.Corrupt)/10_000)
	}
	return "worsen", ""
}
