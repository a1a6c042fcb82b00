//go:build !js

package browser

import (
	"encoding/json"
	"testing"

	"halfopen/sim"
	"halfopen/sim/scenario"
	"halfopen/sim/scenarios"
)

// The run in the page is the run of the command line: for every built-in scenario the same hash,
// which is that of everything that happened, byte for byte.
func TestBrowserRunsAreTheCommandLines(t *testing.T) {
	p := openLive(t, "")
	for _, name := range scenarios.Names() {
		text, _ := scenarios.Text(name)
		s, err := scenario.Parse(name, text)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := sim.RunScenario(s, sim.Options{})
		if tr == nil {
			t.Fatal(err)
		}
		quoted, err := json.Marshal(s.String())
		if err != nil {
			t.Fatal(err)
		}
		p.do("await halfopen.open(" + string(quoted) + ", '')")
		said := p.text("document.querySelector('#problem:not([hidden])')?.textContent ?? ''")
		if said != "" {
			t.Errorf("%s: %s", name, said)
			continue
		}
		got := p.text("halfopen.info.hash")
		switch {
		case tr.Ties > 0:
			t.Logf("%s has ties: its hash is not portable", name)
		case got != tr.Hash():
			t.Errorf("%s: the page's hash is %s, the command's %s", name, got, tr.Hash())
		}
	}
	p.clean()
}
