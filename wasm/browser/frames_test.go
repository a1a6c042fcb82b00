//go:build !js

package browser

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/chromedp/chromedp"

	"halfopen/sim/scenario"
)

var update = flag.Bool("update", false, "record how the frames of today's edits come")

// twoClients is what is edited: ten minutes, a sensor that publishes and a phone that listens.
const twoClients = `seed 7
run 10m
broker hub
client phone keepalive=60s
client sensor keepalive=60s
link phone hub latency=10ms
link sensor hub latency=10ms
at 1s phone subscribe home/# qos=1
every 10s from 2s sensor publish home/temp "{n}" qos=1
`

// What an edit may cost. A frame is dropped when none came where one was due, and due is what was
// usual in plain play just before (see wasm/page/frames.js). A browser that paints in software
// takes long for each; so that the page drops no more where a graphics card paints 60 a second, no
// task of its thread may take as long as three of those.
const (
	mostDropped = 2
	mostTook    = 500 // ms, from the click until the new future is on the screen
	mostTask    = 50  // ms; what browsers call a long task
	tries       = 8   // a machine does other things, too: the best of so many counts
	plainPlay   = 2 * time.Second
)

// gaps are how the frames came in a span of time, in ms.
type gaps struct {
	Frames                            int
	Period, Worst                     float64
	Dropped                           int
	Began, Ran, Ready, Took, LongTask float64 // of an edit: see App.runWish and settle
}

func (g *gaps) good() bool {
	return g.Dropped <= mostDropped && g.Took <= mostTook && g.LongTask < mostTask
}

// better reports whether g is the better one of two tries.
func (g *gaps) better(o *gaps) bool {
	if g.good() != o.good() {
		return g.good()
	}
	return g.Dropped < o.Dropped || g.Dropped == o.Dropped && g.Took < o.Took
}

// edit is a change by mouse.
type edit struct {
	name string
	do   func(*tab)
}

// edits come in groups; the last of each leads back to the first scenario.
var edits = [][]edit{
	{{"cut", press("#cut")}, {"heal", press("#cut")}, {"undo heal", press("#undo")},
		{"undo cut", press("#undo")}},
	{{"loss", (*tab).loseSome}, {"undo loss", press("#undo")}},
	{{"keepalive", (*tab).keepAlive}, {"undo keepalive", press("#undo")}},
}

func press(selector string) func(*tab) { return func(p *tab) { p.click(selector) } }

func (p *tab) click(selector string) { p.run(chromedp.Click(chromedp.CSS(selector))) }

// loseSome chooses a fault. Dialogs pause the picture: play goes on at once.
func (p *tab) loseSome() {
	p.click("#open-faults")
	p.do("[...document.querySelectorAll('#dialog-body button')]" +
		".find((b) => b.textContent.includes('Lose')).id = 'wanted'")
	p.click("#wanted")
	p.click("#play")
}

// keepAlive changes a setting. The field's change is heard when the click on Close takes the focus.
func (p *tab) keepAlive() {
	p.click("#open-settings")
	p.do("[...document.querySelectorAll('#dialog-body label')]" +
		".find((l) => l.firstChild.textContent === 'keepalive').querySelector('input').id = 'wanted'")
	p.click("#wanted")
	p.do("document.querySelector('#wanted').select()")
	p.cdp("Input.insertText", map[string]any{"text": "20s"})
	p.click("#dialog-close")
	p.click("#play")
}

// An edit shows its future within half a second and never drops more than two frames, measured by
// the page's own counter while the picture plays.
func TestBrowserEditsDropNoFrames(t *testing.T) {
	s, err := scenario.Parse("", twoClients)
	if err != nil {
		t.Fatal(err)
	}
	link, err := scenario.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("webgl", func(t *testing.T) {
		p := openLive(t, "?lang=en#s="+link)
		p.do("globalThis.long = []; new PerformanceObserver((l) => long.push(...l.getEntries()))" +
			".observe({ type: 'longtask' })")
		for name, g := range p.best("webgl", edits, (*gaps).good) {
			if !g.good() {
				t.Errorf("%s: %d frames dropped, new future after %.0f ms, a task of %.0f ms; want at "+
					"most %d, %d ms, and less than %d ms", name, g.Dropped, g.Took, g.LongTask, mostDropped,
					mostTook, mostTask)
			}
		}
		p.clean()
	})
	// Without WebGL every frame is made of elements on the page's thread, and takes as long as there
	// is much in the picture: the counter counts, and nothing is promised.
	t.Run("svg", func(t *testing.T) {
		p := openLive(t, "?lang=en&stage=svg#s="+link)
		p.do("globalThis.long = []")
		p.best("svg", edits[:1], func(*gaps) bool { return true })
		p.clean()
	})
}

// best does every edit until it has been good enough once, or several times in vain.
func (p *tab) best(stage string, edits [][]edit, good func(*gaps) bool) map[string]gaps {
	p.t.Helper()
	best := map[string]gaps{}
	for _, group := range edits {
		again := func(e edit) bool { g, ok := best[e.name]; return !ok || !good(&g) }
		for n := 0; n < tries && slices.ContainsFunc(group, again); n++ {
			p.editAll(group, best)
		}
	}
	p.compare(stage, edits, best)
	return best
}

// editAll does a group of edits while the picture plays, and keeps the best of each. One before
// which too few frames came to say when the next was due is no measurement.
func (p *tab) editAll(group []edit, best map[string]gaps) {
	p.t.Helper()
	first := p.text("halfopen.info.hash")
	p.do("halfopen.pic.call('seek', 20); halfopen.refresh()")
	p.settled()
	p.click("#play")
	for _, e := range group {
		hash := p.text("halfopen.info.hash")
		plain := p.plain()
		g := p.measure(e)
		p.t.Logf("%-15s play: %2d frames, period %3.0f, worst gap %3.0f ms, %d dropped; edit: "+
			"worst gap %3.0f ms, %d dropped; run after %3.0f, ready after %3.0f, shown after %3.0f ms; "+
			"longest task %2.0f ms", e.name, plain.Frames, g.Period, plain.Worst, plain.Dropped, g.Worst,
			g.Dropped, g.Ran, g.Ready, g.Took, g.LongTask)
		if p.text("halfopen.info.hash") == hash {
			p.t.Errorf("%s has changed nothing", e.name)
		}
		if b, ok := best[e.name]; plain.Frames >= 8 && g.Frames > 0 && (!ok || g.better(&b)) {
			best[e.name] = g
		}
	}
	if got := p.text("halfopen.info.hash"); got != first {
		p.t.Errorf("after the last undo the hash is %s, want %s", got, first)
	}
}

// measure does an edit and waits until all is quiet again.
func (p *tab) measure(e edit) gaps {
	p.t.Helper()
	runs := int(p.number("halfopen.runs"))
	e.do(p)
	p.ran(runs + 1)
	p.until("halfopen.edit.settled")
	g := ask[gaps](p, "halfopen.edit")
	g.LongTask = p.number(fmt.Sprintf("Math.max(0, ...long"+
		".filter((e) => e.startTime + e.duration > %g).map((e) => e.duration))", g.Began))
	return g
}

// The counter counts what it says: gaps in periods of the play before, of which a slow machine has
// longer ones.
func TestBrowserMeterCountsDroppedFrames(t *testing.T) {
	p := openLive(t, "")
	for _, c := range []struct {
		play, edit string // gaps in ms
		want       gaps
	}{
		{"16.7, 16.6, 16.7, 16.7, 33.3, 16.7, 16.7, 16.7", "16.7, 58, 33.3",
			gaps{Frames: 3, Period: 16.7, Worst: 58, Dropped: 2}},
		{"16.7, 16.7, 16.7, 16.7, 16.7, 16.7, 16.7, 16.7", "60, 16.7",
			gaps{Frames: 2, Period: 16.7, Worst: 60, Dropped: 3}},
		{"66.7, 83.3, 66.7, 66.7, 66.7, 66.7, 66.7, 66.7", "233.3, 66.7",
			gaps{Frames: 2, Period: 66.7, Worst: 233.3, Dropped: 2}},
		{"66.7, 83.3, 66.7, 66.7, 66.7, 66.7, 66.7, 66.7", "66.7, 300",
			gaps{Frames: 2, Period: 66.7, Worst: 300, Dropped: 3}},
		{"", "50, 10", gaps{Frames: 2, Period: 1000.0 / 60, Worst: 50, Dropped: 2}}, // a display's
	} {
		p.do("const { Meter } = await import('./frames.js'); const m = new Meter(); m.run = () => {}; " +
			"[" + c.play + "].forEach((g) => m.add(g)); m.begin(); " +
			"[" + c.edit + "].forEach((g) => m.add(g)); globalThis.told = m.end()")
		if got := ask[gaps](p, "told"); got != c.want {
			t.Errorf("play [%s], edit [%s]: %+v, want %+v", c.play, c.edit, got, c.want)
		}
	}
	p.clean()
}

// plain is how frames come while nothing is edited.
func (p *tab) plain() gaps {
	p.t.Helper()
	p.until("halfopen.pic.call('state').playing")
	from := p.number("halfopen.pic.meter.count")
	time.Sleep(plainPlay)
	return ask[gaps](p, fmt.Sprintf("halfopen.pic.meter.tell(%g)", from))
}

// recorded is where the measurement before is kept, for a reader to compare: machines differ.
const recorded = "testdata/frames.json"

// record is what is kept of an edit; times are in ms.
type record struct{ Dropped, Worst, Took int }

// compare prints the measurement beside the recorded one, or records it.
func (p *tab) compare(stage string, edits [][]edit, now map[string]gaps) {
	p.t.Helper()
	was := map[string]map[string]record{}
	if data, err := os.ReadFile(recorded); err == nil {
		if err := json.Unmarshal(data, &was); err != nil {
			p.t.Fatal(err)
		}
	}
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "edit\tdropped\trecorded\tworst gap ms\trecorded\tshown after ms\trecorded\t")
	is := map[string]record{}
	for _, e := range slices.Concat(edits...) {
		g, ok := now[e.name]
		if !ok {
			p.t.Errorf("%s: there were never enough frames to say how they come", e.name)
		}
		b := was[stage][e.name]
		a := record{g.Dropped, int(g.Worst), int(g.Took)}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t\n", e.name, a.Dropped, b.Dropped, a.Worst,
			b.Worst, a.Took, b.Took)
		is[e.name] = a
	}
	_ = w.Flush()
	p.t.Logf("%s, now and as recorded:\n%s", stage, out.String())
	was[stage] = is
	if !*update || p.t.Failed() {
		return
	}
	data, err := json.MarshalIndent(was, "", "  ")
	if err == nil {
		err = os.WriteFile(recorded, append(data, '\n'), 0o644)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
