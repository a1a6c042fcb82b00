//go:build gui

package main

import (
	"bufio"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// need skips a test for want of something, or fails it where everything must be there.
func need(t *testing.T, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		if os.Getenv("HALFOPEN_CI") == "1" {
			t.Fatalf("no %s found", tool)
		}
		t.Skipf("no %s found", tool)
	}
	return path
}

// screen is an X server without a screen, and what a person would do at it.
type screen struct {
	t    *testing.T
	name string // of the display
	x    *xgb.Conn
	root xproto.Window
	w, h uint16
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	// The server writes the number of a free display to file descriptor 3, when it is ready.
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command(need(t, "Xvfb"), "-displayfd", "3", "-screen", "0", "1280x800x24")
	server.ExtraFiles = []*os.File{w}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	_ = w.Close()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, name: ":" + strings.TrimSpace(line)}
	xgb.Logger.SetOutput(os.NewFile(0, os.DevNull)) // it complains about a missing authority file
	if s.x, err = xgb.NewConnDisplay(s.name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.x.Close)
	if err := xtest.Init(s.x); err != nil {
		t.Fatal(err)
	}
	root := xproto.Setup(s.x).DefaultScreen(s.x)
	s.root, s.w, s.h = root.Root, root.WidthInPixels, root.HeightInPixels
	return s
}

// picture is what is on the screen.
func (s *screen) picture() image.Image {
	s.t.Helper()
	got, err := xproto.GetImage(s.x, xproto.ImageFormatZPixmap, xproto.Drawable(s.root), 0, 0, s.w,
		s.h, 0xffffffff).Reply()
	if err != nil {
		s.t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, int(s.w), int(s.h)))
	for i := 0; i+3 < len(got.Data); i += 4 { // blue, green, red, nothing
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = got.Data[i+2], got.Data[i+1],
			got.Data[i], 255
	}
	return img
}

// press presses a key by its X keysym, and holds it as long as a person would.
func (s *screen) press(keysym xproto.Keysym) {
	s.t.Helper()
	setup := xproto.Setup(s.x)
	first, last := setup.MinKeycode, setup.MaxKeycode
	keys, err := xproto.GetKeyboardMapping(s.x, first, byte(last-first+1)).Reply()
	if err != nil {
		s.t.Fatal(err)
	}
	for i, k := range keys.Keysyms {
		if k != keysym || i%int(keys.KeysymsPerKeycode) != 0 {
			continue
		}
		code := byte(first) + byte(i/int(keys.KeysymsPerKeycode))
		xtest.FakeInput(s.x, xproto.KeyPress, code, 0, s.root, 0, 0, 0)
		time.Sleep(200 * time.Millisecond)
		xtest.FakeInput(s.x, xproto.KeyRelease, code, 0, s.root, 0, 0, 0)
		return
	}
	s.t.Fatalf("the keyboard has no key %#x", keysym)
}

// click presses the left button at a place.
func (s *screen) click(x, y int16) {
	xtest.FakeInput(s.x, xproto.MotionNotify, 0, 0, s.root, x, y, 0)
	time.Sleep(200 * time.Millisecond)
	xtest.FakeInput(s.x, xproto.ButtonPress, 1, 0, s.root, x, y, 0)
	time.Sleep(200 * time.Millisecond)
	xtest.FakeInput(s.x, xproto.ButtonRelease, 1, 0, s.root, x, y, 0)
}

// until waits for the screen to become as wanted.
func (s *screen) until(what string, want func(image.Image) bool) image.Image {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if img := s.picture(); want(img) {
			return img
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Fatalf("waited a minute for %s", what)
	return nil
}

// colors counts the colours of a part of a picture: a drawn one has many.
func colors(img image.Image, r image.Rectangle) int {
	seen := map[color.Color]bool{}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}

// coarse is the mean brightness of each cell of a grid: what stays of a picture when one squints.
func coarse(img image.Image, r image.Rectangle, cell int) []float64 {
	var out []float64
	for y := r.Min.Y; y+cell <= r.Max.Y; y += cell {
		for x := r.Min.X; x+cell <= r.Max.X; x += cell {
			var sum float64
			for i := range cell * cell {
				g := color.GrayModel.Convert(img.At(x+i%cell, y+i/cell)).(color.Gray)
				sum += float64(g.Y)
			}
			out = append(out, sum/float64(cell*cell))
		}
	}
	return out
}

// program builds the window once and starts it on the screen.
func (s *screen) program(args ...string) *exec.Cmd {
	s.t.Helper()
	bin := filepath.Join(s.t.TempDir(), "halfopen-view")
	build := exec.Command("go", "build", "-tags", "gui", "-o", bin, ".")
	if out, err := build.CombinedOutput(); err != nil {
		s.t.Fatalf("%v\n%s", err, out)
	}
	c := exec.Command(bin, args...)
	c.Env = append(os.Environ(), "DISPLAY="+s.name, "LIBGL_ALWAYS_SOFTWARE=1", "LANG=C")
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Process.Kill() })
	return c
}
