//go:build gui

package main

import (
	"image"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"

	"halfopen/netmodel"
	"halfopen/render"
	"halfopen/render/desk"
	"halfopen/sim"
	"halfopen/sim/scenarios"
)

// The parts of the window that the test looks at: stage and ladder, lanes, the clock.
var (
	stage = image.Rect(storyWidth, 0, 1280, 540)
	lanes = image.Rect(150, 560, 1260, 730)
	clock = image.Rect(storyWidth, 0, storyWidth+200, 40)
)

const (
	keyEscape xproto.Keysym = 0xff1b
	keySpace  xproto.Keysym = 0x20
	keyC      xproto.Keysym = 0x63
)

// A person opens the window, sees the seed, plays it, cuts the wire with a key, and closes the
// window with another.
func TestWindow(t *testing.T) {
	s := newScreen(t)
	c := s.program("--at", "30s", "seed")
	drawn := s.until("the picture", func(img image.Image) bool { return colors(img, lanes) > 20 })
	compare(t, drawn, 30*time.Second)

	s.press(keySpace)
	s.until("the clock to run", func(img image.Image) bool {
		return !slices.Equal(coarse(img, clock, 4), coarse(drawn, clock, 4))
	})
	s.press(keySpace)
	before := s.picture()
	s.press(keyC)
	s.until("the cut to change the lanes", func(img image.Image) bool {
		return distance(coarse(img, lanes, 10), coarse(before, lanes, 10)) > 5
	})
	keep(t, "window", s.picture())

	s.press(keyEscape)
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the window ended with %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Error("Escape does not close the window")
	}
}

// compare holds the window against the SVG of the same instant: the same picture, painted by two
// painters with two rasterisers and different fonts, so alike at arm's length.
func compare(t *testing.T, window image.Image, at time.Duration) {
	t.Helper()
	browser := need(t, "chromium")
	scene, _ := scenarios.Get("seed")
	tr, err := sim.RunScenario(scene, sim.Options{})
	if tr == nil {
		t.Fatal(err)
	}
	d := desk.New(scene)
	d.Load(tr)
	d.View.Reserve = render.Reserve{Left: storyWidth, Bottom: barHeight}
	d.Seek(netmodel.Time(at))
	var list render.List
	d.Frame(1280, 800, 1, &list)
	dir := t.TempDir()
	svg, pic := filepath.Join(dir, "a.svg"), filepath.Join(dir, "a.png")
	if err := os.WriteFile(svg, list.SVG(), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(browser, "--headless", "--no-sandbox", "--hide-scrollbars",
		"--window-size=1280,800", "--user-data-dir="+dir, "--screenshot="+pic,
		"file://"+svg).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(pic)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, "window-30s", window)
	keep(t, "svg-30s", img)
	for name, part := range map[string]image.Rectangle{"stage and ladder": stage, "lanes": lanes} {
		d := distance(coarse(window, part, 20), coarse(img, part, 20))
		t.Logf("%s: %.2f of 255 apart", name, d)
		if d > 8 {
			t.Errorf("%s: window and SVG are %.1f of 255 apart", name, d)
		}
	}
}

// distance is the mean difference of two grids.
func distance(a, b []float64) float64 {
	var sum float64
	for i := range a {
		sum += math.Abs(a[i] - b[i])
	}
	return sum / float64(len(a))
}

// keep saves a picture for people to look at, if a folder is named.
func keep(t *testing.T, name string, img image.Image) {
	t.Helper()
	dir := os.Getenv("HALFOPEN_SHOTS")
	if dir == "" {
		return
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

// A saved file is read again; while it is broken the old picture stays and the error is shown.
func TestSourceFollowsItsFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.sim")
	write := func(text string, at time.Time) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	const text = "seed 7\nrun 1m\nbroker hub\nclient phone\nlink phone hub\n"
	begin := time.Now()
	write(text, begin)
	s, err := openSource(file)
	if err != nil {
		t.Fatal(err)
	}
	if changed, _ := s.changed(begin.Add(time.Second)); changed {
		t.Error("an untouched file has changed")
	}
	write(text+"at 10s cut phone hub\n", begin.Add(time.Minute))
	if changed, err := s.changed(begin.Add(2 * time.Second)); !changed || err != nil ||
		len(s.scenario.Statements) != 6 {
		t.Errorf("the saved file was not read: %v %v", changed, err)
	}
	write("cutt\n", begin.Add(2*time.Minute))
	if _, err := s.changed(begin.Add(3 * time.Second)); err == nil || len(s.scenario.Statements) != 6 {
		t.Errorf("a broken file: %v, %d statements", err, len(s.scenario.Statements))
	}
}

// A usual window is drawn as it is; a projector's is enlarged, and a small one shows everything
// smaller rather than cut off.
func TestZoomFollowsTheWindow(t *testing.T) {
	for size, want := range map[[2]float32]float32{{1280, 800}: 1, {1440, 860}: 1, {2880, 1720}: 2,
		{1920, 1080}: 1080. / 860, {495, 600}: 0.6, {792, 600}: 0.8, {9999, 9999}: 2.5} {
		if got := zoomFor(size[0], size[1]); math.Abs(float64(got-want)) > 1e-3 {
			t.Errorf("a window of %v is drawn %.3f as large, want %.3f", size, got, want)
		}
	}
}
