package sim

import (
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
			return "virtual time stands still: a goroutine runs without ever waiting:\n  " + g.story() +
				"\nTime passes only while every goroutine of the world waits.", true
		}
	}
	for i := range gs {
		if g := &gs[i]; g.blocked() {
			return "virtual time stands still: a goroutine waits for something outside the world:\n  " +
				g.story() + "\nReal sockets, files, processes, and channels made outside sim.Test " +
				"do not know virtual time:\nuse host.DialContext and host.Listen, and make channels " +
				"inside.", false
		}
	}
	return "virtual time stands still, and every goroutine waits for another:\n" +
		describeGoroutines(gs), false
}

func (g *goroutine) waitsForMutex() bool {
	return strings.HasPrefix(g.state(), "sync.Mutex") || strings.HasPrefix(g.state(), "sync.RWMutex")
}

// mutexText names the goroutine that waits for a mutex and the one that, most likely, holds it
// while it waits for time to pass.
func mutexText(gs []goroutine, waiter *goroutine) string {
	var b strings.Builder
	b.WriteString("virtual time stands still: a mutex is wanted while its holder waits for " +
		"time to pass.\nThis goroutine wants it:\n  " + waiter.story() + "\n")
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
	waits, _ := g.place()
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
	for i := 0; i+1 < len(o.frames); i += 2 {
		f := o.frames[i]
		if strings.HasPrefix(f, "created by ") || inRuntime(f) {
			continue
		}
		for _, p := range addresses(f[strings.LastIndex(f, "(")+1:]) {
			if mutex > 0 && p <= mutex && mutex-p < maxStruct {
				return 3
			}
		}
		name := functionName(f)
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
		if !strings.HasPrefix(f, "internal/sync.") && !strings.HasPrefix(f, "sync.") {
			continue
		}
		if a := addresses(f[strings.LastIndex(f, "(")+1:]); len(a) > 0 && a[0] > 1<<16 {
			return a[0]
		}
	}
	return 0
}

// receiver is the type of a method's function name: "door.(*Sensor).Opened" gives "door.(*Sensor)".
func receiver(name string) string {
	if i := strings.Index(name, ")."); i > 0 {
		return name[:i+1]
	}
	return ""
}

// packageOf is the package's path of a function name.
func packageOf(name string) string {
	slash := strings.LastIndex(name, "/") + 1
	if i := strings.Index(name[slash:], "."); i >= 0 {
		return name[:slash+i]
	}
	return name
}
