//go:build !js

package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is a page in the browser, and what its console said.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu     sync.Mutex
	errors []string
}

// open goes to an address and waits until a run is on the screen.
func open(t *testing.T, ctx context.Context, url string) *tab {
	t.Helper()
	p := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatal(err)
	}
	p.cdp("Log.enable", nil)
	p.cdp("Runtime.enable", nil)
	p.size(1280, 800, 1)
	p.run(chromedp.Navigate(url))
	p.until("globalThis.halfopen?.state?.loaded === true")
	return p
}

// listen collects what a reader of the console would call an error.
func (p *tab) listen(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		p.errors = append(p.errors, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			for _, a := range e.Args {
				p.errors = append(p.errors, string(a.Value)+a.Description)
			}
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == "error" {
			p.errors = append(p.errors, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// clean fails the test if the console has said anything wrong.
func (p *tab) clean() {
	p.t.Helper()
	said := p.text("document.querySelector('#problem:not([hidden])')?.textContent ?? ''")
	if said != "" {
		p.t.Errorf("the page says: %s", said)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.errors) > 0 {
		p.t.Errorf("the console says:\n%s", strings.Join(p.errors, "\n"))
	}
}

func (p *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.ok(chromedp.Do(p.ctx, actions...))
}

// ok ends the test at an error, with what the console has to say about it.
func (p *tab) ok(err error) {
	p.t.Helper()
	if err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.t.Fatalf("%v\nconsole: %s", err, strings.Join(p.errors, "\n"))
	}
}

// cdp sends a command of the browser's protocol.
func (p *tab) cdp(method string, params any) json.RawMessage {
	p.t.Helper()
	if params == nil {
		params = map[string]any{}
	}
	out, err := chromedp.Call(p.ctx, cdp.Command[any, json.RawMessage]{Method: method}, params)
	p.ok(err)
	return out
}

// ask evaluates an expression.
func ask[T any](p *tab, expr string, opts ...chromedp.EvaluateOption) T {
	p.t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expr, opts...))
	p.ok(err)
	return v
}

// until waits for an expression to become true.
func (p *tab) until(expr string) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if ask[bool](p, "Boolean("+expr+")") {
			return
		}
		time.Sleep(50 * time.Millisecond) // between questions to a process of its own
	}
	p.t.Fatalf("waited a minute for %s", expr)
}

func (p *tab) text(expr string) string {
	p.t.Helper()
	return ask[string](p, "String("+expr+")")
}

func (p *tab) number(expr string) float64 {
	p.t.Helper()
	return ask[float64](p, "Number("+expr+")")
}

// do runs statements, and waits for what they wait for.
func (p *tab) do(code string) {
	p.t.Helper()
	ask[chromedp.Void](p, "(async () => { "+code+" })()", chromedp.EvalAwaitPromise)
}

// size makes the screen of a desk or a phone.
func (p *tab) size(w, h int64, scale float64) {
	p.t.Helper()
	p.cdp("Emulation.setDeviceMetricsOverride", map[string]any{"width": w, "height": h,
		"deviceScaleFactor": scale, "mobile": w < 600})
	p.cdp("Emulation.setTouchEmulationEnabled", map[string]any{"enabled": w < 600})
}

// live waits until the simulation can run scenarios.
func (p *tab) live() {
	p.t.Helper()
	p.until("halfopen.sim?.module")
	p.do("await halfopen.sim.prepare()")
}

// settle waits until the page has its final sizes and the picture of now is painted: what is
// measured before that may have moved when it is clicked.
func (p *tab) settle() {
	p.t.Helper()
	p.do("for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame)")
	p.until("!halfopen.pic.gate.open")
}

// ran waits for the n-th run to have ended.
func (p *tab) ran(n int) {
	p.t.Helper()
	p.until(fmt.Sprintf("halfopen.runs >= %d", n))
}

// shot keeps a screenshot for people to look at.
func (p *tab) shot(name string) {
	p.t.Helper()
	dir := os.Getenv("HALFOPEN_SHOTS")
	if dir == "" {
		return
	}
	var png struct{ Data []byte }
	if err := json.Unmarshal(p.cdp("Page.captureScreenshot", nil), &png); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png.Data, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
