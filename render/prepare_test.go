package render

import (
	"slices"
	"testing"
)

// A prepared index is that of NewIndex, and the first picture has nothing left to work out.
func TestPrepareLeavesNothingForTheFirstPicture(t *testing.T) {
	tr := theTunnel()
	rests := 0
	v := screen()
	ix := Prepare(tr, v, func() { rests++ })
	if least := 5 * len(tr.Events) / piece; rests < least {
		t.Errorf("%d events were walked over with %d rests, want %d", len(tr.Events), rests, least)
	}
	known, axes := slices.Clone(ix.beliefs), len(ix.axes)
	var got, want List
	rests = 0
	for at := range 5 {
		ix.At(ms(60_000*float64(at)), &v, &got)
		NewIndex(tr).At(ms(60_000*float64(at)), &v, &want)
		if !got.Equal(&want) {
			t.Errorf("at minute %d the picture is not the one without preparation", at)
		}
	}
	if !slices.Equal(known, ix.beliefs) || len(ix.axes) != axes {
		t.Error("a picture has worked out what was to be prepared")
	}
	if rests > 0 {
		t.Error("a picture rests")
	}
}
