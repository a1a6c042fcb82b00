package sim

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
)

// This file reads the goroutines of a bubble from a stack dump, and says of one where it waits and
// who started it, in the places of the user's own code.

// goroutine is one goroutine of a bubble.
type goroutine struct {
	header string
	frames []frame // the innermost first; the last may be the one that started it
}

// frame is one call: "door.(*Sensor).Run(0xc000012028)" at "/src/door/sensor.go:12".
type frame struct {
	call, at string
	created  bool // the goroutine was created by call; the frame is not on its stack
}

// parseGoroutine reads one goroutine of a dump.
func parseGoroutine(dump string) goroutine {
	lines := strings.Split(strings.TrimSpace(dump), "\n")
	g := goroutine{header: lines[0]}
	for i := 1; i+1 < len(lines); i++ {
		if strings.HasPrefix(lines[i], "...") { // frames are left out in the middle of a deep stack
			continue
		}
		call, created := strings.CutPrefix(lines[i], "created by ")
		if created {
			call, _, _ = strings.Cut(call, " in goroutine")
		}
		i++
		at, _, _ := strings.Cut(strings.TrimSpace(lines[i]), " +0x")
		g.frames = append(g.frames, frame{call: call, at: at, created: created})
	}
	return g
}

// bubbleGoroutines reads the stacks of all goroutines that are in a bubble.
func bubbleGoroutines() []goroutine {
	var gs []goroutine
	for _, dump := range strings.Split(allStacks(), "\n\n") {
		if header, _, _ := strings.Cut(dump, "\n"); strings.Contains(header, "synctest bubble") {
			gs = append(gs, parseGoroutine(dump))
		}
	}
	return gs
}

func allStacks() string {
	buf := make([]byte, 1<<16)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) || len(buf) >= 64<<20 {
			return string(buf[:n])
		}
		buf = make([]byte, 2*len(buf))
	}
}

// blocked says whether only the world outside, or a mutex, can wake it: such a goroutine keeps the
// bubble's clock from moving.
func (g *goroutine) blocked() bool { return !strings.Contains(g.header, "(durable)") }

// ours reports whether the goroutine is the simulator's driver or the bubble's own.
func (g *goroutine) ours() bool {
	for i := range g.frames {
		c := g.frames[i].call
		if strings.Contains(c, "sim.(*World).drive(") || strings.Contains(c, "synctest.Run") ||
			strings.Contains(c, "sim.bubbleGoroutines") {
			return true
		}
	}
	return false
}

func (g *goroutine) has(function string) bool {
	for i := range g.frames {
		if strings.HasPrefix(g.frames[i].call, function+"(") {
			return true
		}
	}
	return false
}

// state is what the goroutine waits for, in the runtime's words: "sleep", "chan receive".
func (g *goroutine) state() string {
	_, rest, _ := strings.Cut(g.header, "[")
	rest, _, _ = strings.Cut(rest, "]")
	state, _, _ := strings.Cut(rest, ",")
	return strings.TrimSuffix(strings.TrimSpace(state), " (durable)")
}

// story says in a few lines where a goroutine waits, on whose behalf, and where it was started.
func (g *goroutine) story() string {
	place := g.place()
	text := fmt.Sprintf("%s [%s]\n      at %s", place.function(), g.state(), place.line())
	if caller := g.caller(); caller.call != "" && caller != place {
		text += fmt.Sprintf("\n      called by %s, %s", caller.function(), caller.line())
	}
	if by := g.creator(); by.call != "" && !strings.HasPrefix(by.call, "testing/synctest.") {
		text += fmt.Sprintf("\n      started by %s, %s", by.function(), by.line())
	}
	return text
}

// place is where the goroutine is: its innermost call that is neither the standard library's nor
// this package's.
func (g *goroutine) place() frame {
	for _, f := range g.frames {
		if !f.created && !f.standard() && !f.simulator() {
			return f
		}
	}
	if len(g.frames) > 0 {
		return g.frames[0]
	}
	return frame{call: "a goroutine", at: "an unknown place"}
}

// caller is the innermost call on the stack that is not in a library either.
func (g *goroutine) caller() frame {
	for _, f := range g.frames {
		if !f.created && !f.standard() && !f.simulator() && !f.library() {
			return f
		}
	}
	return frame{}
}

func (g *goroutine) creator() frame {
	if n := len(g.frames); n > 0 && g.frames[n-1].created {
		return g.frames[n-1]
	}
	return frame{}
}

// function is the call without its arguments. The symbol table escapes dots in the last element of
// an import path: paho%2emqtt%2egolang.
func (f frame) function() string {
	name := f.call
	if i := strings.LastIndex(name, "("); i > 0 && !f.created {
		name = name[:i]
	}
	return strings.ReplaceAll(name, "%2e", ".")
}

// line is "dir/file.go:12".
func (f frame) line() string {
	parts := strings.Split(f.at, "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}

// simulator reports whether the call is one of this module's simulator: its tests are not.
func (f frame) simulator() bool {
	ours := strings.HasPrefix(f.call, "halfopen/sim.") || strings.HasPrefix(f.call, "halfopen/sim/") ||
		strings.HasPrefix(f.call, "halfopen/netmodel.")
	return ours && !strings.Contains(f.at, "_test.go:")
}

// library reports whether the call's file is a dependency's: in the module cache, or vendored.
func (f frame) library() bool {
	return strings.Contains(f.at, "@v") || strings.Contains(f.at, "/vendor/")
}

// standard reports whether the call is one of the standard library's. A binary built with -trimpath
// has import paths in the place of folders: there the first element tells, which is a host's name
// in most others.
func (f frame) standard() bool {
	if root := standardRoot(); root != "" {
		return strings.HasPrefix(f.at, root)
	}
	first, _, _ := strings.Cut(f.at, "/")
	return !strings.Contains(first, ".") && first != "halfopen"
}

// standardRoot is the folder of the standard library's sources, as stack dumps print it.
var standardRoot = sync.OnceValue(func() string {
	var pc [1]uintptr
	runtime.Callers(0, pc[:]) // its own frame comes first
	f, _ := runtime.CallersFrames(pc[:]).Next()
	return strings.TrimSuffix(f.File, "runtime/extern.go")
})

// packageOf is the package's path of a function name.
func packageOf(name string) string {
	slash := strings.LastIndex(name, "/") + 1
	if i := strings.Index(name[slash:], "."); i >= 0 {
		return name[:slash+i]
	}
	return name
}

// receiver is the type of a method's function name: "door.(*Sensor).Opened" gives "door.(*Sensor)".
func receiver(name string) string {
	if i := strings.Index(name, ")."); i > 0 {
		return name[:i+1]
	}
	return ""
}
