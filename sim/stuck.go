package sim

import (
	"fmt"
	"strings"
)

// stuckText says why the clock of a bubble stands still, from its goroutines, and whether one of
// them runs, so that the bubble cannot be left alone.
//
// Virtual time moves only when every goroutine is durably blocked: waiting for something inside the
// bubble. A wait for a mutex is not durable, whatever the mutex's holder waits for.
func stuckText(gs []goroutine) (text string, spins bool) {
	for i := range gs {
		if gs[i].waitsForMutex() {
			return mutexText(gs, &gs[i]), false
		}
	}
	for i := range gs {
		if g := &gs[i]; g.blocked() && (g.state() == "runnable" || g.state() == "running") {
			return "a goroutine runs without ever waiting:\n  " + g.story() +
				"\nTime passes only while every goroutine of the world waits: wait for what it " +
				"looks for on a channel,\nor sleep between two looks.", true
		}
	}
	for i := range gs {
		if g := &gs[i]; g.blocked() {
			return "a goroutine waits for something outside the world:\n  " + g.story() + "\n" +
				g.outside(), false
		}
	}
	return "every goroutine waits for another:\n" + describeGoroutines(gs), false
}

// outside is the remedy for a goroutine that waits for what is not of the world.
func (g *goroutine) outside() string {
	if g.state() == "IO wait" {
		return "That is a real socket, or a pipe. In place of net.Dial and net.Listen, use " +
			"DialContext and Listen of\na host of the world; for paho.mqtt.golang, pass its options " +
			"through Host.Paho."
	}
	return "Channels, timers and contexts that were made before sim.Test do not know virtual time, " +
		"nor do files and\nprocesses: make them inside, and use the context of the test inside."
}

// describeGoroutines tells the story of each, those that hold the clock first. At most ten.
func describeGoroutines(gs []goroutine) string {
	var b strings.Builder
	n := 0
	for _, wantBlocked := range []bool{true, false} {
		for i := range gs {
			g := &gs[i]
			if g.blocked() != wantBlocked || g.ours() {
				continue
			}
			if n++; n > 10 {
				fmt.Fprintf(&b, "  ... and more of %d goroutines\n", len(gs))
				return b.String()
			}
			fmt.Fprintf(&b, "  %s\n", g.story())
		}
	}
	return b.String()
}

func (g *goroutine) waitsForMutex() bool {
	return strings.HasPrefix(g.state(), "sync.Mutex") || strings.HasPrefix(g.state(), "sync.RWMutex")
}

// mutexText names the goroutine that waits for a mutex and the one that, most likely, holds it
// while it waits for time to pass.
func mutexText(gs []goroutine, waiter *goroutine) string {
	var b strings.Builder
	b.WriteString("a mutex is wanted while its holder waits for time to pass.\n" +
		"This goroutine wants it:\n  " + waiter.story() + "\n")
	if holder := waiter.holder(gs); holder != nil {
		b.WriteString("and this one, to all appearances, holds it:\n  " + holder.story() + "\n")
	}
	b.WriteString("Remedy: do not hold a mutex across a wait (time.Sleep, network, channel): unlock " +
		"before it,\nor guard the section with a channel of capacity 1 instead, for which goroutines " +
		"wait durably.")
	return b.String()
}

// holder finds the goroutine that most likely holds the mutex that g waits for: of those that wait
// for something else, one with a method of the value that contains the mutex on its stack; else one
// of the same type; else one of the same package.
func (g *goroutine) holder(gs []goroutine) *goroutine {
	mutex := g.mutexAddress()
	waits := g.place().function()
	var best *goroutine
	bestScore := 0
	for i := range gs {
		o := &gs[i]
		if o.header == g.header || o.waitsForMutex() {
			continue
		}
		if s := o.holds(mutex, waits); s > bestScore {
			best, bestScore = o, s
		}
	}
	return best
}

// maxStruct is how far into a value its mutex may lie, for the value's address to tell.
const maxStruct = 4096

// holds scores how likely o holds the mutex at an address for which function waits.
func (o *goroutine) holds(mutex uint64, waits string) int {
	score := 0
	for _, f := range o.frames {
		if f.created || f.standard() {
			continue
		}
		for _, p := range addresses(f.call[strings.LastIndex(f.call, "(")+1:]) {
			if mutex > 0 && p <= mutex && mutex-p < maxStruct {
				return 3
			}
		}
		name := f.function()
		switch {
		case receiver(name) != "" && receiver(name) == receiver(waits):
			score = max(score, 2)
		case packageOf(name) == packageOf(waits):
			score = max(score, 1)
		}
	}
	return score
}

// mutexAddress is the address of the mutex that g waits for, if the dump shows it, or 0.
func (g *goroutine) mutexAddress() uint64 {
	for _, f := range g.frames {
		if !strings.HasPrefix(f.call, "internal/sync.") && !strings.HasPrefix(f.call, "sync.") {
			continue
		}
		if a := addresses(f.call[strings.LastIndex(f.call, "(")+1:]); len(a) > 0 && a[0] > 1<<16 {
			return a[0]
		}
	}
	return 0
}
