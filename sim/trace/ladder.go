package trace

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"halfopen/netmodel"
)

// LadderOptions say how a ladder looks. The zero value is ready to use.
type LadderOptions struct {
	Width    int           // columns, 80 to 120; 0: 100
	Color    bool          // with the colours of a terminal
	All      bool          // pure ACKs, TCP keepalive and loopback, too
	From, To netmodel.Time // the part of the run to show; To 0: to its end
	// Only, if it is set, chooses the events to show: a failed test shows a dozen.
	Only func(ID) bool
	// Steps begins each event's first line with the event's number, which -sim.until takes.
	Steps bool
}

// stepColumns is the room of that number, with the blank behind it.
const stepColumns = 8

// silence is how long nothing must happen to be folded into one line.
const silence = 5 * time.Second

// maxLifelines is how many hosts fit side by side.
const maxLifelines = 6

// Ladder draws the run as a sequence diagram: time runs down, each host is a line, each segment an
// arrow; what programs do and notice stands beside their host. Pure ACKs and the probes of TCP
// keepalive that are answered are left out unless All is set; so is what stays inside a host.
func (t *Trace) Ladder(w io.Writer, o LadderOptions) error {
	if o.Width == 0 {
		o.Width = 100
	}
	if o.To == 0 {
		o.To = netmodel.Never
	}
	if o.Steps {
		o.Width -= stepColumns
	}
	l := &ladder{story: newStory(t), o: o, w: bufio.NewWriterSize(w, 1<<16)}
	l.arrange()
	l.header()
	for i := range t.Events {
		if ev := &t.Events[i]; ev.At >= o.From && ev.At <= o.To &&
			(o.Only == nil || o.Only(ID(i+1))) {
			l.event(ID(i+1), ev)
		}
	}
	l.release()
	if end := min(t.Length, o.To); end > l.last && o.Only == nil {
		l.fold(end)
	}
	if o.Only == nil {
		l.footer()
	}
	return l.w.Flush()
}

// ladder draws one diagram, line by line.
type ladder struct {
	*story
	o      LadderOptions
	w      *bufio.Writer
	order  []netmodel.HostID // from left to right
	at     []int             // column of each host's line, by host ID; 0: not shown
	lost   int               // hosts that are not shown
	times  int               // columns of the time, with the blanks behind it
	left   int               // column where the leftmost host's text begins
	right  int               // column behind the rightmost host's text
	last   netmodel.Time     // of the last row
	shown  string            // the time that the last row shows
	step   ID                // whose next line is the first
	titled bool              // the column of steps has its title
	probes int               // answered keepalive probes since then
	begun  bool
	bulk   bulk
}

// arrange chooses the hosts and the columns of their lines: along the links, beginning with the
// host that dialled first.
func (l *ladder) arrange() {
	t := l.t
	l.times = len(t.Length.Clock()) + 2
	l.at = make([]int, len(t.Hosts)+1)
	seen := make([]bool, len(t.Hosts)+1)
	for _, h := range append([]netmodel.HostID{l.firstDialler()}, l.ends()...) {
		l.visit(h, seen)
	}
	if n := len(l.order); n > maxLifelines {
		l.order, l.lost = l.order[:maxLifelines], n-maxLifelines
	}
	room := l.o.Width - l.times
	side := min(room*26/100, 30)
	if len(l.order) > 2 {
		side = min(room*20/100, 22)
	}
	l.left, l.right = l.times, l.o.Width
	for i, h := range l.order {
		l.at[h] = l.times + side
		if len(l.order) > 1 {
			l.at[h] += i * (room - 2*side - 1) / (len(l.order) - 1)
		}
	}
}

// firstDialler is the host that sent the first SYN over a link.
func (l *ladder) firstDialler() netmodel.HostID {
	for i := range l.t.Events {
		ev := &l.t.Events[i]
		if ev.Kind == netmodel.SegmentSent && ev.Link > 0 && ev.Host > 0 && ev.Seg != nil &&
			ev.Seg.Flags.Has(netmodel.SYN) {
			return ev.Host
		}
	}
	return 0
}

// ends are the hosts of all links, in order, and then the others.
func (l *ladder) ends() []netmodel.HostID {
	var all []netmodel.HostID
	for _, k := range l.t.Links {
		all = append(all, k.A, k.B)
	}
	for i := range l.t.Hosts {
		all = append(all, netmodel.HostID(i+1))
	}
	return all
}

func (l *ladder) visit(h netmodel.HostID, seen []bool) {
	if h <= 0 || int(h) >= len(seen) || seen[h] {
		return
	}
	seen[h] = true
	l.order = append(l.order, h)
	for _, k := range l.t.Links {
		if k.A == h {
			l.visit(k.B, seen)
		} else if k.B == h {
			l.visit(k.A, seen)
		}
	}
}

// row begins a line with the lifelines in it.
func (l *ladder) row(line rune) *cells {
	c := newCells(l.o.Width)
	for _, h := range l.order {
		c.fill(l.at[h], l.at[h]+1, line, faint)
	}
	return c
}

// timed is a row that begins with its time, unless the row above has the same.
func (l *ladder) timed(ev *Event) *cells {
	l.release()
	if ev.At.Sub(l.last) >= silence {
		l.fold(ev.At)
	}
	c := l.row('│')
	if s := fmt.Sprintf("%*s", l.times-2, ev.At.Clock()); s != l.shown {
		c.put(0, s, plain)
		l.shown = s
	}
	l.last, l.begun = ev.At, true
	return c
}

func (l *ladder) print(c *cells) {
	var b strings.Builder
	if l.o.Steps {
		b.WriteString(l.stepText())
	}
	c.write(&b, l.o.Color)
	_, _ = l.w.WriteString(b.String()) // an error stays in the writer until Flush
}

// stepText is what stands in the column of steps: a number once, then blanks.
func (l *ladder) stepText() string {
	text := ""
	switch {
	case !l.titled:
		text, l.titled = "step", true
	case l.step > 0:
		text = strconv.FormatInt(int64(l.step), 10)
	}
	l.step = 0
	return fmt.Sprintf("%*s ", stepColumns-1, text)
}

func (l *ladder) header() {
	c := newCells(l.o.Width)
	c.put(0, fmt.Sprintf("%*s", l.times-2, "time"), faint)
	below := newCells(l.o.Width)
	room := l.o.Width
	if len(l.order) > 1 {
		room = l.at[l.order[1]] - l.at[l.order[0]] - 1
	}
	for _, h := range l.order {
		host := l.t.Host(h)
		l.centre(c, h, cut(host.Name, room), plain)
		l.centre(below, h, cut(realName(host.Real), room), faint)
	}
	l.print(c)
	l.print(below)
}

// centre writes a text around a host's line.
func (l *ladder) centre(c *cells, h netmodel.HostID, text string, s style) {
	x := l.at[h] - textWidth(text)/2
	c.put(max(l.times, min(x, l.o.Width-textWidth(text))), text, s)
}

// realName is a module without its path: "paho.mqtt.golang v1.5.1".
func realName(real string) string {
	path, version, _ := strings.Cut(real, " ")
	parts := strings.Split(path, "/")
	name := parts[len(parts)-1]
	if n := len(parts); n > 2 && strings.HasPrefix(name, "v") {
		name = strings.Join(parts[n-3:n-1], "/")
	}
	return strings.TrimSpace(name + " " + version)
}

// fold writes the line that stands for the time until the next row.
func (l *ladder) fold(until netmodel.Time) {
	gap := until.Sub(l.last)
	excerpt := l.o.Only != nil && l.last == 0 // what comes before it is of no interest
	if gap < silence || len(l.order) == 0 || excerpt {
		l.probes = 0
		return
	}
	what := "nothing"
	if l.o.Only != nil {
		what = "left out here"
	} else if l.probes > 0 {
		what = fmt.Sprintf("%d keepalive probes answered", l.probes)
		if l.probes == 1 {
			what = "a keepalive probe answered"
		}
	}
	text := fmt.Sprintf("~ %s, %s ~", foldText(gap), what)
	c := l.row('┊')
	first, last := l.at[l.order[0]], l.at[l.order[len(l.order)-1]]
	x := max((first+last+1-textWidth(text))/2, l.times)
	c.put(x, text, faint)
	step := l.step
	l.step = 0
	l.print(c)
	l.probes, l.shown, l.last, l.step = 0, "", until, step
}

// foldText is a length of time as people say it: 58.9 s, 4 min 10 s.
func foldText(d time.Duration) string {
	if d < 10*time.Minute {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	d = d.Round(time.Second)
	if d < time.Hour {
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
}

func (l *ladder) footer() {
	legend := "● program   ↻n sent for the nth time   ✗ lost   ~ folded"
	if !l.o.All {
		legend += "   Left out: pure ACKs, answered TCP keepalive, loopback."
	}
	if l.lost > 0 {
		legend += fmt.Sprintf(" Not shown: %d more hosts.", l.lost)
	}
	for _, line := range wrap(legend, l.o.Width-l.times) {
		c := newCells(l.o.Width)
		c.put(l.times, line, faint)
		l.print(c)
	}
}
