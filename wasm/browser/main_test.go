//go:build !js

package browser

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"halfopen/wasm"
)

// need skips a test for want of something, or fails it where everything must be there.
func need(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("HALFOPEN_CI") == "1" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// chromium finds the browser.
func chromium(t *testing.T) string {
	t.Helper()
	if os.Getenv("HALFOPEN_CI") != "1" && os.Getenv("HALFOPEN_BROWSER") != "1" {
		t.Skip("set HALFOPEN_BROWSER=1 to try the page in a browser: it takes minutes")
	}
	if p := os.Getenv("HALFOPEN_CHROMIUM"); p != "" {
		return p
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	need(t, "no Chromium found: install it, or name it in HALFOPEN_CHROMIUM")
	return ""
}

// bundle builds the page once for all tests, into the same cache as `halfopen serve`.
var bundle = sync.OnceValues(func() (wasm.Bundle, error) {
	root, err := wasm.FindSource(".")
	if err != nil {
		return nil, err
	}
	cache, err := wasm.CacheDir()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, "wasm-test")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	p, err := wasm.Build(context.Background(), root, dir, func(string, int, int) {})
	if err != nil {
		return nil, err
	}
	return wasm.NewBundle(p)
})

func built(t *testing.T) wasm.Bundle {
	t.Helper()
	b, err := bundle()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// site serves the page below a path of its own, as a web host may, and returns the address and a
// function that takes the site off the net.
func site(t *testing.T) (url string, stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const below = "/some/where"
	mux := http.NewServeMux()
	mux.Handle(below+"/", http.StripPrefix(below, wasm.Server(built(t))))
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.Serve(l) }()
	stop = func() { _ = s.Close() }
	t.Cleanup(stop)
	return fmt.Sprintf("http://%s%s/", l.Addr(), below), stop
}

// browse starts a browser with a profile of its own; it ends with the test.
func browse(t *testing.T) context.Context {
	t.Helper()
	alloc, cancel := chromedp.NewExecAllocator(context.Background(),
		append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)),
			chromedp.NoSandbox, chromedp.Flag("use-angle", "swiftshader"),
			chromedp.Flag("enable-unsafe-swiftshader", true),
			chromedp.Flag("ignore-gpu-blocklist", true))...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // starts the browser
		t.Fatal(err)
	}
	ctx, cancel = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
