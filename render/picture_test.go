package render

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"halfopen/netmodel"
	"halfopen/render/words"
)

var pictures = flag.String("pictures", "", "folder to write SVGs of the tests' pictures into")

// picture keeps a picture for the eye when -pictures is given.
func picture(t *testing.T, name string, l *List) {
	t.Helper()
	if *pictures == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*pictures, name+".svg"), l.SVG(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// screen is the desktop of UX F1, phone that of F2.
func screen() View {
	return View{W: 1280, H: 800, Reserve: Reserve{Top: 44, Left: 300, Bottom: 56}}
}

func phone() View { return View{W: 390, H: 844, Reserve: Reserve{Top: 44, Left: 1, Bottom: 60}} }

func TestPictures(t *testing.T) {
	ix := NewIndex(theTunnel())
	var l List
	for _, at := range []netmodel.Time{ms(1000), ms(1026), ms(61_115), ms(100_000), ms(125_056),
		ms(130_000), ms(150_000), ms(184_605), ms(186_966), ms(300_000)} {
		v := screen()
		v.SpeedLabel = "1 s = 10 s"
		ix.At(at, &v, &l)
		picture(t, "tunnel-"+at.Clock(), &l)
		p := phone()
		ix.At(at, &p, &l)
		picture(t, "phone-"+at.Clock(), &l)
	}
}

// A phone on its side.
func TestPictureOfALandscapePhone(t *testing.T) {
	ix := NewIndex(theTunnel())
	v := View{W: 844, H: 390, Reserve: Reserve{Top: 44, Left: 1, Bottom: 56}}
	var l List
	for i, panels := range []Panels{AllPanels, Stage | Lanes | Scrubber} {
		v.Panels = panels
		ix.At(ms(130_000), &v, &l)
		picture(t, []string{"landscape", "landscape-lanes"}[i], &l)
	}
	lo := v.Layout()
	if lo.Stage.W < 400 || lo.Stage.H < 150 || lo.Lanes.X < lo.Stage.W {
		t.Errorf("stage %+v, lanes %+v: want them beside each other", lo.Stage, lo.Lanes)
	}
	y := lo.Lanes.Y + lo.Lanes.H/2
	x0, x1 := lo.lanesAxis()
	if a, b := ix.TimeAtPoint(&v, x0, y), ix.TimeAtPoint(&v, x1, y); a != 0 || b != ix.Length() {
		t.Errorf("the lanes reach from %s to %s", a.Duration(), b.Duration())
	}
}

func TestPicturesInJapanese(t *testing.T) {
	ix := NewIndex(theTunnel())
	var l List
	for _, theme := range []Theme{Dark, Light} {
		v := screen()
		v.Lang, v.Theme = words.JA, theme
		ix.At(ms(150_000), &v, &l)
		picture(t, []string{"ja-dark", "ja-light"}[theme], &l)
		p := phone()
		p.Lang, p.Theme, p.Panels = words.JA, theme, Stage|Lanes|Scrubber
		ix.At(ms(186_966), &p, &l)
		picture(t, []string{"ja-phone-dark", "ja-phone-light"}[theme], &l)
	}
}

func TestPictureOfTwoRuns(t *testing.T) {
	a, b := theTunnel(), theTunnelUntil(ms(150_000))
	c := NewCompare(NewIndex(a), NewIndex(b))
	var l List
	v := screen()
	c.At(ms(152_000), &v, &l)
	picture(t, "compare", &l)
	d := c.Difference()
	if !d.Found || d.At < ms(150_000) {
		t.Errorf("first difference %+v, want one not before the changed fault ends at 150 s", d)
	}
	if d := FirstDifference(a, theTunnel()); d.Found {
		t.Errorf("the same run twice differs: %+v", d)
	}
}
