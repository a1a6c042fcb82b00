package sim

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
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
