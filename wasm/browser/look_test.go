//go:build !js

package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"halfopen/wasm"
)

// Both languages at the sizes people use: no sideways scrolling, no control under 44 px, nothing
// for axe to complain about. Screenshots are kept for eyes.
func TestBrowserScreens(t *testing.T) {
	p := openLive(t, "?lang=en")
	axe := loadAxe(t)
	for _, lang := range []string{"en", "ja"} {
		p.size(1280, 800, 1)
		if p.text("document.documentElement.lang") != lang {
			p.run(chromedp.Click(chromedp.CSS("#lang")))
			p.until("document.documentElement.lang === '" + lang + "'")
		}
		for _, s := range []struct {
			name  string
			w, h  int64
			scale float64
		}{{"desk", 1280, 800, 1}, {"sharp", 1280, 800, 2}, {"wall", 1920, 1080, 1},
			{"phone", 390, 844, 2}, {"lying", 844, 390, 2}} {
			p.size(s.w, s.h, s.scale)
			p.settle()
			p.shot(s.name + "-" + lang)
			p.fits(s.name + " " + lang)
			p.speaks(lang, s.name)
			if axe != "" {
				p.accessible(axe, s.name+" "+lang)
			}
		}
	}
	p.clean()
}

// speaks checks that no text in Japanese is one of the English catalogue.
func (p *tab) speaks(lang, where string) {
	p.t.Helper()
	if lang != "ja" {
		return
	}
	p.do("globalThis.catalogues ??= await Promise.all(['en.json', 'ja.json'].map(" +
		"async (n) => (await fetch(n)).json()))")
	english := p.text(`(() => {
		const [en, ja] = catalogues;
		const only = new Set(Object.keys(en).filter((k) => en[k] !== ja[k]).map((k) => en[k]));
		return [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility())
			.flatMap((e) => [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim())
				.concat(e.title, e.getAttribute('aria-label')))
			.filter((s) => only.has(s)).join('; ');
	})()`)
	if english != "" {
		p.t.Errorf("%s: in Japanese the page says %s", where, english)
	}
}

// fits checks that nothing is cut off or too small for a finger.
func (p *tab) fits(where string) {
	p.t.Helper()
	if w := p.number("document.documentElement.scrollWidth - innerWidth"); w > 0 {
		p.t.Errorf("%s: the page is %.0f px wider than the screen", where, w)
	}
	small := p.text(`[...document.querySelectorAll('button, select, input, a')]
		.filter((e) => e.checkVisibility() && !e.closest('label.check') && e.id !== 'scrub' &&
			!e.matches('.term')) // within a sentence (WCAG 2.2, 2.5.8 excepts these)
		.map((e) => [e.id || e.textContent, e.getBoundingClientRect()])
		.filter(([, r]) => r.width > 0 && (r.width < 43.5 || r.height < 43.5))
		.map(([n, r]) => n + ' ' + Math.round(r.width) + 'x' + Math.round(r.height)).join('; ')`)
	if small != "" {
		p.t.Errorf("%s: smaller than 44 px: %s", where, small)
	}
}

// loadAxe reads axe-core, which is no part of the project: empty if it is not there.
func loadAxe(t *testing.T) string {
	name := os.Getenv("HALFOPEN_AXE")
	if name == "" {
		name = filepath.Join("node_modules", "axe-core", "axe.min.js")
	}
	text, err := os.ReadFile(name)
	if err != nil {
		if os.Getenv("HALFOPEN_CI") == "1" {
			t.Fatal("axe-core is missing: npm install axe-core, or name axe.min.js in HALFOPEN_AXE")
		}
		t.Log("axe-core is missing: accessibility is not checked")
	}
	return string(text)
}

// accessible runs axe over the page as it stands.
func (p *tab) accessible(axe, where string) {
	p.t.Helper()
	if p.text("typeof globalThis.axe") == "undefined" {
		ask[chromedp.Void](p, axe)
	}
	p.do("globalThis.found = (await axe.run()).violations")
	var found []struct {
		ID, Help string
		Nodes    []struct{ HTML string }
	}
	if err := json.Unmarshal([]byte(p.text("JSON.stringify(found)")), &found); err != nil {
		p.t.Fatal(err)
	}
	for _, v := range found {
		p.t.Errorf("%s: %s: %s: %.200s", where, v.ID, v.Help, fmt.Sprint(v.Nodes))
	}
}

// The table of events says what the picture shows, and nothing that a question still hides.
func TestBrowserTableHidesWhatIsAsked(t *testing.T) {
	p := openLive(t, "")
	p.until("document.querySelector('#question .go')")
	p.run(chromedp.Click(chromedp.CSS("#show-list")))
	p.until("document.querySelector('#rows tbody tr')")
	const toTheEnd = "while (!halfopen.list.done) halfopen.list.page()" // as by scrolling
	const last = "[...document.querySelectorAll('#rows tbody tr')].at(-1).dataset.event"
	p.do(toTheEnd)
	hidden := p.number(last)
	p.do("halfopen.story.hide(0); halfopen.list.reset(); " + toTheEnd)
	if all := p.number(last); all <= hidden {
		t.Errorf("the table lists event %v with and without the answer", hidden)
	}
	p.clean()
}

// Without WebGL2 the same picture is painted as SVG, and the same controls work.
func TestBrowserWithoutWebGL(t *testing.T) {
	p := openLive(t, "?stage=svg")
	p.until("document.querySelector('#canvas > svg text')")
	p.do("halfopen.story.hide(0); halfopen.pic.call('seek', 30); halfopen.tool('cut')")
	p.ran(1)
	p.do("halfopen.player.press('play')")
	p.until("halfopen.state.at > 31 || halfopen.pic.call('state').at > 31")
	p.shot("svg")
	p.clean()
}

// A page that shows a still picture lets the processor sleep.
func TestBrowserIdleCostsNothing(t *testing.T) {
	p := openLive(t, "")
	p.until("halfopen.pic.gate.open === false")
	p.until("!document.getAnimations().length") // what is to be done first is pointed at for a while
	p.idle("an idle page")
}

// idle measures what the page works while nothing happens: the least of some spans of real time,
// because the browser tidies up after what happened before.
func (p *tab) idle(what string) {
	p.t.Helper()
	p.cdp("Performance.enable", nil)
	const span = 3 * time.Second
	least := span.Seconds()
	for range 3 {
		before := p.taskSeconds()
		time.Sleep(span)
		least = min(least, p.taskSeconds()-before)
	}
	p.t.Logf("%s: %.1f ms of work in %v", what, least*1000, span)
	if least > 0.02*span.Seconds() {
		p.t.Errorf("%s used %.0f ms in %v", what, least*1000, span)
	}
}

func (p *tab) taskSeconds() float64 {
	p.t.Helper()
	var out struct {
		Metrics []struct {
			Name  string
			Value float64
		}
	}
	if err := json.Unmarshal(p.cdp("Performance.getMetrics", nil), &out); err != nil {
		p.t.Fatal(err)
	}
	for _, m := range out.Metrics {
		if m.Name == "TaskDuration" {
			return m.Value
		}
	}
	p.t.Fatal("the browser does not tell how long it worked")
	return 0
}

// After the first visit the page needs no network.
func TestBrowserOffline(t *testing.T) {
	ctx := browse(t)
	url, stop := site(t)
	p := open(t, ctx, url)
	p.live()
	p.do("await navigator.serviceWorker.ready")
	p.until("navigator.serviceWorker.controller")
	stop()
	p.run(chromedp.Navigate(url + "?lesson=2"))
	p.until("globalThis.halfopen?.story?.number === 2")
	p.live()
	p.until("halfopen.runs >= 1")
}

// One file, opened from disk: lesson 1 and a run.
func TestBrowserSingleFile(t *testing.T) {
	html, err := wasm.Single(built(t))
	if err != nil {
		t.Fatal(err)
	}
	ctx := browse(t)
	file := filepath.Join(t.TempDir(), "halfopen.html")
	if err := os.WriteFile(file, html, 0o644); err != nil {
		t.Fatal(err)
	}
	p := open(t, ctx, "file://"+file)
	p.lesson("")
	p.live()
	p.do("halfopen.story.hide(0); halfopen.pic.call('seek', 30); halfopen.tool('cut')")
	p.ran(1)
	p.clean()
}

// How long a visitor waits, measured by the page itself: until the recorded picture is there, until
// the picture is live, until scenarios can be run. Machines differ, so only the first is held to
// its limit, generously.
func TestBrowserFirstPictureIsQuick(t *testing.T) {
	p := openLive(t, "")
	p.until("performance.getEntriesByName('live').length")
	first := p.number("performance.getEntriesByType('resource')" +
		".find((e) => e.name.endsWith('first.svg')).responseEnd")
	t.Logf("recorded picture after %.0f ms, live picture after %.0f ms, simulation after %.0f ms",
		first, p.number("performance.getEntriesByName('picture')[0].startTime"),
		p.number("performance.getEntriesByName('live')[0].startTime"))
	if first > 3000 {
		t.Errorf("the recorded picture came after %.0f ms", first)
	}
	p.clean()
}

// What opens over the page is as usable as the page, on a desk and on a phone, and closes with
// Escape.
func TestBrowserDialogs(t *testing.T) {
	p := openLive(t, "?lang=ja")
	axe := loadAxe(t)
	for _, size := range [][2]int64{{1280, 800}, {390, 844}} {
		p.size(size[0], size[1], 1)
		p.settle()
		for _, name := range []string{"settings", "source", "share", "faults", "help", "menu"} {
			p.do("halfopen.dialogs.open('" + name + "')")
			where := fmt.Sprintf("%s at %d", name, size[0])
			p.speaks("ja", where)
			p.fits(where)
			if axe != "" {
				p.accessible(axe, where)
			}
			p.shot("dialog-" + name + fmt.Sprint("-", size[0]))
			p.run(chromedp.KeyEvent(kb.Escape))
			p.until("!halfopen.dialogs.box.open")
		}
	}
	p.clean()
}
