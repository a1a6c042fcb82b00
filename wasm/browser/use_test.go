//go:build !js

package browser

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Tab goes into the picture and out of it: no keyboard trap.
func TestBrowserTabLeavesThePicture(t *testing.T) {
	p := openLive(t, "")
	p.do("document.querySelector('#player').focus()")
	p.run(chromedp.KeyEvent(kb.Tab))
	if p.text("document.activeElement === document.body || document.activeElement.id === 'player'") ==
		"true" {
		t.Error("Tab does not lead out of the picture")
	}
	p.run(chromedp.KeyEvent(kb.Escape))
	p.clean()
}

// Whoever has only just come has put the focus nowhere, and presses Space as in every player.
func TestBrowserSpacePlaysAtOnce(t *testing.T) {
	p := openLive(t, "")
	if p.text("document.activeElement === document.body") != "true" {
		t.Fatal("something has the focus that nobody gave it")
	}
	p.press(" ")
	p.until("halfopen.state.playing")
	p.press(" ")
	p.until("!halfopen.state.playing")
	p.clean()
}

func openLive(t *testing.T, query string) *tab {
	t.Helper()
	ctx := browse(t)
	url, _ := site(t)
	p := open(t, ctx, url+query)
	p.live()
	return p
}

// Cutting and healing is a click with the mouse, a tap with a finger, a key; each makes a new run
// whose past is the old one's.
func TestBrowserCutAndHeal(t *testing.T) {
	p := openLive(t, "")
	p.do("halfopen.story.reveal('', true)") // the cut that the story asks for
	p.do("halfopen.story.hide(0); halfopen.pic.call('seek', 30); halfopen.refresh()")
	first := p.text("halfopen.info.hash")
	p.run(chromedp.Click(chromedp.CSS("#cut")))
	p.ran(1)
	if p.text("halfopen.info.hash") == first {
		t.Error("cutting the wire at 30 s changed nothing")
	}
	p.do("halfopen.pic.call('seek', 35); halfopen.refresh()")
	p.size(390, 844, 2)
	p.settle()
	p.tap("#cut")
	p.ran(2)
	if p.text("halfopen.state.cut") != "false" {
		t.Error("after healing by touch the wire is still cut")
	}
	p.size(1280, 800, 1)
	p.settle()
	p.run(chromedp.Click(chromedp.CSS("#undo")))
	p.ran(3)
	p.do("document.querySelector('#player').focus()")
	p.run(chromedp.KeyEvent("z"))
	p.ran(4)
	if got := p.text("halfopen.info.hash"); got != first {
		t.Errorf("after two undos the hash is %s, want the first run's %s", got, first)
	}
	p.clean()
}

// tap touches the middle of an element, down and up in the same instant.
func (p *tab) tap(selector string) {
	p.t.Helper()
	at := "(() => { const r = document.querySelector('" + selector + "').getBoundingClientRect(); "
	x := p.number(at + "return r.x + r.width / 2; })()")
	y := p.number(at + "return r.y + r.height / 2; })()")
	point := map[string]any{"x": x, "y": y}
	p.cdp("Input.dispatchTouchEvent",
		map[string]any{"type": "touchStart", "touchPoints": []any{point}})
	p.cdp("Input.dispatchTouchEvent", map[string]any{"type": "touchEnd", "touchPoints": []any{}})
}

// The scrubber follows the mouse, quick clicks included, and the arrow keys.
func TestBrowserScrub(t *testing.T) {
	p := openLive(t, "")
	p.do("halfopen.story.hide(0); halfopen.refresh()")
	p.settle()
	box := "document.querySelector('#player').getBoundingClientRect()"
	lay := "halfopen.state.layout"
	y := p.number(box + ".y + " + lay + ".Scrubber.Y + 20")
	x := func(part float64) float64 {
		x0, x1 := p.number(lay+".X0"), p.number(lay+".X1")
		return p.number(box+".x") + x0 + (x1-x0)*part
	}
	length := p.number("halfopen.state.length")
	for _, part := range []float64{0.5, 0.25, 0.75} {
		p.run(chromedp.MouseClickXY(x(part), y))
		p.near("halfopen.state.at", part*length, 1)
	}
	p.do("document.querySelector('#player').focus()")
	before := p.number("halfopen.state.at")
	p.run(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
	p.near("halfopen.state.at", before+2, 0.01)
	p.clean()
}

// near waits for a value: pointer events take their way through the browser.
func (p *tab) near(expr string, want, by float64) {
	p.t.Helper()
	got := 0.0
	for range 100 {
		if got = p.number(expr); math.Abs(got-want) <= by {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Errorf("%s is %.3f, want %.3f", expr, got, want)
}

// Changing a setting in the form, and opening the link in a browser that has never been here: the
// same hash.
func TestBrowserSettingsAndShareLink(t *testing.T) {
	p := openLive(t, "")
	first := p.text("halfopen.info.hash")
	p.do(`halfopen.dialogs.open('settings');
		const field = [...document.querySelectorAll('#dialog-body label')]
			.find((l) => l.firstChild.textContent === 'keepalive').querySelector('input');
		field.value = '20s'; field.dispatchEvent(new Event('change'));
		halfopen.dialogs.close();`)
	p.ran(1)
	hash := p.text("halfopen.info.hash")
	if hash == first {
		t.Fatal("another keepalive made the same run")
	}
	link := p.text("halfopen.shareURL()")
	if len(link) > 2000 {
		t.Errorf("the link has %d characters, more than some programs carry", len(link))
	}
	p.clean()
	other := open(t, browse(t), strings.Replace(link, "&b=", "&b=0ld", 1))
	if said := other.text("document.querySelector('#story-text').textContent"); !strings.Contains(said,
		"0ld") {
		t.Errorf("a link of another build is opened with %q", said)
	}
	if got := other.text("halfopen.info.hash"); got != hash {
		t.Errorf("the link's run has the hash %s, want %s", got, hash)
	}
	other.clean()
}

// Links from strangers: one clear message, nothing hangs, and the page goes on with lesson 1.
func TestBrowserHostileLinks(t *testing.T) {
	for _, fragment := range []string{"s=", "s=1AAAA", "s=%00", "s=1" + strings.Repeat("A", 60000)} {
		p := open(t, browse(t), siteURL(t)+"#"+fragment)
		if p.text("document.querySelector('#problem:not([hidden])')?.textContent ?? ''") == "" {
			t.Errorf("nothing is said about the link #%.20s", fragment)
		}
	}
}

func siteURL(t *testing.T) string {
	url, _ := site(t)
	return url
}

// The capture that the page exports is one that tshark reads without a complaint.
func TestBrowserExportedCapture(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		need(t, "no tshark found")
	}
	p := openLive(t, "")
	dir := t.TempDir()
	p.cdp("Browser.setDownloadBehavior", map[string]any{"behavior": "allow", "downloadPath": dir})
	p.do(`halfopen.dialogs.open('share');
		[...document.querySelectorAll('#dialog-body button')]
			.find((b) => b.textContent.includes('pcapng')).click()`)
	file := filepath.Join(dir, "halfopen.pcapng")
	for range 200 {
		if _, err := os.Stat(file); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	out, err := exec.Command(tshark, "-r", file, "-Y", "mqtt", "-T", "fields", "-e",
		"mqtt.msgtype").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "12") {
		t.Errorf("tshark found no PINGREQ (type 12) in the capture: %v\n%.400s", err, out)
	}
	p.clean()
}
