//go:build !js

package browser

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"halfopen/wasm"
)

// In a frame of somebody's page: no header, the lesson and the instant that were asked for. With
// the least controls there is no story, and so nothing is hidden for a question that nobody sees.
func TestBrowserEmbed(t *testing.T) {
	p := openLive(t, "?embed=1&lesson=2&t=61&lang=ja")
	p.until("halfopen.story.number === 2")
	if got := p.text("getComputedStyle(document.querySelector('#top')).display"); got != "none" {
		t.Errorf("the header is shown in a frame: %s", got)
	}
	p.near("halfopen.state.at", 61, 0.001)
	if p.text("document.querySelector('#story').hidden") != "false" {
		t.Error("the lesson's story is not shown in a frame")
	}
	p.shot("embed")
	p.clean()
	least := openLive(t, "?embed=1&lesson=2&t=200&controls=min")
	least.until("halfopen.story.number === 2 && halfopen.story.scene.title")
	least.near("halfopen.state.at", 200, 0.001)
	if least.text("document.querySelector('#story').hidden") != "true" {
		t.Error("with the least controls the story is shown")
	}
	least.shot("embed-least")
	least.clean()
}

// article serves a page with five frames of the site, far below its first screen.
func article(t *testing.T) string {
	t.Helper()
	var frames strings.Builder
	for n := 1; n <= 5; n++ {
		fmt.Fprintf(&frames, `<p style="height:2000px">text</p>
<iframe src="/page/?embed=1&lesson=%d" style="width:100%%;height:640px"></iframe>`, n)
	}
	html := `<!doctype html><title>article</title><script>
		const heights = []; addEventListener('message', (e) => heights.push(e.data.halfopen?.height));
		</script>` + frames.String()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/page/", http.StripPrefix("/page", wasm.Server(built(t))))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, html) })
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return "http://" + l.Addr().String() + "/"
}

// Five frames in an article: while none is seen they cost nothing, the wheel over one scrolls the
// article, Tab leads through and out of it, and each says how high it wants to be.
func TestBrowserFiveEmbeds(t *testing.T) {
	p := &tab{t: t, ctx: browse(t)}
	if err := chromedp.Listen(p.ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	p.cdp("Runtime.enable", nil)
	p.size(1280, 800, 1)
	p.run(chromedp.Navigate(article(t)))
	p.until("heights.filter(Boolean).length >= 5")
	const all = "[...document.querySelectorAll('iframe')].map((f) => f.contentWindow)"
	p.until(all + ".every((w) => w.halfopen?.sim?.module && w.halfopen.story.scene.title)")
	p.do("await Promise.all(" + all + ".map((w) => w.halfopen.sim.prepare()))")
	p.until(all + ".every((w) => !w.halfopen.pic.gate.open && !w.document.getAnimations().length)")
	p.idle("five frames out of sight")
	p.do("document.querySelector('iframe').scrollIntoView({block: 'start'})")
	at := p.number("scrollY")
	p.cdp("Input.dispatchMouseEvent", map[string]any{"type": "mouseWheel", "x": 700, "y": 300,
		"deltaX": 0, "deltaY": 200})
	p.until(fmt.Sprintf("scrollY > %g", at+100))
	p.do("document.querySelector('iframe').contentWindow.document.querySelector('#show-list').focus()")
	for range 12 {
		p.press("\t")
	}
	if p.text("document.activeElement === document.querySelector('iframe')") == "true" {
		t.Error("Tab does not lead out of a frame")
	}
	p.clean()
}
