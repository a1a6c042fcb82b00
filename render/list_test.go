package render

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"halfopen/netmodel"
	"halfopen/render/words"
	"halfopen/sim/trace"
)

var update = flag.Bool("update", false, "rewrite the goldens; read the difference before a commit")

// Decisive frames of the story, as text: the PINGREQ that nobody answers has just died; on a phone,
// in Japanese, the old connection's data meets a socket that is gone.
func TestGoldenPictures(t *testing.T) {
	ix := NewIndex(theTunnel())
	small := phone()
	small.Lang, small.Theme = words.JA, Light
	for name, c := range map[string]struct {
		v  View
		at netmodel.Time
	}{"ping-dies": {screen(), ms(125_056)}, "ghost-phone-ja": {small, ms(186_966)}} {
		var l List
		ix.At(c.at, &c.v, &l)
		file := "testdata/" + name + ".golden"
		got := l.String()
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("the picture is another one (-update rewrites %s):\n%s", file,
				firstLine(string(want), got))
		}
	}
}

// The stage in words: who believes what, what runs down, what is in the air.
func TestAloud(t *testing.T) {
	ix := NewIndex(theTunnel())
	v := screen()
	var l List
	ix.At(ms(125_056), &v, &l)
	got := l.Aloud()
	for _, want := range []string{
		"Time: 2:05.056, PINGREQ, client → broker",
		"client app: waiting for an answer (wrong)",
		"broker app: thinks connected (wrong)",
		"client kernel: ESTABLISHED (wrong)",
		"ping timeout: 10 s",
		"client – broker: CUT",
		"PINGREQ, client → broker, lost",
		"the lie: 89.1 s",
	} {
		if !strings.Contains(got+"\n", want+"\n") {
			t.Errorf("the stage does not say %q:\n%s", want, got)
		}
	}
}

// No picture has words in brackets, numbers that are none, or text over its panel's edge.
func TestPicturesAreSound(t *testing.T) {
	ix := NewIndex(theTunnel())
	for _, base := range []View{screen(), phone(), {W: 320, H: 480}, {W: 2560, H: 1440}} {
		for at := netmodel.Time(0); at <= ix.Length(); at += ms(4_321) {
			v := base
			var l List
			ix.At(at, &v, &l)
			if s := l.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") {
				t.Fatalf("at %s: a number that is none", at.Duration())
			}
			for i := range l.Items {
				it := &l.Items[i]
				if it.Op != OpText {
					continue
				}
				if strings.Contains(string(l.Text(it)), "[") {
					t.Errorf("at %s: words are missing: %s", at.Duration(), l.Text(it))
				}
				if it.X < -1 || it.X+it.W > v.W+1 {
					t.Errorf("at %s, %gx%g: %q is outside, from %.0f to %.0f", at.Duration(), v.W, v.H,
						l.Text(it), it.X, it.X+it.W)
				}
			}
		}
	}
}

func TestEqualSeesEveryChange(t *testing.T) {
	ix := NewIndex(theTunnel())
	v := screen()
	var a, b List
	ix.At(ms(100_000), &v, &a)
	ix.At(ms(100_000), &v, &b)
	if !a.Equal(&b) {
		t.Error("two pictures of one instant differ")
	}
	ix.At(ms(100_100), &v, &b)
	if a.Equal(&b) {
		t.Error("the clock moved by 0.1 s and the pictures are the same")
	}
	light := v
	light.Theme = Light
	ix.At(ms(100_000), &light, &b)
	if a.Equal(&b) {
		t.Error("another theme is the same picture")
	}
}

// An SVG is well-formed XML whatever the names are, and text stays text.
func TestSVGIsWellFormed(t *testing.T) {
	tr := theTunnel()
	tr.Hosts[0].Name = `<b>&"` + "\x00"
	svg := SVG(tr, ms(125_056), screen())
	var text strings.Builder
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := tok.(xml.CharData); ok {
			text.Write(c)
		}
	}
	for _, want := range []string{`<b>&"`, "waiting for an answer", "PING?", "2:05.056"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the SVG has no text %q", want)
		}
	}
}

// What is seen is what is hit: the packet over the link, the link over the panel.
func TestHit(t *testing.T) {
	ix := NewIndex(theTunnel())
	v := screen()
	var l List
	ix.At(ms(61_105), &v, &l)
	for i := range l.Refs {
		r := &l.Refs[i]
		if r.Role != RolePacket && r.Role != RoleRing {
			continue
		}
		x, y := r.Box.X+r.Box.W/2, r.Box.Y+r.Box.H/2
		if got := l.Hit(x, y, 4); got != r {
			t.Errorf("a click on %q hits %q", l.Label(r), l.Label(got))
		}
	}
	lo := v.Layout()
	if got := l.Hit(lo.Stage.X+lo.Stage.W-3, lo.Stage.Y+lo.Stage.H-3, 4); got == nil ||
		got.Role != RoleStage {
		t.Errorf("a click beside everything hits %+v, want the stage", got)
	}
	if got := l.Hit(10, 60, 4); got != nil {
		t.Errorf("a click on the story's place hits %q", l.Label(got))
	}
}

// A drag on the scrubber goes where the finger is.
func TestTimeAtIsTheInverseOfTheAxis(t *testing.T) {
	ix := NewIndex(theTunnel())
	v := screen()
	lo := v.Layout()
	for _, at := range []netmodel.Time{0, ms(67_000), ms(299_000)} {
		x := lo.x(at, 0, ix.Length())
		if got := ix.TimeAt(&v, x); math.Abs(got.Seconds()-at.Seconds()) > 0.05 {
			t.Errorf("the pixel of %s gives %s", at.Duration(), got.Duration())
		}
	}
}

// Hatches and dashes are the same lines for every painter, and stay inside.
func TestPatternsStayInside(t *testing.T) {
	it := Item{Op: OpHatch, X: 10.5, Y: 20, W: 33, H: 7, R: 6}
	n := 0
	HatchLines(&it, func(x0, y0, x1, y1 float32) {
		n++
		for _, p := range []Point{{x0, y0}, {x1, y1}} {
			if p.X < 10.49 || p.X > 43.51 || p.Y < 19.99 || p.Y > 27.01 {
				t.Errorf("a hatch ends at %v", p)
			}
		}
	})
	if n < 5 || n > 8 {
		t.Errorf("%d lines in 33 x 7 pixels, want one for each 6 of 40", n)
	}
	l := List{pts: []Point{{0, 0}, {30, 0}, {30, 30}}}
	line := Item{Op: OpLine, Dash: Dashed, to: 3}
	var ink float32
	l.DashLines(&line, func(x0, y0, x1, y1 float32) { ink += x1 - x0 + y1 - y0 })
	if ink < 35.9 || ink > 36.1 {
		t.Errorf("%.2f pixels of ink on 60, want 6 of each 10", ink)
	}
}

// A selected event is lit where it is: the arrow and the segment of a sending, the floor of what a
// program did, and its instant on the lanes.
func TestSelectionLightsUpEverywhere(t *testing.T) {
	ix := NewIndex(theTunnel())
	var plain, lit List
	for i := range ix.tr.Events {
		ev := &ix.tr.Events[i]
		segment := ev.Kind == netmodel.SegmentSent && ev.At == ms(61_100)
		if !segment && ev.Kind != trace.ClientMessage {
			continue
		}
		v := screen()
		ix.At(ev.At+ms(2), &v, &plain)
		v.Selected = trace.ID(i + 1)
		ix.At(ev.At+ms(2), &v, &lit)
		n := strings.Count(lit.String(), "accent") - strings.Count(plain.String(), "accent")
		if n < 3 {
			t.Errorf("event %d lights up %d places, want stage, ladder and lanes", i+1, n)
		}
	}
}

// On a screen every upright edge lies on a device pixel, at any ratio; without a ratio nothing
// moves.
func TestEdgesLieOnDevicePixels(t *testing.T) {
	ix := NewIndex(theTunnel())
	for _, scale := range []float32{1, 1.5, 2, 3} {
		v := screen()
		v.Scale = scale
		var l List
		ix.At(ms(100_000), &v, &l)
		for i := range l.Items {
			it := &l.Items[i]
			r := l.RefOf(it)
			if it.Op != OpRect || r != nil && (r.Role == RolePacket || r.Role == RoleArrow) {
				continue
			}
			for _, edge := range []float32{it.X - it.Stroke/2, it.X + it.W - it.Stroke/2} {
				d := float64(edge * scale)
				if math.Abs(d-math.Round(d)) > 0.01 {
					t.Fatalf("at %g device pixels per pixel an edge lies at %.3f", scale, edge*scale)
				}
			}
		}
	}
}
