package sim

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// This file names goroutines: those that are left at the end of a world, and those that keep its
// clock from moving.

// bubbleID is the number of a bubble in the headers of stack dumps; 0 if unknown.
type bubbleID int

// thisBubble is the bubble of the calling goroutine.
func thisBubble() bubbleID {
	buf := make([]byte, 256)
	header, _, _ := strings.Cut(string(buf[:runtime.Stack(buf, false)]), "\n")
	return bubbleOf(header)
}

func bubbleOf(header string) bubbleID {
	_, rest, _ := strings.Cut(header, "synctest bubble ")
	n, _ := strconv.Atoi(leadingDigits(rest, "0123456789")) // 0 without digits
	return bubbleID(n)
}

// goroutines are those of the bubble, without the simulator's own and the caller's.
func (b bubbleID) goroutines() []goroutine {
	return slices.DeleteFunc(bubbleGoroutines(), func(g goroutine) bool {
		return bubbleOf(g.header) != b || g.ours() || strings.Contains(g.header, "[running") ||
			strings.Contains(g.header, "[synctest.Run") || g.has("testing/synctest.testingSynctestTest")
	})
}

func (g *goroutine) has(function string) bool {
	for _, f := range g.frames {
		if strings.HasPrefix(f, function+"(") {
			return true
		}
	}
	return false
}

// wait lets virtual time run on until the bubble's programs have ended, at most for some hours, and
// returns what is left. paho's back-off is a sleep of up to MaxReconnectInterval, 10 minutes by
// default, that nothing interrupts.
func (b bubbleID) wait() []goroutine {
	var left []goroutine
	for _, d := range []time.Duration{time.Millisecond, time.Second, time.Minute, 15 * time.Minute,
		2 * time.Hour} {
		time.Sleep(d)
		if left = b.goroutines(); len(left) == 0 {
			return nil
		}
	}
	return left
}

// leakText names the goroutines that are left, equal ones together.
func leakText(left []goroutine) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s at the end of the world, two virtual hours after the test was over:\n",
		plural(len(left), "goroutine is left", "goroutines are left"))
	count := make(map[string]int)
	var order []string
	for i := range left {
		text := left[i].story()
		if count[text]++; count[text] == 1 {
			order = append(order, text)
		}
	}
	for i, text := range order {
		if i == 5 {
			fmt.Fprintf(&b, "  ... and %d other kinds\n", len(order)-i)
			break
		}
		if n := count[text]; n > 1 {
			text = fmt.Sprintf("%d times: %s", n, text)
		}
		fmt.Fprintf(&b, "  %s\n", text)
	}
	b.WriteString("Stop it before the test ends, or with t.Context or t.Cleanup. " +
		"(An MQTT client that reconnects by itself ends with Disconnect only.)")
	return b.String()
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// story says in one or two lines where a goroutine waits and where it was started.
func (g *goroutine) story() string {
	waits, at := g.place()
	text := fmt.Sprintf("%s [%s]\n      at %s", waits, g.state(), at)
	if by, at := g.created(); by != "" && !strings.HasPrefix(by, "testing/synctest.") {
		text += fmt.Sprintf("\n      started by %s, %s", by, at)
	}
	return text
}

// state is what the goroutine waits for, in the runtime's words: "sleep", "chan receive".
func (g *goroutine) state() string {
	_, rest, _ := strings.Cut(g.header, "[")
	rest, _, _ = strings.Cut(rest, "]")
	state, _, _ := strings.Cut(rest, ",")
	return strings.TrimSuffix(strings.TrimSpace(state), " (durable)")
}

// place is the innermost function that is neither the runtime's nor this package's, and its line.
func (g *goroutine) place() (function, line string) {
	for i := 0; i+1 < len(g.frames); i += 2 {
		fn := g.frames[i]
		if strings.HasPrefix(fn, "created by ") {
			break
		}
		if inRuntime(fn) || strings.HasPrefix(fn, "halfopen/sim.(*") {
			continue
		}
		return functionName(fn), lineOf(g.frames[i+1])
	}
	if len(g.frames) > 1 {
		return functionName(g.frames[0]), lineOf(g.frames[1])
	}
	return "a goroutine", "an unknown place"
}

func (g *goroutine) created() (function, line string) {
	for i := 0; i+1 < len(g.frames); i++ {
		if fn, ok := strings.CutPrefix(g.frames[i], "created by "); ok {
			fn, _, _ = strings.Cut(fn, " in goroutine")
			return fn, lineOf(g.frames[i+1])
		}
	}
	return "", ""
}

// functionName is the function of a frame without its arguments.
func functionName(frame string) string {
	if i := strings.LastIndex(frame, "("); i > 0 {
		return frame[:i]
	}
	return frame
}

// lineOf is "dir/file.go:12" of a frame's second line.
func lineOf(frame string) string {
	frame = strings.TrimSpace(frame)
	if i := strings.LastIndex(frame, " +0x"); i > 0 {
		frame = frame[:i]
	}
	parts := strings.Split(frame, "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}

// reportStuck fails a test whose bubble's clock stands still, with the reason. A bubble that waits
// for a mutex can be left behind: it costs nothing. One that spins cannot, and the process has to
// end.
func (r *testRun) reportStuck(t *testing.T) {
	t.Helper()
	gs := r.bubble.goroutines()
	text, spins := stuckText(gs)
	if !spins {
		t.Fatalf("%s", text)
	}
	text = strings.ReplaceAll(text, "\n", "\n    ")
	fmt.Fprintf(os.Stderr, "--- FAIL: %s\n    %s\n", t.Name(), text)
	os.Exit(2)
}
