package wasm_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"halfopen/render"
	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/trace"
	"halfopen/wasm/lessons"
	"halfopen/wasm/parcel"
)

var update = flag.Bool("update", false, "record the first picture again")

// The page shows lesson 1 before any program has arrived: its trace and its picture are recorded
// with the page. They must be those of today's simulator, or the page would begin with another
// story than it goes on with.
func TestFirstPictureIsOfTheRun(t *testing.T) {
	s, err := scenario.Parse("", lessons.All()[0].Variants[0].Scenario)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := sim.RunScenario(s, sim.Options{})
	if tr == nil {
		t.Fatal(err)
	}
	stamp(t, tr)
	hash, err := json.Marshal(map[string]string{"hash": tr.Hash()})
	if err != nil {
		t.Fatal(err)
	}
	ix := render.NewIndex(tr)
	wide := render.View{W: 1280, H: 692, Reserve: render.Reserve{Left: 300}}
	narrow := render.View{W: 390, H: 730, Reserve: render.Reserve{Left: 300},
		Panels: render.Stage | render.Scrubber}
	for name, got := range map[string][]byte{
		"first.trace": parcel.Pack(tr), "first.json": hash,
		"first.svg": picture(ix, wide), "first-narrow.svg": picture(ix, narrow)} {
		file := filepath.Join("page", name)
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not of today's run (%v); look at what has changed, then run this test "+
				"with -update", name, err)
		}
	}
}

// stamp adds the versions of the programs that the trace names: a program has them from its build's
// own record, which a test's binary lacks.
func stamp(t *testing.T, tr *trace.Trace) {
	t.Helper()
	for i := range tr.Hosts {
		h := &tr.Hosts[i]
		if h.Real == "" || strings.Contains(h.Real, " ") {
			continue
		}
		out, err := exec.Command("go", "list", "-m", "-f", "{{.Path}} {{.Version}}", h.Real).Output()
		if err != nil {
			t.Fatal(err)
		}
		h.Real = strings.TrimSpace(string(out))
	}
}

// picture is what the page shows first: some seconds before the cut, and nothing behind it.
func picture(ix *render.Index, v render.View) []byte {
	v.HideAfter = ix.Trace().Faults[0].Begin
	var l render.List
	ix.At(ix.Before(v.HideAfter, lessons.Lead), &v, &l)
	return l.SVG()
}
